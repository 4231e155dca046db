"""``python -m labkit get``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from labkit.get.bring import bring
from labkit.get.listing import in_words, listing
from labkit.get.state import standings
from labkit.get.wanted import KNOWN, systems_named

__all__ = ["get"]


def get(words: Sequence[str], everything: bool, as_json: bool, sure: bool) -> int:
    """Bring them, and say where each is; 1 when one could not be had. Without names, or with ``everything``, list what is known."""
    names = systems_named(words)
    if everything or not names:
        found = standings(names or KNOWN)
        print(json.dumps([one.to_json() for one in found], indent=1) if as_json else listing(found))
        return 0
    done = [bring(name, sure) for name in names]
    if as_json:
        print(json.dumps([one.to_json() for one in done], ensure_ascii=False, indent=1))
    else:
        print("\n".join(str(in_words(one)) for one in done))
    return int(any(one.trouble for one in done))
