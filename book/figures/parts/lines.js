// The lines between those who call: a breaker in one is a switch, a call is a dot. A way is [from, to, x, y, toX, toY].

export const GATE = {
  closed: ["breaker closed", "熔斷器 關閉"], open: ["breaker open", "熔斷器 開啟"], "half-open": ["breaker half-open", "熔斷器 半開"],
  "is-open": ["The breaker opens: {caller} asks {callee} no more, and fails at once instead of waiting.",
    "熔斷器開啟：{caller} 不再問 {callee}，立刻失敗而不等待。"],
  "is-half-open": ["The breaker is half-open: one call goes through, to see.", "熔斷器半開：放一次調用過去看看。"],
  "is-closed": ["The breaker closes: {callee} has answered.", "熔斷器關閉：{callee} 回應了。"],
};

// A point of a line, and so many pixels to its right.
export function along([, , x, y, toX, toY], share, aside = 0) {
  const long = Math.hypot(toX - x, toY - y);
  return [x + (toX - x) * share - (toY - y) * aside / long, y + (toY - y) * share + (toX - x) * aside / long];
}

// A line; with a breaker in it, a switch: shut, lifted, or half way.
export function track(pen, way, gate, right) {
  const [, , x, y, toX, toY] = way;
  const long = Math.hypot(toX - x, toY - y);
  const line = { line: "rule", width: 2 };
  if (!gate) return pen.lines([[x, y, toX, toY]], line);
  const [colour, lift, dash] = { closed: ["healthy", 0], "half-open": ["waiting", 8, [3, 4]], open: ["failed", 18] }[gate.state];
  const half = Math.min(0.16, 20 / long);
  const [near, far] = [along(way, 0.5 - half), along(way, 0.5 + half)];
  pen.lines([[x, y, ...near], [...far, toX, toY]], line);
  pen.lines([[...near, ...along(way, 0.5 + half * 0.85, toX < x ? lift : -lift)]], { line: colour, width: 3, dash });
  for (const end of [near, far]) pen.dot(...end, 3, { fill: colour });
  const [at, high] = along(way, 0.5);
  const look = { fill: colour, size: 12, weight: 600, align: right ? "center" : "left" };
  const lines = right ? gate.name.split(" ") : [gate.name];
  lines.forEach((word, i) => pen.text(right ? at : at + 26, right ? high - 40 + 15 * i : high, word, look));
}

// A call: a dot on its way there, on the other side of the line on its way back; a cross when it failed.
export function travelling(pen, { from, to, kind, at }, ways) {
  const there = ways.find((way) => way[0] === from && way[1] === to);
  const way = there ?? ways.find((each) => each[0] === to && each[1] === from);
  const [x, y] = along(way, there ? at : 1 - at, there ? -4 : 4);
  if (kind === "failed") pen.cross(x, y, 4, { line: "failed", width: 2.4 });
  else if (kind === "late") pen.dot(x, y, 3.4, { line: "secondary" });
  else if (kind === "fallback") pen.box(x - 4, y - 4, 8, 8, 1, { fill: "mended" });
  else pen.dot(x, y, 4, { fill: "healthy" });
}
