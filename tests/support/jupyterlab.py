"""JupyterLab as ``./run lab`` starts it, and a notebook in it as a reader works with it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.owners import ROOT
from tests.support.remains import MARK, Remains
from tests.support.waiting import wait_for

__all__ = ["Notebook", "Server", "jupyterlab"]

START_SECONDS = 120
ERROR = "[data-mime-type='application/vnd.jupyter.error']"
STDERR = "[data-mime-type='application/vnd.jupyter.stderr']"


@dataclass
class Server:
    """A running JupyterLab: its address, and what carries its mark."""

    address: str
    remains: Remains

    def at(self, notebook: str) -> str:
        """The address of a notebook below ``labs``, alone: without what an earlier page had open."""
        return re.sub(r"/tree/[^?]+", f"/tree/{notebook}", self.address) + "&reset"

    def kernels(self) -> list[int]:
        """The kernels that run, the newest last."""
        found = [one for one in self.remains.alive() if "ipykernel_launcher" in " ".join(one.cmdline())]
        return [one.pid for one in sorted(found, key=lambda one: one.create_time())]


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[Server]:
    """``./run lab`` on a free port, with settings, records and labs' folders below ``folder``."""
    log, remains = folder / "jupyter.log", Remains(secrets.token_hex(8), folder)
    _never_save(folder / "settings")
    private = {"LABKIT_TMP": folder, "LABKIT_RECORDS": folder / "claims", "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
               "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces", "JUPYTER_RUNTIME_DIR": folder / "runtime"}
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "DISPLAY", "LABKIT_LANGUAGE")}
    variables = kept | {name: str(path) for name, path in private.items()} | {MARK: remains.mark, "LC_ALL": "C.UTF-8"}
    with log.open("wb") as output:
        server = subprocess.Popen([ROOT / "run", "lab", "--no-browser", "--port=0", "--ServerApp.port_retries=0"],
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=variables)
    try:
        said = wait_for(lambda: re.search(r"http://127\.0\.0\.1:\d+/lab\S+", log.read_text("utf-8")),
                        "the address of JupyterLab", START_SECONDS)
        yield Server(said.group(), remains)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        remains.end()
        server.wait()


def _never_save(settings: Path) -> None:
    """The lab that runs is the checkout's own, and its file must stay as it is."""
    manager = settings / "@jupyterlab" / "docmanager-extension"
    manager.mkdir(parents=True)
    (manager / "plugin.jupyterlab-settings").write_text('{"autosave": false}', "utf-8")


class Notebook:
    """A notebook that is open in a page of JupyterLab."""

    def __init__(self, page: Page, server: Server, path: str) -> None:
        self.page, self.path = page, path
        page.goto(server.at(path))
        expect(self.cell(self.cells[0]).get_by_role("heading", level=1)).to_be_visible(timeout=START_SECONDS * 1000)

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """The cells as they are in the file; each with its ``position``."""
        cells: list[dict[str, Any]] = json.loads((ROOT / "labs" / self.path).read_text("utf-8"))["cells"]
        return [{**cell, "position": position} for position, cell in enumerate(cells)]

    @cached_property
    def code(self) -> list[dict[str, Any]]:
        """The cells with code."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @cached_property
    def prose(self) -> list[dict[str, Any]]:
        """The cells with text."""
        return [cell for cell in self.cells if cell["cell_type"] == "markdown"]

    def text(self, cell: dict[str, Any]) -> str:
        """The text of a cell with prose, brought into sight: what is far from it JupyterLab draws later."""
        self.cell(cell).scroll_into_view_if_needed()
        expect(self.cell(cell).locator(".jp-RenderedMarkdown")).not_to_be_empty()
        return self.cell(cell).inner_text()

    def cell(self, cell: dict[str, Any]) -> Locator:
        """Where it is on the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(cell["position"])

    def prompt(self, cell: dict[str, Any]) -> Locator:
        """What stands before its code: [ ], [*] while it waits or runs, or its number."""
        return self.cell(cell).locator(".jp-InputPrompt")

    def menu(self, menu: str, item: str) -> None:
        """Choose from the menu bar."""
        self.page.get_by_role("menuitem", name=menu, exact=True).first.click()
        self.page.get_by_role("menuitem", name=item).first.click()

    def run(self, cell: dict[str, Any]) -> None:
        """Run one cell, by the keyboard."""
        self.cell(cell).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def finish(self, last: dict[str, Any], seconds: float) -> None:
        """Wait until ``last`` has run; an assertion says which cell failed, if one did."""
        ended = self.prompt(last).get_by_text(re.compile(r"\[\d+\]"))
        ended.or_(self.page.locator(ERROR)).first.wait_for(timeout=seconds * 1000)
        failed = self.page.locator(f".jp-Cell:has({ERROR})")
        assert not failed.count(), failed.first.inner_text()

    def output(self, cell: dict[str, Any]) -> Locator:
        """What a cell has shown, brought into sight."""
        shown = self.cell(cell).locator(".jp-OutputArea-output")
        shown.first.scroll_into_view_if_needed()
        expect(shown.first).to_be_visible()
        wait_for(lambda: "".join(shown.all_inner_texts()).strip(), f"the output of {cell['id']} to be drawn")
        return shown
