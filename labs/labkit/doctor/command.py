"""``python -m labkit doctor``, which is ``./run doctor``, and ``Lab.doctor()``. What they need is loaded when they are asked."""

from __future__ import annotations

import json

from labkit.language import reader_language

__all__ = ["doctor", "show_doctor"]


def doctor(as_json: bool, mend: bool) -> int:
    """Examine, mend if asked to and examine again; the status is 0 when labs run here, 1 when something is missing."""
    from labkit.doctor.examine import examine
    from labkit.doctor.fix import fix, left
    from labkit.doctor.terminal import report

    found = examine()
    if mend:
        fix(found)
        found = examine()
    print(json.dumps(found.to_json(), ensure_ascii=False, indent=1) if as_json else report(found, reader_language()))
    if mend and not as_json:
        print("", *left(found), sep="\n")
    return found.status


def show_doctor() -> None:
    """Show what this machine has of what labs need, and for each gap the one command that mends it. No lab is opened."""
    from labkit.doctor.card import ExaminationCard
    from labkit.doctor.examine import examine
    from labkit.show.note import put

    put(ExaminationCard(examine()))
