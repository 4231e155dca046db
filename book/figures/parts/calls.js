// One caller, one callee and a breaker between them, in virtual time.

import { random } from "../kit.js";
import { Agenda } from "./agenda.js";
import { Breaker } from "./patterns.js";

const HOP = 0.25; // seconds on the way to the callee, and back
const WORK = 0.1;

export const USUAL = { rate: 3, timeout: 1, threshold: 0.5, minimum: 4, window: 4, resetAfter: 3, probes: 1 };

export class Calls extends Agenda {
  callee = "well"; // or fails, hangs, flaky: one call in five fails
  waiting = 0; // calls that stock has and does not answer
  held = [];
  changes = []; // of the breaker: [before, after, at]

  constructor(parameters, seed) {
    super();
    this.chance = random(seed);
    this.breaker = new Breaker({}, (before, after, at) => this.changed(before, after, at));
    this.set(parameters);
    this.arrive();
  }

  // New rules hold for what the breaker decides from now on; what it has counted stays.
  set(parameters) {
    this.settings = parameters;
    Object.assign(this.breaker.state.rules, parameters);
  }

  changed(before, after, at) {
    this.changes.push([before, after, at]);
    const again = before === "half-open" && after === "open";
    this.tell(again ? "again-open" : `is-${after}`, { ...this.settings, caller: "orders", callee: "stock" });
  }

  // What stock does from now on. When it no longer hangs, it answers what it has.
  become(state) {
    this.callee = state;
    this.tell(`stock-${state}`);
    if (state !== "hangs") for (const answer of this.held.splice(0)) answer();
  }

  arrive() {
    const { rate } = this.settings;
    if (rate) this.send();
    this.after(rate ? 1 / rate : 0.2, () => this.arrive());
  }

  byHand() {
    this.tell(this.send() ? "sent" : "refused");
  }

  send() {
    const began = this.breaker.begin(this.now);
    if (!began) {
      this.travel("orders", "gate", "sent", HOP / 2, () => this.travel("gate", "orders", "failed", HOP / 2, () => {}));
      return false;
    }
    let waits = true;
    const over = (failed) => {
      if (waits) this.breaker.end(began, failed, this.now);
      waits = false;
    };
    this.after(this.settings.timeout, () => over(true));
    this.travel("orders", "stock", "sent", HOP, () => this.handle((failed) => {
      this.travel("stock", "orders", waits ? (failed ? "failed" : "ok") : "late", HOP, () => over(failed));
    }));
    return true;
  }

  handle(answer) {
    const end = () => {
      this.waiting -= 1;
      answer(this.callee === "fails" || (this.callee === "flaky" && this.chance() < 0.2));
    };
    this.waiting += 1;
    this.after(WORK, () => (this.callee === "hangs" ? this.held.push(end) : end()));
  }
}
