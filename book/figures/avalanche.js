// The avalanche: a service at the end of a chain hangs, and the home page dies, which never calls it.

import { Clock, Stage, Voice, button, choice, dress, make, playback, settle, slider, toggle, words } from "./kit.js";
import { Shop, USUAL } from "./parts/shop.js";
import { draw, high } from "./parts/scene.js";

export const RANGES = { rate: [2, 40, 1], timeout: [0.2, 10, 0.1], pool: [4, 60, 2], retries: [0, 3, 1],
  bulkhead: [0, 30, 1], shed: [0, 60, 1], stockPool: [0, 30, 1], work: [0.01, 1, 0.01] };

// `story` is what happens to stock by itself: [seconds, state].
export const PRESETS = {
  calm: { parameters: {}, story: [] },
  hang: { parameters: {}, story: [[2, "hang"]] },
  dead: { parameters: {}, story: [[2, "dead"]] },
  retries: { parameters: { rate: 12, timeout: 0.5, pool: 60, retries: 2, stockPool: 3, work: 0.1 }, story: [[2, "hang"], [4, "well"]] },
  breaker: { parameters: { breaker: true }, story: [[2, "hang"], [8, "well"]] },
  remedies: { parameters: { timeout: 0.6, retries: 2, breaker: true, budget: true, bulkhead: 6, shed: 14, fallback: true },
    story: [[2, "hang"], [8, "well"]] },
};

const TEXTS = {
  "in-calm": ["Calm", "平時"], "in-hang": ["Stock hangs", "stock 卡住"], "in-dead": ["Stock is dead", "stock 死掉"],
  "in-retries": ["Retries", "重試"], "in-breaker": ["Breaker", "熔斷器"], "in-remedies": ["All remedies", "所有對策"],
  rate: ["Orders, and as many home pages", "訂單，首頁也一樣多"], timeout: ["Time-out of a call", "調用的超時"],
  pool: ["Threads of the storefront", "storefront 的線程"], budget: ["Retry budget", "重試預算"],
  bulkhead: ["bulkhead", "隔離艙"], shed: ["shedding", "負載卸除"], fallback: ["fallback", "後備方案"], stockPool: ["threads of stock", "stock 的線程"],
  work: ["work of stock", "stock 的工作時間"],
  perSecond: ["{n}/s", "每秒 {n}"], seconds: ["{n} s", "{n} 秒"], others: ["{n}, the others half", "{n}，其他服務一半"], count: ["{n} a call", "每次調用 {n} 次"],
  retries: ["Retries of a failed call", "失敗的調用重試"], breaker: ["Breaker in orders", "orders 的熔斷器"],
  hangIt: ["Hang stock", "讓 stock 卡住"], mendIt: ["Mend stock", "修好 stock"],
};

Object.assign(TEXTS, {
  home: ["home page", "首頁"], orders: ["orders", "訂單"], full: ["full", "全滿"], waiting: ["{n} waiting", "{n} 個在等"],
  hangs: ["hangs", "卡住"], refuses: ["dead: refuses", "死掉：拒絕"], theory: ["full, by pool ÷ rate", "全滿（線程數 ÷ 速率）"],
  closed: ["breaker closed", "熔斷器關閉"], open: ["breaker open", "熔斷器開啟"], "half-open": ["half-open", "熔斷器半開"],
  also: ["Also: {what}.", "另外還有：{what}。"],
  picture: ["Users call the storefront, the storefront calls orders, orders calls stock.", "使用者調用 storefront，storefront 調用 orders，orders 調用 stock。"],
  pictured: ["{name}: {busy} of {size} threads busy, {waiting} waiting.", "{name}：{size} 個線程中 {busy} 個忙碌，{waiting} 個在等。"],
  answered: ["Answered: {home} of home pages, {orders} of orders.", "得到回應：首頁 {home}，訂單 {orders}。"],
});

// What has just happened, by the keys that the shop tells.
const SAID = {
  begin: ["{rate} home pages and {rate} orders a second. An order needs all three services, a home page only the storefront.",
    "每秒 {rate} 次首頁和 {rate} 筆訂單。訂單需要三個服務，首頁只需要 storefront。"],
  hang: ["Stock hangs: it takes calls and answers none of them.", "stock 卡住了：它接下調用，卻一個也不回應。"],
  dead: ["Stock is dead: it refuses every call at once, so nobody waits for it.", "stock 死了：它立刻拒絕每次調用，所以沒有人在等它。"],
  well: ["Stock answers again.", "stock 又開始回應了。"],
  "orders-full": ["Orders is full {after} s after the fault: all {size} threads wait for stock.", "故障後 {after} 秒，orders 全滿：{size} 個線程都在等 stock。"],
  "storefront-full": ["The storefront is full {after} s after the fault: all {size} threads wait for orders.", "故障後 {after} 秒，storefront 全滿：{size} 個線程都在等 orders。"],
  "home-lost": ["The first home page fails, though it needs neither orders nor stock: no thread was free for it.", "第一個首頁失敗了，雖然它既不需要 orders 也不需要 stock：沒有線程有空服務它。"],
  "home-back": ["Home pages are answered again, {after} s after stock.", "stock 恢復後 {after} 秒，首頁又得到回應。"],
  "orders-back": ["Orders are answered again, {after} s after stock.", "stock 恢復後 {after} 秒，訂單又得到回應。"],
  lasting: ["Stock has been well for 3 s, and {share} % of orders are answered: each makes {calls} calls to stock. The retries are the fault now.",
    "stock 已經恢復 3 秒，訂單只有 {share} % 得到回應：每筆訂單調用 stock {calls} 次。現在故障就是重試本身。"],
  "breaker-open": ["The breaker opens: orders no longer asks stock, and fails at once instead of waiting.", "熔斷器開啟：orders 不再問 stock，立刻失敗而不等待。"],
  probing: ["The breaker is half-open: one call goes through, to see.", "熔斷器半開：放一次調用過去看看。"],
  "breaker-closed": ["The breaker closes: the probe was answered.", "熔斷器關閉：試探的調用得到了回應。"],
};

function render({ model, el }) {
  const language = model.get("language");
  const say = words({ ...TEXTS, ...SAID }, language);
  const compact = Boolean(model.get("parameters")?.compact);
  dress(el, language);
  const settled = settle({ model, presets: PRESETS, usual: USUAL, ranges: RANGES, say });
  const voice = new Voice(model);
  let { preset, parameters } = settled;
  let shop;
  let story;

  const stage = new Stage((wide) => high(view(shop, say, compact), wide), (pen, wide) => draw(pen, view(shop, say, compact), wide));

  function begin() {
    shop = new Shop(parameters, model.get("seed") ?? 1);
    story = [...(PRESETS[preset].story)];
    voice.say(say("begin", parameters), 4);
    show();
  }

  function tick(seconds) {
    const to = shop.now + seconds;
    while (story.length && story[0][0] <= to) {
      const [at, state] = story.shift();
      shop.advance(at);
      shop.fault(state);
    }
    shop.advance(to);
    show();
  }

  let shownAt = -1;
  function show() {
    for (const { key, values, weight } of shop.told.splice(0)) voice.say(say(key, values), weight);
    act.textContent = say(shop.state === "well" ? "hangIt" : "mendIt");
    stage.paint();
    if (!clock?.playing || Math.abs(shop.now - shownAt) >= 0.5) report();
  }

  function report() {
    shownAt = shop.now;
    el.dataset.at = shop.now.toFixed(2);
    stage.element.setAttribute("aria-label", described(shop, say));
    model.set("at", Number(shop.now.toFixed(2)));
    model.save_changes();
  }

  function change(name, value) {
    parameters = { ...parameters, [name]: value };
    shop.set({ [name]: value });
    show();
  }

  function choose(name) {
    preset = name;
    parameters = { ...USUAL, ...PRESETS[name].parameters };
    refused.textContent = "";
    fill();
    begin();
    clock.toggle(!clock.calm.matches);
  }

  function fill() {
    presets.show(preset);
    for (const [name, control] of Object.entries(controls)) control.show(parameters[name]);
  }

  const act = button("", () => {
    story = [];
    shop.fault(shop.state === "well" ? "hang" : "well");
    show();
  }, { class: "mbe-act" });
  const presets = choice(say("presets"), Object.keys(PRESETS).map((key) => [key, say(`in-${key}`)]), choose);
  const controls = {
    rate: slider(say("rate"), RANGES.rate, (n) => say("perSecond", { n }), (n) => change("rate", n)),
    timeout: slider(say("timeout"), RANGES.timeout, (n) => say("seconds", { n: n.toFixed(1) }), (n) => change("timeout", n)),
    pool: slider(say("pool"), RANGES.pool, (n) => say("others", { n }), (n) => change("pool", n)),
    retries: slider(say("retries"), RANGES.retries, (n) => say("count", { n }), (n) => change("retries", n)),
    breaker: toggle(say("breaker"), (on) => change("breaker", on)),
    budget: toggle(say("budget"), (on) => change("budget", on)),
  };
  const refused = make("p", { class: "mbe-refused", role: "status" }, settled.refused.join(" "));
  let clock;
  clock = new Clock({ root: el, tick, speed: 0.5 });
  const play = playback(clock, say, compact ? null : () => choose(preset));
  const { rate, timeout, pool, retries, breaker, budget } = controls;
  el.append(...(compact ? [] : [presets]), stage.element, voice.element,
    make("div", { class: "mbe-row" }, act, breaker, ...(compact ? [] : [budget])), play,
    ...(compact ? [] : [make("div", { class: "mbe-sliders", role: "group", "aria-label": say("controls") }, rate, timeout, pool, retries)]),
    refused);
  begin();
  fill();
  clock.toggle(!clock.calm.matches);

  return () => {
    for (const each of [clock, stage, voice]) each.end();
    el.replaceChildren();
  };
}

function view(shop, say, compact) {
  const { now, state } = shop;
  const name = { storefront: "storefront", orders: "orders", stock: "stock" };
  const troubled = { hang: ["waiting", say("hangs")], dead: ["failed", say("refuses")] }[state] ?? [];
  const from = Math.max(0, Math.ceil((now - 15) * 2) / 2);
  return {
    lanes: ["home", "orders"].map((key) => ({ key: `${key}-users`, name: say(key), share: shop.share(key) })),
    services: Object.values(shop.services).map((one) => ({ key: one.name, name: name[one.name], size: one.size, busy: one.busy,
      waiting: one.queue.length, ...(one.name === "stock" ? { state: troubled[0], note: troubled[1] } : {}) })),
    links: [["storefront", "orders"], ["orders", "stock"]],
    legs: shop.legs.map(({ from: a, to: b, kind, begin, end }) => ({ from: a, to: b, kind, at: (now - begin) / (end - begin) })),
    gate: shop.breaker && { link: ["orders", "stock"], state: shop.breaker.state.name, name: say(shop.breaker.state.name) },
    words: { full: say("full"), waiting: say("waiting") },
    strip: compact ? null : {
      begin: from, end: from + 16, now,
      boxes: Object.fromEntries(["home", "orders"].map((key) => [`${key}-users`, boxes(shop.strip[key], from)])),
      faults: shop.faults.map(({ begin, end, state: which }) => ({ begin, end, label: `stock ${say(which === "hang" ? "hangs" : "refuses")}` })),
      theory: state === "hang" ? [{ at: shop.since + shop.settings.pool / shop.settings.rate, label: say("theory") }] : [],
    },
  };
}

function boxes(all, from) {
  const found = [];
  for (let i = Math.floor(from * 4); i < all.length; i++) if (all[i]) found.push({ at: i / 4, seconds: 0.25, ...all[i] });
  return found;
}

function described(shop, say) {
  const per = (lane) => (shop.share(lane) === null ? "–" : `${Math.round(100 * shop.share(lane))} %`);
  const services = Object.values(shop.services).map((one) => say("pictured", { ...one, waiting: one.queue.length }));
  return [say("picture"), ...services, say("answered", { home: per("home"), orders: per("orders") })].join(" ");
}

export default { render };
