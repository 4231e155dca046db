"""The picture of what is running and who calls whom."""

from __future__ import annotations

import re

import pytest

from labkit.language import Text
from labkit.show.layout import Layout
from labkit.show.snapshot import Link, Node, Snapshot
from labkit.show.topology import topology
from tests.unit.labkit.show.drawings import labels, shapes, svgs
from tests.unit.labkit.show.gallery import chain, wide


def pair(link: Link, callee: Node | None = None) -> str:
    """The picture, rightwards, of two services and a link between them."""
    return svgs(topology(Snapshot((Node("a"), callee or Node("b")), (link,))))[0]


def test_callers_come_before_callees() -> None:
    assert [[node.name for node in layer] for layer in wide().layers()] == [
        ["users"], ["storefront"], ["orders", "catalog"], ["redis", "payment"]]


def test_a_cycle_is_cut_where_it_closes() -> None:
    ring = Snapshot((Node("a"), Node("b"), Node("c")), (Link("a", "b"), Link("b", "c"), Link("c", "a")))
    assert [[node.name for node in layer] for layer in ring.layers()] == [["a"], ["b"], ["c"]]
    assert len(svgs(topology(ring))) == 2


def test_a_service_that_nobody_calls_and_that_calls_itself_is_drawn() -> None:
    alone = Snapshot((Node("a"), Node("b")), (Link("a", "a"),))
    assert {"a", "b"} <= set(labels(topology(alone)))


def test_a_link_to_nowhere_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="stok, which is not among the nodes: orders, stock"):
        Snapshot((Node("orders"), Node("stock")), (Link("orders", "stok"),))


@pytest.mark.parametrize("rightwards", [True, False])
@pytest.mark.parametrize("snapshot", [chain(), wide()])
def test_no_two_nodes_overlap_and_all_are_on_the_picture(snapshot: Snapshot, rightwards: bool) -> None:
    from labkit.show.boxes import size

    layout = Layout.of(snapshot, rightwards)
    boxes = [(at.x - its.x / 2, at.y - its.y / 2, at.x + its.x / 2, at.y + its.y / 2)
             for node in snapshot.nodes for at, its in [(layout.places[node.name], size(node))]]
    assert all(x0 >= 0 and y0 >= 0 and x1 <= layout.wide and y1 <= layout.high for x0, y0, x1, y1 in boxes)
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i]
                if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


def test_there_is_a_picture_for_wide_screens_and_one_for_narrow_ones() -> None:
    across, down = svgs(topology(chain()))
    sizes = [tuple(map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])) for svg in (across, down)]
    assert sizes[0][0] > sizes[0][1]
    assert sizes[1][0] < sizes[1][1]
    assert sizes[1][0] <= 328, "a phone shows it at its natural size"


def test_a_slow_call_is_dashed_and_has_a_clock_and_a_cut_one_a_gap() -> None:
    healthy, slow, cut = (pair(Link("a", "b", state=state)) for state in ("healthy", "slow", "cut"))
    assert "dasharray" not in healthy
    assert any("dasharray" in shape for shape in shapes(slow, "waiting"))
    assert any(shape.startswith("<circle") for shape in shapes(slow, "waiting"))
    assert len(shapes(cut, "failed")) == 3, "the line, its head and the two strokes of the gap"


def test_a_fault_carries_its_label() -> None:
    fault = Text("latency 3 s", "延遲 3 秒")
    assert ">latency 3 s</text>" in pair(Link("a", "b", fault, "slow"))
    assert "latency 3 s" in topology(chain()).alt.en


@pytest.mark.parametrize(("threads", "busy", "cells", "full"), [(8, 3, 8, 3), (24, 24, 12, 12), (24, 3, 12, 2),
                                                             (24, 0, 12, 0), (8, None, 8, 0)])
def test_a_pool_is_a_row_of_cells_that_fill_from_the_left(threads: int, busy: float | None, cells: int, full: int
                                                         ) -> None:
    drawn = shapes(pair(Link("a", "b"), Node("b", threads=threads, busy=busy)), "busy")
    assert [("fill:var(--mbe-busy)" in cell) for cell in drawn] == [True] * full + [False] * (cells - full)


def test_a_system_has_a_double_edge_and_a_client_is_a_circle() -> None:
    assert len(shapes(pair(Link("a", "b"), Node("b", "system")), "healthy")) == 3
    assert pair(Link("a", "b"), Node("b", "client")).count("<circle") == 1


def test_a_failed_one_has_a_cross_and_a_waiting_one_a_dashed_edge() -> None:
    failed, waiting = (pair(Link("a", "b"), Node("b", state=state)) for state in ("failed", "waiting"))
    assert [shape[:5] for shape in shapes(failed, "failed")] == ["<rect", "<path"]
    assert ["dasharray" in shape for shape in shapes(waiting, "waiting")] == [True]


def test_several_instances_are_counted_and_stand_behind() -> None:
    svg = pair(Link("a", "b"), Node("b", instances=3))
    assert ">b ×3</text>" in svg
    assert svg.count("<rect") == 4


def test_the_alternative_says_who_calls_whom_and_in_what_state() -> None:
    said = topology(wide())
    assert "orders calls redis: cut." in said.alt.en
    assert "payment: ? of 8 threads busy, killed." in said.alt.en
    assert "orders 調用 redis：切斷。" in said.alt.zh


def test_the_title_names_what_is_disturbed() -> None:
    assert topology(chain()).finding.en == "3 services; disturbed: orders → stock"
    assert topology(wide()).finding.zh == "5 個服務；受干擾：orders → redis、payment（已終止）"
    calm = topology(Snapshot((Node("a"), Node("b")), (Link("a", "b"),)))
    assert calm.finding.en == "2 services, nothing is disturbed"
