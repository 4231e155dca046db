"""What every fault is: a name, its settings, what it needs from its target, and a label for charts.

A fault is a description, a frozen value: ``Latency(3.0)`` does nothing by itself. An
:class:`~labkit.faults.injection.Injection` puts it into a target and takes it out again. The words are those of the
field: a fault is *injected* and *lifted*.
"""

from __future__ import annotations

import difflib
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from labkit.language import Text

__all__ = ["Fault", "FaultError", "require", "require_number", "require_share", "unknown"]


class FaultError(ValueError):
    """A fault that cannot be: ``text`` says in both languages what is wrong and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class Fault(ABC):
    """Base of all faults; each is a frozen dataclass whose fields are its settings.

    ``name`` is how the fault is called in commands; ``needs`` is the capability that a target must have: "proxy" (a
    fault of the network), "signals" (of a process), "cpus" or "network" (of a container).
    """

    name: ClassVar[str]
    needs: ClassVar[str]

    @property
    @abstractmethod
    def label(self) -> Text:
        """The fault and its grade, short enough for a chart: "latency 3 s"."""

    def settings(self) -> dict[str, Any]:
        """The fields by name, as JSON can carry them; ``type(fault)(**fault.settings()) == fault``."""
        return dict(vars(self))


def require(condition: bool, message: Text) -> None:
    """Raise :class:`FaultError` with ``message`` unless ``condition`` holds."""
    if not condition:
        raise FaultError(message)


def require_number(setting: str, value: Any, unit: Text) -> None:
    """A setting must be a finite number, not negative: "3 s", None and NaN are not."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    require(number, Text("{setting} is {value!r}: give a number of {unit}, for example {setting}=3.0.",
                         "{setting} 是 {value!r}：請給一個數字（單位：{unit}），例如 {setting}=3.0。")
            .format(setting=setting, value=value, unit=unit))
    require(value >= 0, Text("{setting} is {value:g}, but there are no negative {unit}: give 0 or more.",
                             "{setting} 是 {value:g}，但{unit}不能是負的：請給 0 以上的數字。")
            .format(setting=setting, value=value, unit=unit))


def require_share(value: Any) -> None:
    """A share must be a number from 0 (none) to 1 (all)."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    require(number and 0 <= value <= 1,
            Text("share is {value!r}: give a number from 0 (none) to 1 (all); 30 % is share=0.3.",
                 "share 是 {value!r}：請給 0（全無）到 1（全部）之間的數字；30 % 是 share=0.3。").format(value=value))


def unknown(kind: Text, name: str, known: Iterable[str]) -> Text:
    """The sentence for a name that is not known: the nearest one that is, or all of them."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1)
    if nearest:
        hint = Text('did you mean "{name}"?', "是不是「{name}」？").format(name=nearest[0])
    else:
        listed = Text(", ".join(names) or "none yet", "、".join(names) or "還沒有")
        hint = Text("known: {listed}.", "已知的有：{listed}。").format(listed=listed)
    return Text('There is no {kind} "{name}"; {hint}', "沒有叫「{name}」的{kind}；{hint}").format(
        kind=kind, name=name, hint=hint)
