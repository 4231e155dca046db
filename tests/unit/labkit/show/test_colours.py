"""The book's colours can be read on every ground, and told apart by every eye."""

from __future__ import annotations

from typing import Literal

import pytest

from labkit.show.style import number, values
from tests.unit.labkit.show.eyes import MACHADO_2009, contrast, mixed, nearest

MARKS = ("healthy", "waiting", "failed", "busy", "mended", "theory")
WRITTEN = (*MARKS, "guess", "text", "secondary")
Look = Literal["light", "dark"]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", WRITTEN)
def test_text_in_any_colour_is_legible_on_paper_on_panel_and_on_a_fault(name: str, look: Look) -> None:
    colours = values()[look]
    band = mixed(colours["failed"], colours["paper"], number("band"))
    assert {ground: contrast(colours[name], shade) for ground, shade in
            (("paper", colours["paper"]), ("panel", colours["panel"]), ("band", band))
            if contrast(colours[name], shade) < 4.5} == {}


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", ["healthy", "failed", "busy"])
def test_the_edge_of_an_area_stands_out_from_its_tint(name: str, look: Look) -> None:
    colours = values()[look]
    assert contrast(colours[name], mixed(colours[name], colours["paper"], number("tint"))) >= 3


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", MACHADO_2009)
def test_every_two_marks_differ_for_all_eyes(eyes: str, look: Look) -> None:
    distance, pair = nearest({name: values()[look][name] for name in MARKS}, eyes)
    assert distance >= 18, pair


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the grey that WCAG's examples pass


def test_red_and_green_of_one_lightness_are_the_same_to_deutan_eyes_and_not_to_others() -> None:
    pair = {"red": "#c86400", "green": "#8c8200"}
    assert nearest(pair, "deutan")[0] < 10 < nearest(pair, "normal")[0]
