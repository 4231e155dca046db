// How popular items are, and how much of that a cache catches.

// By Zipf's law the item of rank r is asked for in proportion to 1 / r ** exponent: the share of each, which add up to 1.
export function zipf(items, exponent) {
  const weights = Array.from({ length: items }, (_, i) => (i + 1) ** -exponent);
  const whole = weights.reduce((sum, one) => sum + one);
  return weights.map((one) => one / whole);
}

// The hit ratio of an LRU cache by Che's approximation (Che, Tung and Wang, 2002): an item is in the cache while it was asked
// for within the last `time` requests, and `time` is that within which so many items are asked for as there are places.
export function che(shares, places) {
  if (places >= shares.length) return 1;
  const kept = (time) => shares.map((share) => -Math.expm1(-share * time));
  let time = places;
  let step = 1;
  while (step > time * 1e-9) { // Newton's method; the sum is concave, and too small at first, so that it comes from below
    const missing = kept(time).reduce((sum, one) => sum - one, places);
    step = missing / shares.reduce((sum, share) => sum + share * Math.exp(-share * time), 0);
    time += step;
  }
  return kept(time).reduce((sum, one, i) => sum + one * shares[i], 0);
}

// The most that any cache can catch which does not know the future: it holds the most popular items.
export function best(shares, places) {
  return shares.slice(0, places).reduce((sum, one) => sum + one, 0);
}
