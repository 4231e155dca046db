"""nginx for real, on each substrate: before a service, as its cache, broken, ended."""

from __future__ import annotations

import pytest

from labkit import Lab
from labkit.handles.service import Service

pytestmark = pytest.mark.needs("nginx")


@pytest.fixture
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=2)


def test_it_leads_to_the_service_behind_it(lab: Lab, tiny: Service) -> None:
    front = lab.system("nginx", calls=tiny)
    answer = front.get("/who")
    assert answer.json()["instance"] in ("tiny-1", "tiny-2")
    assert answer.headers["server"].startswith("nginx")
    assert "x-cache" not in answer.headers


def test_as_a_cache_it_asks_once_and_the_service_needs_no_change(lab: Lab, tiny: Service) -> None:
    front = lab.system("nginx", calls=tiny, cache=60)
    first, *others = [front.get("/who") for _ in range(8)]
    assert first.headers["x-cache"] == "MISS"
    assert {other.headers["x-cache"] for other in others} == {"HIT"}
    assert {other.text for other in others} == {first.text}


def test_behind_a_cut_link_it_answers_that_it_has_no_answer(lab: Lab, tiny: Service) -> None:
    front = lab.system("nginx", calls=tiny)
    with tiny.kill():
        assert front.get("/who").status_code == 502
    assert front.get("/who").status_code == 200


def test_from_its_cache_it_answers_while_the_service_is_gone(lab: Lab, tiny: Service) -> None:
    front = lab.system("nginx", calls=tiny, cache=60)
    assert front.get("/who").headers["x-cache"] == "MISS"
    with tiny.kill():
        assert front.get("/who").headers["x-cache"] == "HIT"
        assert front.get("/ping").status_code == 502


def test_in_front_of_nobody_it_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match="nginx is in front of nobody"):
        lab.system("nginx")


def test_an_unknown_system_is_told_with_the_nearest(lab: Lab) -> None:
    with pytest.raises(LookupError, match=r"no system “ngnix”.*nginx"):
        lab.system("ngnix")
