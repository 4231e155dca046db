"""``./run site`` as an author uses it: on a terminal, with an editor beside it."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from book.tools.tree import HERE
from tests.support.small_book import SmallBook, make_book
from tests.support.waiting import wait_for


@dataclass
class Terminal:
    """The site's builder on a terminal of its own, and what it has said there."""

    process: subprocess.Popen[bytes]
    screen: int
    text: str = ""

    def __post_init__(self) -> None:
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.says("Ctrl-C ends it"))
        assert found
        self.address = found[0]

    def says(self, words: str, seconds: float = 60.0) -> str:
        """All that was said by the time that ``words`` (a pattern) were."""
        wait_for(lambda: self._read() or re.search(words, self.text), f"the terminal says {words}; it says: {self.text}", seconds)
        return self.text

    def _read(self) -> None:
        try:
            self.text += os.read(self.screen, 65536).decode("utf-8", "replace")
        except (BlockingIOError, OSError):  # nothing new, or the other side has ended
            return

    def forget(self) -> None:
        self.text = ""


def started(book: SmallBook, *options: str) -> Terminal:
    screen, other = pty.openpty()
    os.set_blocking(screen, False)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(book.root), str(HERE.root / "labs")]), "NO_COLOR": "1"}
    environment.pop("CI", None)
    process = subprocess.Popen([sys.executable, "book/build.py", *options], cwd=book.root, env=environment,
                               stdin=subprocess.DEVNULL, stdout=other, stderr=other, start_new_session=True)
    os.close(other)
    return Terminal(process, screen)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> SmallBook:
    return make_book(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def terminal(book: SmallBook) -> Iterator[Terminal]:
    """One author's session, which each test goes on with."""
    running = started(book, "--no-labs")
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()
        os.close(running.screen)


def shown(terminal: Terminal, path: str) -> str:
    with urlopen(f"{terminal.address}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_it_prints_where_the_book_is_and_both_languages_are_there(terminal: Terminal) -> None:
    assert "A first paragraph." in shown(terminal, "en/book/index.html")
    assert "第一段。" in shown(terminal, "zh-Hant/book/index.html")


def test_an_edit_of_prose_shows_after_a_reload_in_both_languages_within_ten_seconds_of_work(
        terminal: Terminal, book: SmallBook) -> None:
    other = (book.site / "en" / "book" / "glossary.html").stat().st_mtime_ns
    terminal.forget()
    began = time.monotonic()
    book.edit("book/index", "A first paragraph.", "A paragraph that is new.")
    said = terminal.says("Reload the page to see it")
    assert time.monotonic() - began < 10 * slowness()
    assert "book/index.md changed." in said
    assert "running" not in said
    assert "A paragraph that is new." in shown(terminal, "en/book/index.html")
    assert (book.site / "en" / "book" / "glossary.html").stat().st_mtime_ns == other


def test_a_mistake_is_named_and_the_last_good_site_stays_until_it_is_mended(terminal: Terminal, book: SmallBook) -> None:
    terminal.forget()
    book.edit("book/index", "A paragraph that is new.", "A [broken](gone.md) paragraph.")
    said = terminal.says("Once that is mended")
    assert re.search(r"index\.md:\d+.*WARNING.*gone\.md", said), said
    assert "A paragraph that is new." in shown(terminal, "en/book/index.html")
    terminal.forget()
    book.edit("book/index", "A [broken](gone.md) paragraph.", "A first paragraph.")
    terminal.says("Reload the page to see it")
    assert "A first paragraph." in shown(terminal, "en/book/index.html")


def test_ctrl_c_ends_it_cleanly(terminal: Terminal) -> None:
    address = terminal.address
    terminal.forget()
    os.killpg(terminal.process.pid, signal.SIGINT)
    assert terminal.process.wait(10) == 0
    terminal.says(r"\n", 1)
    assert "Traceback" not in terminal.text
    with pytest.raises(URLError):
        urlopen(address, timeout=2)


def test_a_port_that_is_taken_is_said_so(book: SmallBook, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = book.run("book/build.py", "--no-labs", "--serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be had" in done.stdout
    assert "Traceback" not in done.stdout


def test_without_a_terminal_it_only_builds(book: SmallBook) -> None:
    done = book.run("book/build.py", "--no-labs")
    assert done.returncode == 0
    assert "Ctrl-C" not in done.stdout


def slowness() -> float:
    """How many times longer than alone things take while others use this machine: its load by core, and 1 at least."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
