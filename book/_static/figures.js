// Brings the figures of a page to life: each is a module of its own, and the still picture stands there until it is.
// They are mounted at once, one after the other, while those below the window are not seen: later, what follows would move.

const figures = [...document.querySelectorAll("figure.mbe-figure[data-figure]")];
const idle = () => new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));

for (const figure of figures) {
  await mount(figure);
  await idle();
}

async function mount(figure) {
  const el = document.createElement("div");
  el.className = "mbe-live";
  figure.prepend(el);
  try {
    const state = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const { default: module } = await import(`./figures/${figure.dataset.figure}.js`);
    await module.render({ model: modelOf(state), el });
    figure.dataset.mounted = "";
  } catch (error) {
    el.remove();
    console.warn(figure.dataset.figure, error);
  }
}

/** What a figure knows of anywidget's model, without a kernel behind it. */
function modelOf(state) {
  const heard = {};
  return {
    get: (key) => state[key],
    set(key, value) {
      if (Object.is(state[key], value)) return;
      state[key] = value;
      for (const hear of [...(heard[`change:${key}`] ?? [])]) hear();
    },
    save_changes() {},
    on(event, hear) {
      (heard[event] ??= []).push(hear);
    },
    off(event, hear) {
      heard[event] = (heard[event] ?? []).filter((one) => hear && one !== hear);
    },
  };
}
