// What every figure needs: seeded chance, words in two languages, checked parameters, a clock, a canvas in the book's
// colours, controls, and one sentence that is also read out. See README.md for how to make a figure with it.

// Numbers from 0 to 1, the same ones for the same seed (mulberry32).
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = {
  play: ["Play", "播放"], pause: ["Pause", "暫停"], step: ["Step", "單步"], again: ["Restart", "重新開始"],
  speed: ["Speed", "速度"], presets: ["Situations", "情境"], controls: ["Settings", "設定"],
  refused: ["{name} cannot be {given}, only from {min} to {max}; it is {used}.", "{name} 不能是 {given}，只能介於 {min} 與 {max}；現在是 {used}。"],
  unknown: ["There is no {name} here.", "這裡沒有 {name}。"],
};

// Says a key in the reader's language: `texts` is { key: [English, Chinese] }, "{name}" is filled in from `values`.
export function words(texts, language) {
  const side = language === "zh-Hant" ? 1 : 0;
  return (key, values = {}) => (texts[key] ?? WORDS[key])[side]
    .replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// A preset with the host's parameters over it. What is impossible is replaced by the nearest possible value and named
// in `refused`. `ranges` is { name: [least, most, step] } for numbers and { name: null } for what is yes or no.
export function settle({ model, presets, usual, ranges, say }) {
  const refused = [];
  const names = Object.keys(presets);
  const wanted = model.get("preset");
  const preset = names.includes(wanted) ? wanted : names[0];
  if (wanted && preset !== wanted) refused.push(say("unknown", { name: wanted }));
  const parameters = { ...usual, ...presets[preset].parameters };
  for (const [name, given] of Object.entries(model.get("parameters") ?? {})) {
    if (!(name in ranges)) {
      if (name !== "compact") refused.push(say("unknown", { name }));
      continue;
    }
    const used = possible(given, ranges[name], parameters[name]);
    if (used !== given) {
      const [min, max] = ranges[name] ?? [false, true];
      refused.push(say("refused", { name, min, max, given, used }));
    }
    parameters[name] = used;
  }
  return { preset, parameters, refused };
}

function possible(given, range, usual) {
  if (!range) return typeof given === "boolean" ? given : usual;
  const [least, most, step] = range;
  const inside = Math.min(most, Math.max(least, given));
  return Number.isFinite(given) ? Math.round(inside / step) / (1 / step) : usual;
}

// Makes an element: `make("button", { class: "x", onclick: f }, "text", child)`.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value != null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export function button(text, act, attributes = {}) {
  return make("button", { type: "button", onclick: act, ...attributes }, text);
}

// One of several: buttons of which one is pressed.
export function choice(label, options, act) {
  const buttons = options.map(([key, text]) => button(text, () => act(key)));
  const group = make("div", { role: "group", "aria-label": label, class: "mbe-row" }, ...buttons);
  group.show = (key) => buttons.forEach((one, i) => one.setAttribute("aria-pressed", options[i][0] === key));
  return group;
}

export function slider(label, [min, max, step], act) {
  const input = make("input", { type: "range", min, max, step });
  const value = make("span");
  const show = () => (value.textContent = input.value);
  input.addEventListener("input", () => {
    show();
    act(Number(input.value));
  });
  const whole = make("label", { class: "mbe-slider" }, label, value, input);
  whole.show = (number) => {
    input.value = number;
    show();
  };
  return whole;
}

export function toggle(label, act) {
  const box = make("input", { type: "checkbox", role: "switch", onchange: () => act(box.checked) });
  const whole = make("label", { class: "mbe-switch" }, box, make("span", {}, label));
  whole.show = (on) => (box.checked = on);
  return whole;
}

// Time for a figure: `tick(seconds)` moves it on. Stops while nobody can see it; goes in steps for readers who want no motion.
export class Clock {
  constructor({ root, tick, speed = 1, changed = () => {} }) {
    Object.assign(this, { root, tick, speed, changed, playing: false, seen: true, due: 0, last: null });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.sight = new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      this.go();
    });
    this.sight.observe(root);
    this.wake = () => this.go();
    document.addEventListener("visibilitychange", this.wake);
    this.mark();
  }

  toggle(playing = !this.playing) {
    this.playing = playing;
    this.mark();
    this.go();
  }

  step() {
    this.toggle(false);
    this.tick(0.1);
  }

  mark() {
    this.root.dataset.state = this.playing ? "playing" : "paused";
    this.changed(this.playing);
  }

  get idle() {
    return !this.playing || !this.seen || document.hidden;
  }

  go() {
    if (this.idle) this.last = null;
    else if (!this.frame) this.frame = requestAnimationFrame((now) => this.run(now));
  }

  run(now) {
    this.frame = null;
    if (this.idle) return this.go();
    const passed = this.last === null ? 0 : Math.min(0.1, (now - this.last) / 1000);
    this.last = now;
    this.due += passed;
    if (!this.calm.matches || this.due > 0.8) {
      this.tick((this.calm.matches ? 0.5 : this.due) * this.speed);
      this.due = 0;
    }
    this.go();
  }

  end() {
    this.toggle(false);
    cancelAnimationFrame(this.frame);
    this.sight.disconnect();
    document.removeEventListener("visibilitychange", this.wake);
  }
}

// Play and pause; unless `short`, also step, restart and speed.
export function playback(clock, say, restart, short) {
  const play = button("", () => clock.toggle());
  clock.changed = (playing) => (play.textContent = say(playing ? "pause" : "play"));
  clock.mark();
  const speed = make("select", { "aria-label": say("speed"), onchange: () => (clock.speed = Number(speed.value)) },
    ...[0.125, 0.25, 0.5, 1, 2].map((each) => make("option", { value: each }, `${each}×`)));
  speed.value = clock.speed;
  return make("div", { class: "mbe-row" }, play, ...(short ? [] : [button(say("step"), () => clock.step()), button(say("again"), restart), speed]));
}

// The sentence about what just happened: seen, read out, and told to the host; at most one a second, the latest.
export class Voice {
  constructor(model) {
    this.model = model;
    this.element = make("p", { class: "mbe-said", "aria-live": "polite" });
  }

  say(text) {
    this.next = text;
    if (!this.timer) this.speak();
  }

  speak() {
    this.timer = this.next && setTimeout(() => this.speak(), 1000);
    if (!this.next) return;
    this.element.textContent = this.next;
    this.model.set("said", this.next);
    this.model.save_changes();
    this.next = null;
  }

  end() {
    clearTimeout(this.timer);
  }
}

// The names of visual.css, which every host provides as `--mbe-NAME`.
const COLOURS = ["paper", "panel", "text", "secondary", "rule", "healthy", "waiting", "failed", "busy", "mended"];

// A canvas as wide as its host, drawn by `draw(pen, width)`; `high(width)` is its height. Drawn again when size or theme change.
export class Stage {
  constructor(high, draw) {
    Object.assign(this, { high, draw });
    this.element = make("canvas", { role: "img" });
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.element);
    queueMicrotask(() => this.fit()); // before it is seen at another height
    this.themed = new MutationObserver(() => this.dress());
    for (const each of [document.documentElement, document.body]) this.themed.observe(each, { attributes: true });
  }

  fit() {
    const wide = this.element.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    if (!wide) return;
    const high = this.high(wide);
    this.element.style.height = `${high}px`;
    this.element.width = Math.round(wide * ratio);
    this.element.height = Math.round(high * ratio);
    this.dress();
  }

  dress() {
    const set = getComputedStyle(this.element);
    this.colours = { font: set.fontFamily };
    for (const name of COLOURS) this.colours[name] = set.getPropertyValue(`--mbe-${name}`).trim();
    this.paint();
  }

  paint() {
    if (!this.colours) return;
    const context = this.element.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    this.pen ??= new Pen(context);
    this.pen.colours = this.colours;
    this.draw(this.pen, this.element.clientWidth);
  }

  end() {
    this.sized.disconnect();
    this.themed.disconnect();
  }
}

// Draws in the colours' names. Looks: { fill, line, width, dash, alpha }. parts/svg.js has a pen of the same kind for stills.
export class Pen {
  constructor(context) {
    this.context = context;
  }

  shape(look, path) {
    const { context, colours } = this;
    context.globalAlpha = look.alpha ?? 1;
    context.beginPath();
    path(context);
    if (look.fill) {
      context.fillStyle = colours[look.fill];
      context.fill();
    }
    if (look.line) {
      context.strokeStyle = colours[look.line];
      context.lineWidth = look.width ?? 1.5;
      context.lineCap = "round";
      context.setLineDash(look.dash ?? []);
      context.stroke();
    }
  }

  // Many at once are much quicker than one by one.
  boxes(boxes, radius, look) {
    this.shape(look, (path) => boxes.forEach((box) => (radius ? path.roundRect(...box, radius) : path.rect(...box))));
  }

  box(x, y, wide, high, radius, look) {
    this.boxes([[x, y, wide, high]], radius, look);
  }

  arc(x, y, radius, from, to, look) {
    this.shape(look, (path) => path.arc(x, y, radius, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI));
  }

  dot(x, y, radius, look) {
    this.arc(x, y, radius, 0, 1, look);
  }

  // Lines, each [x, y, x, y].
  lines(lines, look) {
    this.shape(look, (path) => lines.forEach(([x, y, toX, toY]) => {
      path.moveTo(x, y);
      path.lineTo(toX, toY);
    }));
  }

  cross(x, y, radius, look) {
    this.lines([[x - radius, y - radius, x + radius, y + radius], [x - radius, y + radius, x + radius, y - radius]], look);
  }

  hatch(boxes, look) {
    this.lines(boxes.flatMap(hatched), look);
  }

  text(x, y, text, { fill = "text", size = 13, weight = 400, align = "left", most } = {}) {
    const { context } = this;
    context.globalAlpha = 1;
    context.font = `${weight} ${size}px ${this.colours.font}`;
    context.fillStyle = this.colours[fill];
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(text, x, y, most);
  }
}

// Diagonals through a rectangle, which go on in the next one.
export function hatched([x, y, wide, high]) {
  const lines = [];
  for (let along = 4 - ((x + y) % 4); along < wide + high; along += 4) {
    lines.push([x + Math.max(0, along - high), y + Math.min(high, along), x + Math.min(along, wide), y + Math.max(0, along - wide)]);
  }
  return lines;
}

const STYLE = `
.mbe-live{color:var(--mbe-text);font:15px/1.5 var(--mbe-sans,sans-serif)}
.mbe-live canvas{display:block;width:100%}
.mbe-live .mbe-said{margin:.25em 0 .5em;min-height:3em;font-weight:600}
@media(max-width:600px){.mbe-live .mbe-said{min-height:4.5em}}
.mbe-live .mbe-refused{color:var(--mbe-failed)}
.mbe-live .mbe-row{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:8px 0}
.mbe-live .mbe-sliders{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:4px 28px}
.mbe-live :is(button,select){font:inherit;font-size:14px;min-height:34px;padding:3px 8px;color:inherit;background:var(--mbe-panel);border:1px solid var(--mbe-secondary);border-radius:6px}
.mbe-live :is([aria-pressed=true],.mbe-act){background:var(--mbe-text);color:var(--mbe-paper)}
.mbe-live .mbe-act{font-weight:600}
.mbe-live :focus-visible{outline:2px solid var(--mbe-healthy);outline-offset:2px}
.mbe-live label{display:inline-flex;align-items:center;gap:6px;margin:4px 0;font-size:14px}
.mbe-live .mbe-slider{display:grid;grid-template-columns:1fr auto}
.mbe-live input{accent-color:var(--mbe-healthy);width:24px;height:24px;margin:0}
.mbe-live [type=range]{grid-column:1/-1;width:100%}
`;

// Prepares the host's element: its style, its language, and keys that JupyterLab must not take from the controls.
export function dress(el, language) {
  el.classList.add("mbe-live");
  el.lang = language;
  el.replaceChildren(make("style", {}, STYLE));
  el.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
}
