"""Where output goes."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from labkit.language import Text
from labkit.show.note import note, put
from labkit.show.where import stage
from tests.unit.labkit.show.stages import on

DONE = Text("Done.", "完成。")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: False))


def _shell(monkeypatch: pytest.MonkeyPatch, shell: object) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


def test_a_kernel_is_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    _shell(monkeypatch, SimpleNamespace(kernel=object()))
    assert stage() == "notebook"


def test_ipython_without_a_kernel_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    _shell(monkeypatch, SimpleNamespace())
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    assert stage() == "terminal"


def test_a_script_with_its_output_in_a_file_is_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert stage() == "record"


def test_in_ci_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    _shell(monkeypatch, SimpleNamespace(kernel=object()))
    monkeypatch.setenv("CI", "true")
    assert stage() == "record"


def test_a_notebook_gets_an_output_and_a_terminal_a_line(monkeypatch: pytest.MonkeyPatch,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    notebook = on(monkeypatch, "notebook")
    put(note(DONE))
    on(monkeypatch, "terminal")
    put(note(DONE))
    assert [str(shown) for shown in notebook.outputs] == ["Done."]
    assert capsys.readouterr().out == "Done.\n"
