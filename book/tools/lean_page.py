"""A page without what it does not use: the theme's scripts and styles that nothing on this page asks for.

The theme and its companions load everything on every page, much of it before the text is shown: a search in English
words, half a megabyte of icons as a script, styles for cells and tabs on pages that have none. What is dropped here is
told by the page itself, so a page that begins to use something gets it back.
"""

from __future__ import annotations

import re

__all__ = ["lean_page"]

_NEVER = ("scripts/fontawesome.js", "searchtools.js", "language_data.js", "searchindex.js", "doctools.js",
          "sphinx_highlight.js", "translations.js")
_BOOTSTRAP = re.compile(r'data-bs-toggle="(?!tooltip")')
_CODE = re.compile(r'class="[^"]*\bhighlight\b')
_CELLS = re.compile(r'class="[^"]*\bcell\b')
_FOLDED = re.compile(r'class="[^"]*\b(?:toggle|dropdown)\b')
_DESIGN = re.compile(r'class="[^"]*\bsd-')
_TABS = re.compile(r'class="[^"]*\bsd-tab-')
_ASKED_BY = {
    "scripts/bootstrap.js": _BOOTSTRAP, "togglebutton.": _FOLDED, "copybutton": _CODE, "clipboard": _CODE, "pygments.css": _CODE,
    "mystnb.": _CELLS, "sphinx-design": _DESIGN, "design-tabs.js": _TABS,
}
_SCRIPT = re.compile(r'[ \t]*<script\b([^>]*)>(.*?)</script>\n?', re.DOTALL)
_LINK = re.compile(r'[ \t]*<link\b([^>]*?)/?>\n?')
_ADDRESS = re.compile(r'(?:src|href)="([^"?]*)')
_TOGGLE_SETTING = re.compile(r"\s*(?:let toggle|var togglebuttonSelector)")
_THEBE = re.compile(r"\s*kernelName = ")
_AUTO = re.compile(r'document\.documentElement\.dataset\.theme = [^;]*;')
_AT_ONCE = ("const root = document.documentElement.dataset; if (root.theme === \"auto\") "
            "root.theme = matchMedia(\"(prefers-color-scheme: dark)\").matches ? \"dark\" : \"light\";")
_COMMENT = re.compile(r"[ \t]*<!--.*?-->\n?", re.DOTALL)


def lean_page(html: str, options: str) -> str:
    """``html`` with what it uses; ``options`` is the content of Sphinx's documentation_options.js, which is set in.

    Scripts wait until the text is there (``defer``), in the order in which they stood. Whether the page is light or dark is
    settled before anything is drawn: the theme's own script would settle it afterwards, and the page would move. A source in
    the list of sources is an item of a list, for the role that docutils gives it is no longer one (ARIA 1.3, DPUB-ARIA 1.1).
    """
    html = _AUTO.sub(lambda found: f"{found[0]} {{ {_AT_ONCE} }}" if _AT_ONCE not in html else found[0], html)
    html = html.replace('role="doc-biblioentry"', 'role="listitem"')
    asked = {name for name, sign in _ASKED_BY.items() if sign.search(html)}
    html = _SCRIPT.sub(lambda found: _script(found, asked, options), _COMMENT.sub("", html))
    return _LINK.sub(lambda found: _style(found, asked), html)


def _script(found: re.Match[str], asked: set[str], options: str) -> str:
    attributes, body = found[1], found[2]
    address = _ADDRESS.search(attributes)
    if not address:
        return "" if _idle(attributes, body, asked) else found[0]
    if address[1].endswith("documentation_options.js"):
        return f"<script>{options}</script>\n"
    if _dropped(address[1], asked):
        return ""
    waits = any(word in attributes for word in ("defer", "async", 'type="module"'))
    return found[0] if waits else found[0].replace("<script", "<script defer", 1)


def _idle(attributes: str, body: str, asked: set[str]) -> bool:
    """Whether an inline script only sets up what is not on this page."""
    of_thebe = "text/x-thebe-config" in attributes or _THEBE.match(body)
    return bool(of_thebe or (_TOGGLE_SETTING.match(body) and "togglebutton." not in asked))


def _style(found: re.Match[str], asked: set[str]) -> str:
    address = _ADDRESS.search(found[1])
    if not address or "_static/" not in address[1]:
        return found[0]
    if 'rel="preload"' in found[1] or _dropped(address[1], asked):
        return ""
    return found[0].replace("styles/theme.css", "basic.css")  # that file only imports the other, one round trip later


def _dropped(address: str, asked: set[str]) -> bool:
    own = address.partition("_static/")[2] or address
    return own.endswith(_NEVER) or any(own.startswith(name) for name in _ASKED_BY.keys() - asked)
