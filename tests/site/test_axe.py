"""axe-core finds nothing to complain of on any kind of page, light or dark, on a wide screen or a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.support.node import axe
from tests.support.pages import EDITIONS, KINDS

pytestmark = pytest.mark.needs("chromium", "chinese font", "node")

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
CHECK = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) =>
  violations.map(({id, help, nodes}) => `${id}: ${help}: ${nodes.slice(0, 3).map(({target}) => target).join(" | ")}`))"""
SHOWN = """scheme => (document.documentElement.dataset.theme ?? scheme) === scheme &&
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
ADDRESSES = {**{kind: f"{{edition}}/{page}.html" for kind, page in KINDS.items()},
             "search with results": "{edition}/search.html?q=熔斷", "search in vain": "{edition}/search.html?q=快區",
             "missing": "{edition}/not/there.html", "front": ""}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(reduced_motion="reduce", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", [kind for kind in ADDRESSES if kind != "front"])
def test_axe_finds_nothing(page: Page, host: str, kind: str, edition: str) -> None:
    """One load is enough for light and dark, which a page follows at once; what scrolls in its box is known when it loads."""
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        page.goto(f"{host}/{ADDRESSES[kind].format(edition=edition)}", wait_until="networkidle")
        page.evaluate(axe())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(SHOWN, arg=scheme)
            found = page.evaluate(CHECK)
            assert found == [], (scheme, size, found)


def test_axe_finds_nothing_on_the_front_page_that_a_reader_without_scripts_sees(chromium: Browser, host: str) -> None:
    page = chromium.new_page()
    page.route("**/*", lambda route: route.fulfill(body=without_scripts(host), content_type="text/html")
               if route.request.url == f"{host}/" else route.continue_())
    page.goto(f"{host}/")
    page.evaluate(axe())
    assert page.evaluate(CHECK) == []
    page.close()


def without_scripts(host: str) -> str:
    with urlopen(f"{host}/") as answer:
        return re.sub(r"<script.*?</script>", "", answer.read().decode(), flags=re.DOTALL)
