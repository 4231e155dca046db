"""JupyterLab in a real browser, as `./run lab` opens it: the first lab runs from its first cell to its last."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.needs import browser
from tests.support.owners import ROOT
from tests.support.remains import MARK, Remains
from tests.support.waiting import wait_for

LAB = "avalanche_1_collapse"
CODE = [cell for cell in json.loads((ROOT / "labs" / f"{LAB}.ipynb").read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"]
START_SECONDS, RUN_SECONDS, RESTART_SECONDS = 120, 400, 30
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(900)]


@pytest.fixture
def remains(tmp_path: Path) -> Remains:
    return Remains(secrets.token_hex(8), tmp_path)


@pytest.fixture
def page(remains: Remains, tmp_path: Path) -> Iterator[Page]:
    """The page that `./run lab` says to open."""
    log = tmp_path / "jupyter.log"
    _never_save(tmp_path / "settings")
    variables = {**os.environ, MARK: remains.mark, "LABKIT_TMP": str(tmp_path), "LABKIT_LANGUAGE": "en", "CI": "",
                 "LABKIT_RECORDS": str(tmp_path / "claims"), "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
                 "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces")}
    with log.open("wb") as output:
        server = subprocess.Popen([ROOT / "run", "lab", "--no-browser", "--port=0", "--ServerApp.port_retries=0"],
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=variables)
    try:
        address = wait_for(lambda: re.search(r"http://127\.0\.0\.1:\d+/lab\S+", log.read_text("utf-8")),
                           "the address of JupyterLab", START_SECONDS)
        with _open(address.group()) as opened:
            yield opened
    finally:
        server.terminate()
        server.wait()


def _never_save(settings: Path) -> None:
    """The lab that runs is the checkout's own, and its file must stay as it is."""
    manager = settings / "@jupyterlab" / "docmanager-extension"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text('{"autosave": false}', "utf-8")


@contextlib.contextmanager
def _open(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(address)
        page.get_by_role("heading", name="Avalanche 1: how one hung service").wait_for(timeout=90_000)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=90_000)
        yield page
        chromium.close()


def test_run_all_then_restart_in_the_middle(page: Page, remains: Remains) -> None:
    _menu(page, "Run", "Run All Cells")
    wait_for(lambda: (remains.folder / "claims" / "remedies.retry-budget.json").exists(), "the last claim", RUN_SECONDS)
    idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    idle.wait_for(timeout=120_000)
    _every_output_is_there(page)

    kernel = _kernel(remains)
    remains.look()
    _menu(page, "Run", "Run All Cells")
    wait_for(lambda: len(remains.look()) > 8 and remains.folders(), "a lab that runs", RESTART_SECONDS)
    _menu(page, "Kernel", "Restart Kernel…")
    page.get_by_role("button", name=re.compile("Restart")).last.click()
    wait_for(lambda: _kernel(remains) != kernel, "another kernel", RESTART_SECONDS)
    wait_for(lambda: not remains.folders(), "nothing left of the lab", 5.0)
    assert [line for line in remains.left() if "labkit" in line] == []


def _every_output_is_there(page: Page) -> None:
    """JupyterLab draws only the cells in sight, so each is scrolled to and looked at."""
    charts = 0
    for number, cell in enumerate(CODE):
        shown = _cell(page, cell["id"])
        assert shown.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0, number
        assert "Traceback" not in shown.inner_text(), shown.inner_text()
        assert "VBox(" not in shown.inner_text(), shown.inner_text()
        if not cell["source"][-1].startswith(("guess = ", "lab = ")):
            expect(shown.locator(".jp-OutputArea-output").first).to_be_attached()
        charts += shown.locator("svg[role=img]").count()
    assert charts >= 8, charts


def _cell(page: Page, identity: str) -> Locator:
    position = next(index for index, cell in enumerate(_cells()) if cell["id"] == identity)
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{position}']")
    for _ in range(200):
        if cell.count() and cell.is_visible():
            break
        page.locator(".jp-WindowedPanel-outer").first.evaluate("outer => outer.scrollBy(0, 300)")
        page.wait_for_timeout(50)
    cell.scroll_into_view_if_needed()
    return cell


def _cells() -> list[dict[str, str]]:
    cells: list[dict[str, str]] = json.loads((ROOT / "labs" / f"{LAB}.ipynb").read_text("utf-8"))["cells"]
    return cells


def _kernel(remains: Remains) -> int:
    """The newest kernel of this server."""
    kernels = [process for process in remains.alive() if "ipykernel_launcher" in " ".join(process.cmdline())]
    return max(kernels, key=lambda process: process.create_time()).pid if kernels else 0


def _menu(page: Page, menu: str, item: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).first.click()
    page.get_by_role("menuitem", name=item).first.click()
