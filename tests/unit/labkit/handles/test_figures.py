"""The book's figures in a notebook: known by name, and fed with a run."""

from __future__ import annotations

import pytest

from labkit.handles.figures import play, replay
from labkit.language import Text
from labkit.show.live import State
from tests.unit.labkit.measure.test_recorded import SCENE, made


def test_a_figure_is_had_by_its_name_with_preset_and_parameters() -> None:
    shown = play("avalanche", "hang", {"rate": 12}, 7)
    assert (shown.name, shown.state) == ("avalanche", State("hang", {"rate": 12}, 7))


@pytest.mark.parametrize(("name", "preset", "said"), [
    ("avalanch", None, "no figure “avalanch”. Did you mean avalanche"),
    ("avalanche", "hangs", "no preset “hangs”. Did you mean hang")])
def test_an_unknown_one_is_told_with_the_nearest(name: str, preset: str | None, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        play(name, preset, {}, 1)


def test_a_run_is_replayed_with_its_date_and_its_machine() -> None:
    shown = replay(made(), Text("An avalanche", "雪崩"))
    assert shown.state.recording is not None
    assert shown.state.recording["title"] == {"en": "An avalanche", "zh-Hant": "雪崩"}
    assert f"2025-11-23, {SCENE.machine}" in shown.plain("en")
    assert "This run at 0.9 s" in shown.plain("en")
    assert "storefront: 48 of 48 threads busy" in shown.plain("en")
    assert "storefront：48 個線程中 48 個忙碌" in shown.plain("zh-Hant")


def test_a_run_without_services_that_tell_anything_is_replayed_too() -> None:
    assert "This run at 0 s" in replay(made(watch={}), None).plain("en")
