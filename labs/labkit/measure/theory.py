"""The formulas that measurements are held against.

Each gives a `Quantity` with a label and a unit, so it can stand in a condition beside a measured figure:
``(full / theory.time_to_fill(24, rate=48, hold=3)).between(0.7, 1.3)``. Times are in seconds, rates per second, shares
and probabilities from 0 to 1. "Never" and "without limit" are infinity. An argument that makes no
sense is a `ValueError` that says which. One that was measured is read again when its run is repeated, and the formula with it.

Sources: Little, "A proof for the queuing formula L = λW" (1961). Erlang, "Solution of some problems in the theory of
probabilities of significance in automatic telephone exchanges" (1917). Kleinrock, *Queueing Systems*, volume 1 (1975).
Dean and Barroso, "The Tail at Scale" (2013). Beyer et al., *Site Reliability Engineering* (2016), chapters 21 and 22.
"""

from __future__ import annotations

import math

from labkit.language import Text
from labkit.measure.arguments import not_negative, probability, whole
from labkit.measure.formula import formula
from labkit.measure.hit_ratio import lfu_hit_ratio, lru_hit_ratio, mean_time, ttl_hit_ratio
from labkit.measure.quantity import Quantity

__all__ = ["availability_chain", "availability_replicas", "busy_threads", "capacity", "erlang_b", "erlang_c", "lfu_hit_ratio",
           "little_number", "little_rate", "little_time", "lru_hit_ratio", "mean_time", "mm1_time", "mmc_time", "mmc_wait",
           "quantile_for_slowest", "retry_amplification", "retry_amplification_with_budget", "slowest_mean", "slowest_share",
           "time_to_fill", "ttl_hit_ratio", "utilisation"]


@formula
def little_number(rate: float, time: float) -> Quantity:
    """How many are in the system at a time: L = λ W (Little 1961).

    Holds for long-run averages of any system that is stable and neither makes nor loses what passes through, whatever
    the distributions and the order of service.
    """
    not_negative(rate=rate, time=time)
    return Quantity(rate * time, Text("Little's law: rate × time", "利特爾法則：速率 × 時間"))


@formula
def little_time(number: float, rate: float) -> Quantity:
    """How long one stays: W = L / λ (Little 1961)."""
    not_negative(number=number, rate=rate)
    return Quantity(_divided(number, rate), Text("Little's law: number ÷ rate", "利特爾法則：數量 ÷ 速率"), "s")


@formula
def little_rate(number: float, time: float) -> Quantity:
    """How many pass through a second: λ = L / W (Little 1961)."""
    not_negative(number=number, time=time)
    return Quantity(_divided(number, time), Text("Little's law: number ÷ time", "利特爾法則：數量 ÷ 時間"), "/s")


@formula
def busy_threads(threads: int, rate: float, hold: float) -> Quantity:
    """Threads busy on average when each request holds one for ``hold`` seconds: rate × hold, and at most all."""
    whole(1, threads=threads)
    return Quantity(min(threads, little_number(rate, hold)),
                    Text("busy threads by Little's law", "忙碌線程數（利特爾法則）"))


@formula
def capacity(threads: int, hold: float) -> Quantity:
    """The most requests a second that a pool can take: threads / hold (Little's law with every thread busy)."""
    whole(1, threads=threads)
    not_negative(hold=hold)
    return Quantity(_divided(threads, hold), Text("capacity: threads ÷ time held", "容量：線程數 ÷ 占用時間"), "/s")


@formula
def time_to_fill(threads: int, rate: float, hold: float) -> Quantity:
    """Seconds until all threads of an idle pool are busy, from the moment when requests begin to hold for ``hold``.

    Until the first one comes back every arrival takes another thread, so the pool is full after threads / rate. When
    rate × hold is below the number of threads, as many come back as arrive before it is full: never (infinity).
    Exact to one arrival for evenly spaced requests; Poisson arrivals scatter by about sqrt(threads) / rate.
    """
    whole(1, threads=threads)
    not_negative(rate=rate, hold=hold)
    fills = rate * hold >= threads
    return Quantity(threads / rate if fills else math.inf,
                    Text("time to fill: threads ÷ rate", "填滿所需時間：線程數 ÷ 速率"), "s")


@formula
def utilisation(rate: float, service: float, servers: int = 1) -> Quantity:
    """The share of their time for which servers work: λ s / c (Kleinrock 1975). Above 1 the queue grows without end."""
    not_negative(rate=rate, service=service)
    whole(1, servers=servers)
    return Quantity(rate * service / servers, Text("utilisation", "使用率"), "share")


@formula
def mm1_time(rate: float, service: float) -> Quantity:
    """Mean seconds in an M/M/1 system, waiting and served: s / (1 - λ s) (Kleinrock 1975). Infinite from λ s = 1 on.

    For Poisson arrivals, exponential service times, one server and an unbounded queue.
    """
    spare = 1 - utilisation(rate, service)
    return Quantity(service / spare if spare > 0 else math.inf, Text("mean time, M/M/1", "平均時間（M/M/1）"), "s")


@formula
def erlang_b(load: float, servers: int) -> Quantity:
    """The share refused when nobody can wait: M/M/c/c with ``load`` = rate × service time in erlangs (Erlang 1917).

    For Poisson arrivals; the distribution of the service time does not matter, only its mean. By the recursion
    B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)), which no factorial overflows.
    """
    not_negative(load=load)
    whole(0, servers=servers)
    refused = 1.0
    for count in range(1, servers + 1):
        refused = load * refused / (count + load * refused)
    return Quantity(refused, Text("refused, Erlang B", "被拒絕的比例（Erlang B）"), "share")


@formula
def erlang_c(load: float, servers: int) -> Quantity:
    """The share that must wait in M/M/c: ``load`` = rate × service time in erlangs (Erlang 1917). 1 from load = c on.

    For Poisson arrivals, exponential service times and an unbounded queue: C = B / (1 - ρ (1 - B)), ρ = load / c.
    """
    whole(1, servers=servers)
    refused, busy = float(erlang_b(load, servers)), load / servers
    waits = refused / (1 - busy * (1 - refused)) if busy < 1 else 1.0
    return Quantity(waits, Text("must wait, Erlang C", "必須等待的比例（Erlang C）"), "share")


@formula
def mmc_wait(rate: float, service: float, servers: int) -> Quantity:
    """Mean seconds of waiting in M/M/c: C(c, λ s) s / (c - λ s) (Kleinrock 1975). Infinite from λ s = c on."""
    not_negative(rate=rate, service=service)
    waits, spare = float(erlang_c(rate * service, servers)), servers - rate * service
    return Quantity(waits * service / spare if spare > 0 else math.inf,
                    Text("mean wait, M/M/c", "平均等待（M/M/c）"), "s")


@formula
def mmc_time(rate: float, service: float, servers: int) -> Quantity:
    """Mean seconds in an M/M/c system, waiting and served (Kleinrock 1975)."""
    return Quantity(float(mmc_wait(rate, service, servers)) + service,
                    Text("mean time, M/M/c", "平均時間（M/M/c）"), "s")


@formula
def slowest_share(slow: float, calls: int) -> Quantity:
    """The share of requests with at least one slow call among ``calls``: 1 - (1 - slow)^n (Dean and Barroso 2013).

    ``slow`` is each call's chance to be slow; the calls must be slow independently of each other.
    """
    probability(slow=slow)
    whole(0, calls=calls)
    return Quantity(1 - (1 - slow) ** calls, Text("meets a slow call", "遇到慢調用的比例"), "share")


@formula
def quantile_for_slowest(wanted: float, calls: int) -> Quantity:
    """The quantile each of ``calls`` independent calls must keep so that the slowest keeps ``wanted``: wanted^(1/n)."""
    probability(wanted=wanted)
    whole(1, calls=calls)
    return Quantity(wanted ** (1 / calls), Text("quantile each call must keep", "每次調用必須守住的百分位"), "share")


@formula
def slowest_mean(mean: float, calls: int) -> Quantity:
    """Mean of the slowest of n calls with exponential times of this mean: mean × (1 + 1/2 + ... + 1/n), independent."""
    not_negative(mean=mean)
    whole(0, calls=calls)
    return Quantity(mean * sum(1 / k for k in range(1, calls + 1)),
                    Text("mean of the slowest", "最慢者的平均時間"), "s")


@formula
def availability_chain(*links: float) -> Quantity:
    """The share answered by a chain that needs every link: the product, for failures independent of each other."""
    probability(**{f"link {place}": link for place, link in enumerate(links, 1)})
    return Quantity(math.prod(links), Text("availability of the chain", "鏈路的可用性"), "share")


@formula
def availability_replicas(one: float, replicas: int) -> Quantity:
    """The share answered where one of n replicas is enough: 1 - (1 - one)^n, for failures independent of each other."""
    probability(one=one)
    whole(0, replicas=replicas)
    return Quantity(1 - (1 - one) ** replicas, Text("availability of the replicas", "副本的可用性"), "share")


@formula
def retry_amplification(attempts: int, depth: int) -> Quantity:
    """Calls at the bottom for one request when everything fails and each of ``depth`` hops makes ``attempts``.

    attempts^depth (*Site Reliability Engineering*, chapter 22). ``attempts`` counts the first try.
    """
    whole(1, attempts=attempts)
    whole(0, depth=depth)
    return Quantity(float(attempts) ** depth, Text("calls per request at total failure", "全部失敗時每個請求的調用數"))


@formula
def retry_amplification_with_budget(share: float, depth: int) -> Quantity:
    """The same where each hop's budget allows retries for ``share`` of its requests: at most (1 + share)^depth.

    A long-run bound; a budget's reserve adds its few once (*Site Reliability Engineering*, chapter 21).
    """
    not_negative(share=share)
    whole(0, depth=depth)
    return Quantity((1 + share) ** depth, Text("calls per request with a budget", "有重試預算時每個請求的調用數"))


def _divided(number: float, by: float) -> float:
    if by == 0:
        return math.inf if number > 0 else 0.0
    return number / by
