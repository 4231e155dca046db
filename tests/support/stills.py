"""The figures' still pictures, for readers without JavaScript and for print: drawn by the figures' own code.

    python -m tests.support.stills        writes them again, after a figure has changed
"""

from __future__ import annotations

from playwright.sync_api import Browser

from book.tools.tree import HERE
from labkit.language import LANGUAGES
from tests.support.chromium import launched, served

__all__ = ["FOLDER", "drawn"]

FOLDER = HERE.figures / "stills"

_DRAW = """async (languages) => {
  const { MOMENTS } = await import("/stills/moments.js");
  const all = Object.entries(MOMENTS).flatMap(([name, draw]) => languages.map((one) => [`${name}.${one}.svg`, draw(one)]));
  return Object.fromEntries(all);
}"""


def drawn(browser: Browser) -> dict[str, str]:
    """File name to text, as they would be now."""
    with served(HERE.figures) as address:
        page = browser.new_page()
        page.goto(f"{address}/stills/moments.js")
        try:
            return dict(page.evaluate(_DRAW, list(LANGUAGES)))
        finally:
            page.close()


if __name__ == "__main__":
    with launched() as chromium:
        for name, text in drawn(chromium).items():
            (FOLDER / name).write_text(text, "utf-8")
