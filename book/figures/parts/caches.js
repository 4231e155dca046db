// The caches that figures play with, decision for decision as in mini_services/patterns (lru.py, lfu.py): the tests feed both
// the same events. A Map keeps its keys in the order of their entry, and what is used enters anew: the first is the oldest.

export class LRU {
  entries = new Map();

  constructor(size) {
    this.size = size;
  }

  get(key) {
    const entry = this.entries.get(key);
    if (entry) this.enter(key, entry.value, entry.uses + 1);
    return entry?.value;
  }

  put(key, value) {
    const uses = this.entries.get(key)?.uses;
    if (!uses) this.shrink(this.size - 1);
    this.enter(key, value, uses ?? 1);
  }

  enter(key, value, uses) {
    this.entries.delete(key);
    this.entries.set(key, { value, uses });
  }

  // Forgets until there are at most so many.
  shrink(most) {
    while (this.entries.size > most) this.entries.delete(this.next());
  }

  // What is forgotten next: what nobody has asked for the longest.
  next() {
    return this.entries.keys().next().value;
  }
}

export class LFU extends LRU {
  // What has been asked for the fewest times; of several, what nobody has asked for the longest.
  next() {
    let [least, found] = [Infinity];
    for (const [key, { uses }] of this.entries) if (uses < least) [least, found] = [uses, key];
    return found;
  }
}
