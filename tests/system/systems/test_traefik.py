"""Traefik for real, on each substrate: before services, with retries, broken, ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit import Lab
from labkit.handles.service import Service

pytestmark = pytest.mark.needs("traefik")


@pytest.fixture(scope="module")
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=2)


@pytest.fixture(scope="module")
def other(lab: Lab) -> Service:
    return lab.service("other", app="tests.support.services.tiny:app")


def test_its_start_is_told_with_its_version(lab: Lab, tiny: Service, capsys: pytest.CaptureFixture[str]) -> None:
    lab.system("traefik", calls=tiny)
    assert capsys.readouterr().out.startswith("traefik 3.")


def test_the_first_callee_gets_every_path_and_the_next_those_below_its_name(lab: Lab, tiny: Service, other: Service) -> None:
    front = lab.system("traefik", calls=[tiny, other])
    assert front.get("/who").json()["instance"] in ("tiny-1", "tiny-2")
    assert front.get("/other/who").json()["instance"] == "other-1"
    assert front.get("/otherwise").status_code == front.get("/other").status_code == 404, "both are for the first, who has neither"


def test_behind_a_killed_service_it_answers_that_it_has_no_answer(lab: Lab, tiny: Service, other: Service) -> None:
    front = lab.system("traefik", calls=[tiny, other])
    with tiny.kill():
        assert front.get("/who").status_code == 502
        assert front.get("/other/who").status_code == 200
    assert front.get("/who").status_code == 200


def test_it_tries_again_when_there_was_no_answer_or_an_error(lab: Lab, tiny: Service) -> None:
    once, often = lab.system("traefik", name="once", calls=tiny), lab.system("traefik", name="often", calls=tiny, retries=24)
    with lab.link(once, tiny).reset(0.5), lab.link(often, tiny).reset(0.5):
        assert _statuses(once) == {200, 502}
        assert _statuses(often) == {200}
    with lab.link(once, tiny).error(0.5), lab.link(often, tiny).error(0.5):
        assert _statuses(once) == {200, 503}
        assert _statuses(often) == {200}


def _statuses(front: Service) -> set[int]:
    """What twelve users at the same time get, each over a connection of their own: half of those are reset."""
    with ThreadPoolExecutor(12) as users:
        return {answer.status_code for answer in users.map(front.get, ["/slow?seconds=0.5"] * 12)}


def test_restarted_it_leads_there_again(lab: Lab, tiny: Service) -> None:
    front = lab.system("traefik", calls=tiny)
    front.restart()
    assert front.get("/ping").text == "pong"


def test_in_front_of_nobody_it_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match="Traefik is in front of nobody"):
        lab.system("traefik")
