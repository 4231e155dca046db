"""The reader's guess: a slider where someone is there to move it, a question everywhere."""

from __future__ import annotations

import re

import pytest

from labkit.language import Text
from labkit.show.predict import predict
from tests.unit.labkit.show.stages import on

QUESTION = Text("How long until nobody is answered?", "要多久才會誰都得不到回應？")
WIDGET = "application/vnd.jupyter.widget-view+json"


def test_a_page_shows_the_question_and_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "record")
    data, metadata = predict(QUESTION, 0, 5, "s")._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert "Guess before you read on: 0\u00a0s to 5\u00a0s." in data["text/html"]
    assert "要多久才會誰都得不到回應？" in metadata["zh-Hant"]["text/html"]


@pytest.mark.parametrize(("low", "high", "unit", "words"), [
    (0, 4, "s", ["0 s", "1 s", "2 s", "3 s", "4 s"]), (0, 48, "/s", ["0/s", "10/s", "20/s", "30/s", "40/s", "48/s"]),
    (0, 1, "share", ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])])
def test_a_page_draws_the_scale_with_the_readers_mark_still_open(low: float, high: float, unit: str, words: list[str]) -> None:
    drawn = predict(QUESTION, low, high, unit).html("en")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", drawn.replace("\u00a0", " ")) == [*words, "?"]
    assert "mbe-diamond" in drawn


def test_where_nobody_is_there_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "record")
    assert predict(QUESTION, 0, 5).value is None


def test_a_notebook_gets_the_slider_and_pages_made_of_it_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "notebook")
    data, metadata = predict(QUESTION, 0, 5, "s")._repr_mimebundle_()
    assert set(data) == {WIDGET, "text/html", "text/plain"}
    assert "VBox" not in data["text/plain"]
    assert WIDGET not in metadata["en"]


def test_the_guess_is_none_until_the_slider_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "notebook")
    guess = predict(QUESTION, 0, 5, "s")
    slider = guess._widget
    assert (guess.value, slider.value, slider.question) == (None, None, QUESTION.en)
    assert slider.said.startswith("No guess yet")
    slider.value = 0.8
    assert guess.value == 0.8
    assert slider.said == "Your guess: 0.8 s"


def test_the_slider_has_steps_of_a_hundredth_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "notebook")
    assert predict(QUESTION, 0, 5)._widget.step == pytest.approx(0.05)
    assert predict(QUESTION, 0, 5, step=1)._widget.step == 1


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="low=5 must be less than high=0"):
        predict(QUESTION, 5, 0)
