// A recorded run, checked and made ready to be looked at any second. The form is that of labs/labkit/measure/recorded.py, version 1.

import { counted, share } from "./users.js";

const LARGEST = 2 * 1024 * 1024;
const AWAY = 0.07; // seconds for which a call is drawn on its way, however quick it was
const KINDS = { o: "ok", d: "fallback", s: "fallback", q: "fallback", a: "fallback", e: "failed", t: "failed", r: "failed" };

// The recording as an object; { wrong } when it is none: "large", "version" or "broken".
export function checked(recording) {
  try {
    const text = typeof recording === "string" ? recording : JSON.stringify(recording);
    if (text.length > LARGEST) return { wrong: "large" };
    const tape = JSON.parse(text);
    if (tape.version !== 1) return { wrong: "version" };
    return whole(tape) ? tape : { wrong: "broken" };
  } catch {
    return { wrong: "broken" };
  }
}

function whole({ seconds, step, services, links, loads, series, calls, faults, states, date, machine }) {
  const names = services.map(({ name }) => name);
  const steps = Math.floor(seconds / step + 1e-9);
  const lists = (part) => [part.at, part.ms].every((list) => list.length === part.outcome.length && list.every((ms) => ms >= 0));
  return steps > 0 && steps < 1e5 && names.length && date && machine
    && links.flat().every((name) => name === "users" || names.includes(name))
    && names.every((name) => series[name].busy.length >= steps && series[name].waiting.length >= steps)
    && loads.length && loads.every(({ stream }) => lists(calls[stream]))
    && faults.every(({ begin, label }) => begin >= 0 && label.en && label["zh-Hant"])
    && states.every(({ at, state }) => at >= 0 && ["closed", "open", "half-open"].includes(state));
}

export class Tape {
  now = -1; // a fault that stands at second 0 begins there

  constructor(tape, language) {
    this.tape = tape;
    this.services = tape.services.map(({ name, threads }) => ({ key: name, size: threads ?? 0, ...tape.series[name] }));
    const { services } = this;
    this.links = tape.links.filter(([from]) => from !== "users");
    this.faults = tape.faults.map(({ on, label, begin, end }) => ({ on: ill(on, services), where: on, label: label[language], begin, end }));
    this.date = tape.date;
    this.machine = language === "en" ? tape.machine : tape.machine.replace(/\bcores?\b/, "核").replaceAll(", ", "、");
    this.lanes = tape.loads.map(({ stream }) => {
      const { at: gaps, ms, outcome } = tape.calls[stream];
      let at = 0;
      const calls = gaps.map((gap, i) => {
        at += gap;
        return { begin: at / 1000, end: at / 1000 + ms[i] / 1000, kind: KINDS[outcome[i]] ?? "failed" };
      });
      const ends = [...calls].sort((a, b) => a.end - b.end);
      return { key: stream, calls, ends, bars: counted(ends) };
    });
    this.events = this.happened().sort((a, b) => a.at - b.at);
  }

  // What there is to say, and when: [key, values].
  happened() {
    const { faults, services, tape } = this;
    const all = faults.flatMap(({ where, label, begin, end }) => [{ at: begin, key: "fault-begins", values: { where, label } },
      ...(end === null ? [] : [{ at: end, key: "fault-ends", values: { where } }])]);
    for (const { at, service, breaker, state } of tape.states) all.push({ at, key: `is-${state}`, values: { caller: service, callee: breaker } });
    for (const { key, size, busy } of services) {
      const at = busy.findIndex((count) => size && count >= size) * tape.step;
      if (at >= 0) all.push({ at, key: "full", values: { name: key, size } });
    }
    return all;
  }

  view() {
    const { now, tape, lanes, services, faults, links } = this;
    const step = Math.min(Math.floor(now / tape.step + 1e-9), services[0].busy.length - 1);
    const fault = (key) => faults.find(({ on, begin, end }) => on === key && begin <= now && now < (end ?? Infinity));
    const legs = lanes.flatMap(({ key, calls, ends }) => [
      ...during(calls, "begin", now - AWAY, now).map(({ begin }) => ({ from: key, to: services[0].key, at: (now - begin) / AWAY })),
      ...during(ends, "end", now - AWAY, now).map(({ end, kind }) => ({ from: services[0].key, to: key, kind, at: (now - end) / AWAY }))]);
    return {
      lanes: lanes.map(({ key, ends, bars }) => ({ key, name: key, bars, share: share(during(ends, "end", now - 1, now)) })),
      services: services.map(({ key, size, busy, waiting }) => ({ key, size, busy: busy[step] ?? "?", waiting: waiting[step] ?? "?",
        ...(fault(key) ? { trouble: "waiting", note: fault(key).label } : {}) })),
      links, legs,
      gates: tape.states.filter(({ at }) => at <= now).map(({ service, breaker, state }) => ({ link: [service, breaker], state })).reverse(),
      strip: { begin: 0, end: tape.seconds, now, faults },
    };
  }
}

// The service at which a fault is seen: the callee of a link, or whose instance it is.
function ill(on, services) {
  return services.find(({ key }) => on.split(" -> ").pop().replace(/-\d+$/, "") === key)?.key;
}

// Of calls in order of `key`, those after `from` and up to `to`.
function during(calls, key, from, to) {
  return calls.slice(after(calls, key, from), after(calls, key, to));
}

function after(calls, key, at) {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (calls[middle][key] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
