"""The progress of a load: seen while it runs, one sentence when it has ended."""

from __future__ import annotations

import pytest

from labkit.language import Text
from labkit.show.note import Note
from labkit.show.progress import Progress
from tests.unit.labkit.show.stages import on


def test_in_a_notebook_one_output_changes_and_ends_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = on(monkeypatch, "notebook")
    with Progress(8) as progress:
        progress(0.25, 96, 90)
        progress(0.5, 192, 180)
    assert [shown.plain("en") for shown in notebook.seen] == [
        "Load for 8 s: 6 s left, 96 sent, 90 answered", "Load for 8 s: 4 s left, 192 sent, 180 answered",
        "192 requests sent in 8 s, 180 answered in time."]
    (left,) = notebook.outputs
    assert isinstance(left, Note)
    assert "<progress" not in left.html("en")


def test_the_bar_is_the_browsers_own_and_says_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = on(monkeypatch, "notebook")
    with Progress(8) as progress:
        progress(0.25, 96, 90)
        assert '<progress max="1" value="0.250" aria-label="Load for 8 s: 6 s left' in notebook.outputs[0].html("en")


def test_where_nobody_watches_there_is_the_sentence_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = on(monkeypatch, "record")
    with Progress(8) as progress:
        progress(0.5, 192, 180)
    assert [str(shown) for shown in notebook.seen] == ["192 requests sent in 8 s, 180 answered in time."]


def test_in_a_terminal_a_line_is_written_over_and_a_sentence_remains(monkeypatch: pytest.MonkeyPatch,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    on(monkeypatch, "terminal")
    with Progress(8) as progress:
        progress(0.5, 192, 180)
    out, err = capsys.readouterr()
    assert err == "\r\x1b[KLoad for 8 s: 4 s left, 192 sent, 180 answered\r\x1b[K"
    assert out == "192 requests sent in 8 s, 180 answered in time.\n"


def test_the_sentence_can_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = on(monkeypatch, "record")
    with Progress(8) as progress:
        progress.ended(Text("Done.", "完成。"))
    assert str(notebook.outputs[0]) == "Done."


def test_a_load_that_was_stopped_says_so_and_lets_the_error_through(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = on(monkeypatch, "notebook")

    def interrupted() -> None:
        with Progress(8) as progress:
            progress(0.25, 96, 90)
            progress.ended(Text("Done.", "完成。"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert str(notebook.outputs[0]) == "Stopped after 96 of the requests, 90 answered."
