// The shop in virtual time: users, three services with a pool of threads and a queue each, and the calls between them.
// The same parameters and the same seed give the same run, however it is cut into steps.

import { random } from "../kit.js";
import { Agenda } from "./agenda.js";
import { Breaker, Budget, Bulkhead } from "./patterns.js";
import { share } from "./users.js";

const HOP = 0.05; // seconds on the way from one service to the next, and back; twice that for a user
const PATIENCE = 1.5; // seconds after which a user gives up
const PAGE = 0.05; // seconds of work for a home page
const WORK = 0.01; // seconds of work for an order, in the storefront and in orders each

// What it can be told. A `rate` of 16 is 16 orders and as many home pages a second; 0 places, sheds or threads: no limit
// of its own.
export const USUAL = { rate: 16, timeout: 2, pool: 16, retries: 0, breaker: false, budget: false, bulkhead: 0, shed: 0,
  fallback: false, stockPool: 0, work: 0.05 };

export class Shop extends Agenda {
  state = "well"; // of stock: well, hang or dead
  services = { storefront: pool("storefront"), orders: pool("orders"), stock: pool("stock") };
  ends = { pages: [], buyers: [] }; // what users got in the last twenty seconds or so: { end, kind }
  faults = []; // { state, begin, end }
  noted = {}; // what was told since stock changed
  calls = {}; // how many each has made
  held = []; // what a stock that hangs will do when it is well again
  open = new Set(); // ends of the calls that stock has not answered

  constructor(parameters, seed) {
    super();
    this.chance = random(seed);
    this.set({ ...USUAL, ...parameters });
    for (const lane in this.ends) this.arrive(lane);
  }

  // Takes effect on the calls that begin from now on.
  set(parameters) {
    const { storefront, orders, stock } = this.services;
    const { pool: threads, stockPool, breaker, budget, bulkhead } = parameters;
    storefront.places = threads;
    orders.places = Math.ceil(threads / 2);
    stock.places = stockPool || orders.places;
    this.breaker = breaker ? this.breaker ?? this.guard() : null;
    this.budgets = budget ? this.budgets ?? { storefront: new Budget(0.1), orders: new Budget(0.1) } : {};
    if (bulkhead !== this.settings?.bulkhead) this.places = new Bulkhead(bulkhead || Infinity);
    this.settings = parameters;
    for (const one of [storefront, orders, stock]) this.serve(one);
  }

  guard() {
    const changed = (before, after) => this.tell(`is-${after}`, { caller: "orders", callee: "stock" });
    return new Breaker({ window: 1, resetAfter: 1 }, changed);
  }

  // Stock hangs (takes calls and answers none), is dead (refuses), or is well again.
  fault(state) {
    if (state === this.state) return;
    Object.assign(this, { state, since: this.now, noted: {} });
    this.tell(`stock-${state}`);
    const last = this.faults.at(-1);
    if (last) last.end ??= this.now;
    if (state === "well") {
      for (const go of this.held.splice(0)) go();
      this.lookBack({ ...this.calls });
    } else {
      this.faults.push({ state, begin: this.now, end: null });
      if (state === "dead") this.die();
    }
  }

  // Who waits for a process that dies is told at once: the connection breaks.
  die() {
    this.held = [];
    this.services.stock = pool("stock", this.services.stock.places);
    for (const end of this.open) end("failed");
  }

  // Does the trouble outlive its cause?
  lookBack(before) {
    const { since } = this;
    this.after(3, () => {
      const answered = this.share("buyers");
      if (this.since !== since || answered === null || answered > 0.3) return;
      const calls = (this.calls.orders - before.orders) / (this.calls.buyers - before.buyers);
      this.tell("lasting", { share: Math.round(100 * answered), calls: calls.toFixed(1) });
    });
  }

  // Lives through everything up to `to`.
  advance(to) {
    super.advance(to);
    for (const ends of Object.values(this.ends)) while (ends[0]?.end < to - 20) ends.shift();
  }

  // At most once until stock changes.
  once(key, values, of = key) {
    if (!this.noted[of]) this.tell(key, values);
    this.noted[of] = true;
  }

  // Users come evenly, each a little late, whether or not anybody answers: an open loop.
  arrive(lane) {
    const gap = 1 / this.settings.rate;
    this.after(this.chance() * gap * 0.8, () => this.user(lane));
    this.after(gap, () => this.arrive(lane));
  }

  user(lane) {
    let waits = true;
    const over = (kind) => {
      if (waits) this.got(lane, kind);
      waits = false;
    };
    this.after(PATIENCE, () => over("failed"));
    this.visit(lane, "storefront", 2 * HOP, () => waits, over);
  }

  got(lane, kind) {
    const { ends, now, since, state } = this;
    ends[lane].push({ end: now, kind });
    if (kind === "failed" && lane === "pages" && state === "hang") this.once("home-lost");
    const again = kind === "ok" && state === "well" && since && !this.noted[lane] && this.share(lane) > 0.9;
    if (again) this.once("back", { lane, after: (now - since).toFixed(1) }, lane);
  }

  // retry( breaker( bulkhead( time-out( call )))), as in mini_services/shop/calls.py.
  ask(caller, callee, end, left = this.settings.retries) {
    const budget = this.budgets[caller];
    if (left === this.settings.retries) budget?.deposit();
    this.attempt(caller, callee, (kind) => {
      if (kind === "failed" && left > 0 && (budget?.withdraw() ?? true)) this.ask(caller, callee, end, left - 1);
      else end(kind === "refused" ? "failed" : kind);
    });
  }

  attempt(caller, callee, end) {
    const { breaker, places } = callee === "stock" ? this : {};
    const began = breaker?.begin(this.now);
    if (began === null) return end("refused");
    if (places?.enter() === false) {
      breaker?.end(began, null, this.now);
      return end("refused");
    }
    let waits = true;
    const over = (kind) => {
      if (!waits) return;
      waits = false;
      places?.leave();
      breaker?.end(began, kind === "failed", this.now);
      end(kind);
    };
    this.after(this.settings.timeout, () => over("failed"));
    this.visit(caller, callee, HOP, () => waits, over);
  }

  // There, through the queue and a thread, and back; `waits` says whether anybody still wants to know.
  visit(from, to, seconds, waits, over) {
    let asked = true;
    const answer = (kind) => {
      if (!asked) return;
      asked = false;
      this.open.delete(answer);
      this.travel(to, from, waits() ? kind : "late", seconds, () => over(kind));
    };
    this.calls[from] = (this.calls[from] ?? 0) + 1;
    this.travel(from, to, "sent", seconds, () => {
      const one = this.services[to];
      if (this.refuses(one)) return answer("failed");
      if (to === "stock") this.open.add(answer);
      one.queue.push((leave) => this.handle(from, to, (kind) => {
        leave();
        answer(kind);
      }));
      this.serve(one);
    });
  }

  // A process that is gone refuses, and so does a caller's door when it sheds load.
  refuses({ key, places, inUse, queue }) {
    const { shed, pool: threads } = this.settings;
    return key === "stock" ? this.state === "dead" : shed && inUse + queue.length >= shed * places / threads;
  }

  handle(from, to, end) {
    if (to === "stock") this.work(end);
    else if (from === "pages") this.after(PAGE, () => end("ok"));
    else if (from === "buyers") this.after(WORK, () => this.ask(to, "orders", (kind) => end(kind === "failed" && this.settings.fallback ? "fallback" : kind)));
    else this.after(WORK, () => this.ask(to, "stock", end));
  }

  work(end) {
    const go = () => this.after(this.settings.work, () => (this.state === "hang" ? this.held.push(go) : end("ok")));
    if (this.state === "hang") this.held.push(go);
    else go();
  }

  // Gives free threads to those who wait.
  serve(one) {
    const { key, queue, places } = one;
    while (queue.length && one.enter()) {
      queue.shift()(() => {
        one.leave();
        this.serve(one);
      });
    }
    const callee = { storefront: "orders", orders: "stock" }[key];
    if (this.state !== "hang" || !callee || one.inUse < places) return;
    this.once("full", { name: key, callee, size: places, after: (this.now - this.since).toFixed(1) }, key);
  }

  // The share of users, of one lane or all, who got an answer: of those whose fate was decided in the last second; null when none was.
  share(lane) {
    const { pages, buyers } = this.ends;
    const ends = this.ends[lane] ?? [...pages, ...buyers];
    return share(ends.filter(({ end }) => end > this.now - 1));
  }
}

// A pool of threads: a bulkhead with a queue before it, which has no end.
function pool(key, threads = 0) {
  return Object.assign(new Bulkhead(threads), { key, queue: [] });
}
