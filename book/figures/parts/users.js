// What users got: a list of { end, kind }, of which everything but "failed" is an answer.

// The share that was answered, of those whose fate is known; null when there are none.
export function share(ends) {
  return ends.length ? ends.filter(({ kind }) => kind !== "failed").length / ends.length : null;
}

// The same, counted in quarters of a second.
export function counted(ends) {
  const bars = [];
  for (const { end, kind } of ends) {
    const box = Math.floor(end * 4);
    bars[box] ??= { at: box / 4, ok: 0, fallback: 0, failed: 0 };
    bars[box][kind] += 1;
  }
  return bars.filter(Boolean);
}
