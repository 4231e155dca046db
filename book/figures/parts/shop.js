// The shop in virtual time: users, three services with a pool of threads and a queue each, and the calls between them.
// The same parameters and the same seed give the same run, however it is cut into steps.

import { Breaker, Budget, Bulkhead } from "./patterns.js";
import { random } from "../kit.js";
import { share } from "./tape.js";

export const HOP = 0.05; // seconds on the way from one service to the next, and back
export const PATIENCE = 1.5; // seconds after which a user gives up
const WORK = { home: 0.05, storefront: 0.01, orders: 0.01 };

// What a model can be told; a `rate` of 16 is 16 orders and as many home pages a second. Zero is "none".
export const USUAL = { rate: 16, timeout: 2, pool: 16, retries: 0, breaker: false, budget: false, bulkhead: 0, shed: 0,
  fallback: false, stockPool: 0, work: 0.05 };

export class Shop {
  now = 0;
  state = "well"; // of stock: well, hang or dead
  legs = []; // what travels: { from, to, begin, end, kind }
  ends = { home: [], orders: [] }; // what users got in the last twenty seconds or so: { end, kind }
  faults = []; // { state, begin, end }
  told = []; // what happened: [key, values]
  since = null; // when the fault began, or was mended
  noted = {}; // what has been said since then
  sent = { home: 0, orders: 0, stock: 0 };

  constructor(parameters, seed = 1) {
    this.settings = { ...USUAL };
    this.chance = random(seed);
    this.agenda = [];
    this.services = { storefront: pool("storefront"), orders: pool("orders"), stock: pool("stock") };
    this.held = []; // what a stock that hangs will do when it is well again
    this.atStock = new Set(); // ends of the calls that stock has not answered
    this.set(parameters);
    this.arrive("home");
    this.arrive("orders");
  }

  // Takes effect on the calls that begin from now on.
  set(parameters) {
    const before = this.settings;
    const now = { ...before, ...parameters };
    this.settings = now;
    this.services.storefront.size = now.pool;
    this.services.orders.size = Math.ceil(now.pool / 2);
    this.services.stock.size = now.stockPool || Math.ceil(now.pool / 2);
    this.breaker = !now.breaker ? null : this.breaker ?? this.newBreaker();
    this.budgets = !now.budget ? null : this.budgets ?? { orders: new Budget(0.1), stock: new Budget(0.1) };
    if (!this.places || now.bulkhead !== before.bulkhead) this.places = new Bulkhead(now.bulkhead || Infinity);
    for (const one of Object.values(this.services)) this.serve(one);
  }

  newBreaker() {
    const changed = (before, after) => this.tell(`breaker-${after}`, {}, 2);
    return new Breaker({ window: 1, threshold: 0.5, minimum: 5, resetAfter: 1, probes: 1 }, changed);
  }

  // Stock hangs (takes calls and answers none), is dead (refuses), or is well again.
  fault(state) {
    if (state === this.state) return;
    this.state = state;
    this.since = this.now;
    this.noted = {};
    this.tell(`is-${state}`, {}, 3);
    const last = this.faults.at(-1);
    if (last && last.end === null) last.end = this.now;
    if (state !== "well") this.faults.push({ state, begin: this.now, end: null });
    if (state === "dead") this.die();
    if (state === "well") for (const go of this.held.splice(0)) go();
    if (state === "well") this.lookBack({ ...this.sent });
  }

  // Who waits for a process that dies is told at once: the connection breaks.
  die() {
    this.held = [];
    this.services.stock = { ...pool("stock"), size: this.services.stock.size };
    for (const broken of [...this.atStock]) broken("failed");
  }

  // Does the trouble outlive its cause?
  lookBack(before) {
    const { since } = this;
    this.after(3, () => {
      const answered = this.share("orders");
      if (this.since !== since || answered === null || answered > 0.3) return;
      const calls = (this.sent.stock - before.stock) / Math.max(1, this.sent.orders - before.orders);
      this.tell("lasting", { share: Math.round(100 * answered), calls: calls.toFixed(1) }, 3);
    });
  }

  // Lives through everything up to `to`.
  advance(to) {
    while (this.agenda.length && this.agenda[0].at <= to) {
      const next = this.agenda.shift();
      this.now = next.at;
      next.act();
    }
    this.now = Math.max(this.now, to);
    this.legs = this.legs.filter((leg) => leg.end > this.now);
    for (const ends of Object.values(this.ends)) while (ends[0]?.end < this.now - 20) ends.shift();
  }

  after(seconds, act) {
    const at = this.now + seconds;
    let place = this.agenda.length;
    while (place && this.agenda[place - 1].at > at) place -= 1;
    this.agenda.splice(place, 0, { at, act });
  }

  tell(key, values = {}, weight = 1) {
    this.told.push({ key, values, weight, at: this.now });
  }

  // Users come evenly, each a little early or late, whether or not anybody answers: an open loop.
  arrive(lane) {
    const gap = 1 / this.settings.rate;
    const early = this.chance() * gap * 0.8;
    this.after(early, () => this.user(lane));
    this.after(gap, () => this.arrive(lane));
  }

  user(lane) {
    let waits = true;
    const got = (kind) => {
      if (!waits) return;
      waits = false;
      this.count(lane, kind);
    };
    this.sent[lane] += 1;
    this.after(PATIENCE, () => got("failed"));
    this.travel(`${lane}-users`, "storefront", "sent", 2 * HOP, () => this.enter("storefront", (leave) => {
      const back = (kind) => {
        leave();
        this.travel("storefront", `${lane}-users`, waits ? kind : "late", 2 * HOP, () => got(kind));
      };
      if (lane === "home") this.after(WORK.home, () => back("ok"));
      else this.after(WORK.storefront, () => this.ask("storefront", "orders", (kind) => back(this.fallen(kind))));
    }, () => this.travel("storefront", `${lane}-users`, "failed", 2 * HOP, () => got("failed"))));
  }

  count(lane, kind) {
    this.ends[lane].push({ end: this.now, kind });
    if (kind === "failed" && lane === "home" && this.state === "hang") this.once("home-lost", {}, 3);
    if (kind === "ok" && this.state === "well" && this.since !== null && this.share(lane) > 0.9) {
      this.once(`${lane}-back`, { after: (this.now - this.since).toFixed(1) });
    }
  }

  fallen(kind) {
    return kind === "failed" && this.settings.fallback ? "fallback" : kind;
  }

  // retry( breaker( bulkhead( time-out( call )))), as in mini_services/shop/calls.py.
  ask(caller, callee, end) {
    const budget = this.budgets?.[callee];
    budget?.deposit();
    const attempt = (left) => this.guarded(caller, callee, (kind) => {
      const again = kind === "failed" && left > 0 && (!budget || budget.withdraw());
      if (again) attempt(left - 1);
      else end(kind === "refused" ? "failed" : kind);
    });
    attempt(this.settings.retries);
  }

  guarded(caller, callee, end) {
    const { breaker, places } = callee === "stock" ? this : {};
    const began = breaker?.begin(this.now);
    if (breaker && !began) return end("refused");
    if (places && !places.enter()) {
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
    this.call(caller, callee, () => waits, over);
  }

  call(caller, callee, waits, over) {
    let asked = true;
    const answer = (kind) => {
      if (!asked) return;
      asked = false;
      this.atStock.delete(answer);
      this.travel(callee, caller, waits() ? kind : "late", HOP, () => over(kind));
    };
    if (callee === "stock") this.sent.stock += 1;
    this.travel(caller, callee, "sent", HOP, () => {
      if (callee === "stock" && this.state === "dead") return answer("failed");
      if (callee === "stock") this.atStock.add(answer);
      this.enter(callee, (leave) => this.handle(callee, (kind) => {
        leave();
        answer(kind);
      }), () => answer("failed"));
    });
  }

  handle(callee, end) {
    if (callee === "orders") return this.after(WORK.orders, () => this.ask("orders", "stock", end));
    const go = () => this.after(this.settings.work, () => (this.state === "hang" ? this.held.push(go) : end("ok")));
    if (this.state === "hang") this.held.push(go);
    else go();
  }

  // A thread if one is free, else a place in the queue; `shed` refuses at the door of the callers.
  enter(name, work, refuse) {
    const one = this.services[name];
    const { shed } = this.settings;
    const most = name === "orders" ? Math.ceil(shed / 2) : shed;
    if (shed && name !== "stock" && one.busy + one.queue.length >= most) return refuse();
    one.queue.push(work);
    this.serve(one);
  }

  serve(one) {
    while (one.busy < one.size && one.queue.length) {
      one.busy += 1;
      const began = one.queue.shift();
      let held = true;
      began(() => {
        if (held) one.busy = Math.max(0, one.busy - 1);
        held = false;
        this.serve(one);
      });
    }
    if (this.state === "hang" && one.key !== "stock" && one.busy >= one.size) {
      this.once(`${one.key}-full`, { size: one.size, after: (this.now - this.since).toFixed(1) }, 2);
    }
  }

  travel(from, to, kind, seconds, arrive) {
    this.legs.push({ from, to, kind, begin: this.now, end: this.now + seconds });
    this.after(seconds, arrive);
  }

  once(key, values, weight) {
    if (this.noted[key] !== undefined) return;
    this.noted[key] = this.now;
    this.tell(key, values, weight);
  }

  // The share of users who got an answer, of those whose fate was decided in the last second; null when none was.
  share(lane) {
    return share(this.ends[lane].filter(({ end }) => end > this.now - 1));
  }
}

function pool(key) {
  return { key, size: 0, busy: 0, queue: [] };
}
