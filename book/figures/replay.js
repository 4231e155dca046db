// A recorded run of a lab: what really happened, at any second of it.

import { dress, make, playback, slider, words } from "./kit.js";
import { Tape, checked } from "./parts/tape.js";
import { SCENE, staged } from "./parts/scene.js";

export const TEXTS = {
  time: ["Second of the run", "錄製的第幾秒"],
  begin: ["{n} requests in {seconds} s, as measured. Play them, or move to any second.", "{seconds} 秒內量到的 {n} 個請求。可以播放，也可以移到任何一秒。"],
  recorded: ["Recorded on {date}: {machine}.", "錄製於 {date}：{machine}。"],
  none: ["This recording {why}, so it cannot be replayed.", "這份錄製{why}，因此無法重播。"],
  large: ["is larger than 2 MiB", "超過 2 MiB"], version: ["is not of version 1", "的版本不是 1"],
  broken: ["is missing, broken or cut short", "不存在、損壞或不完整"],
  "fault-begins": ["{where}: {label}.", "{where}：{label}。"], "fault-ends": ["{where}: the fault is over.", "{where}：故障結束。"],
  full: ["{name} is full: all its {size} threads are busy.", "{name} 全滿：{size} 個線程都在忙。"],
};

function render({ model, el }) {
  const language = model.get("language");
  const say = words({ ...SCENE, ...TEXTS }, language);
  const found = checked(model.get("recording"));
  if (found.wrong) {
    dress(el, language);
    el.append(make("p", { class: "mbe-refused", role: "status" }, say("none", { why: say(found.wrong) })));
    return undefined;
  }
  const tape = new Tape(found, language);
  const { seconds } = found;
  const begin = say("begin", { seconds, n: tape.lanes.reduce((sum, { calls }) => sum + calls.length, 0) });
  const look = () => {
    const seen = tape.view();
    for (const gate of seen.gates) gate.name = say(gate.state);
    return seen;
  };
  const { stage, clock, voice, show, end } = staged({ model, el, say }, look, (passed) => seek(tape.now === seconds ? 0 : tape.now + passed), 0.25);
  const line = slider(say("time"), [0, seconds, 0.05], (at) => {
    clock.toggle(false);
    seek(at);
  });

  function seek(at) {
    const before = tape.now;
    tape.now = Math.min(seconds, Math.max(0, at));
    if (tape.now === seconds) clock.toggle(false);
    line.show(tape.now);
    const last = tape.events.findLast((event) => event.at <= tape.now);
    if (tape.now < before || last?.at > before) voice.say(last ? say(last.key, last.values) : begin);
    show(tape.now);
  }

  el.append(voice.element, stage.element, line, playback(clock, say, () => seek(0)), make("p", { class: "mbe-recorded" }, say("recorded", tape)));
  voice.say(begin);
  seek(0);
  clock.toggle(!clock.calm.matches);
  return end;
}

export default { render };
