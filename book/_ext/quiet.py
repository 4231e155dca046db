"""No page of the book asks another machine for anything.

Jupyter Book always loads sphinx-thebe, which puts the address of a CDN on every page; the book starts no kernels from
its pages, so its scripts are taken out again.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

__all__ = ["register"]

_AFTER_THE_OTHERS = 900


def register(app: Sphinx) -> None:
    """Filter each page's scripts and styles as the last of all handlers."""
    app.connect("html-page-context", _without_thebe, priority=_AFTER_THE_OTHERS)


def _without_thebe(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if "thebe" not in _described(asset).lower()]


def _described(asset: Any) -> str:
    """File name and inline text of a script or style, whatever of the two it has."""
    return f"{getattr(asset, 'filename', '') or asset} {getattr(asset, 'attributes', {}).get('body', '')}"
