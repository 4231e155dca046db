// Brings the figures of a page to life: each is a module of its own, fetched when its place is near the window.
// Until then, where a module fails, and in print, the still picture stands there.

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        mount(target);
      }
    }
  },
  { rootMargin: "600px" },
);

for (const figure of document.querySelectorAll("figure.mbe-figure[data-figure]")) near.observe(figure);

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
