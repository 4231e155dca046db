"""What a load shall be: streams of requests, for how long, what is looked at meanwhile. Checked before it starts."""

from __future__ import annotations

import difflib
import ipaddress
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.load.requests import MOST_ITEMS, PLACE
from labkit.measure.gates import CONTROL

__all__ = ["ARRIVALS", "REACH", "LoadPlan", "Stream"]

ARRIVALS = ("constant", "poisson", "closed")
REACH = 20_000  # requests a second that one core sends on time; see tests/bench
_MOST_REQUESTS = 2_000_000  # they are kept in memory, here and in the engine
_MOST_USERS = 5_000
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True)
class Stream:
    """One kind of request, sent over and over.

    ``arrivals``: "constant" or "poisson" send ``rate`` requests a second (open loop); "closed" has ``users`` who each
    wait for the answer and ``think`` seconds more. A user gives up ``timeout`` seconds after the intended send.
    ``seed`` varies the phase and the random gaps. ``counted``: whether the progress counts it. ``ValueError`` says
    what cannot be.
    """

    name: str
    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    arrivals: str = "constant"
    rate: float = 0.0
    users: int = 0
    think: float = 0.0
    timeout: float = 0.5
    seed: int = 0
    counted: bool = True

    def __post_init__(self) -> None:
        if self.arrivals not in ARRIVALS:
            near = difflib.get_close_matches(str(self.arrivals), ARRIVALS, 1) or ["constant"]
            raise _wrong(Text("There are no arrivals {given!r}. Did you mean {near!r}? Known: {known}.",
                              "沒有名為 {given!r} 的到達方式。你要的是 {near!r} 嗎？可用的有：{known}。"),
                         given=self.arrivals, near=near[0], known=", ".join(ARRIVALS))
        _check_url(self.url)
        _check_places(self.url)
        _check_request(self.method, self.headers)
        if not _finite(self.timeout) or self.timeout <= 0:
            raise _wrong(Text("A time-out of {given} s cannot be: a user waits longer than 0 s. Try timeout=0.5.",
                              "超時不能是 {given} 秒：使用者總要等超過 0 秒。試試 timeout=0.5。"), given=self.timeout)
        if self.arrivals == "closed":
            self._check_users()
        else:
            _check_rate(self.rate)

    def order(self) -> dict[str, Any]:
        """The stream as the engine takes it: plain JSON, even if a number came from numpy."""
        return {"name": self.name, "url": self.url, "method": self.method, "headers": dict(self.headers),
                "body": self.body, "arrivals": self.arrivals, "rate": float(self.rate), "users": int(self.users),
                "think": float(self.think), "timeout": float(self.timeout), "seed": int(self.seed),
                "counted": self.counted}

    def _check_users(self) -> None:
        if not _whole(self.users) or not 1 <= self.users <= _MOST_USERS:
            raise _wrong(Text("A closed loop of {given} users cannot be: use a whole number from 1 to {most:,}.",
                              "封閉迴路不能有 {given} 個使用者：請用 1 到 {most:,} 的整數。"),
                         given=self.users, most=_MOST_USERS)
        if not _finite(self.think) or self.think < 0:
            raise _wrong(Text("A think time of {given} s cannot be: use 0 s or more.",
                              "思考時間不能是 {given} 秒：請用 0 秒以上。"), given=self.think)


@dataclass(frozen=True)
class LoadPlan:
    """One load: ``streams`` side by side for ``seconds``.

    ``tag_header`` names the answer's header whose value is kept for each request. ``watch`` maps names to ``/metrics``
    addresses, of which ``metrics`` are read ``every`` seconds. ``ValueError`` says what cannot be.
    """

    streams: Sequence[Stream]
    seconds: float
    tag_header: str | None = "x-answer"
    watch: Mapping[str, str] = field(default_factory=dict)
    metrics: Sequence[str] = ()
    every: float = 0.1

    def __post_init__(self) -> None:
        if not self.streams:
            raise _wrong(Text("A load needs at least one stream of requests; none was given.",
                              "負載至少要有一股請求，這裡一股也沒有。"))
        names = [stream.name for stream in self.streams]
        for name in names:
            if names.count(name) > 1:
                raise _wrong(Text("Two streams are named {name!r}; give each a name of its own.",
                                  "有兩股請求都叫 {name!r}，請各取一個名字。"), name=name)
        if not _finite(self.seconds) or self.seconds <= 0:
            raise _wrong(Text("A load of {given} s cannot be: ask for more than 0 s, such as seconds=5.",
                              "負載不能持續 {given} 秒：請給大於 0 的秒數，例如 seconds=5。"), given=self.seconds)
        if not _finite(self.every) or self.every < 0.01:
            raise _wrong(Text("Metrics cannot be read every {given} s: use 0.01 s or more.",
                              "指標不能每 {given} 秒讀一次：請用 0.01 秒以上。"), given=self.every)
        for url in self.watch.values():
            _check_url(url)
        self._check_reach()

    def _check_reach(self) -> None:
        rate = sum(stream.rate for stream in self.streams if stream.arrivals != "closed" and stream.name != CONTROL)
        if rate > REACH:
            raise _wrong(Text("{given:,.0f} requests a second are beyond reach: one core sends about {reach:,} a "
                              "second. Ask for less.",
                              "每秒 {given:,.0f} 個請求辦不到：一個核心每秒大約能送 {reach:,} 個。請調低速率。"),
                         given=rate, reach=REACH)
        if rate * self.seconds > _MOST_REQUESTS:
            raise _wrong(Text("{given:,.0f} requests in one load are too many to keep: at most {most:,}. Ask for a "
                              "lower rate or fewer seconds.",
                              "一次負載 {given:,.0f} 個請求太多，記錄不下：最多 {most:,} 個。請調低速率或縮短秒數。"),
                         given=rate * self.seconds, most=_MOST_REQUESTS)

    def order(self) -> dict[str, Any]:
        """The load as the engine takes it: plain JSON."""
        return {"streams": [stream.order() for stream in self.streams], "seconds": float(self.seconds),
                "tag_header": self.tag_header, "metrics": list(self.metrics), "every": float(self.every),
                "watch": [{"name": name, "url": url} for name, url in self.watch.items()]}

    @property
    def longest_wait(self) -> float:
        """Seconds after which the last user has given up."""
        return self.seconds + max(stream.timeout for stream in self.streams)


def _check_rate(rate: float) -> None:
    if not _finite(rate) or rate <= 0:
        raise _wrong(Text("A rate of {given} requests a second cannot be: use a number above 0, such as rate=40.",
                          "速率不能是每秒 {given} 個請求：請用大於 0 的數，例如 rate=40。"), given=rate)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        good = parts.scheme == "http" and port is not None and _loopback(host) and not re.search(r"[\s\x00-\x1f]", url)
        url.encode("ascii")
    except ValueError:
        good = False
    if not good:
        raise _wrong(Text("The load goes to this machine alone, and {given!r} is not an http address on it with a "
                          "port, such as 'http://127.0.0.1:8000/orders'. Take a service's own url.",
                          "負載只送往本機，而 {given!r} 不是本機上帶連接埠的 http 位址，例如 "
                          "'http://127.0.0.1:8000/orders'。請用服務自己的 url。"), given=url)


def _check_places(url: str) -> None:
    found = PLACE.search(url)
    rest = url.replace(found[0], "", 1) if found else url
    if "{" in rest or "}" in rest or (found and not 1 <= int(found[1]) <= MOST_ITEMS):
        raise _wrong(Text("In {given!r} only one {{zipf:500}} can stand, one of 500 items by Zipf's law, of 1 to {most:,} items; "
                          "{{zipf:500:0.8}} sets the exponent.",
                          "{given!r} 裡只能有一個 {{zipf:500}}，也就是依齊夫定律取 500 個之一，項目數從 1 到 {most:,}；"
                          "{{zipf:500:0.8}} 可以設定指數。"), given=url, most=MOST_ITEMS)


def _check_request(method: str, headers: Mapping[str, str]) -> None:
    if not _TOKEN.fullmatch(method):
        raise _wrong(Text("{given!r} is not an HTTP method; use 'GET' or 'POST'.",
                          "{given!r} 不是 HTTP 方法，請用 'GET' 或 'POST'。"), given=method)
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not value.isprintable() or not value.isascii():
            raise _wrong(Text("The header {name!r}: {value!r} cannot be sent; use printable ASCII on one line.",
                              "標頭 {name!r}: {value!r} 無法送出，請用單行可見的 ASCII 字元。"), name=name, value=value)


def _loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _whole(value: object) -> bool:
    return isinstance(value, Integral)


def _finite(value: object) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


def _wrong(text: Text, **values: Any) -> ValueError:
    return ValueError(str(text.format(**values)))
