"""Build the book's site in both languages.

    python book/build.py                  run the labs that changed, then build _build/site/en and _build/site/zh-Hant
    python book/build.py --serve          and show it on 127.0.0.1, at a free port that is printed
    python book/build.py --lang zh-Hant   one language
    python book/build.py --no-labs        run no lab: pages show the last run that fits their code, or none
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if not __package__:  # run as a file: find this copy's own `book`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from book.tools.doubts import doubts
from book.tools.editions import EDITIONS
from book.tools.execute import LabFailed, run_labs
from book.tools.repository import RepositoryError, of_tree
from book.tools.serve import serve
from book.tools.site import build_site
from book.tools.tree import HERE
from labkit.check.claims import ClaimsError

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """The command line; 1 when a lab fails or a page has a warning."""
    options = _options(arguments)
    os.environ.update(HERE.environment())
    try:
        of_tree(HERE)
        if not options.no_labs:
            run_labs(HERE)
        print("".join(f"{doubt}\n" for doubt in doubts(HERE)), end="", file=sys.stderr)
    except LabFailed as failed:
        print(f"The site is not built, because a lab fails (--no-labs builds it all the same).\n{failed}", file=sys.stderr)
        return 1
    except (ClaimsError, RepositoryError) as wrong:
        print(f"The site is not built. {wrong}", file=sys.stderr)
        return 1
    editions = [edition for edition in EDITIONS if options.lang in (None, edition.code)]
    if not build_site(HERE, editions):
        return 1
    print(f"The site is in {HERE.site}")
    if options.serve:
        serve(HERE.site)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="book/build.py", description="Build the book's site in both languages.")
    parser.add_argument("--serve", action="store_true", help="show the site on 127.0.0.1 when it is built")
    parser.add_argument("--lang", choices=[edition.code for edition in EDITIONS], help="build one language")
    parser.add_argument("--no-labs", action="store_true", help="run no lab")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
