"""What a lab asks of its reader is read off its run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book._ext.effort import seconds


def _run(folder: Path, *cells: dict[str, str]) -> Path:
    path = folder / "lab.ipynb"
    code = [{"cell_type": "code", "outputs": [], "metadata": {"execution": cell}} for cell in cells]
    path.write_text(json.dumps({"metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}}, *code]}))
    return path


def test_a_run_took_from_the_first_cell_to_the_last(tmp_path: Path) -> None:
    run = _run(tmp_path, {"iopub.status.busy": "2026-01-02T10:00:59.500000Z", "iopub.status.idle": "2026-01-02T10:01:00.000000Z"},
               {"iopub.status.busy": "2026-01-02T10:02:00.000000Z", "iopub.status.idle": "2026-01-02T10:03:04.000000Z"})
    assert seconds(run) == pytest.approx(124.5)


def test_a_lab_that_was_not_run_took_no_known_time(tmp_path: Path) -> None:
    assert seconds(tmp_path / "missing.ipynb") is None
    assert seconds(_run(tmp_path)) is None
