"""What the report says beside the findings: its title, its sum, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.doctor.finding import Examination, Finding
from labkit.language import Text
from labkit.substrates.packages import install_command

__all__ = ["SIGNS", "outcome", "together"]

SIGNS = {"here": "mended", "lacking": "open", "missing": "failed"}
"""Which of ``labkit.show.signs`` stands for a state."""

_PLACES = {"docker": Text("as Docker containers", "以 Docker 容器執行"), "process": Text("as local processes", "以本機進程執行")}
_RUN = Text("Labs run here, {place}.", "這裡可以執行實驗，{place}。")
_DO_NOT = Text("Something that labs need is missing here: {names}.", "這裡缺少實驗所需的東西：{names}。")


def outcome(found: Examination) -> Text:
    """In a sentence: can labs run here, and if not, for lack of what."""
    if not found.missing:
        return _RUN.format(place=_PLACES.get(found.substrate, found.substrate))
    names = [gap.name for gap in found.missing]
    return _DO_NOT.format(names=Text("; ".join(name.en for name in names), "、".join(name.zh for name in names)))


def together(gaps: Sequence[Finding]) -> str:
    """One command for all packages that are missing, where there are several; else ""."""
    prefix = install_command(debian="@", fedora="@", brew="@").partition("@")[0]
    packages = [gap.command.removeprefix(prefix) for gap in gaps if prefix and gap.command.startswith(prefix)]
    return prefix + " ".join(dict.fromkeys(packages)) if len(packages) > 1 else ""
