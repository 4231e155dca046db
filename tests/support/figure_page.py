"""A page with one figure on it, hosted as the site hosts it: a plain object for a model, and the book's colours."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from book.tools.figures import write
from book.tools.tree import HERE
from labkit.show.style import VISUAL
from tests.support.chromium import served

__all__ = ["Figure", "Host", "hosted", "sources"]

_PAGE = """<!doctype html><html lang="{language}" data-theme="{theme}"><meta name="viewport" content="width=device-width">
<title>figure</title><link rel="stylesheet" href="visual.css">
<style>body {{ background: var(--mbe-paper); margin: 12px; }} main {{ max-width: 760px; margin: auto; }}</style>
<main><div id="figure"></div></main>
<script type="module">
import figure from "./figures/{name}.js";
const state = {state};
const heard = [];
window.host = {{ state, heard, el: document.getElementById("figure") }};
const set = (key, value) => {{
  state[key] = value;
  if (key === "said") heard.push([performance.now(), value]);
}};
const model = {{ get: (key) => state[key], set, save_changes() {{}}, on() {{}}, off() {{}} }};
window.host.end = figure.render({{ model, el: window.host.el }});
window.host.ready = true;
</script></html>"""


@dataclass
class Figure:
    """A figure in a browser: what a reader does with it, and what it says."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def press(self, name: str) -> None:
        """A click on the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def step(self, times: int, name: str = "Step") -> None:
        """By the keyboard: so many tenths of a second."""
        button = self.page.get_by_role("button", name=name, exact=True)
        button.focus()
        for _ in range(times):
            self.page.keyboard.press("Enter")

    def data(self, name: str) -> str:
        """What the figure has written on its element: ``at``, ``state``."""
        return str(self.page.evaluate("(name) => host.el.dataset[name]", name))

    @property
    def at(self) -> float:
        return float(self.data("at"))

    @property
    def said(self) -> str:
        """The sentence as it stands on the page."""
        return self.page.locator(".mbe-said").inner_text()

    @property
    def picture(self) -> str:
        """The picture in words."""
        return self.page.locator("canvas").get_attribute("aria-label") or ""

    @property
    def text(self) -> str:
        """All that can be read, the picture in words included."""
        return f"{self.page.locator('#figure').inner_text()}\n{self.picture}"


@dataclass
class Host:
    """Where figures are served."""

    browser: Browser
    address: str

    @contextlib.contextmanager
    def show(self, name: str, *, width: int = 800, theme: str = "light", motion: str = "no-preference",
             before: str = "", **state: Any) -> Iterator[Figure]:
        """The figure on a page of its own; ``state`` is its model, ``before`` runs first. An error on the page fails."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, reduced_motion=motion)  # type: ignore[arg-type]
        page = context.new_page()
        figure = Figure(page)
        page.on("pageerror", lambda error: figure.errors.append(str(error)))
        page.on("console", lambda message: figure.errors.append(message.text) if message.type in ("error", "warning") else None)
        if before:
            page.add_init_script(before)
        state = {"language": "en", **state}
        html = _PAGE.format(name=name, theme=theme, language=state["language"], state=json.dumps(state).replace("<", "\\u003c"))
        page.route("**/page.html", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"{self.address}/page.html")
        page.wait_for_function("window.host?.ready")
        try:
            yield figure
            assert figure.errors == []
        finally:
            context.close()


@contextlib.contextmanager
def hosted(browser: Browser, folder: Path) -> Iterator[Host]:
    """Serves every figure's module from ``folder``."""
    write(folder / "figures")
    (folder / "visual.css").write_text(VISUAL.read_text("utf-8"), "utf-8")
    (folder / "favicon.ico").write_bytes(b"")
    with served(folder) as address:
        yield Host(browser, address)


@contextlib.contextmanager
def sources(browser: Browser) -> Iterator[Page]:
    """A page on which the figures' source files can be imported: their models, without a figure."""
    with served(HERE.figures) as address:
        opened = browser.new_page()
        opened.goto(f"{address}/README.md")
        yield opened
        opened.close()
