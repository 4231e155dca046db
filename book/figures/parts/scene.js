// The picture: users, services with their cells, what travels between them, and what users got over time. It draws a
// plain view, so that a simulation, a recorded run and a still picture are drawn alike:
//
//   lanes: [{ key, name, share, bars }]   users of one kind, the share of them that got an answer (null: nobody yet), and what
//                                         they got each quarter of a second
//   services: [{ key, size, busy, waiting, trouble, note }]   callers first; trouble is undefined, "waiting" or "failed"
//   links: [[from, to]]                   between services; every lane leads to the first service
//   legs: [{ from, to, kind, at }]        what travels, and how far it is, from 0 to 1
//   gates: [{ link, state, name }]        breakers
//   strip: { begin, end, now, faults, theory }, or null

import { Clock, Stage, Voice, dress } from "../kit.js";
import { GATE, track, travelling } from "./lines.js";

export const SCENE = {
  waiting: ["{n} waiting", "{n} 個在等"],
  ...GATE,
  picture: ["{key}: {busy} of {size} threads busy, {waiting} waiting.", "{key}：{size} 個線程中 {busy} 個忙碌，{waiting} 個在等。"],
  answered: ["{name}: {share} answered.", "{name}：{share} 得到回應。"],
};

const NARROW = 560;
const ROW = 42;
const SMALL = { size: 12, fill: "secondary" };

// Where everything is: rightwards from the users, or downwards on a phone.
export function layout({ lanes, services, links }, wide) {
  const right = wide >= NARROW;
  const depth = Object.fromEntries(services.map(({ key }) => [key, 0]));
  for (const { key } of services) for (const [from, to] of links) if (from === key) depth[to] = Math.max(depth[to], depth[key] + 1);
  const columns = Math.max(...Object.values(depth)) + 1;
  const places = {};
  lanes.forEach(({ key }, i) => {
    const middle = (i + 0.5) / lanes.length;
    places[key] = right ? { x: 44, y: 200 * middle - 2 } : { x: wide * middle - 30, y: 33 };
  });
  const each = Math.min(168, (wide - 124) / (columns * 1.6 - 0.6));
  for (const { key } of services) {
    const column = depth[key];
    const row = services.filter((one) => depth[one.key] === column);
    const [i, n] = [row.findIndex((one) => one.key === key), row.length];
    const from = column && n === 1 ? wide * 0.3 : 1;
    const high = column ? Math.min(128, 208 / n - 10) : 208;
    places[key] = right
      ? { x: 124 + column * (wide - 125 - each) / Math.max(1, columns - 1), y: n > 1 ? 2 + i * (high + 10) : 210 - high, wide: each, high }
      : { x: from + i * (wide - from) / n, y: 91 + column * 112, wide: (wide - from) / n - (i < n - 1 ? 10 : 1), high: 84 };
  }
  const ways = [...lanes.map(({ key }) => [key, services[0].key]), ...links].map(([from, to]) => {
    const [a, b] = [places[from], places[to]];
    const [x, y] = a.wide ? [b.x + b.wide * 0.4, b.y + b.high / 2] : [a.x, a.y];
    return right ? [from, to, a.x + (a.wide ?? 36), inside(y, a.y, a.high), b.x, y] : [from, to, inside(x, a.x, a.wide), a.y + (a.high ?? 32), x, b.y];
  });
  return { right, places, ways, wide, foot: right ? 216 : 75 + columns * 112 };
}

function inside(at, from, long) {
  return long ? Math.min(from + long - 20, Math.max(from + 20, at)) : at;
}

export function high(view, wide) {
  return layout(view, wide).foot + (view.strip ? 62 + ROW * view.lanes.length : 0);
}

export function draw(pen, view, wide) {
  const plan = layout(view, wide);
  for (const way of plan.ways) track(pen, way, view.gates.find(({ link }) => link[0] === way[0] && link[1] === way[1]), plan.right);
  for (const lane of view.lanes) users(pen, lane, plan);
  for (const one of view.services) service(pen, one, plan, view.waiting);
  for (const leg of view.legs) travelling(pen, leg, plan.ways);
  if (view.strip) strip(pen, view, plan);
}

// A client: a circle, and around it the share of its users who got an answer.
function users(pen, { key, name, share }, { places, right }) {
  const { x, y } = places[key];
  const nobody = share === null;
  pen.dot(x, y, 25, { fill: "panel" });
  pen.dot(x, y, 29, { line: nobody ? "rule" : "failed", width: 3, dash: nobody ? [] : [2, 5] });
  if (share) pen.arc(x, y, 29, 0, share, { line: "healthy", width: 5 });
  pen.text(x, y + 1, percent(share), { size: 14, weight: 600, align: "center" });
  if (right) pen.text(x, y + 45, name, { align: "center", most: 88 });
  else pen.text(x + 38, y, name, { most: 70 });
}

export function percent(share) {
  return share === null ? "–" : `${Math.round(100 * share)}\u202f%`;
}

function service(pen, { key, size, busy, waiting, trouble, note }, { places, right }, words) {
  const { x, y, wide, high: tall } = places[key];
  const full = size > 0 && busy >= size;
  const line = trouble ?? (full ? "failed" : "secondary");
  pen.box(x, y, wide, tall, 8, { fill: "panel", line, width: full || trouble ? 2.4 : 1.4, dash: trouble === "waiting" ? [6, 4] : [] });
  pen.text(x + 12, y + 18, key, { weight: 600, size: 14 });
  const count = { fill: full ? "failed" : "busy", align: right ? "left" : "right", weight: full ? 700 : 400 };
  if (size) pen.text(right ? x + 12 : x + wide - 12, right ? y + tall - 36 : y + 18, `${busy}/${size}`, count);
  cells(pen, size, busy, x + 12, y + 33, wide - 24, tall - (right ? 84 : 62));
  if (waiting > 0) queue(pen, words.replace("{n}", waiting), waiting, x + 12, y + tall - 15, wide - 24);
  const edge = x + (right ? wide : wide * 0.4 - 16);
  if (note) pen.text(edge, y - 14, note, { fill: line, weight: 600, align: "right", most: edge });
  if (trouble !== "failed") return;
  pen.dot(x + wide - 2, y + 2, 9, { fill: "paper" });
  pen.cross(x + wide - 2, y + 2, 5, { line, width: 2.5 });
}

// A row of cells that fill from the left, as big as the box allows.
function cells(pen, size, busy, x, y, wide, tall) {
  let side = 23;
  let columns;
  let gap;
  do {
    side -= 1;
    gap = side > 9 ? 5 : 2;
    columns = Math.floor((wide + gap) / (side + gap));
  } while (side > 3 && Math.ceil(size / columns) * (side + gap) - gap > tall);
  const all = Array.from({ length: size }, (_, i) => [x + (i % columns) * (side + gap), y + Math.floor(i / columns) * (side + gap), side, side]);
  pen.boxes(all.slice(0, busy), 2, { fill: "busy" });
  pen.boxes(all.slice(busy), 2, { line: "busy", width: 1, alpha: 0.45 });
}

function queue(pen, text, waiting, x, y, wide) {
  const room = (wide - 84) / 9;
  for (let i = 0; i < Math.min(waiting, room); i++) pen.dot(x + 3 + i * 9, y, 3, { line: "waiting", width: 1.6 });
  pen.text(x + wide, y, text, { fill: "waiting", size: 12, align: "right" });
}

// What users got over time, one row a lane: solid from below what was answered, hatched what was not.
function strip(pen, { lanes, strip: { begin, end, now, faults, theory } }, { wide, foot: above, right }) {
  const [left, top, edge] = [right ? 124 : 74, above + 38, wide - 8];
  const foot = top + ROW * lanes.length;
  const x = (second) => left + (edge - left) * Math.min(1, Math.max(0, (second - begin) / (end - begin)));
  for (const { begin: from, end: to, label } of faults) {
    if ((to ?? now) <= begin || from > now) continue;
    pen.box(x(from), top - 32, x(to ?? now) - x(from), foot - top + 32, 0, { fill: "failed", alpha: 0.08 });
    pen.text(x(from) + 5, top - 23, label, { fill: "failed", size: 12 });
  }
  lanes.forEach(({ name, bars }, row) => {
    const base = top + ROW * (row + 1);
    pen.text(left - 10, base - 16, name, { ...SMALL, align: "right", most: left - 12 });
    pen.lines([[left, base, edge, base]], { line: "rule", width: 1 });
    const parts = { ok: [], fallback: [], failed: [] };
    for (const bar of bars) {
      const width = x(Math.min(now, bar.at + 0.25)) - x(bar.at) - 1;
      let y = base;
      for (const kind in parts) {
        const tall = (ROW - 10) * bar[kind] / (bar.ok + bar.fallback + bar.failed);
        y -= tall;
        if (tall && width > 0) parts[kind].push([x(bar.at), y, width, tall]);
      }
    }
    pen.boxes(parts.ok, 0, { fill: "healthy" });
    pen.boxes(parts.fallback, 0, { fill: "mended" });
    pen.hatch(parts.failed, { line: "failed", width: 1 });
  });
  if (theory?.at > begin) {
    pen.lines([[x(theory.at), top - 10, x(theory.at), foot]], { line: "secondary", width: 1.5, dash: [1.5, 3] });
    pen.text(x(theory.at) + 5, top - 7, theory.label, SMALL);
  }
  pen.lines([[x(now), top - 2, x(now), foot]], { line: "text", width: 1 });
  for (let second = Math.ceil(begin / 2) * 2; second <= end; second += 2) pen.text(x(second), foot + 12, `${second}`, { ...SMALL, align: "center" });
}

// The same in words.
export function described({ services, lanes }, say) {
  return [...services.map((one) => say("picture", one)), ...lanes.map(({ name, share }) => say("answered", { name, share: percent(share) }))].join(" ");
}

// The scene with a clock, a voice, and what the host may read. `look` gives the view, `tick` moves it on.
export function staged({ model, el, say }, look, tick, speed) {
  dress(el, model.get("language"));
  const voice = new Voice(model);
  const seen = () => ({ waiting: say("waiting"), ...look() });
  const stage = new Stage((wide) => high(seen(), wide), (pen, wide) => draw(pen, seen(), wide));
  const clock = new Clock({ root: el, tick, speed });
  let told = -1;
  const show = (now) => {
    stage.paint();
    if (clock.playing && Math.abs(now - told) < 0.25) return;
    told = now;
    el.dataset.at = now.toFixed(2);
    stage.element.setAttribute("aria-label", described(look(), say));
    model.set("at", Number(el.dataset.at));
    model.save_changes();
  };
  const end = () => {
    for (const each of [clock, stage, voice]) each.end();
    el.replaceChildren();
  };
  return { stage, clock, voice, show, end };
}
