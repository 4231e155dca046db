"""How ``labkit ps`` and ``labkit clean`` say what they found and what they did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from labkit.language import Text
from labkit.show.cells import padded, screen_width
from labkit.tidy.clean import Ended
from labkit.tidy.found import FoundLab, moment_of
from labkit.tidy.labs import Survey

__all__ = ["after", "before", "lasted", "listing", "parts", "silences"]

_STATES = {"alive": Text("alive", "執行中"), "ending": Text("ending", "正在結束"), "left": Text("left behind", "遺留"),
           "elsewhere": Text("alive, started elsewhere", "執行中，由別處啟動")}
_FOR = Text("for {time}", "{time}")
_OWNER = Text("owner: process {pid}, {there}", "擁有者：進程 {pid}，{there}")
_THERE = {"alive": Text("running", "執行中"), "ending": Text("gone", "已結束"), "left": Text("gone", "已結束"),
          "elsewhere": Text("not of this machine or container", "不屬於這台機器或容器")}
_NONE = Text("No lab runs on this machine, and none has left anything.", "這台機器上沒有執行中的實驗，也沒有遺留任何東西。")
_SUM = Text("{all} lab(s), {left} of them left behind.", "{all} 個實驗，其中 {left} 個是遺留的。")
_CLEAN = Text("python -m labkit clean ends what was left.", "python -m labkit clean 會結束遺留的東西。")
_SILENT = Text("The Docker engine at {address} does not answer ({why}); what labs have on it is not seen.",
               "{address} 的 Docker 引擎沒有回應（{why}），看不到實驗在上面的東西。")
_KINDS = {"folder": Text("folder", "資料夾"), "process": Text("process", "進程"), "container": Text("container", "容器"),
          "network": Text("network", "網路"), "volume": Text("volume", "磁碟區")}
_PARTS = {"process": Text("{n} process(es)", "{n} 個進程"), "container": Text("{n} container(s)", "{n} 個容器"),
          "network": Text("{n} network(s)", "{n} 個網路"),
          "volume": Text("{n} volume(s)", "{n} 個磁碟區"), "folder": Text("its folder", "資料夾")}
_UNKNOWN = Text("containers on an engine that does not answer", "沒有回應的引擎上的容器")
_WOULD = Text("Would end of lab {lab}: {parts}.", "會結束實驗 {lab} 的：{parts}。")
_ENDED = Text("Ended of lab {lab}: {parts}.", "已結束實驗 {lab} 的：{parts}。")
_STILL = Text("Could not end of lab {lab}: {parts}.", "無法結束實驗 {lab} 的：{parts}。")
_ID = "0123456789ab"  # as much of an id as docker ps shows
_START = Text("Start the engine, then run this again.", "請啟動引擎，再執行一次。")


def listing(survey: Survey) -> str:
    """Every lab, what it has in lines under it, and a sum."""
    left = sum(lab.state == "left" for lab in survey.labs)
    blocks = ["\n".join(_block(lab)) for lab in survey.labs]
    end = [str(_SUM.format(all=len(survey.labs), left=left) if survey.labs else _NONE), *([str(_CLEAN)] if left else []),
           *silences(survey)]
    return "\n\n".join([*blocks, "\n".join(end)])


def silences(survey: Survey) -> list[str]:
    """A line for each engine on which labs may have something that could not be seen."""
    return [str(_SILENT.format(address=address, why=why)) for address, why in survey.silent.items()]


def before(lab: FoundLab) -> str:
    """What an end of this lab would end."""
    return str(_WOULD.format(lab=lab.name, parts=parts(lab)))


def after(ended: Ended) -> str:
    """What was ended, and what could not be."""
    if ended.remains is None:
        return str(_ENDED.format(lab=ended.lab.name, parts=parts(ended.lab)))
    still = str(_STILL.format(lab=ended.lab.name, parts=parts(ended.remains)))
    return f"{still} {_START}" if ended.remains.silent else still


def parts(lab: FoundLab) -> Text:
    """"3 processes, 1 network, its folder"."""
    numbers = {"process": len(lab.processes), **{kind: len(lab.of_kind(kind)) for kind in ("container", "network", "volume")},
               "folder": int(lab.folder is not None)}
    said = [_PARTS[kind].format(n=n) for kind, n in numbers.items() if n] + [_UNKNOWN] * bool(lab.silent)
    return Text(", ".join(one.en for one in said), "、".join(one.zh for one in said))


def lasted(seconds: float) -> Text:
    """In the unit that says enough: seconds, minutes, hours, days."""
    for size, en, zh in ((86_400, "d", "天"), (3_600, "h", "小時"), (60, "min", "分鐘")):
        if seconds >= size:
            return Text(f"{seconds / size:.3g} {en}", f"{seconds / size:.3g} {zh}")
    return Text(f"{seconds:.0f} s", f"{seconds:.0f} 秒")


def _block(lab: FoundLab) -> Iterator[str]:
    words = [str(_STATES[lab.state])] + ([] if lab.seconds is None else [str(_FOR.format(time=lasted(lab.seconds)))])
    yield f"{lab.name}  {' '.join(words)}"
    if lab.owner is not None:
        yield f"  {_OWNER.format(pid=lab.owner, there=_THERE[lab.state])}"
    yield from _rows(lab)


def _rows(lab: FoundLab) -> Sequence[str]:
    rows = [("folder", lab.folder, "")] if lab.folder else []
    rows += [("process", str(one.pid), f"{one.name}, {_clock(moment_of(one.pid, one.start))}") for one in lab.processes]
    rows += [(one.kind, one.id[:len(_ID)], ", ".join(filter(None, [one.name, one.state]))) for one in lab.made]
    wide = max(screen_width(str(kind)) for kind in _KINDS.values())
    return [f"  {padded(str(_KINDS[kind]), wide, right=False)}  {what:{len(_ID)}}  {more}".rstrip() for kind, what, more in rows]


def _clock(moment: float | None) -> str:
    return "" if moment is None else datetime.fromtimestamp(moment).strftime("%H:%M:%S")
