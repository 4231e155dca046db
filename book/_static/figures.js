// Brings a page's figures to life, each a module of its own; until then its still picture stands there.
// All at once, while those below the window are not seen: later, what follows would move.

for (const figure of document.querySelectorAll("figure[data-figure]")) {
  const el = document.createElement("div");
  el.className = "mbe-live";
  figure.prepend(el);
  try {
    const { default: module } = await import(`./figures/${figure.dataset.figure}.js`);
    const model = modelOf(figure.querySelector("script").textContent);
    // From a figure that only says why not, nothing comes back: the still stays.
    if (await module.render({ model, el })) figure.dataset.mounted = "";
  } catch (error) {
    el.remove();
    console.warn(figure.dataset.figure, error);
  }
  await new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));
}

// What a figure knows of anywidget's model, without a kernel.
function modelOf(text) {
  const state = { language: document.documentElement.lang, recording: text };
  try {
    Object.assign(state, JSON.parse(text));
  } catch {
    // the figure says that it is broken
  }
  const heard = new EventTarget();
  return {
    get: (key) => state[key],
    set(key, value) {
      if (state[key] === value) return;
      state[key] = value;
      heard.dispatchEvent(new Event(`change:${key}`));
    },
    save_changes() {},
    on: (event, hear) => heard.addEventListener(event, hear),
    off: (event, hear) => heard.removeEventListener(event, hear),
  };
}
