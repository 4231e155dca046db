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
  shift: { parameters: { size: 60 }, story: [[12, "shift"]] },
  lfu: { parameters: { size: 60, lfu: true }, story: [[12, "shift"]] },
};

export const TEXTS = {
  "in-zipf": ["Few are popular", "少數熱門"], "in-alike": ["All alike", "一樣熱門"], "in-large": ["Five times the cache", "五倍的緩存"],
  "in-restart": ["Cache restarts", "緩存重啟"], "in-shift": ["New favourites", "熱門換了"], "in-lfu": ["New favourites, LFU", "熱門換了，LFU"],
  size: ["Places in the cache", "緩存能放幾件"], items: ["Items", "商品數"], exponent: ["Exponent of Zipf's law", "Zipf 定律的指數"],
  rate: ["Requests a second", "每秒請求數"], miss: ["A miss takes, milliseconds", "未命中要幾毫秒"], lfu: ["LFU instead of LRU", "用 LFU 代替 LRU"],
  shift: ["Change favourites", "換一批熱門"], empty: ["Empty the cache", "清空緩存"],
  users: ["users", "使用者"], each: ["{rate}/s", "每秒 {rate}"], cache: ["cache", "緩存"], database: ["database", "數據庫"], asks: ["{asks} a second", "每秒 {asks} 次"],
  hits: ["{hit}\u202f% hits", "{hit}\u202f% 命中"], misses: ["{misses}\u202f% misses", "{misses}\u202f% 未命中"], takes: ["{ms} ms", "{ms} 毫秒"],
  ranks: ["Items by rank; filled: in the cache", "商品依熱門排列，填滿的在緩存裡"], wanted: ["{wanted} of the first {places}", "前 {places} 名中有 {wanted} 個"],
  ratio: ["Hit ratio {hit}\u202f%", "命中率 {hit}\u202f%"], che: ["Che's approximation {expected}\u202f%", "Che 近似值 {expected}\u202f%"],
  best: ["at best {expected}\u202f%", "最多 {expected}\u202f%"], at: ["{second} s", "{second} 秒"],
  latency: ["Mean latency {mean} ms", "平均延遲 {mean} 毫秒"],
  meant: ["theory {meant} ms", "理論 {meant} 毫秒"], "at-shift": ["new favourites", "熱門換了"], "at-empty": ["emptied", "清空"],
  holds: ["{held} items in the cache, {wanted} of the {places} most popular", "緩存裡有 {held} 件商品，包括最熱門 {places} 件中的 {wanted} 件"],
  begin: ["{rate} requests a second for {items} items. The cache has {size} places and is empty.",
    "每秒 {rate} 次請求，共 {items} 件商品。緩存能放 {size} 件，還是空的。"],
  full: ["The cache is full: from now on a miss pushes out what was not asked for longest.", "緩存滿了：從現在起，每次未命中都擠掉最久沒有人要的。"],
  "full-lfu": ["The cache is full: from now on a miss pushes out what was asked for least.", "緩存滿了：從現在起，每次未命中都擠掉最少人要的。"],
  settled: ["Of the last {window} requests {hit}\u202f% were hits, by theory {expected}\u202f%: {mean} ms on average.",
    "最近 {window} 次請求有 {hit}\u202f% 命中，理論上是 {expected}\u202f%：平均 {mean} 毫秒。"],
  "settled-lfu": ["Of the last {window} requests {hit}\u202f% were hits, {expected}\u202f% at best: {mean} ms on average.",
    "最近 {window} 次請求有 {hit}\u202f% 命中，最多能到 {expected}\u202f%：平均 {mean} 毫秒。"],
  behind: ["Of the last {window} requests {hit}\u202f% were hits, {expected}\u202f% could be: the cache keeps what was popular before.",
    "最近 {window} 次請求有 {hit}\u202f% 命中，本來可以有 {expected}\u202f%：緩存留著以前熱門的。"],
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
const HEAD = { size: 13, weight: 600, fill: "healthy" };
const DEEP = 70; // of a chart, under a heading and, in the first, a row for what happened
const [FIRST, SECOND] = [44, 38];

const narrow = (wide) => wide < 560;
const top = (wide) => (narrow(wide) ? 256 : 232); // of the charts
const under = (wide) => SECOND + (narrow(wide) ? 16 : 0);

export function high(wide) {
  return top(wide) + FIRST + under(wide) + 2 * DEEP + 34;
}

// What there is to say of it, as texts; dashes before the first request.
function facts(reads, say) {
  const { settings: { size, items, lfu }, cache, wanted, ratio } = reads;
  const values = { ...reads.figures(), wanted, places: Math.min(size, items), held: cache.entries.size };
  if (ratio === null) for (const key of ["hit", "misses", "mean", "asks"]) values[key] = "–";
  const { hit, misses, fast, miss } = values;
  const texts = ["hits", "misses", "asks", "wanted", "ratio", "latency", "meant", "holds"].map((key) => [key, say(key, values)]);
  const theory = say(lfu ? "best" : "che", values);
  return { ...Object.fromEntries(texts), theory, values, sum: `= ${hit}\u202f% × ${fast} + ${misses}\u202f% × ${miss}` };
}

export function described(reads, say) {
  const { holds, ratio, theory, latency, sum, meant, asks } = facts(reads, say);
  return [holds, ratio, theory, `${latency} ${sum}`, meant, `${say("database")}: ${asks}`].join("; ");
}

export function draw(pen, reads, say, wide) {
  const said = facts(reads, say);
  flow(pen, reads, say, said, wide);
  pen.text(1, 106, say("ranks"), { ...SMALL, most: wide - 130 });
  pen.text(wide - 1, 106, said.wanted, { size: 12, fill: "busy", weight: 600, align: "right" });
  ranks(pen, reads, wide, 118, top(wide) - 124);
  charts(pen, reads, say, said, wide);
}

// The hit ratio and the mean latency over time.
function charts(pen, reads, say, said, wide) {
  const begin = Math.max(0, reads.now - SPAN);
  const [left, edge] = [44, wide - 15];
  const time = { begin, left, edge, x: (second) => left + (edge - left) * (second - begin) / SPAN };
  const first = top(wide) + FIRST;
  const second = first + DEEP + under(wide);
  pen.text(1, top(wide) + 14, said.ratio, HEAD);
  pen.text(edge, top(wide) + 14, said.theory, { ...SMALL, align: "right" });
  lane(pen, reads, time, first, { most: 1, unit: "100\u202f%", of: "hit", theory: "theory" });
  pen.text(1, first + DEEP + 18, narrow(wide) ? said.latency : `${said.latency} ${said.sum}`, HEAD);
  if (narrow(wide)) pen.text(1, first + DEEP + 35, said.sum, { ...SMALL, fill: "healthy" });
  pen.text(edge, first + DEEP + 18, said.meant, { ...SMALL, align: "right" });
  lane(pen, reads, time, second, { most: reads.settings.miss, unit: `${reads.settings.miss}`, of: "mean", theory: "meant" });
  for (const { at, key } of reads.events.filter((one) => one.at >= begin)) {
    pen.lines([[time.x(at), first - 14, time.x(at), first + DEEP], [time.x(at), second, time.x(at), second + DEEP]], { line: "text", width: 1 });
    pen.text(time.x(at) + 5, first - 10, say(`at-${key}`), { size: 12 });
  }
  for (let each = Math.ceil(begin / 5) * 5; each <= begin + SPAN; each += 5) {
    pen.text(time.x(each), second + DEEP + 14, say("at", { second: each }), { ...SMALL, align: "center" });
  }
}

// Users, the cache, the database, and what travels between them: a hit is a dot, a miss a ring.
function flow(pen, reads, say, { asks, hits, misses, values }, wide) {
  const box = Math.min(150, Math.max(86, wide * 0.24));
  const last = wide - box - 1;
  const middle = (54 + last - box) / 2;
  const places = { users: [4, 54], cache: [middle, middle + box], database: [last, wide] };
  const { lfu, miss, rate, size } = reads.settings;
  const ways = [[54, middle], [middle + box, last]];
  pen.lines(ways.map(([from, to]) => [from, 46, to, 46]), { line: "rule", width: 2 });
  pen.dot(29, 46, 25, { fill: "panel", line: "secondary" });
  pen.text(29, 47, say("each", { rate }), { size: 12, weight: 600, align: "center", most: 44 });
  pen.text(29, 84, say("users"), { ...SMALL, align: "center" });
  system(pen, places.cache[0], box, say("cache"), [`${values.held}/${size}`, "busy"], `${lfu ? "LFU" : "LRU"}, ${say("takes", { ms: HIT })}`);
  system(pen, last, box, say("database"), [asks, "waiting"], say("takes", { ms: miss }));
  const shares = narrow(wide) ? [`${values.hit}\u202f%`, `${values.misses}\u202f%`] : [hits, misses];
  ways.forEach(([from, to], i) => pen.text((from + to) / 2, 28, shares[i], { size: 12, fill: ["healthy", "waiting"][i], weight: 600, align: "center" }));
  for (const { from, to, kind, begin, end } of reads.legs) {
    const there = places[from][0] < places[to][0];
    const [a, b] = there ? [places[from][1], places[to][0]] : [places[from][0], places[to][1]];
    const x = a + (b - a) * (reads.now - begin) / (end - begin);
    pen.dot(x, there ? 42 : 50, 3.4, kind === "ok" ? { fill: "healthy" } : { line: "waiting", width: 1.8 });
  }
}

function system(pen, x, wide, name, [text, fill], small) {
  pen.box(x, 6, wide, 80, 8, { fill: "panel", line: "secondary" });
  pen.box(x + 3, 9, wide - 6, 74, 6, { line: "secondary", width: 1 });
  pen.text(x + 11, 25, name, { weight: 600, size: 14, most: wide - 18 });
  pen.text(x + 11, 47, text, { size: 12, weight: 600, fill, most: wide - 18 });
  pen.text(x + 11, 67, small, { ...SMALL, most: wide - 18 });
}

// A cell an item, the most popular first; what was asked for just now is a dot if it was there, a ring if it was not.
function ranks(pen, { order, cache, asked, now, settings: { size } }, wide, high, deep) {
  let side = 25;
  let columns;
  let gap;
  do {
    side -= 1;
    gap = side > 9 ? 4 : 2;
    columns = Math.floor((wide + gap - 2) / (side + gap));
  } while (Math.ceil(order.length / columns) * (side + gap) > deep);
  const cells = order.map((item, i) => [1 + (i % columns) * (side + gap), high + Math.floor(i / columns) * (side + gap), side, side]);
  const held = order.map((item) => cache.entries.has(item));
  pen.boxes(cells.filter((cell, i) => held[i]), 2, { fill: "busy" });
  pen.boxes(cells.filter((cell, i) => !held[i] && i < size), 2, { line: "busy" });
  pen.boxes(cells.filter((cell, i) => !held[i] && i >= size), 2, { line: "busy", width: 1, alpha: 0.4 });
  for (const { rank, hit, at } of asked) {
    if (at < now - 0.25 || !cells[rank]) continue;
    const [x, y] = cells[rank].map((edge) => edge + side / 2);
    pen.dot(x, y, side / 2 + 2, { fill: "paper" });
    if (hit) pen.dot(x, y, side / 2 + 1, { fill: "healthy" });
    else pen.dot(x, y, side / 2, { line: "waiting", width: 2.5 });
    if (!hit && held[rank]) pen.box(x - side / 5, y - side / 5, side * 0.4, side * 0.4, 1, { fill: "busy" });
  }
}

// What was measured over time, and dotted what theory says.
function lane(pen, reads, { left, edge, x, begin }, high, { most, unit, of, theory }) {
  const y = (value) => high + DEEP * (1 - Math.min(1, value / most));
  pen.lines([[left, high, edge, high], [left, high + DEEP, edge, high + DEEP]], { line: "rule", width: 1 });
  pen.text(left - 6, high, unit, { ...SMALL, align: "right", most: left - 6 });
  pen.text(left - 6, high + DEEP, "0", { ...SMALL, align: "right" });
  const points = reads.history.filter(({ at }) => at >= begin);
  const ahead = { ...reads.expected, at: begin + SPAN };
  const along = (key, all) => all.slice(1).map((point, i) => [x(all[i].at), y(all[i][key]), x(point.at), y(point[key])]);
  pen.lines(along(of, points), { line: "healthy", width: 2.4 });
  pen.lines(along(theory, [...points, { ...ahead, at: reads.now }, ahead]), { line: "secondary", width: 1.5, dash: [1.2, 3.5] });
}

export default { render };
