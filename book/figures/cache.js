// A small cache before a slow database: what is popular decides how much it catches.

import { Clock, Stage, Voice, button, choice, dress, make, playback, settle, slider, toggle, words } from "./kit.js";
import { HIT, Reads, SPAN, USUAL } from "./parts/reads.js";

export const RANGES = { size: [5, 200, 5], items: [20, 400, 20], exponent: [0, 2, 0.1], rate: [10, 100, 10], miss: [5, 200, 5], lfu: null };

// `story` is what happens by itself: [second, event].
export const PRESETS = {
  zipf: { story: [] },
  alike: { parameters: { exponent: 0 }, story: [] },
  large: { parameters: { size: 100 }, story: [] },
  restart: { parameters: { size: 100 }, story: [[12, "empty"]] },
  shift: { story: [[12, "shift"]] },
  lfu: { parameters: { lfu: true }, story: [[12, "shift"]] },
};

export const TEXTS = {
  "in-zipf": ["Few are popular", "少數熱門"], "in-alike": ["All alike", "一樣熱門"], "in-large": ["Five times the cache", "五倍的緩存"],
  "in-restart": ["Cache restarts", "緩存重啟"], "in-shift": ["New favourites", "熱門換了"], "in-lfu": ["New favourites, LFU", "熱門換了，LFU"],
  size: ["Places in the cache", "緩存的位置"], items: ["Items", "商品數"], exponent: ["Exponent of Zipf's law", "Zipf 定律的指數"],
  rate: ["Requests a second", "每秒請求數"], miss: ["A miss takes, milliseconds", "未命中要幾毫秒"], lfu: ["LFU instead of LRU", "用 LFU 代替 LRU"],
  shift: ["Change the favourites", "換一批熱門"], empty: ["Empty the cache", "清空緩存"],
  users: ["users", "使用者"], cache: ["cache", "緩存"], database: ["database", "數據庫"], asks: ["{asks} a second", "每秒 {asks} 次"],
  hits: ["{hit} % hits", "命中 {hit} %"], misses: ["{misses} %", "{misses} %，未命中"], takes: ["{ms} ms", "{ms} 毫秒"],
  ranks: ["Items by rank; filled: in the cache", "商品依熱門排列，填滿的在緩存裡"], wanted: ["{wanted} of the first {places}", "前 {places} 名中有 {wanted} 個"],
  ratio: ["Hit ratio {hit} %", "命中率 {hit} %"], che: ["Che: {expected} %", "Che：{expected} %"], best: ["at best {expected} %", "最多 {expected} %"],
  sum: ["Mean latency {mean} ms = {hit} % × {fast} + {misses} % × {miss}", "平均延遲 {mean} 毫秒 = {hit} % × {fast} + {misses} % × {miss}"],
  meant: ["theory: {meant} ms", "理論：{meant} 毫秒"], "at-shift": ["new favourites", "熱門換了"], "at-empty": ["emptied", "清空"],
  holds: ["{held} items in the cache, {wanted} of the {places} most popular", "緩存裡有 {held} 件商品，包括最熱門 {places} 件中的 {wanted} 件"],
  begin: ["{rate} requests a second for {items} items. The cache has {size} places and is empty.",
    "每秒 {rate} 次請求，共 {items} 件商品。緩存有 {size} 個位置，還是空的。"],
  full: ["The cache is full: from now on a miss pushes out what was not asked for longest.", "緩存滿了：從現在起，每次未命中都擠掉最久沒有人要的。"],
  "full-lfu": ["The cache is full: from now on a miss pushes out what was asked for least.", "緩存滿了：從現在起，每次未命中都擠掉最少人要的。"],
  settled: ["Of the last 200 requests {hit} % were hits, by theory {expected} %: {mean} ms on average.",
    "最近 200 次請求有 {hit} % 命中，理論上是 {expected} %：平均 {mean} 毫秒。"],
  behind: ["Of the last 200 requests {hit} % were hits, not {expected} %: the cache still holds what nobody wants.",
    "最近 200 次請求有 {hit} % 命中，而不是 {expected} %：緩存還留著沒有人要的。"],
  "is-shift": ["Other items are popular now, and the cache is full of the old ones.", "熱門的換了，緩存裡卻都是舊的。"],
  "is-empty": ["The cache is empty: every item has to come from the database once more.", "緩存空了：每件商品都得再從數據庫拿一次。"],
};

function render({ model, el }) {
  const say = words(TEXTS, model.get("language"));
  let { preset, parameters, refused } = settle({ model, presets: PRESETS, usual: USUAL, ranges: RANGES, say });
  const notes = make("p", { class: "mbe-refused", role: "status" }, refused.join(" "));
  dress(el, model.get("language"));
  const voice = new Voice(model);
  const stage = new Stage(high, (pen, wide) => draw(pen, reads, say, wide));
  const clock = new Clock({ root: el, tick });
  let reads;
  let story;
  let shown = -1;

  function tick(seconds) {
    const to = reads.now + seconds;
    while (story.length && story[0][0] <= to) {
      reads.advance(story[0][0]);
      reads[story.shift()[1]]();
    }
    reads.advance(to);
    tell();
  }

  function tell() {
    for (const [key, values] of reads.told.splice(0)) voice.say(say(key, values));
    stage.paint();
    if (clock.playing && Math.abs(reads.now - shown) < 0.25) return;
    shown = reads.now;
    el.dataset.at = shown.toFixed(2);
    stage.element.setAttribute("aria-label", described(reads, say));
    model.set("at", Number(el.dataset.at));
    model.save_changes();
  }

  function begin() {
    reads = new Reads(parameters, model.get("seed") ?? 1);
    story = [...PRESETS[preset].story];
    voice.say(say("begin", parameters));
    for (const [name, control] of Object.entries(controls)) control.show(parameters[name]);
    presets.show(preset);
    tell();
    clock.toggle(!clock.calm.matches);
  }

  const presets = choice(say("presets"), Object.keys(PRESETS).map((key) => [key, say(`in-${key}`)]), (name) => {
    preset = name;
    parameters = { ...USUAL, ...PRESETS[name].parameters };
    notes.textContent = "";
    begin();
  });
  const control = (name) => (RANGES[name] ? slider : toggle)(say(name), ...[RANGES[name]].filter(Boolean), (value) => {
    parameters = { ...parameters, [name]: value };
    reads.set(parameters);
    tell();
  });
  const controls = Object.fromEntries(Object.keys(RANGES).map((name) => [name, control(name)]));
  const { lfu, ...sliders } = controls;
  const acts = ["shift", "empty"].map((name) => button(say(name), () => {
    reads[name]();
    tell();
  }, { class: "mbe-act" }));
  el.append(presets, voice.element, stage.element, make("div", { class: "mbe-row" }, ...acts, lfu, playback(clock, say, begin)),
    make("div", { class: "mbe-sliders", role: "group", "aria-label": say("controls") }, ...Object.values(sliders)), notes);
  begin();

  return () => {
    for (const each of [clock, stage, voice]) each.end();
    el.replaceChildren();
  };
}

const SMALL = { size: 12, fill: "secondary" };
const NARROW = 560;
const LANE = 92;

const tall = (wide) => (wide < NARROW ? 132 : 108); // of the items

export function high(wide) {
  return 118 + tall(wide) + 2 * LANE + 30;
}

// What there is to say of it, as texts; dashes before the first request.
function facts(reads, say) {
  const { settings: { size, items, lfu }, cache, wanted, ratio } = reads;
  const values = { ...reads.figures(), ...(ratio === null ? { hit: "–", misses: "–", mean: "–", asks: "–" } : {}), wanted, places: Math.min(size, items), held: cache.entries.size };
  const texts = Object.fromEntries(["hits", "misses", "asks", "wanted", "ratio", "sum", "meant", "holds"].map((key) => [key, say(key, values)]));
  return { ...texts, theory: say(lfu ? "best" : "che", values) };
}

export function described(reads, say) {
  const { holds, ratio, theory, sum, meant, asks } = facts(reads, say);
  return [holds, ratio, theory, sum, meant, `${say("database")}: ${asks}`].join(". ");
}

export function draw(pen, reads, say, wide) {
  const said = facts(reads, say);
  flow(pen, reads, say, said, wide);
  const foot = 118 + tall(wide);
  pen.text(1, 106, said.ranks ?? say("ranks"), { ...SMALL, most: wide - 130 });
  pen.text(wide - 1, 106, said.wanted, { size: 12, fill: "busy", weight: 600, align: "right" });
  ranks(pen, reads, wide, 118, tall(wide));
  const time = { begin: Math.max(0, reads.now - SPAN), left: 38, edge: wide - 6 };
  time.x = (second) => time.left + (time.edge - time.left) * (second - time.begin) / SPAN;
  lane(pen, reads, time, foot, { top: 1, unit: "100 %", of: "hit", theory: "theory", head: said.ratio, beside: said.theory });
  lane(pen, reads, time, foot + LANE, { top: reads.settings.miss, unit: `${reads.settings.miss}`, of: "mean", theory: "meant", head: said.sum, beside: said.meant });
  for (const { at, key } of reads.events) {
    if (at < time.begin) continue;
    pen.lines([[time.x(at), foot + 24, time.x(at), foot + 2 * LANE]], { line: "text", width: 1 });
    pen.text(time.x(at) + 5, foot + 32, say(`at-${key}`), { size: 12 });
  }
  for (let second = Math.ceil(time.begin / 5) * 5; second <= time.begin + SPAN; second += 5) {
    pen.text(time.x(second), foot + 2 * LANE + 13, `${second}`, { ...SMALL, align: "center" });
  }
}

// Users, the cache, the database, and what travels between them: a hit is a dot, a miss a ring.
function flow(pen, reads, say, said, wide) {
  const box = Math.min(150, Math.max(90, wide * 0.24));
  const last = wide - box - 2;
  const places = { users: [4, 54], cache: [(54 + last - box) / 2, (54 + last + box) / 2], database: [last, wide] };
  const { size, miss, rate, lfu } = reads.settings;
  const [first, second] = [[54, places.cache[0]], [places.cache[1], last]];
  pen.lines([first, second].map(([from, to]) => [from, 46, to, 46]), { line: "rule", width: 2 });
  pen.dot(29, 46, 25, { fill: "panel", line: "secondary" });
  pen.text(29, 47, `${rate}/s`, { size: 13, weight: 600, align: "center" });
  pen.text(29, 84, say("users"), { ...SMALL, align: "center" });
  for (const [name, lines] of [["cache", [[`${reads.cache.entries.size}/${size}`, "busy"], [`${lfu ? "LFU" : "LRU"}, ${say("takes", { ms: HIT })}`, "secondary"]]],
    ["database", [[said.asks, "waiting"], [say("takes", { ms: miss }), "secondary"]]]]) {
    const x = places[name][0];
    pen.box(x, 6, box, 80, 8, { fill: "panel", line: "secondary" });
    pen.box(x + 3, 9, box - 6, 74, 6, { line: "secondary", width: 1 });
    pen.text(x + 12, 25, say(name), { weight: 600, size: 14 });
    lines.forEach(([text, fill], i) => pen.text(x + 12, 47 + 20 * i, text, { size: 12, fill, weight: i ? 400 : 600, most: box - 20 }));
  }
  pen.text((first[0] + first[1]) / 2, 28, said.hits, { size: 12, fill: "healthy", weight: 600, align: "center", most: first[1] - first[0] - 4 });
  pen.text((second[0] + second[1]) / 2, 28, said.misses, { size: 12, fill: "waiting", weight: 600, align: "center", most: second[1] - second[0] - 4 });
  for (const { from, to, kind, begin, end } of reads.legs) {
    const right = places[from][0] < places[to][0];
    const [a, b] = right ? [places[from][1], places[to][0]] : [places[from][0], places[to][1]];
    const x = a + (b - a) * (reads.now - begin) / (end - begin);
    if (kind === "ok") pen.dot(x, right ? 42 : 50, 3.5, { fill: "healthy" });
    else pen.dot(x, right ? 42 : 50, 3.2, { line: "waiting", width: 1.8 });
  }
}

// A cell an item, the most popular first; what was asked for just now is a dot if it was there, a ring if it was not.
function ranks(pen, { order, cache, asked, now, settings: { size } }, wide, top, deep) {
  let side = 25;
  let columns;
  let gap;
  do {
    side -= 1;
    gap = side > 9 ? 4 : 2;
    columns = Math.floor((wide + gap - 2) / (side + gap));
  } while (Math.ceil(order.length / columns) * (side + gap) > deep);
  const cells = order.map((item, i) => [1 + (i % columns) * (side + gap), top + Math.floor(i / columns) * (side + gap), side, side]);
  const held = order.map((item) => cache.entries.has(item));
  pen.boxes(cells.filter((cell, i) => held[i]), 2, { fill: "busy" });
  pen.boxes(cells.filter((cell, i) => !held[i] && i < size), 2, { line: "busy", width: 1.5 });
  pen.boxes(cells.filter((cell, i) => !held[i] && i >= size), 2, { line: "busy", width: 1, alpha: 0.4 });
  for (const { rank, hit, at } of asked) {
    if (at < now - 0.3 || !cells[rank]) continue;
    const [x, y] = cells[rank];
    const middle = [x + side / 2, y + side / 2];
    pen.dot(...middle, side / 2 + 2, { fill: "paper" });
    pen.dot(...middle, hit ? side / 2 + 1 : side / 2, hit ? { fill: "healthy" } : { line: "waiting", width: 2.5 });
  }
}

// What was measured over time, and dotted what theory says.
function lane(pen, { history }, { left, edge, x, begin }, above, { top, unit, of, theory, head, beside }) {
  const [foot, deep] = [above + LANE - 8, LANE - 40];
  const y = (value) => foot - deep * Math.min(1, value / top);
  pen.text(1, above + 16, head, { size: 13, weight: 600, fill: "healthy", most: edge - 110 });
  pen.text(edge, above + 16, beside, { ...SMALL, align: "right", most: 104 });
  pen.lines([[left, foot, edge, foot], [left, foot - deep, edge, foot - deep]], { line: "rule", width: 1 });
  pen.text(left - 6, foot, "0", { ...SMALL, align: "right" });
  pen.text(left - 6, foot - deep, unit, { ...SMALL, align: "right", most: left - 6 });
  const points = history.filter(({ at }) => at >= begin);
  const along = (key) => points.slice(1).map((point, i) => [x(points[i].at), y(points[i][key]), x(point.at), y(point[key])]);
  pen.lines(along(theory), { line: "secondary", dash: [1.5, 3] });
  pen.lines(along(of), { line: "healthy", width: 2 });
}

export default { render };
