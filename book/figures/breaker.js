// A circuit breaker and its three states: what counts, what opens it, and how it comes back.

import { button, choice, dress, make, playback, settle, slider, words, Clock, Stage, Voice } from "./kit.js";
import { GATE, track, travelling } from "./parts/lines.js";
import { Calls, USUAL } from "./parts/calls.js";

export const RANGES = { rate: [0, 8, 1], timeout: [0.2, 5, 0.1], threshold: [0.1, 1, 0.1], minimum: [1, 10, 1], resetAfter: [0.5, 10, 0.5],
  probes: [1, 5, 1] };

// `story` is what happens to stock by itself: [second, state].
export const PRESETS = {
  well: { story: [] },
  fails: { story: [[3, "fails"]] },
  hangs: { story: [[3, "hangs"]] },
  back: { parameters: { probes: 2 }, story: [[3, "fails"], [9, "well"]] },
  flaky: { parameters: { minimum: 6 }, story: [[1, "flaky"]] },
};

export const TEXTS = {
  "in-well": ["All well", "一切正常"], "in-fails": ["Stock fails", "stock 失敗"], "in-hangs": ["Stock hangs", "stock 卡住"],
  "in-back": ["Fails, and is mended", "失敗後修好"], "in-flaky": ["A few fail", "偶爾失敗"],
  well: ["answers", "回應"], fails: ["fails", "失敗"], hangs: ["hangs", "卡住"], flaky: ["fails at times", "偶爾失敗"],
  callee: ["Stock", "stock"], send: ["Send a call", "發出一次調用"],
  rate: ["Calls a second", "每秒調用數"], timeout: ["Time-out of a call, seconds", "調用的超時（秒）"], threshold: ["Share of failures that opens", "開啟的失敗比例"],
  minimum: ["Calls that say enough", "最少調用數"], resetAfter: ["Seconds open", "開啟的秒數"], probes: ["Probes", "試探次數"],
  "name-closed": ["closed", "關閉"], "name-open": ["open", "開啟"], "name-half-open": ["half-open", "半開"],
  "does-closed": ["counts the calls of {window} s", "統計 {window} 秒內的調用"], "does-open": ["refuses every call", "拒絕每次調用"],
  "does-half-open": ["lets {probes} through", "放行 {probes} 次"],
  counted: ["{failures} of {calls} failed", "{calls} 次中 {failures} 次失敗"], opens: ["opens from {share} %, {minimum} calls", "{minimum} 次以上、{share} % 開啟"],
  left: ["{left} s to wait", "再等 {left} 秒"], due: ["the next call is a probe", "下一次調用是試探"], later: ["then for {resetAfter} s", "開啟後 {resetAfter} 秒"],
  probed: ["{done} of {probes} answered", "{probes} 次中 {done} 次有回應"], fate: ["one failure opens again", "一次失敗就再開啟"],
  waits: ["{n} waiting", "{n} 個在等"],
  begin: ["Orders calls stock {rate} times a second, through a breaker.", "orders 透過熔斷器每秒調用 stock {rate} 次。"],
  "stock-well": ["Stock answers.", "stock 會回應。"], "stock-fails": ["Stock answers every call with an error.", "stock 對每次調用都回應錯誤。"],
  "stock-hangs": ["Stock hangs: the breaker learns of it only when a call times out.", "stock 卡住了：要等調用超時，熔斷器才知道。"],
  "stock-flaky": ["About one call in five fails: too few to open.", "大約五次調用有一次失敗：還不到開啟的程度。"],
  sent: ["You send a call.", "你發出一次調用。"], refused: ["The breaker refuses your call at once: stock is not asked.", "熔斷器立刻拒絕你的調用：沒有問 stock。"],
  "is-half-open": ["The wait is over, and a call comes: half-open, it goes through as a probe.", "等待結束，來了一次調用：半開，放它過去試探。"],
  "again-open": ["A probe fails: open again, for another {resetAfter} s.", "試探失敗：再次開啟 {resetAfter} 秒。"],
  "is-closed": ["The probes were answered: the breaker closes, and counts anew.", "試探都有回應：熔斷器關閉，重新統計。"],
};

function render({ model, el }) {
  const say = words({ ...GATE, ...TEXTS }, model.get("language"));
  let { preset, parameters, refused } = settle({ model, presets: PRESETS, usual: USUAL, ranges: RANGES, say });
  const notes = make("p", { class: "mbe-refused", role: "status" }, refused.join(" "));
  dress(el, model.get("language"));
  const voice = new Voice(model);
  const stage = new Stage(() => HIGH, (pen, wide) => draw(pen, calls, say, wide));
  const clock = new Clock({ root: el, tick, speed: 1 });
  let calls;
  let story;
  let shown = -1;

  function tick(seconds) {
    const to = calls.now + seconds;
    while (story.length && story[0][0] <= to) {
      calls.advance(story[0][0]);
      calls.become(story.shift()[1]);
    }
    calls.advance(to);
    tell();
  }

  function tell() {
    for (const [key, values] of calls.told.splice(0)) voice.say(say(key, values));
    callee.show(calls.callee);
    stage.paint();
    if (clock.playing && Math.abs(calls.now - shown) < 0.25) return;
    shown = calls.now;
    el.dataset.at = shown.toFixed(2);
    el.dataset.breaker = calls.breaker.state.name;
    stage.element.setAttribute("aria-label", described(calls, say).join(". "));
    model.set("at", Number(el.dataset.at));
    model.save_changes();
  }

  function begin() {
    calls = new Calls(parameters, model.get("seed") ?? 1);
    story = [...PRESETS[preset].story];
    voice.say(say("begin", parameters));
    for (const [name, control] of Object.entries(sliders)) control.show(parameters[name]);
    presets.show(preset);
    tell();
    clock.toggle(!clock.calm.matches);
  }

  const act = (change) => () => {
    change();
    tell();
  };
  const presets = choice(say("presets"), Object.keys(PRESETS).map((key) => [key, say(`in-${key}`)]), (name) => {
    preset = name;
    parameters = { ...USUAL, ...PRESETS[name].parameters };
    notes.textContent = "";
    begin();
  });
  const callee = choice(say("callee"), ["well", "fails", "hangs", "flaky"].map((key) => [key, say(key)]), (state) => act(() => {
    story = [];
    calls.become(state);
  })());
  callee.prepend(say("callee"));
  const sliders = Object.fromEntries(Object.keys(RANGES).map((name) => [name, slider(say(name), RANGES[name], (value) => act(() => {
    parameters = { ...parameters, [name]: value };
    calls.set(parameters);
  })())]));
  el.append(presets, voice.element, stage.element,
    make("div", { class: "mbe-row" }, button(say("send"), act(() => calls.byHand()), { class: "mbe-act" }), callee, playback(clock, say, begin)),
    make("div", { class: "mbe-sliders", role: "group", "aria-label": say("controls") }, ...Object.values(sliders)), notes);
  begin();

  return () => {
    for (const each of [clock, stage, voice]) each.end();
    el.replaceChildren();
  };
}

export const HIGH = 366;

// What is true of each state now: [name, what it does, how far it is, what follows].
function facts(calls, say) {
  const { breaker: { state }, settings, now } = calls;
  const { failures = 0, ended = [], until, missing = settings.probes } = state;
  const left = until - now;
  return {
    closed: [say("counted", { failures, calls: ended.length }), say("opens", { ...settings, share: Math.round(100 * settings.threshold) })],
    open: [say("does-open"), until === undefined ? say("later", settings) : left > 0 ? say("left", { left: left.toFixed(1) }) : say("due")],
    "half-open": [say("probed", { ...settings, done: settings.probes - missing }), say("fate")],
  };
}

export function described(calls, say) {
  const { name } = calls.breaker.state;
  return [say(name), ...facts(calls, say)[name], say(`stock-${calls.callee}`)];
}

export function draw(pen, calls, say, wide) {
  top(pen, calls, say, wide);
  const box = Math.min(250, (wide - 24) / 2);
  const places = { closed: [1, 122], open: [wide - box - 1, 122], "half-open": [(wide - box) / 2, 270] };
  const [low, ends] = [270 + 46, [1 + Math.min(box / 2, (wide - box) / 4), wide - 1 - Math.min(box / 2, (wide - box) / 4)]];
  const last = calls.changes.at(-1);
  const arrow = (from, to, points) => {
    const hot = last?.[0] === from && last[1] === to && calls.now - last[2] < 1;
    const look = { line: hot ? "text" : "rule", width: hot ? 3 : 2 };
    pen.lines(points.slice(1).map((point, i) => [...points[i], ...point]), look);
    const [[x, y], [toX, toY]] = points.slice(-2);
    const [dx, dy] = [Math.sign(toX - x), Math.sign(toY - y)];
    pen.lines([-1, 1].map((side) => [toX, toY, toX - 6 * dx + 4 * dy * side, toY - 6 * dy + 4 * dx * side]), look);
  };
  arrow("closed", "open", [[box + 2, 168], [wide - box - 3, 168]]);
  arrow("open", "half-open", [[ends[1] + 7, 214], [ends[1] + 7, low + 7], [(wide + box) / 2 + 2, low + 7]]);
  arrow("half-open", "open", [[(wide + box) / 2 + 2, low - 7], [ends[1] - 7, low - 7], [ends[1] - 7, 216]]);
  arrow("half-open", "closed", [[(wide - box) / 2 - 1, low], [ends[0], low], [ends[0], 216]]);
  const said = facts(calls, say);
  for (const [name, [x, y]] of Object.entries(places)) node(pen, name, x, y, box, calls, say, said[name]);
}

// Orders, the breaker as a switch, and stock.
function top(pen, calls, say, wide) {
  const { breaker, callee, waiting } = calls;
  const [left, right] = [86, wide - 130];
  const way = ["orders", "stock", left, 62, right, 62];
  const trouble = { fails: "failed", flaky: "failed", hangs: "waiting" }[callee];
  pen.box(1, 36, 85, 52, 8, { fill: "panel", line: "secondary" });
  pen.text(43, 62, "orders", { weight: 600, size: 14, align: "center" });
  track(pen, way, { state: breaker.state.name, name: say(breaker.state.name) }, true);
  pen.box(right, 28, 129, 68, 8, { fill: "panel", line: trouble ?? "secondary", width: trouble ? 2.4 : 1.4, dash: callee === "hangs" ? [6, 4] : [] });
  pen.text(right + 12, 47, "stock", { weight: 600, size: 14 });
  if (trouble) pen.text(right + 117, 47, say(callee), { fill: trouble, size: 12, align: "right", most: 62 });
  for (let i = 0; i < Math.min(waiting, 11); i++) pen.dot(right + 16 + i * 10, 68, 3.5, { line: "waiting", width: 1.8 });
  if (waiting) pen.text(right + 12, 85, say("waits", { n: waiting }), { fill: "waiting", size: 12 });
  const short = ["orders", "gate", left, 62, (left + right) / 2 - 20, 62];
  for (const leg of calls.legs) travelling(pen, { ...leg, at: (calls.now - leg.begin) / (leg.end - leg.begin) }, [way, short]);
}

function node(pen, name, x, y, wide, calls, say, [first, second]) {
  const { state } = calls.breaker;
  const here = state.name === name;
  const colour = { closed: "healthy", open: "failed", "half-open": "waiting" }[name];
  pen.box(x, y, wide, 92, 8, { fill: "panel", line: here ? colour : "rule", width: here ? 3 : 1.5 });
  pen.text(x + 12, y + 18, say(`name-${name}`), { size: 15, weight: here ? 700 : 600, fill: here ? colour : "secondary" });
  marks(pen, name, here, x + 12, y + 40, wide - 24, calls);
  const words = { size: 12, fill: here ? "text" : "secondary", most: wide - 24 };
  pen.text(x + 12, y + 62, first, words);
  pen.text(x + 12, y + 79, second, { ...words, fill: "secondary" });
}

// Closed: the calls of the window, the newest right. Open: the wait that is left. Half-open: the probes.
function marks(pen, name, here, x, y, wide, { breaker: { state }, settings, now }) {
  if (name === "closed") {
    const ended = here ? state.ended.slice(-Math.floor(wide / 11)) : [];
    if (!ended.length) pen.lines([[x, y, x + wide, y]], { line: "rule", width: 1 });
    ended.forEach(([, failed], i) => (failed ? pen.cross(x + 4 + i * 11, y, 3.5, { line: "failed", width: 2.2 }) : pen.dot(x + 4 + i * 11, y, 4, { fill: "healthy" })));
  } else if (name === "open") {
    const left = here ? Math.max(0, (state.until - now) / settings.resetAfter) : 0;
    pen.box(x, y - 4, wide, 8, 4, { line: "rule" });
    if (left) pen.box(x, y - 4, wide * left, 8, 4, { fill: "failed" });
  } else {
    for (let i = 0; i < settings.probes; i++) {
      const answered = here && i < settings.probes - state.missing;
      const asked = here && i < settings.probes - state.places;
      pen.dot(x + 5 + i * 16, y, 5, answered ? { fill: "healthy", line: "healthy" } : { line: asked ? "waiting" : "rule", width: 2 });
    }
  }
}

export default { render };
