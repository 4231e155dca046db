"""Small pages with recorded runs on them: a notebook's own markup, the site's own styles, and the script that mounts figures."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from book.tools.figures import write
from book.tools.tree import HERE
from labkit.handles.figures import play, replay
from labkit.language import Language
from labkit.measure.run import Run
from tests.support.chromium import served

__all__ = ["Pages", "figure", "placed"]

_STYLES = ("visual.css", "book.css", "print.css")
_PAGE = """<!doctype html><html lang="{language}" data-theme="light"><meta charset="utf-8"><title>a lab</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><link rel="stylesheet" href="_static/visual.css"><link rel="stylesheet" href="_static/book.css">
<link rel="stylesheet" href="_static/print.css" media="print"><script type="module" src="_static/figures.js"></script>
<main class="bd-article"><h1>A lab</h1>{replay}<p>What follows.</p>{after}</main></html>"""
_STATE = re.compile(r'(?<=<script type="application/json">).*?(?=</script>)', re.DOTALL)


@dataclass(frozen=True)
class Pages:
    """Where they are served from, and what a browser sees there."""

    browser: Browser
    folder: Path
    address: str
    run: Run

    @contextlib.contextmanager
    def show(self, language: Language = "en", *, state: str | None = None, width: int = 800, motion: str = "reduce",
             **options: object) -> Iterator[Page]:
        """The run's page; ``state`` stands in for what the figure is made from. An error on the page fails."""
        shown = replay(self.run, None).html(language)
        shown = shown if state is None else _STATE.sub(lambda _: state, shown)
        page_text = _PAGE.format(language=language, replay=shown, after=play("breaker", None, {}, 1).html(language))
        (self.folder / "page.html").write_text(page_text, "utf-8")
        context = self.browser.new_context(viewport={"width": width, "height": 900}, reduced_motion=motion,  # type: ignore[arg-type]
                                           **options)  # type: ignore[arg-type]
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            page.goto(f"{self.address}/page.html")
            yield page
            assert errors == []
        finally:
            context.close()


def figure(page: Page, name: str = "replay") -> Locator:
    """The figure of that name."""
    return page.locator(f"figure[data-figure={name}]")


@contextlib.contextmanager
def placed(browser: Browser, folder: Path, run: Run) -> Iterator[Pages]:
    """Serves pages with ``run`` from ``folder``."""
    static = folder / "_static"
    write(static / "figures")
    for name in ("figures.js", *_STYLES):
        shutil.copy2(HERE.root / "book" / "_static" / name, static / name)
    with served(folder) as address:
        yield Pages(browser, folder, address, run)
