"""``python -m labkit ps`` and ``python -m labkit clean``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from labkit.language import Text
from labkit.tidy.clean import end_lab, to_end
from labkit.tidy.labs import find_labs
from labkit.tidy.listing import after, before, listing, parts, silences

__all__ = ["clean", "ps"]

_NOTHING = Text("No lab has left anything.", "沒有實驗遺留任何東西。")
_LIVING = Text("These labs are alive, and --all ends them:", "以下實驗還在執行，--all 會結束它們：")
_SURE = Text("End them? [y/N] ", "要結束它們嗎？[y/N] ")
_ASK = Text("--all ends living labs too. Nobody is here to be asked, so say it with --yes, or leave --all out.",
            "--all 也會結束執行中的實驗。這裡沒有人可以詢問，請加上 --yes，或不要用 --all。")
_KEPT = Text("Nothing was ended.", "沒有結束任何東西。")


def ps(as_json: bool) -> int:
    """List the labs of this user on this machine."""
    survey = find_labs()
    if as_json:
        print(json.dumps({"labs": [lab.to_json() for lab in survey.labs], "silent_engines": survey.silent}, ensure_ascii=False,
                         indent=1))
    else:
        print(listing(survey))
    return 0


def clean(names: Sequence[str], everything: bool, sure: bool, dry: bool) -> int:
    """End what labs whose owner is gone have left, of these names or of all; 1 when some of it could not be ended."""
    survey = find_labs()
    labs = to_end(survey.labs, names, everything)
    if not labs:
        print(_NOTHING, *silences(survey), sep="\n")
        return 0
    if dry:
        print("\n".join(before(lab) for lab in labs))
        return 0
    living = [lab for lab in labs if lab.state != "left"]
    if living and not sure and not _agreed([f"  {lab.name}  {parts(lab)}" for lab in living]):
        print(_KEPT)
        return 0
    done = []
    for lab in labs:
        done.append(end_lab(lab))
        print(after(done[-1]), flush=True)
    return int(any(ended.remains is not None for ended in done))


def _agreed(lines: list[str]) -> bool:
    if not sys.stdin.isatty():
        raise ValueError(str(_ASK))
    print(_LIVING, *lines, sep="\n")
    return input(str(_SURE)).strip().lower() in ("y", "yes", "是")
