// The picture: users, services with their cells, what travels between them, and what users got over time. It draws a
// plain view, so that a simulation, a recorded run and a still picture are drawn alike.
//
//   view = { lanes: [{ key, name, share }], services: [{ key, name, size, busy, waiting, note, state }], links: [[from, to]],
//            legs: [{ from, to, kind, at }], gate: { link, state, name } | null, strip: {...} | null, words: {...} }

const MARK = 8; // between the way there and the way back
const NARROW = 560;

export function layout(view, wide) {
  const columns = depths(view);
  return wide >= NARROW ? rightwards(view, wide, columns) : downwards(view, wide, columns);
}

// Services by their distance from the users, callers before callees.
function depths({ services, links }) {
  const depth = {};
  const place = (name, at) => {
    if (depth[name] >= at || at > services.length) return;
    depth[name] = at;
    for (const [from, to] of links) if (from === name) place(to, at + 1);
  };
  const called = new Set(links.map(([, to]) => to));
  for (const { key } of services) if (!called.has(key)) place(key, 0);
  for (const { key } of services) depth[key] ??= 0;
  const columns = [];
  for (const { key } of services) (columns[depth[key]] ??= []).push(key);
  return columns.filter(Boolean);
}

function rightwards(view, wide, columns) {
  const places = {};
  const [top, high, left] = [8, 204, 128];
  const laneHigh = high / view.lanes.length;
  view.lanes.forEach(({ key }, i) => (places[key] = { x: 40, y: top + laneHigh * (i + 0.5) - 8, radius: 30 }));
  const gap = Math.max(34, wide * 0.085);
  const each = (wide - left - 2 - gap * (columns.length - 1)) / (columns.length + 0.15);
  let x = left;
  columns.forEach((names, column) => {
    const boxWide = column ? each : each * 1.15;
    names.forEach((name, i) => {
      const boxHigh = column ? Math.min(124, high / names.length - 12) : high / names.length;
      const middle = column && names.length === 1 ? top + high - boxHigh / 2 : top + (high / names.length) * (i + 0.5);
      places[name] = { x, y: middle - boxHigh / 2, wide: boxWide, high: boxHigh };
    });
    x += boxWide + gap;
  });
  return { places, ways: ways(view, places, true), wide, bottom: top + high + 8, right: true };
}

function downwards(view, wide, columns) {
  const places = {};
  const laneWide = wide / view.lanes.length;
  view.lanes.forEach(({ key }, i) => (places[key] = { x: laneWide * (i + 0.5), y: 32, radius: 28 }));
  let y = 104;
  columns.forEach((names, column) => {
    const boxHigh = column ? 76 : 88;
    const [from, all] = column && names.length === 1 ? [wide * 0.42, wide * 0.58 - 1] : [1, wide - 2];
    const boxWide = (all - 12 * (names.length - 1)) / names.length;
    names.forEach((name, i) => (places[name] = { x: from + i * (boxWide + 12), y, wide: boxWide, high: boxHigh }));
    y += boxHigh + 34;
  });
  return { places, ways: ways(view, places, false), wide, bottom: y - 22, right: false };
}

// Where each line begins and ends.
function ways(view, places, right) {
  const entry = places[view.services[0].key];
  const all = view.lanes.map(({ key }) => {
    const { x, y, radius } = places[key];
    const under = radius + (right ? 6 : 40);
    return right ? [key, view.services[0].key, x + under, y, entry.x, y] : [key, view.services[0].key, x, y + under, x, entry.y];
  });
  for (const [from, to] of view.links) {
    const [caller, callee] = [places[from], places[to]];
    if (!caller || !callee) continue;
    const y = callee.y + callee.high / 2;
    const x = callee.x + callee.wide / 2;
    if (right) all.push([from, to, caller.x + caller.wide, clamp(y, caller.y, caller.high), callee.x, y]);
    else all.push([from, to, clamp(x, caller.x, caller.wide), caller.y + caller.high, x, callee.y]);
  }
  return all;
}

const clamp = (at, from, long) => Math.min(from + long - 16, Math.max(from + 16, at));

export function high(view, wide) {
  return layout(view, wide).bottom + (view.strip ? stripHigh(view) : 0);
}

export function draw(pen, view, wide) {
  const plan = layout(view, wide);
  for (const way of plan.ways) track(pen, way, view, plan);
  for (const lane of view.lanes) users(pen, lane, plan);
  for (const one of view.services) service(pen, one, plan.places[one.key], view.words);
  for (const leg of view.legs) travelling(pen, leg, plan);
  if (view.strip) strip(pen, view, plan);
}

function track(pen, [from, to, x, y, toX, toY], view, plan) {
  const gate = view.gate?.link[0] === from && view.gate.link[1] === to ? view.gate : null;
  const look = { line: "rule", width: 2 };
  if (!gate) return pen.lines([[x, y, toX, toY]], look);
  const long = Math.hypot(toX - x, toY - y);
  const point = (along, aside = 0) => [x + (toX - x) * along / long - (toY - y) * aside / long, y + (toY - y) * along / long + (toX - x) * aside / long];
  const [near, far] = [long / 2 - 9, long / 2 + 9];
  pen.lines([[x, y, ...point(near)], [...point(far), toX, toY]], look);
  const lift = { closed: 0, "half-open": -7, open: -15 }[gate.state];
  const colour = { closed: "healthy", "half-open": "waiting", open: "failed" }[gate.state];
  pen.lines([[...point(near), ...point(far - Math.abs(lift) / 4, lift)]], { line: colour, width: 3, dash: gate.state === "half-open" ? [4, 4] : [] });
  for (const along of [near, far]) pen.dot(...point(along), 2.5, { fill: colour });
  const [textX, textY] = point(long / 2, -24);
  if (plan.right) pen.text(textX, textY - 6, gate.name, { fill: colour, size: 12, align: "center", weight: 600 });
  else pen.text(x - 22, (y + toY) / 2, gate.name, { fill: colour, size: 12, align: "right", weight: 600 });
}

// A client: a circle, and around it the share of its users who got an answer.
function users(pen, { key, name, share }, { places }) {
  const { x, y, radius } = places[key];
  pen.dot(x, y, radius - 4, { fill: "panel" });
  pen.arc(x, y, radius, 0, 1, { line: share === null ? "rule" : "failed", width: 3, dash: share === null ? [] : [2, 5] });
  if (share > 0) pen.arc(x, y, radius, 0, share, { line: "healthy", width: 5 });
  pen.text(x, y + 1, share === null ? "–" : `${Math.round(100 * share)}\u200a%`, { size: 14, weight: 600, align: "center" });
  pen.text(x, y + radius + 15, name, { size: 13, align: "center" });
}

function service(pen, { name, size, busy, waiting, note, state }, place, words) {
  const { x, y, wide, high: tall } = place;
  const full = size > 0 && busy >= size;
  const colour = state === "failed" ? "failed" : state === "waiting" ? "waiting" : full ? "failed" : "secondary";
  pen.box(x, y, wide, tall, 8, { fill: "panel", line: colour, width: full || state ? 2.2 : 1.4, dash: state === "waiting" ? [6, 4] : [] });
  pen.text(x + 12, y + 18, name, { weight: 600, size: 14 });
  const count = size ? `${busy ?? "?"}/${size}` : "";
  pen.text(x + wide - 12, y + 18, full ? `${count} ${words.full}` : count, { fill: full ? "failed" : "busy", size: 13, align: "right", weight: full ? 600 : 400 });
  cells(pen, size, busy ?? 0, x + 12, y + 34, wide - 24, tall - 34 - 28);
  if (waiting > 0) queue(pen, waiting, x + 12, y + tall - 14, wide - 24, words);
  if (note) pen.text(x + wide / 2, y - 14, note, { fill: colour, size: 13, align: "center", weight: 600 });
  if (state === "failed") {
    pen.dot(x + wide, y, 9, { fill: "paper" });
    pen.cross(x + wide, y, 5, { line: "failed", width: 2.5 });
  }
}

// A row of cells that fill from the left; as big as the box allows.
function cells(pen, size, busy, x, y, wide, tall) {
  const { side, gap, columns } = grid(size, wide, tall);
  for (let i = 0; i < size; i++) {
    const [left, top] = [x + (i % columns) * (side + gap), y + Math.floor(i / columns) * (side + gap)];
    pen.box(left, top, side, side, 2, i < busy ? { fill: "busy", line: "busy", width: 1 } : { line: "busy", width: 1, alpha: 0.45 });
  }
}

function grid(size, wide, tall) {
  for (let side = 17; side > 3; side--) {
    const gap = side > 9 ? 4 : 2;
    const most = Math.max(1, Math.floor((wide + gap) / (side + gap)));
    const rows = Math.ceil(size / most);
    if (rows * (side + gap) - gap <= tall || side === 4) return { side, gap, columns: Math.ceil(size / rows) || 1 };
  }
}

function queue(pen, waiting, x, y, wide, words) {
  const text = words.waiting.replace("{n}", waiting);
  const room = Math.floor((wide - 12 - 7 * [...text].reduce((long, each) => long + (each > "\u2e80" ? 1.9 : 1), 0)) / 9);
  for (let i = 0; i < Math.min(waiting, room); i++) pen.dot(x + 3 + i * 9, y, 3, { line: "waiting", width: 1.6 });
  pen.text(x + wide, y, text, { fill: "waiting", size: 12, align: "right" });
}

// A call: a dot on its way there, on the other side of the line on its way back; a cross when it failed.
function travelling(pen, { from, to, kind, at }, { ways: all }) {
  const there = all.find((way) => way[0] === from && way[1] === to);
  const way = there ?? all.find((each) => each[0] === to && each[1] === from);
  if (!way) return;
  const [, , x1, y1, x2, y2] = way;
  const long = Math.hypot(x2 - x1, y2 - y1);
  const along = there ? at : 1 - at;
  const aside = (there ? -MARK : MARK) / 2 / long;
  const [x, y] = [x1 + (x2 - x1) * along + (y2 - y1) * -aside, y1 + (y2 - y1) * along + (x2 - x1) * aside];
  if (kind === "failed") pen.cross(x, y, 4, { line: "failed", width: 2.2 });
  else if (kind === "late") pen.dot(x, y, 3.2, { line: "theory", width: 1.4 });
  else if (kind === "fallback") pen.box(x - 4, y - 4, 8, 8, 1, { fill: "mended" });
  else if (kind === "waiting") pen.dot(x, y, 3.4, { line: "waiting", width: 1.8 });
  else pen.dot(x, y, 4, { fill: "healthy" });
}

const ROW = 44;

function stripHigh(view) {
  return 40 + ROW * view.lanes.length;
}

// What users got over time: one row a lane, solid from below what was answered, hatched from above what failed.
//   strip = { begin, end, now, boxes: { lane: [{ at, seconds, ok, fallback, failed }] }, faults: [{ begin, end, label }], theory: [{ at, label }] }
function strip(pen, view, { wide, bottom }) {
  const { begin, end, now, boxes, faults, theory } = view.strip;
  const [left, top, right] = [wide < NARROW ? 62 : 128, bottom + 22, wide - 2];
  const x = (seconds) => left + (right - left) * Math.min(1, Math.max(0, (seconds - begin) / (end - begin)));
  const foot = top + ROW * view.lanes.length;
  for (const { begin: from, end: to, label } of faults) {
    const [a, b] = [x(from), x(to ?? now)];
    if ((to ?? now) <= begin) continue;
    pen.box(a, top - 18, Math.max(1, b - a), foot - top + 18, 0, { fill: "failed", alpha: 0.07 });
    pen.text(Math.min(a + 5, right - 90), top - 10, label, { fill: "failed", size: 12 });
  }
  view.lanes.forEach(({ key, name }, i) => {
    const base = top + ROW * (i + 1) - 4;
    const tall = ROW - 12;
    pen.text(left - 8, base - tall / 2, name, { size: 12, align: "right", fill: "secondary" });
    pen.lines([[left, base, right, base]], { line: "rule", width: 1 });
    for (const box of boxes[key]) bar(pen, box, x(box.at), x(box.at + box.seconds), base, tall);
  });
  for (const { at, label } of theory) {
    if (at < begin || at > end) continue;
    pen.lines([[x(at), top - 2, x(at), foot]], { line: "theory", width: 1.2, dash: [1.2, 3] });
    pen.text(x(at) + 4, top + 2, label, { fill: "theory", size: 11 });
  }
  for (let second = Math.ceil(begin / 2) * 2; second <= end; second += 2) {
    pen.text(x(second), foot + 8, `${second}`, { fill: "secondary", size: 11, align: "center" });
  }
  pen.lines([[x(now), top - 2, x(now), foot]], { line: "text", width: 1 });
}

function bar(pen, { ok, fallback, failed }, from, to, base, tall) {
  const all = ok + fallback + failed;
  const wide = to - from - 1;
  if (!all || wide <= 0) return;
  const [good, other] = [tall * ok / all, tall * fallback / all];
  if (good) pen.box(from, base - good, wide, good, 0, { fill: "healthy" });
  if (other) pen.box(from, base - good - other, wide, other, 0, { fill: "mended" });
  if (failed) pen.hatch(from, base - tall, wide, tall - good - other, { line: "failed", width: 1 });
}
