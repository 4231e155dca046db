// The avalanche: a service at the end of a chain hangs, and the home page dies, which never calls it. Fed a recorded
// run, the same picture shows what really happened.

import { Clock, Stage, Voice, button, choice, dress, make, playback, settle, slider, toggle, words } from "./kit.js";
import { Shop, USUAL } from "./parts/shop.js";
import { Tape, checked, counted } from "./parts/tape.js";
import { draw, high, percent } from "./parts/scene.js";

export const RANGES = { rate: [2, 40, 1], timeout: [0.2, 10, 0.1], pool: [4, 60, 2], retries: [0, 3, 1],
  bulkhead: [0, 30, 1], shed: [0, 60, 1], stockPool: [0, 30, 1], work: [0.01, 1, 0.01] };

// `story` is what happens to stock by itself: [second, state].
export const PRESETS = {
  calm: { story: [] },
  hang: { story: [[2, "hang"]] },
  dead: { story: [[2, "dead"]] },
  retries: { parameters: { rate: 12, timeout: 0.5, pool: 60, retries: 2, stockPool: 3, work: 0.1 }, story: [[2, "hang"], [4, "well"]] },
  breaker: { parameters: { breaker: true }, story: [[2, "hang"], [8, "well"]] },
  remedies: { parameters: { timeout: 0.6, retries: 2, breaker: true, budget: true, bulkhead: 6, shed: 14, fallback: true },
    story: [[2, "hang"], [8, "well"]] },
};

const TEXTS = {
  "in-calm": ["Calm", "平時"], "in-hang": ["Stock hangs", "stock 卡住"], "in-dead": ["Stock is dead", "stock 死掉"],
  "in-retries": ["Retries", "重試"], "in-breaker": ["Breaker", "熔斷器"], "in-remedies": ["All remedies", "所有對策"],
  rate: ["Orders, and as many home pages", "訂單，首頁也一樣多"], perSecond: ["{n} a second", "每秒 {n}"],
  timeout: ["Time-out of a call", "調用的超時"], seconds: ["{n} s", "{n} 秒"],
  pool: ["Threads of the storefront", "storefront 的線程"], half: ["{n}, the others half", "{n}，其他服務一半"],
  retries: ["Retries of a failed call", "失敗的調用重試"], times: ["{n}", "{n} 次"],
  breaker: ["Breaker in orders", "orders 的熔斷器"], budget: ["Retry budget", "重試預算"],
  hangIt: ["Hang stock", "讓 stock 卡住"], mendIt: ["Mend stock", "修好 stock"],
  home: ["home page", "首頁"], orders: ["orders", "訂單"], waiting: ["{n} waiting", "{n} 個在等"],
  hang: ["stock hangs", "stock 卡住"], dead: ["stock refuses", "stock 拒絕"],
  theory: ["full: {pool} threads ÷ {rate}/s", "全滿：{pool} 個線程 ÷ 每秒 {rate}"],
  closed: ["breaker closed", "熔斷器 關閉"], open: ["breaker open", "熔斷器 開啟"], "half-open": ["breaker half-open", "熔斷器 半開"],
  picture: ["{key}: {busy} of {size} threads busy, {waiting} waiting.", "{key}：{size} 個線程中 {busy} 個忙碌，{waiting} 個在等。"],
  answered: ["{name}: {share} answered.", "{name}：{share} 得到回應。"],
  time: ["Time in the run", "錄製中的時間"], recorded: ["Recorded on {date}: {machine}.", "錄製於 {date}：{machine}。"],
  "tape-large": ["This recording is larger than 2 MiB, so it is not replayed; this is the simulation.", "這份錄製超過 2 MiB，因此不重播；以下是模擬。"],
  "tape-version": ["This recording is of another version than 1, so it cannot be replayed; this is the simulation.", "這份錄製的版本不是 1，因此無法重播；以下是模擬。"],
  "tape-broken": ["This recording is broken or cut short, so it cannot be replayed; this is the simulation.", "這份錄製損壞或不完整，因此無法重播；以下是模擬。"],
};

// What has just happened.
const SAID = {
  "begin": ["{rate} home pages and {rate} orders a second. An order needs all three services, a home page only the storefront.",
    "每秒 {rate} 次首頁和 {rate} 筆訂單。訂單需要三個服務，首頁只需要 storefront。"],
  "is-hang": ["Stock hangs: it takes calls and answers none of them.", "stock 卡住了：它接下調用，卻一個也不回應。"],
  "is-dead": ["Stock is dead: it refuses every call at once, so nobody waits for it.", "stock 死了：它立刻拒絕每次調用，所以沒有人等它。"],
  "is-well": ["Stock answers again.", "stock 又開始回應了。"],
  "orders-full": ["Orders is full {after} s after the fault: all its {size} threads wait for stock.", "故障後 {after} 秒，orders 全滿：{size} 個線程都在等 stock。"],
  "storefront-full": ["The storefront is full {after} s after the fault: all its {size} threads wait for orders.", "故障後 {after} 秒，storefront 全滿：{size} 個線程都在等 orders。"],
  "home-lost": ["A home page fails, which needs neither orders nor stock: no thread was free for it.", "一個首頁失敗了，它既不需要 orders 也不需要 stock：沒有空閒的線程服務它。"],
  "home-back": ["Home pages are answered again, {after} s after stock.", "stock 恢復後 {after} 秒，首頁又得到回應。"],
  "orders-back": ["Orders are answered again, {after} s after stock.", "stock 恢復後 {after} 秒，訂單又得到回應。"],
  "lasting": ["Stock has been well for 3 s, but {share} % of orders are answered: each makes {calls} calls to stock. Now the retries are the fault.",
    "stock 已經恢復 3 秒，訂單卻只有 {share} % 得到回應：每筆調用 stock {calls} 次。現在重試本身就是故障。"],
  "breaker-open": ["The breaker opens: orders asks stock no more, and fails at once instead of waiting.", "熔斷器開啟：orders 不再問 stock，立刻失敗而不等待。"],
  "breaker-half-open": ["The breaker is half-open: one call goes through, to see.", "熔斷器半開：放一次調用過去看看。"],
  "breaker-closed": ["The breaker closes: the probe was answered.", "熔斷器關閉：試探的調用得到了回應。"],
  "fault-begins": ["{on}: {label}.", "{on}：{label}。"], "fault-ends": ["{on}: the fault is over.", "{on}：故障結束。"],
  "seen-full": ["{name} is full: all {size} threads are busy.", "{name} 全滿：{size} 個線程都在忙。"],
  "seen-open": ["The breaker of {service} opens: it asks {breaker} no more.", "{service} 的熔斷器開啟：不再問 {breaker}。"],
  "seen-half-open": ["The breaker of {service} is half-open: one call goes through, to see.", "{service} 的熔斷器半開：放一次調用過去看看。"],
  "seen-closed": ["The breaker of {service} closes.", "{service} 的熔斷器關閉。"],
};

function render({ model, el }) {
  const language = model.get("language");
  const say = words({ ...TEXTS, ...SAID }, language);
  const recording = model.get("recording");
  const tape = recording == null ? null : checked(recording);
  const replayed = tape && typeof tape !== "string";
  dress(el, language);
  const parts = { model, el, say, voice: new Voice(model), notes: make("p", { class: "mbe-refused", role: "status" }) };
  if (tape && !replayed) parts.notes.append(`${say(tape)} `);
  return replayed ? replay(parts, new Tape(tape, language)) : simulation(parts);
}

// What both have: a stage, a clock, the sentence, and what the host may read. `look` gives the view.
function staged({ model, el, say, voice }, look, tick, speed) {
  const seen = () => ({ waiting: say("waiting"), ...look() });
  const stage = new Stage((wide) => high(seen(), wide), (pen, wide) => draw(pen, seen(), wide));
  const clock = new Clock({ root: el, tick, speed });
  let told = -1;
  const show = (now) => {
    stage.paint();
    if (clock.playing && Math.abs(now - told) < 0.25) return;
    told = now;
    el.dataset.at = now.toFixed(2);
    const { services, lanes } = look();
    stage.element.setAttribute("aria-label", [...services.map((one) => say("picture", one)),
      ...lanes.map(({ name, share }) => say("answered", { name, share: percent(share) }))].join(" "));
    model.set("at", Number(el.dataset.at));
    model.save_changes();
  };
  const end = () => {
    for (const each of [clock, stage, voice]) each.end();
    el.replaceChildren();
  };
  return { stage, clock, show, end };
}

function simulation(parts) {
  const { model, el, say, voice, notes } = parts;
  let { preset, parameters, refused } = settle({ model, presets: PRESETS, usual: USUAL, ranges: RANGES, say });
  const compact = Boolean(model.get("parameters")?.compact);
  let shop;
  let story;
  notes.append(refused.join(" "));

  const { stage, clock, show, end } = staged(parts, () => view(shop, say, compact), (seconds) => {
    const to = shop.now + seconds;
    while (story.length && story[0][0] <= to) {
      shop.advance(story[0][0]);
      shop.fault(story.shift()[1]);
    }
    shop.advance(to);
    tell();
  }, 0.5);

  function tell() {
    for (const { key, values, weight } of shop.told.splice(0)) voice.say(say(key, values), weight);
    act.textContent = say(shop.state === "well" ? "hangIt" : "mendIt");
    show(shop.now);
  }

  function begin() {
    shop = new Shop(parameters, model.get("seed") ?? 1);
    story = [...PRESETS[preset].story];
    voice.say(say("begin", parameters), 4);
    for (const [name, control] of Object.entries(controls)) control.show(parameters[name]);
    presets.show(preset);
    tell();
    clock.toggle(!clock.calm.matches);
  }

  function choose(name) {
    preset = name;
    parameters = { ...USUAL, ...PRESETS[name].parameters };
    notes.textContent = "";
    begin();
  }

  const change = (name) => (value) => {
    parameters = { ...parameters, [name]: value };
    shop.set(parameters);
    tell();
  };
  const act = button("", () => {
    story = [];
    shop.fault(shop.state === "well" ? "hang" : "well");
    tell();
  }, { class: "mbe-act" });
  const presets = choice(say("presets"), Object.keys(PRESETS).map((key) => [key, say(`in-${key}`)]), choose);
  const units = { rate: "perSecond", timeout: "seconds", pool: "half", retries: "times" };
  const sliders = Object.fromEntries(Object.entries(units).map(([name, unit]) => [name,
    slider(say(name), RANGES[name], (n) => say(unit, { n }), change(name))]));
  const switches = { breaker: toggle(say("breaker"), change("breaker")), budget: toggle(say("budget"), change("budget")) };
  const controls = { ...sliders, ...switches };
  const play = playback(clock, say, begin, compact);
  if (compact) el.append(voice.element, stage.element, make("div", { class: "mbe-row" }, act, switches.breaker, play), notes);
  else {
    el.append(presets, voice.element, stage.element, make("div", { class: "mbe-row" }, act, ...Object.values(switches), play),
      make("div", { class: "mbe-sliders", role: "group", "aria-label": say("controls") }, ...Object.values(sliders)), notes);
  }
  begin();
  return end;
}

function view(shop, say, compact) {
  const { now, state, since, settings, breaker, ends } = shop;
  const lanes = Object.keys(ends).map((lane) => ({ key: `${lane}-users`, name: say(lane), share: shop.share(lane) }));
  const begin = Math.max(0, Math.ceil(now * 2 - 30) / 2);
  return {
    lanes,
    services: Object.values(shop.services).map(({ key, size, busy, queue }) => ({ key, size, busy, waiting: queue.length,
      ...(key === "stock" && state !== "well" ? { trouble: state === "hang" ? "waiting" : "failed", note: say(state) } : {}) })),
    links: [["storefront", "orders"], ["orders", "stock"]],
    legs: shop.legs.map((leg) => ({ ...leg, at: (now - leg.begin) / (leg.end - leg.begin) })),
    gates: breaker ? [{ link: ["orders", "stock"], state: breaker.state.name, name: say(breaker.state.name) }] : [],
    strip: compact ? null : {
      begin, end: begin + 16, now,
      bars: Object.fromEntries(Object.entries(ends).map(([lane, all]) => [`${lane}-users`, counted(all.filter(({ end }) => end >= begin))])),
      faults: shop.faults.map((fault) => ({ ...fault, label: say(fault.state) })),
      theory: state === "hang" ? { at: since + settings.pool / settings.rate, label: say("theory", settings) } : null,
    },
  };
}

// What really happened, at any second of it.
function replay(parts, tape) {
  const { el, say, voice, notes } = parts;
  const { seconds, date, machine } = tape.tape;
  const look = () => {
    const seen = tape.view();
    for (const gate of seen.gates) gate.name = say(gate.state);
    return seen;
  };
  const { stage, clock, show, end } = staged(parts, look, (passed) => seek(tape.now + passed), 0.25);
  const line = slider(say("time"), [0, seconds, 0.05], (at) => say("seconds", { n: at.toFixed(1) }), (at) => {
    clock.toggle(false);
    seek(at);
  });

  function seek(at) {
    const before = tape.now;
    tape.now = Math.min(seconds, Math.max(0, at));
    if (tape.now === seconds) clock.toggle(false);
    line.show(tape.now);
    const last = tape.events.findLast((event) => event.at <= tape.now);
    if (last && (last.at > before || tape.now < before)) voice.say(say(last.key, last.values));
    show(tape.now);
  }

  notes.className = "";
  notes.append(say("recorded", { date, machine }));
  el.append(voice.element, stage.element, line, playback(clock, say, () => seek(0)), notes);
  voice.say(say("recorded", { date, machine }), 4);
  seek(0);
  clock.toggle(!clock.calm.matches);
  return end;
}

export default { render };
