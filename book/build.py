"""Build the book's site in both languages, show it, and build it again whenever its sources change.

    python book/build.py                  run the labs that changed, build _build/site, and on a terminal: serve and watch
    python book/build.py --port 8080      serve it there
    python book/build.py --no-serve       only build, as where nobody watches (CI, or no terminal)
    python book/build.py --lang zh-Hant   one language
    python book/build.py --no-labs        run no lab: pages show the last run that fits their code, or none
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

if not __package__:  # run as a file: find this copy's own `book`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from book.tools.editions import EDITIONS
from book.tools.execute import LabFailed, run_labs
from book.tools.serve import serving
from book.tools.site import build_site
from book.tools.tree import HERE
from book.tools.watch import Sources, watch

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """The command line; 1 when a lab fails or a page has a warning."""
    options = _options(arguments)
    if not options.no_labs:
        try:
            run_labs(HERE)
        except LabFailed as failed:
            print(f"The site is not built, because a lab fails (--no-labs builds it all the same).\n{failed}", file=sys.stderr)
            return 1
    sources = Sources(HERE)  # looked at before the build: an edit made meanwhile is not missed
    good = build_site(HERE, [edition for edition in EDITIONS if options.lang in (None, edition.code)])
    if options.serve and (HERE.site / "index.html").is_file():  # with warnings too: the last good site, until it is mended
        _show(options, sources)
        return 0
    if good:
        print(f"The site is in {HERE.site}")
    return 0 if good else 1


def _show(options: argparse.Namespace, sources: Sources) -> None:
    """Serve the site and follow its sources until Ctrl-C, or until something asks this process to end."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    with serving(HERE.site, options.port) as address:
        print(f"\nThe book is at {address}", flush=True)
        print("After an edit what changed is built again: reload the page to see it. Ctrl-C ends it.", flush=True)
        watch(HERE, sources, ["--lang", options.lang] if options.lang else [])


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run site", description="Build the book's site in both languages, show it on 127.0.0.1 "
                                     "and build it again whenever its sources change.")
    parser.add_argument("--serve", action=argparse.BooleanOptionalAction,
                        default=sys.stdout.isatty() and os.environ.get("CI") != "true",
                        help="show the site and follow its sources (as on a terminal), or only build it (as in CI)")
    parser.add_argument("--port", type=int, help="where to show it; 8000, or a free port when that is taken")
    parser.add_argument("--lang", choices=[edition.code for edition in EDITIONS], help="build one language")
    parser.add_argument("--no-labs", action="store_true", help="run no lab")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
