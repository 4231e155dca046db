"""Too busy to judge: what a starved machine measures is itself, so its runs neither prove nor refute anything.

Four witnesses, each watched for the whole of a run:

- the *generator*: when it sends late, its users come in bursts that nobody planned;
- the *event loops* of the watched services: when they lag, or are not even heard of though nothing was done to them, the
  service waits for a processor, not for its callee;
- the *control stream*: a ping that does nothing; when it is slow, so is everything else for no reason of its own;
- the *faults* of the proxy: one that comes late, or goes late, is not the one that was planned.

The gate guards passing as much as failing: on a starved machine "nobody is answered" comes true for the wrong reason.
Neither the processor's share nor its pressure figures tell such runs from good ones (tried); these do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labkit.language import Text
from labkit.measure.figure import figure, plain
from labkit.measure.outcome import NO_CONNECTION
from labkit.measure.recording import Mark, Recording
from labkit.measure.samples import Numbers, Samples, nearest_rank

__all__ = ["CONTROL", "LAG", "LIMITS", "STRICT", "Limits", "kept_rate", "too_busy"]

CONTROL = "ping"  # the name of the control stream
LAG = "event_loop_lag_seconds"
_AWAKE_AFTER = 1.0  # seconds: an instance that was paused reports the pause as lag when it wakes
_ON_TIME_SHARE = 0.99
_LAG_RANK = 90  # a service tells the largest lag of half a second: the 99th of these would be the largest of all


@dataclass(frozen=True)
class Limits:
    """Seconds, 99th percentiles (90th of the lag); ``answered`` is the least share of pings answered.

    The labs' time-outs are 200 ms and more and their services take 20 ms and more: 50 ms on the way is what leaves
    their outcomes as they are. Fresh runs with 0, 2, 8 and 32 busy loops beside hold these limits to it (./run soak).
    """

    lateness: float = 0.050
    lag: float = 0.050
    ping: float = 0.100
    answered: float = 0.95
    fault: float = 0.200


LIMITS = Limits()
STRICT = Limits(LIMITS.lateness / 2, LIMITS.lag / 2, LIMITS.ping / 2, 1 - (1 - LIMITS.answered) / 2,
                LIMITS.fault / 2)


def too_busy(recording: Recording, begin: float, end: float, limits: Limits = LIMITS) -> Text | None:
    """The first reason why what was measured from ``begin`` to ``end`` must not be judged, or None."""
    return next(_reasons(recording, begin, end, limits), None)


def _reasons(recording: Recording, begin: float, end: float, limits: Limits) -> Iterator[Text]:
    streams = {name: samples.between(begin, end) for name, samples in recording.streams.items()}
    yield from _generator(Samples.together(streams.values()), limits)
    for name, series in recording.watch.items():
        if LAG in series and not np.isnan(series[LAG]).all():  # an application of one's own may tell none
            inside = (series["at"] >= begin) & (series["at"] < end)
            counts = _unexplained(series["at"], series[LAG], [mark for mark in recording.faults if _is_on(mark, name)])
            yield from _instance(name, series[LAG][inside & counts], limits)
    if CONTROL in streams:
        yield from _control(streams[CONTROL], limits)
    for mark in recording.faults:
        if mark.late > limits.fault and mark.begin < end:
            yield Text("{fault} came or went {late} after its time (limit {limit})",
                       "{fault} 比預定時間晚了 {late} 才開始或結束（上限 {limit}）").format(
                           fault=mark.placed, late=figure(mark.late, "s"), limit=figure(limits.fault, "s"))


def _generator(samples: Samples, limits: Limits) -> Iterator[Text]:
    never, late = int((~samples.sent).sum()), nearest_rank(samples.late, 99)
    if never:
        yield Text("the load generator could not send {n} of {all} requests",
                   "負載產生器有 {n} 個請求送不出去（共 {all} 個）").format(n=plain(never), all=plain(len(samples)))
    if late > limits.lateness:
        yield Text("the load generator was late: one request in 100 left {late} or more after its time (limit {limit})",
                   "負載產生器送得太晚：每 100 個請求就有一個晚了 {late} 以上（上限 {limit}）").format(
                       late=figure(late, "s"), limit=figure(limits.lateness, "s"))


def _is_on(fault: Mark, instance: str) -> bool:
    """Whether the instance itself had the fault, or all of its service; not a link to it."""
    return fault.on in (instance, instance.rpartition("-")[0])


def _unexplained(at: Numbers, lag: Numbers, faults: Sequence[Mark]) -> npt.NDArray[np.bool_]:
    """Which looks count: all but those during a fault on the instance itself, until a moment after it answers again.

    One that answers no more until the end has ended, which is no busy machine's doing.
    """
    answered = at[~np.isnan(lag)]
    counts: npt.NDArray[np.bool_] = at <= answered.max()
    for fault in faults:
        before, back = answered[answered < fault.begin], answered[answered >= (np.inf if fault.end is None else fault.end)]
        begin = before.max(initial=-np.inf)  # the mark comes when the fault is in place
        end = back.min(initial=np.inf) + _AWAKE_AFTER
        counts &= ~((at > begin) & (at < end))
    return counts


def _instance(name: str, lag: Numbers, limits: Limits) -> Iterator[Text]:
    """Of who is starved enough, not even the lag is heard: a look without an answer in time counts as the longest."""
    worst = nearest_rank(np.where(np.isnan(lag), np.inf, lag), _LAG_RANK)
    if np.isinf(worst):
        yield Text("{name} waited for a processor: it left {share} of the looks at its metrics unanswered (at most {limit} may be)",
                   "{name} 在等處理器：查看它的指標時，有 {share} 沒有得到回應（上限 {limit}）").format(
                       name=name, share=figure(float(np.isnan(lag).mean()), "share"), limit=figure(1 - _LAG_RANK / 100, "share"))
    elif worst > limits.lag:
        yield Text("{name} waited for a processor: its event loop lagged by {lag} (limit {limit})",
                   "{name} 在等處理器：它的事件迴圈落後 {lag}（上限 {limit}）").format(
                       name=name, lag=figure(worst, "s"), limit=figure(limits.lag, "s"))


def _control(ping: Samples, limits: Limits) -> Iterator[Text]:
    """A refused or reset ping tells of a dead service, not of a busy machine."""
    timed_out, waited = ping.timed_out, ping.latency[ping.ok | ping.timed_out]
    answered = 1 - timed_out.sum() / max(1, ping.sent.sum())
    if answered < limits.answered:
        yield Text("the control stream was not answered: {share} of its pings were (at least {limit} must be)",
                   "對照用的 ping 沒有得到回應：只有 {share} 有回應（至少要 {limit}）").format(
                       share=figure(float(answered), "share"), limit=figure(limits.answered, "share"))
    slow = nearest_rank(waited, 99)
    if slow > limits.ping:
        yield Text("the control stream was slow: its p99 was {slow} (limit {limit})",
                   "對照用的 ping 太慢：p99 是 {slow}（上限 {limit}）").format(
                       slow=figure(slow, "s"), limit=figure(limits.ping, "s"))


def kept_rate(name: str, samples: Samples, rate: float) -> Text | None:
    """A sentence when fewer than 99 % of the requests left within the lateness limit of their time, or None."""
    missed = int((~samples.sent | (samples.late > LIMITS.lateness)).sum())
    if missed <= (1 - _ON_TIME_SHARE) * len(samples):
        return None
    full = int((samples.status == NO_CONNECTION).sum())
    cause = Text("{n} found no free connection, since the server keeps too many users waiting. Lower the rate or the "
                 "time-out, or raise the limit of open files (ulimit -n).",
                 "其中 {n} 個沒有可用的連線，因為服務器讓太多使用者等著。請調低速率或超時，"
                 "或提高可開啟檔案的上限（ulimit -n）。"
                 ) if full else Text("Lower the rate, or close other programs.", "請調低速率，或關閉其他程式。")
    text = Text("The rate of {rate} was not kept: {missed} of {all} requests of {name} left more than {limit} late or "
                "not at all. {cause}",
                "沒有維持 {rate} 的速率：{name} 的 {all} 個請求中，有 {missed} 個晚了 {limit} 以上，"
                "或根本沒有送出。{cause}")
    return text.format(rate=figure(rate, "/s"), missed=plain(missed), all=plain(len(samples)), name=name,
                       limit=figure(LIMITS.lateness, "s"), cause=cause.format(n=plain(full)))
