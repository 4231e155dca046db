"""Each output brings its own style, which touches nothing else and asks for nothing."""

from __future__ import annotations

import re

import pytest

from labkit.show.style import COLOURS, RULES, number, stylesheet, values

KINDS = sorted(path.stem for path in RULES.glob("*.css"))


def test_every_colour_has_a_value_in_light_and_in_dark() -> None:
    for look in values().values():
        assert {name for name in COLOURS if re.fullmatch("#[0-9a-f]{6}", look[name])} == set(COLOURS)
    assert all(values()["light"][name] != values()["dark"][name] for name in COLOURS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_sheet_has_a_value_of_its_own(kind: str) -> None:
    rules = (RULES / f"{kind}.css").read_text(encoding="utf-8")
    assert re.findall("#[0-9a-fA-F]{3,8}\\b|rgb|hsl", rules) == []
    assert set(re.findall(r"var\(--mbe-([\w-]+)\)", rules)) - {"role"} <= set(values()["light"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_is_scoped_to_our_outputs(kind: str) -> None:
    inner = re.sub(r"@(?:container|media)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", stylesheet(kind))
    selectors = [one for group in re.findall(r"([^{}]+)\{", inner) for one in _apart(group)]
    assert [one for one in selectors if not re.search(r"(^|\s)\.mbe", one)] == []


def test_dark_follows_the_site_jupyterlab_and_vs_code_and_light_is_the_rest() -> None:
    sheet, roots = stylesheet("chart"), ('html[data-theme="dark"]', '[data-jp-theme-light="false"]', ".vscode-dark")
    assert sheet.startswith(".mbe{--mbe-paper:#fdfcf9")
    assert f"{','.join(f'{root} .mbe' for root in roots)}{{--mbe-paper:#14171b" in sheet


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_asks_for_nothing_and_is_small(kind: str) -> None:
    sheet = stylesheet(kind)
    assert re.findall(r"url\(|@import|@font-face|https?:", sheet) == []
    assert len(sheet) < 4000


def test_the_text_of_charts_is_as_large_as_room_is_kept_for() -> None:
    sizes = re.findall(r"text\{(?:[^}]*?font(?:-size)?):([\d.]+)px", stylesheet("chart"))
    assert [float(size) for size in sizes] == [number("chart-type"), number("chart-type-narrow")]


def _apart(selectors: str) -> list[str]:
    """The selectors of a group; a comma within brackets parts nothing."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", selectors)]
