// The patterns that figures play with, decision for decision as in mini_services/patterns: the tests feed both the same
// events. `now` is in seconds on any clock that never goes back.

export const RULES = { window: 10, threshold: 0.5, minimum: 5, resetAfter: 5, probes: 1 };

// A state's `begin` gives the state in which the call begins, or null where Python raises BreakerOpen; its `end` gives
// the state that follows. `failed` is null when the end says nothing of the callee.

export class Closed {
  name = "closed";
  ended = [];
  failures = 0;

  constructor(rules) {
    this.rules = rules;
  }

  begin() {
    return this;
  }

  end(failed, now) {
    if (failed === null) return this;
    this.ended.push([now, failed]);
    this.failures += failed;
    while (this.ended[0][0] <= now - this.rules.window) this.failures -= this.ended.shift()[1];
    const calls = this.ended.length;
    const sick = calls >= this.rules.minimum && this.failures / calls >= this.rules.threshold;
    return sick ? new Open(this.rules, now) : this;
  }
}

export class Open {
  name = "open";

  constructor(rules, now) {
    this.rules = rules;
    this.since = now;
    this.until = now + rules.resetAfter;
  }

  begin(now) {
    return now < this.until ? null : new HalfOpen(this.rules).begin();
  }

  end() {
    return this;
  }
}

export class HalfOpen {
  name = "half-open";

  constructor(rules) {
    this.rules = rules;
    this.places = this.missing = rules.probes;
  }

  begin() {
    if (!this.places) return null;
    this.places -= 1;
    return this;
  }

  end(failed, now) {
    if (failed) return new Open(this.rules, now);
    if (failed === null) this.places += 1;
    else this.missing -= 1;
    return this.missing ? this : new Closed(this.rules);
  }
}

export class Breaker {
  constructor(rules, onChange = () => {}) {
    this.state = new Closed({ ...RULES, ...rules });
    this.onChange = onChange;
  }

  // The state in which the call begins, to be handed to `end`; null: the call is refused.
  begin(now) {
    const state = this.state.begin(now);
    if (state) this.follow(state, now);
    return state;
  }

  end(beganIn, failed, now) {
    if (beganIn === this.state) this.follow(beganIn.end(failed, now), now);
  }

  follow(state, now) {
    if (state === this.state) return;
    const before = this.state.name;
    this.state = state;
    this.onChange(before, state.name, now);
  }
}

const ONE = 1_000_000; // whole millionths of a retry, as in budget.py

export class Budget {
  constructor(share, reserve = 3, ceiling = 10) {
    this.share = Math.round(share * ONE);
    this.ceiling = ceiling * ONE;
    this.millionths = reserve * ONE;
  }

  get balance() {
    return this.millionths / ONE;
  }

  deposit() {
    this.millionths = Math.min(this.ceiling, this.millionths + this.share);
  }

  withdraw() {
    if (this.millionths < ONE) return false;
    this.millionths -= ONE;
    return true;
  }
}

export class Bulkhead {
  inUse = 0;

  constructor(places) {
    this.places = places;
  }

  enter() {
    if (this.inUse >= this.places) return false;
    this.inUse += 1;
    return true;
  }

  leave() {
    this.inUse -= 1;
  }
}
