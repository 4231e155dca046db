"""A headless Chromium that asks nobody for anything, and a folder served to it as a plain host of pages would."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from book.tools.serve import server
from tests.needs import browser

__all__ = ["FLAGS", "launched", "served"]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """The browser; one at a time, since Playwright's calls cannot be nested."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which ``folder`` is served, on loopback, for as long as the block lasts."""
    with server(folder) as one:
        worker = threading.Thread(target=one.serve_forever, daemon=True)
        worker.start()
        try:
            yield f"http://127.0.0.1:{one.server_address[1]}"
        finally:
            one.shutdown()
            worker.join()
