// Reads of items, few of which are popular, through a small cache before a slow database, in virtual time.

import { random } from "../kit.js";
import { Agenda } from "./agenda.js";
import { LFU, LRU } from "./caches.js";
import { best, che, zipf } from "./zipf.js";

const HOP = 0.3; // seconds on the way to the cache, to the database, and back: slow enough to be seen, and no part of the latency
const SLOWED = 0.005; // seconds that the database is seen to work, for a millisecond
export const HIT = 1; // milliseconds
export const WINDOW = 300; // requests of which the hit ratio is taken
export const SPAN = 20; // seconds that are remembered

// `miss` is in milliseconds; `lfu` says whether LFU decides what goes, or LRU.
export const USUAL = { size: 20, items: 200, exponent: 1, rate: 60, miss: 40, lfu: false };

export class Reads extends Agenda {
  order = []; // the items by rank, the most popular first
  ends = []; // of the last requests: whether they were hits
  asked = []; // a moment ago: { rank, hit, at }
  history = []; // { at, hit, theory }
  events = []; // { at, key }
  since = 0; // requests that came since something changed
  said = null; // how it went since then

  constructor(parameters, seed) {
    super();
    this.chance = random(seed);
    this.cache = new LRU(0);
    this.set(parameters);
    this.arrive();
    this.look();
  }

  // Takes effect on what comes from now on; what is in the cache stays as far as it fits.
  set(parameters) {
    const { size, items, exponent, lfu } = parameters;
    this.settings = parameters;
    this.changed();
    this.order = this.order.filter((item) => item < items);
    for (let item = this.order.length; item < items; item += 1) this.order.push(item);
    const old = this.cache.entries;
    this.cache = new (lfu ? LFU : LRU)(size);
    for (const [item, { value, uses }] of old) if (item < items) this.cache.enter(item, value, uses);
    this.cache.shrink(size);
    const shares = zipf(items, exponent);
    this.theory = (lfu ? best : che)(shares, size);
    let sum = 0;
    this.upTo = shares.map((share) => (sum += share));
  }

  // The cache loses what it has.
  empty() {
    this.cache.entries.clear();
    this.happen("empty");
  }

  // The half of the items that nobody wanted is what everybody wants now.
  shift() {
    this.order.push(...this.order.splice(0, Math.floor(this.order.length / 2)));
    this.happen("shift");
  }

  changed() {
    Object.assign(this, { since: 0, said: null });
  }

  happen(key) {
    this.changed();
    this.events.push({ at: this.now, key });
    this.tell(`is-${key}`);
  }

  // Requests come independently of each other, on average so many a second (Poisson).
  arrive() {
    this.after(-Math.log(1 - this.chance()) / this.settings.rate, () => {
      this.travel("users", "cache", "ok", HOP, () => this.read());
      this.arrive();
    });
  }

  // A miss puts the item into the cache.
  read() {
    const rank = this.draw();
    const { cache, order, settings } = this;
    const hit = cache.get(order[rank]) !== undefined;
    this.count(rank, hit);
    if (hit) return this.travel("cache", "users", "ok", HOP, () => {});
    const full = cache.entries.size === settings.size;
    cache.put(order[rank], true);
    if (!full && cache.entries.size === settings.size && settings.size < settings.items) this.tell(settings.lfu ? "full-lfu" : "full");
    return this.travel("cache", "database", "slow", HOP, () => this.after(settings.miss * SLOWED,
      () => this.travel("database", "cache", "slow", HOP, () => this.travel("cache", "users", "slow", HOP, () => {}))));
  }

  // The rank of an item, 0 for the most popular one.
  draw() {
    const at = this.chance() * this.upTo.at(-1);
    let [low, high] = [0, this.upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.upTo[middle] > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  count(rank, hit) {
    this.ends.push(hit);
    if (this.ends.length > WINDOW) this.ends.shift();
    this.asked.push({ rank, hit, at: this.now });
    this.since += 1;
    const key = this.since % WINDOW ? null : this.judged();
    if (!key || key === this.said) return;
    this.said = key;
    this.tell(key, this.figures());
  }

  // How the hits compare with theory, when that is worth a sentence.
  judged() {
    const { ratio, theory, wanted, events, settings: { lfu, size } } = this;
    if (Math.abs(theory - ratio) < 0.06) return lfu ? "settled-lfu" : "settled";
    return lfu && wanted < size / 2 && events.some(({ key }) => key === "shift") ? "behind" : null;
  }

  // The share of hits among the last requests; null before the first.
  get ratio() {
    return this.ends.length ? this.ends.filter(Boolean).length / this.ends.length : null;
  }

  // What a request takes on average, in milliseconds.
  mean(ratio) {
    return ratio * HIT + (1 - ratio) * this.settings.miss;
  }

  // The hit ratio by theory, and what a request takes then.
  get expected() {
    return { theory: this.theory, meant: this.mean(this.theory) };
  }

  // What sentences say of it.
  figures() {
    const { ratio, theory } = this;
    const [hit, expected] = [ratio, theory].map((one) => Math.round(100 * one));
    const [mean, meant] = [ratio, theory].map((one) => this.mean(one).toFixed(1));
    return { ...this.settings, hit, misses: 100 - hit, expected, mean, meant, fast: HIT, window: WINDOW, asks: Math.round(this.settings.rate * (1 - ratio)) };
  }

  look() {
    const { now, ratio } = this;
    if (ratio !== null) this.history.push({ at: now, hit: ratio, mean: this.mean(ratio), ...this.expected });
    this.asked = this.asked.filter(({ at }) => at > now - 1);
    for (const list of [this.history, this.events]) while (list[0]?.at < now - SPAN) list.shift();
    this.after(0.25, () => this.look());
  }

  // Of the items that everybody wants, as many as there are places: how many are in.
  get wanted() {
    return this.order.slice(0, this.settings.size).filter((item) => this.cache.entries.has(item)).length;
  }
}
