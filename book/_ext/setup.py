"""Everything of the book's own that Sphinx loads, in one place."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from book._ext import (
    captions,
    cards,
    cells,
    chapters,
    description,
    effort,
    elements,
    executed,
    figures,
    fresh,
    lab_page,
    language,
    literal,
    mathml,
    measured,
    preview,
    proofs,
    quiet,
    search,
    substrates,
    systems,
)

__all__ = ["setup"]

_PARTS = (captions, cards, cells, chapters, description, effort, elements, executed, figures, fresh, lab_page, language,
          literal, mathml, measured, preview, proofs, quiet, search, substrates, systems)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register each part. A change in any of them builds every page anew, as a change of version would."""
    for part in _PARTS:
        part.register(app)
    here = Path(__file__).parents[1]
    code = b"".join(file.read_bytes() for folder in ("_ext", "tools") for file in sorted((here / folder).glob("*.py")))
    version = int(hashlib.sha256(code).hexdigest()[:8], 16)
    return {"version": "1", "env_version": version, "parallel_read_safe": False, "parallel_write_safe": True}
