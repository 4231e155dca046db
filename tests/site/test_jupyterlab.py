"""JupyterLab in a real browser, as `./run lab` opens it: the first lab runs from its first cell to its last."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.jupyterlab import STDERR, Notebook, Server, jupyterlab
from tests.support.remains import Remains
from tests.support.waiting import wait_for

LAB = "avalanche_1_collapse.ipynb"
RUN_SECONDS, CELL_SECONDS = 400, 60
LAB_PROCESSES = 7  # supervisor, template, proxy, three services, and the load
HAN = re.compile(r"[\u4e00-\u9fff]")
RAW_MARKUP = re.compile(r"\{[a-z-]+\}`|:::")
CHART = re.compile(r"lab\.chart\.(?!replay)|\.compare\(")

pytestmark = [pytest.mark.needs("chromium", "chinese font"), pytest.mark.alone, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as one:
        yield one


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1440, "height": 1000})
    yield opened
    opened.close()


def test_run_all_chosen_before_the_kernel_has_started_runs_every_cell_and_shows_every_output(
        page: Page, server: Server) -> None:
    held: list[Route] = []
    page.route(re.compile("/api/sessions"), lambda route: _hold(route, held))
    notebook = Notebook(page, server, LAB)
    notebook.menu("Run", "Run All Cells")
    expect(notebook.prompt(notebook.code[0])).to_have_text("[*]:")
    for route in held:
        route.continue_()
    assert held, "the kernel was still to be started"

    notebook.finish(notebook.code[-1], RUN_SECONDS)
    for cell in notebook.code:
        _is_shown_well(cell, notebook.output(cell))
    _guess_by_keyboard(page)
    drawn = next(cell for cell in notebook.code if "guess=guess" in "".join(cell["source"]))
    notebook.run(drawn)
    expect(notebook.output(drawn).first).to_contain_text("your guess")
    for cell in notebook.prose:
        assert not RAW_MARKUP.search(notebook.text(cell)), cell["id"]


def test_restart_in_the_middle_of_a_load_leaves_nothing_behind(page: Page, server: Server) -> None:
    notebook = Notebook(page, server, LAB)
    notebook.menu("Run", "Run All Cells")
    lab = Remains(secrets.token_hex(8), server.remains.folder)
    kernel = wait_for(lambda: next((pid for pid in server.kernels() if _children(pid)), 0), "a kernel with a lab", CELL_SECONDS)
    wait_for(lambda: len(lab.look(*_children(kernel))) >= LAB_PROCESSES, "a load on three services", CELL_SECONDS)
    assert lab.folders()

    notebook.menu("Kernel", "Restart Kernel…")
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    wait_for(lambda: not psutil.pid_exists(kernel), "the end of the old kernel", CELL_SECONDS)
    lab.assert_gone(seconds=2.0)
    wait_for(server.kernels, "a new kernel", CELL_SECONDS)
    assert not [pid for pid in server.kernels() if _children(pid)]


def test_the_chinese_notebook_reads_and_answers_in_chinese(page: Page, server: Server) -> None:
    notebook = Notebook(page, server, f"zh-Hant/{LAB}")
    for cell in notebook.prose:
        assert HAN.search(notebook.text(cell)), cell["id"]
    set_up = [cell for cell in notebook.code if cell["id"] in ("lab", "services-start", "picture")]
    for cell in set_up:
        notebook.run(cell)
    notebook.finish(set_up[-1], CELL_SECONDS)
    for cell in set_up:
        assert HAN.search(notebook.output(cell).first.inner_text()), cell["id"]


def _hold(route: Route, held: list[Route]) -> None:
    """Keep the request that starts the kernel for later, and let every other one through."""
    if route.request.method == "POST" and not held:
        held.append(route)
    else:
        route.continue_()


def _guess_by_keyboard(page: Page) -> None:
    """Move the slider with the arrow keys, until the kernel says the guess."""
    slider = page.get_by_role("slider", name="Your guess")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Your guess: 2.2 s")).to_be_visible(timeout=CELL_SECONDS * 1000)


def _is_shown_well(cell: dict[str, Any], output: Locator) -> None:
    """Something to read, in words or as a chart or table, within the page; no warning and no widget's name."""
    source, said = "".join(cell["source"]), "\n".join(output.all_inner_texts())
    assert said.strip(), source
    assert not re.search(r"Traceback|VBox\(|Slider\(", said), said
    assert output.locator(STDERR).count() == 0, said
    if CHART.search(source):
        chart = output.locator("svg[role=img]:visible").first
        box = chart.bounding_box()
        assert box, source
        assert box["width"] > 300, box
        assert chart.locator("text").count() > 2, source
    if "lab.chart.replay(" in source:  # the figure of the site's pages, live
        expect(output.locator("canvas[role=img]").first).to_be_visible()
        expect(output.get_by_role("slider", name="Second of the run")).to_be_visible()
        assert "Recorded on" in said, said
    if "lab.claim(" in source:
        expect(output.locator("table.mbe-table").last).to_be_visible()
    assert output.evaluate_all("outputs => outputs.every(one => one.scrollWidth <= one.clientWidth + 1)"), source


def _children(pid: int) -> list[int]:
    """The processes right below a kernel: of a lab that is the supervisor."""
    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.NoSuchProcess:
        return []
