// A pen like that of kit.js which writes SVG: for still pictures, so that they are drawn by what draws the figure.

import { hatched } from "../kit.js";

const COLOURS = { paper: "#fdfcf9", panel: "#f3f1ea", text: "#22262b", secondary: "#5b636d", rule: "#d9d5ca", healthy: "#1954ba",
  waiting: "#7e610e", failed: "#790c10", busy: "#522473", mended: "#197740" };

const colour = (name) => (name ? `var(--mbe-${name}, ${COLOURS[name]})` : "none");
const short = (number) => Number(number.toFixed(1));
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export class SvgPen {
  parts = [];

  write(name, attributes, { fill, line, width = 1.5, dash = [], alpha }) {
    const look = { ...attributes, style: `fill:${colour(fill)};stroke:${colour(line)}` };
    if (line) look["stroke-width"] = width;
    if (dash.length) look["stroke-dasharray"] = dash.join(" ");
    if (alpha) look.opacity = alpha;
    const written = Object.entries(look).map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : value}"`);
    this.parts.push(`<${name}${written.join("")} stroke-linecap="round"/>`);
  }

  boxes(boxes, radius, look) {
    for (const box of boxes) this.box(...box, radius, look);
  }

  box(x, y, width, height, rx, look) {
    this.write("rect", { x, y, width, height, rx }, look);
  }

  dot(cx, cy, r, look) {
    this.write("circle", { cx, cy, r }, look);
  }

  arc(x, y, r, from, to, look) {
    if (to - from >= 1) return this.dot(x, y, r, look);
    const at = (share) => `${short(x + r * Math.sin(2 * Math.PI * share))} ${short(y - r * Math.cos(2 * Math.PI * share))}`;
    return this.write("path", { d: `M${at(from)}A${r} ${r} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}` }, look);
  }

  lines(lines, look) {
    this.write("path", { d: lines.map(([x, y, toX, toY]) => `M${short(x)} ${short(y)}L${short(toX)} ${short(toY)}`).join("") }, look);
  }

  cross(x, y, r, look) {
    this.lines([[x - r, y - r, x + r, y + r], [x - r, y + r, x + r, y - r]], look);
  }

  hatch(boxes, look) {
    this.lines(boxes.flatMap(hatched), look);
  }

  text(x, y, text, { fill = "text", size = 13, weight = 400, align = "left" } = {}) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" `
      + `dominant-baseline="central" style="fill:${colour(fill)}">${escaped(text)}</text>`);
  }

  // The picture as a file; `said` is it in words.
  picture(wide, high, said) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" role="img" aria-label="${escaped(said)}" `
      + `style="max-width:100%;height:auto;font-family:var(--mbe-sans, sans-serif)">\n${this.parts.join("\n")}\n</svg>\n`;
  }
}
