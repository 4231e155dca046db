"""What a translation must keep of a message: its roles, code, formulas, link targets and placeholders."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["markup", "wordless"]

_ROLE = re.compile(r"\{(?P<role>[\w:+-]+)\}`(?P<body>[^`]*)`")
_CODE = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)", re.DOTALL)
_MATH = re.compile(r"(?<![\\$])\$(?P<formula>[^$]+)\$")
_LINK = re.compile(r"\]\((?P<target>[^)\s]*)[^)]*\)")
_SUBSTITUTION = re.compile(r"\{\{.*?\}\}")
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^>]+>")
_TARGET = re.compile(r"<([^<>]+)>\s*$")

_WORDS_INSIDE = {"term", "abbr", "sub", "sup", "index", "guilabel"}  # roles whose text is itself translated


def markup(message: str) -> Counter[str]:
    """Count what must stand in the message and in its translation alike, each as it would be written."""
    found: Counter[str] = Counter()
    rest = message
    for pattern, name in ((_SUBSTITUTION, ""), (_ROLE, "role"), (_CODE, ""), (_MATH, ""), (_LINK, "target"),
                          (_AUTOLINK, "")):
        found.update(_written(match, name) for match in pattern.finditer(rest))
        rest = pattern.sub(" ] " if pattern is _LINK else " ", rest)
    return found


def wordless(message: str) -> bool:
    """Whether there is nothing to translate: figures, code and formulas alone. A term of the glossary is a word."""
    rest = _ROLE.sub(lambda role: f" {role['body']} " if role["role"] in _WORDS_INSIDE else " ", message)
    for pattern in (_SUBSTITUTION, _CODE, _AUTOLINK):
        rest = pattern.sub(" ", rest)
    return not re.search(r"[^\W\d_]", _MATH.sub(" ", rest))


def _written(match: re.Match[str], name: str) -> str:
    if name == "role":
        return f"{{{match['role']}}}`{'…' if match['role'] in _WORDS_INSIDE else _target(match['body'])}`"
    return f"]({match['target']})" if name == "target" else match[0]


def _target(body: str) -> str:
    """``text <target>`` is known by its target."""
    explicit = _TARGET.search(body)
    return explicit[1] if explicit else body
