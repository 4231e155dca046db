"""One moment of a run as a picture."""

from __future__ import annotations

import dataclasses

import pytest

from labkit.language import Text
from labkit.measure.recording import Mark, Recording, Scene
from labkit.show.moment import fullest, moment
from labkit.show.snapshot import Link, Node
from tests.unit.labkit.show import runs

SLOW = Text("latency 3 s", "延遲 3 秒")


def recording(*faults: Mark, of: Recording | None = None) -> Recording:
    links = (("users", "storefront"), ("storefront", "orders"), ("orders", "stock"))
    scene = Scene(instances={"storefront": 1, "orders": 1, "stock": 2}, links=links)
    return dataclasses.replace(of or runs.avalanche().recording, scene=scene, faults=faults)


def test_the_fullest_moment_is_when_most_threads_are_busy() -> None:
    assert fullest(recording()) == pytest.approx(3.0)


def test_nothing_that_told_its_threads_has_no_fullest_moment() -> None:
    assert fullest(dataclasses.replace(recording(), watch={})) == 0.0


def test_it_shows_the_threads_and_the_faults_of_that_moment() -> None:
    slow = Mark(SLOW, 2.0, 7.0, "orders -> stock")
    before, during, after = (moment(recording(slow), second) for second in (1.0, 4.0, 7.0))
    assert [node.name for node in during.nodes] == ["users", "storefront", "orders", "stock"]
    assert [node.busy for node in during.nodes] == [None, 48, 24, 1]
    assert [node.kind for node in during.nodes] == ["client", "service", "service", "service"]
    assert [each.links[2].fault for each in (before, during, after)] == [None, SLOW, None]
    assert during.links[:2] == (Link("users", "storefront"), Link("storefront", "orders"))


@pytest.mark.parametrize("on", ["stock", "stock-2"])
def test_a_fault_of_a_service_or_of_one_instance_is_noted_on_it(on: str) -> None:
    stock = moment(recording(Mark(SLOW, 2.0, None, on)), 9.0).nodes[3]
    assert (stock.note, stock.state, stock.instances) == (SLOW, "failed", 2)


def test_a_service_that_does_not_tell_has_what_it_told_last() -> None:
    silent = moment(recording(of=runs.silent().recording), 4.5)
    assert silent.nodes[2].busy == 8
    assert silent.nodes[1] == Node("storefront")
