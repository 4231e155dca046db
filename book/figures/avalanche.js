// The avalanche: a service at the end of a chain hangs, and the home page dies, which never calls it.

import { button, choice, make, playback, settle, slider, toggle, words } from "./kit.js";
import { Shop, USUAL } from "./parts/shop.js";
import { counted } from "./parts/users.js";
import { SCENE, percent, staged } from "./parts/scene.js";

export const RANGES = { rate: [2, 60, 1], timeout: [0.2, 10, 0.1], pool: [4, 60, 2], retries: [0, 3, 1], breaker: null, budget: null };

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

export const TEXTS = {
  "in-calm": ["Calm", "平時"], "in-hang": ["Stock hangs", "stock 卡住"], "in-dead": ["Stock is dead", "stock 死掉"],
  "in-retries": ["Retries", "重試"], "in-breaker": ["Breaker", "熔斷器"], "in-remedies": ["All remedies", "所有對策"],
  rate: ["Orders a second, as many home pages", "每秒訂單數（首頁一樣）"], timeout: ["Time-out of a call, seconds", "調用的超時（秒）"],
  pool: ["Threads of the storefront, others half", "storefront 的線程，其他一半"], retries: ["Retries of a failed call", "失敗後重試次數"],
  breaker: ["Breaker in orders", "orders 的熔斷器"], budget: ["Retry budget", "重試預算"],
  hangIt: ["Hang stock", "讓 stock 卡住"], mendIt: ["Mend stock", "修好 stock"],
  pages: ["home page", "首頁"], buyers: ["orders", "訂單"],
  theory: ["{pool} threads ÷ {rate}/s", "{pool} 個線程 ÷ 每秒 {rate}"],
  begin: ["{rate} home pages and {rate} orders a second. A home page needs only the storefront.",
    "每秒 {rate} 次首頁和 {rate} 筆訂單。首頁只需要 storefront。"],
  "stock-hang": ["Stock hangs: it takes calls and answers none.", "stock 卡住了：接下調用，卻不回應。"],
  "stock-dead": ["Stock is dead: it refuses at once, and nobody waits.", "stock 死了：立刻拒絕，沒有人要等。"],
  "stock-well": ["Stock answers again.", "stock 又開始回應了。"],
  full: ["{name} is full {after} s after the fault: {size} threads wait for {callee}.", "故障後 {after} 秒，{name} 全滿：{size} 個線程在等 {callee}。"],
  "home-lost": ["A home page fails, which needs neither orders nor stock: no thread is free.", "首頁失敗了，它不需要 orders 也不需要 stock：沒有線程空著。"],
  back: ["{name}: answered again, {after} s later.", "{name}：{after} 秒後又得到回應。"],
  counted: ["{share} of users get an answer", "{share} 的使用者得到回應"],
  lasting: ["Stock is well again, but {share} % of orders are answered: each makes {calls} calls. Now the retries are the fault.",
    "stock 恢復了，訂單卻只有 {share} % 得到回應：每筆調用 {calls} 次。現在重試就是故障。"],
};

function render({ model, el }) {
  const say = words({ ...SCENE, ...TEXTS }, model.get("language"));
  let { preset, parameters, refused } = settle({ model, presets: PRESETS, usual: USUAL, ranges: RANGES, say });
  const compact = Boolean(model.get("parameters")?.compact);
  const notes = make("p", { class: "mbe-refused", role: "status" }, refused.join(" "));
  let shop;
  let story;

  const { stage, clock, voice, show, end } = staged({ model, el, say }, () => view(shop, say, compact), (seconds) => {
    const to = shop.now + seconds;
    while (story.length && story[0][0] <= to) {
      shop.advance(story[0][0]);
      shop.fault(story.shift()[1]);
    }
    shop.advance(to);
    tell();
  }, 0.5);

  function tell() {
    for (const [key, values] of shop.told.splice(0)) voice.say(say(key, { ...values, name: values?.lane ? say(values.lane) : values?.name }));
    counter.textContent = say("counted", { share: percent(shop.share()) });
    act.textContent = say(shop.state === "well" ? "hangIt" : "mendIt");
    show(shop.now);
  }

  function begin() {
    shop = new Shop(parameters, model.get("seed") ?? 1);
    story = [...PRESETS[preset].story];
    voice.say(say("begin", parameters));
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
  const counter = make("b");
  const presets = choice(say("presets"), Object.keys(PRESETS).map((key) => [key, say(`in-${key}`)]), choose);
  const sliders = Object.fromEntries(["rate", "timeout", "pool", "retries"].map((name) => [name,
    slider(say(name), RANGES[name], change(name))]));
  const switches = { breaker: toggle(say("breaker"), change("breaker")), budget: toggle(say("budget"), change("budget")) };
  const controls = { ...sliders, ...switches };
  const play = playback(clock, say, begin, compact);
  if (compact) el.append(voice.element, stage.element, make("div", { class: "mbe-row" }, act, switches.breaker, counter, play), notes);
  else {
    el.append(presets, voice.element, stage.element, make("div", { class: "mbe-row" }, act, ...Object.values(switches), play),
      make("div", { class: "mbe-sliders", role: "group", "aria-label": say("controls") }, ...Object.values(sliders)), notes);
  }
  begin();
  return end;
}

// What there is to see; `parts/scene.js` draws it.
export function view(shop, say, compact) {
  const { now, state, since, settings, breaker, ends } = shop;
  const begin = Math.max(0, Math.ceil(now * 2 - 30) / 2);
  return {
    lanes: Object.keys(ends).map((key) => ({ key, name: say(key), share: shop.share(key), bars: compact || counted(ends[key]) })),
    services: Object.values(shop.services).map(({ key, places: size, inUse: busy, queue }) => ({ key, size, busy, waiting: queue.length,
      ...(key === "stock" && state !== "well" ? { trouble: state === "hang" ? "waiting" : "failed", note: say(`in-${state}`) } : {}) })),
    links: [["storefront", "orders"], ["orders", "stock"]],
    legs: shop.legs.map((leg) => ({ ...leg, at: (now - leg.begin) / (leg.end - leg.begin) })),
    gates: breaker ? [{ link: ["orders", "stock"], state: breaker.state.name, name: say(breaker.state.name) }] : [],
    strip: compact ? null : {
      begin, end: begin + 16, now,
      faults: shop.faults.map((fault) => ({ ...fault, label: say(`in-${fault.state}`) })),
      theory: state === "hang" ? { at: since + settings.pool / settings.rate, label: say("theory", settings) } : null,
    },
  };
}

export default { render };
