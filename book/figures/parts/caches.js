// The caches that figures play with, decision for decision as in mini_services/patterns/cache.py: the tests feed both the
// same events. A Map keeps its keys in the order in which they were put; whatever is used is put anew, so the first is the oldest.

class Store {
  entries = new Map();

  constructor(size) {
    this.size = size;
  }

  get(key) {
    if (!this.entries.has(key)) return undefined;
    const entry = this.entries.get(key);
    this.use(key, entry.value, entry.uses + 1);
    return entry.value;
  }

  put(key, value) {
    if (!this.entries.has(key)) this.shrink(this.size - 1);
    this.use(key, value, (this.entries.get(key)?.uses ?? 0) + 1);
  }

  use(key, value, uses) {
    this.entries.delete(key);
    this.entries.set(key, { value, uses });
  }

  // Pushes out until there are at most so many.
  shrink(most) {
    while (this.entries.size > most) this.entries.delete(this.victim());
  }
}

// Pushes out what was not used for longest.
export class Lru extends Store {
  victim() {
    return this.entries.keys().next().value;
  }
}

// Pushes out what was used least often since it came; of several, what was not used for longest.
export class Lfu extends Store {
  victim() {
    let [least, found] = [Infinity];
    for (const [key, { uses }] of this.entries) if (uses < least) [least, found] = [uses, key];
    return found;
  }
}
