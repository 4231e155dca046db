"""How a figure is written: three significant digits, its unit, and never a false precision.

    figure(0.0123, "s")     12.3 ms
    figure(0.983, "share")  98.3 %
    figure(38.04, "/s")     38/s
    figure(12345, "")       12,345

Units that labkit knows: ``s`` (seconds), ``/s`` (per second), ``share`` (a part of one, shown as per cent), ``B``
(bytes), ``B/s``, and the empty unit of a count or ratio. Any other unit stands behind the number as it is.
"""

from __future__ import annotations

import math

from labkit.language import Text

__all__ = ["figure", "figures_apart", "join", "plain"]

NOT_MEASURED = Text("not measured", "沒有測得")
_MOST_DIGITS = 12
_SECONDS = ((1e-6, Text("{} ns", "{} 奈秒"), 1e9), (1e-3, Text("{} µs", "{} 微秒"), 1e6),
            (0.1, Text("{} ms", "{} 毫秒"), 1e3), (math.inf, Text("{} s", "{} 秒"), 1.0))
_BYTES = ((2.0**10, "B", 1.0), (2.0**20, "KiB", 2.0**-10), (2.0**30, "MiB", 2.0**-20), (math.inf, "GiB", 2.0**-30))


def plain(value: float, digits: int = 3) -> str:
    """``value`` with ``digits`` significant digits, no trailing zeros, thousands apart; never in powers of ten."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def figure(value: float | None, unit: str = "", digits: int = 3) -> Text:
    """``value`` with its unit, in both languages. NaN, and the None that stands for it in JSON, is "not measured"."""
    if value is None or math.isnan(value):
        return NOT_MEASURED
    if unit == "s":
        return _seconds(value, digits)
    if unit == "share":
        return _same(f"{plain(value * 100, digits)} %")
    if unit == "/s":
        return Text(f"{plain(value, digits)}/s", f"{plain(value, digits)}/秒")
    if unit in ("B", "B/s"):
        return _bytes(value, unit.removeprefix("B"), digits)
    return _same(f"{plain(value, digits)} {unit}".rstrip())


def figures_apart(a: float, b: float, unit: str = "") -> tuple[Text, Text]:
    """Both figures, with as many digits as it takes to tell them apart: 94.96 % is not shown as 95 % beside 95 %."""
    for digits in range(3, _MOST_DIGITS):
        shown = figure(a, unit, digits), figure(b, unit, digits)
        if shown[0] != shown[1] or a == b:
            return shown
    return figure(a, unit, _MOST_DIGITS), figure(b, unit, _MOST_DIGITS)


def _seconds(value: float, digits: int) -> Text:
    size = abs(value) or math.inf
    form, scale = next((form, scale) for below, form, scale in _SECONDS if size < below or below == math.inf)
    return Text(form.en.format(plain(value * scale, digits)), form.zh.format(plain(value * scale, digits)))


def _bytes(value: float, per: str, digits: int) -> Text:
    name, scale = next((name, scale) for below, name, scale in _BYTES if abs(value) < below or below == math.inf)
    return Text(f"{plain(value * scale, digits)} {name}{per}",
                f"{plain(value * scale, digits)} {name}{per.replace('/s', '/秒')}")


def _same(text: str) -> Text:
    return Text(text, text)


def join(*parts: Text | str) -> Text:
    """The parts with a blank between them; a string stands in both languages."""
    return Text(*(" ".join(part if isinstance(part, str) else getattr(part, side) for part in parts)
                  for side in ("en", "zh")))
