"""Make the book's pictures anew: the card that a link shows elsewhere, in both languages, and the icon's two fallbacks.

    python -m book.tools.pictures

They are drawn from ``book/pictures/card.html`` and ``book/_static/favicon.svg`` in the values of ``visual.css`` by a
Chromium on this machine, and kept in ``book/_static``: run it after changing any of these, and commit what it made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from book.tools.editions import EDITIONS, Edition
from book.tools.tree import HERE
from labkit.language import Text

__all__ = ["card", "main"]

CARD = (1200, 630)  # what Open Graph and the like show without cutting
_SENTENCE = Text("Every claim about microservices is an experiment. Hang one service, and see who still gets an answer.",
                 "關於微服務的每個主張，都是一次實驗。讓一個服務卡住，看看還有誰得到回應。")
_SERVICES = ("storefront", "orders", "stock")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_STATIC = HERE.root / "book" / "_static"


def main() -> int:
    """Write every picture; 1 where no Chromium is found."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not browser:
        print("The pictures are drawn by Chromium, and there is none: install it, then run this again.", file=sys.stderr)
        return 1
    for edition in EDITIONS:
        _photograph(browser, card(edition), CARD).quantize(128).save(_STATIC / f"card.{edition.code}.png", optimize=True)
    icon = f"<style>body{{margin:0}}svg{{display:block}}</style>{(_STATIC / 'favicon.svg').read_text('utf-8')}"
    _photograph(browser, icon, (512, 512)).resize((180, 180)).convert("RGB").save(_STATIC / "apple-touch-icon.png", optimize=True)
    _photograph(browser, icon, (512, 512)).save(_STATIC / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    return 0


def card(edition: Edition) -> str:
    """The card as a page of its own, in the language of ``edition``."""
    page = (HERE.root / "book" / "pictures" / "card.html").read_text("utf-8")
    chinese = edition.code == "zh-Hant"
    words = {"language": edition.code, "title": edition.title, "sentence": _SENTENCE.to(edition.code),
             "visual": (_STATIC / "visual.css").read_text("utf-8"), "boxes": "".join(map(_box, range(3))),
             "size": "58" if chinese else "47", "leading": "1.45" if chinese else "1.25", "spacing": "0" if chinese else "-0.01em"}
    for name, value in words.items():
        page = page.replace(f"{{{name}}}", value)
    return page


def _box(at: int) -> str:
    """A service whose every thread is taken."""
    left = 146 + at * 324
    cells = "".join(f'<rect class="busy" x="{left + 22 + cell * 28}" y="88" width="20" height="34" rx="4"/>' for cell in range(8))
    return (f'<rect class="box" x="{left}" y="22" width="258" height="120" rx="14"/>'
            f'<text x="{left + 22}" y="66">{_SERVICES[at]}</text>{cells}')


def _photograph(browser: str, page: str, size: tuple[int, int]) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        file, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        file.write_text(page, "utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                   "--force-device-scale-factor=1", f"--window-size={size[0]},{size[1]}", f"--screenshot={shot}", file.as_uri()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        return Image.open(shot).copy()


if __name__ == "__main__":
    sys.exit(main())
