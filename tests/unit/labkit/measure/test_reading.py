"""A recorded run that is none is refused with a sentence, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labkit.measure import reading
from labkit.measure.reading import read
from tests.unit.labkit.measure.test_recorded import made

WHOLE = made().to_json()


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    run = json.loads(WHOLE)
    change(run)
    return json.dumps(run)


@pytest.mark.parametrize(("version", "said"), [(2, "has version 2"), (None, "has version None"), ("1", "has version 1")])
def test_another_version_is_named(version: object, said: str) -> None:
    with pytest.raises(ValueError, match=f"{said}, and this labkit reads version 1. Record it anew"):
        read(broken(lambda run: run.update(version=version)))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_one_that_is_cut_short_is_told_so(share: float) -> None:
    with pytest.raises(ValueError, match="cut short or is no JSON"):
        read(WHOLE[:int(share * len(WHOLE))])


@pytest.mark.parametrize("text", ["NaN", '{"version": 1, "seconds": Infinity}', "[" * 100_000, "<html>"])
def test_what_is_no_json_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        read(text)


@pytest.mark.parametrize("text", ["[]", "null", "7", '"text"', "{}"])
def test_what_is_no_run_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match="has version None"):
        read(text)


def test_a_huge_one_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "from_json", lambda *_, **__: pytest.fail("parsed"))
    with pytest.raises(ValueError, match="larger than 2 MiB"):
        read(" " * (2 * 2**20 + 1))


@pytest.mark.parametrize("key", [key for key in json.loads(WHOLE) if key not in ("version", "title", "lab", "machine")])
@pytest.mark.parametrize("value", [None, True, -1, "x", [None], {"a": 1}], ids=str)
def test_a_broken_one_is_told_so_with_the_place(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"This recorded run is broken at “{key}"):
        read(broken(lambda run: run.update({key: value})))


def test_a_missing_part_is_told_so() -> None:
    for key in json.loads(WHOLE):
        if key not in ("version", "title"):
            with pytest.raises(ValueError, match=f"is broken at “{key}”"):
                read(broken(lambda run, key=key: run.pop(key)))


@pytest.mark.parametrize("change", [
    lambda run: run["calls"]["POST /orders"].update(outcome="ooo"),
    lambda run: run["calls"]["POST /orders"].update(outcome="xtrese"),
    lambda run: run["calls"]["POST /orders"].update(ms=[[1]] * 6),
    lambda run: run["calls"]["POST /orders"].update(at=[10**400] * 6),
    lambda run: run["calls"]["POST /orders"].update(at=[2**62] * 6),
    lambda run: run["calls"].update({"GET /": run["calls"]["POST /orders"]}),
    lambda run: run["series"]["storefront"].update(busy=[1, 2]),
    lambda run: run["services"].append(run["services"][0]),
    lambda run: run["links"].append(["storefront", "nobody"]),
    lambda run: run["faults"][0].update(end="soon"),
    lambda run: run["states"][0].update(state="ajar"),
    lambda run: run.update(seconds=-1),
    lambda run: run.update(step=0),
])
def test_what_cannot_be_is_told_so(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ValueError, match=r"This recorded run is broken|no JSON"):
        read(broken(change))


def test_the_sentence_is_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    with pytest.raises(ValueError, match="這次錄下的執行是第 9 版，而這個 labkit 讀的是第 1 版"):
        read(broken(lambda run: run.update(version=9)))
