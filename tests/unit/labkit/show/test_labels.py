"""Labels keep out of each other's way, as near as may be to where they want to be."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.show.labels import spread, width

LABELS = st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), max_size=5)


@given(LABELS)
def test_no_two_touch_and_none_leaves_its_room(labels: list[tuple[float, float]]) -> None:
    wanted, sizes = [at for at, _ in labels], [size for _, size in labels]
    placed = sorted(zip(spread(wanted, sizes, 0, 300), sizes, strict=True))
    edges = [(at - size / 2, at + size / 2) for at, size in placed]
    assert all(end <= begin + 1e-6 for (_, end), (begin, _) in pairwise(edges))
    assert all(begin >= -1e-6 and end <= 300 + 1e-6 for begin, end in edges)


@given(LABELS)
def test_they_keep_the_order_of_what_they_want(labels: list[tuple[float, float]]) -> None:
    wanted = [at for at, _ in labels]
    placed = spread(wanted, [size for _, size in labels], 0, 300)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert [placed[i] for i in order] == sorted(placed)


def test_one_with_room_stays_where_it_wants_to_be() -> None:
    assert spread([40, 100], [20, 20], 0, 300) == pytest.approx([40, 100])


def test_those_that_would_touch_share_the_way() -> None:
    assert spread([100, 100], [20, 20], 0, 300) == pytest.approx([90, 110])
    assert spread([100, 100], [20, 20], 95, 300) == pytest.approx([105, 125])


def test_a_chinese_character_takes_the_room_of_about_two_latin_ones() -> None:
    assert width("超時", 10) == pytest.approx(20)
    assert width("超時", 10) < width("timed out", 10) < width("超時超時超時", 10)
