"""What an examination adds up to."""

from __future__ import annotations

import json

import pytest

from tests.unit.labkit.doctor.machines import INSTALL, finding, ill, well


def test_labs_run_where_nothing_that_they_need_is_missing_whatever_else_is_lacking() -> None:
    assert (well().status, ill().status) == (0, 1)
    assert [gap.key for gap in ill().gaps] == ["redis.process", "packages", "engine", "redis.docker"]
    assert [gap.key for gap in ill().missing] == ["redis.process"]


@pytest.mark.parametrize(("command", "by_hand", "fixable"), [
    ("apt-get install -y redis-server", False, True), ("brew install redis", False, True), (INSTALL, False, False),
    ("sudo apt-get update && sudo apt-get install -y redis-server", False, False), ("docker system prune", True, False),
    ("", False, False)])
def test_only_what_takes_no_more_rights_and_no_decision_is_mended(command: str, by_hand: bool, fixable: bool) -> None:
    assert finding(state="missing", command=command, by_hand=by_hand).fixable == fixable


def test_what_is_here_is_here_however_much_it_is_needed() -> None:
    assert finding(state="here").as_bad_as("missing").state == "here"
    assert finding(state="lacking").as_bad_as("missing").state == "missing"
    assert finding(state="missing").as_bad_as("lacking").state == "lacking"


def test_scripts_find_each_part_by_its_key_and_each_system_on_each_substrate() -> None:
    told = json.loads(json.dumps(ill().to_json()))
    assert (told["ok"], told["substrate"]) == (False, "process")
    assert told["packages"]["command"] == "python -m pip install -r requirements.txt"
    assert told["python"]["command"] is None
    assert told["systems"] == [{
        "name": "redis", "purpose": {"en": "cache", "zh": "緩存"},
        "process": {"state": "missing", "command": INSTALL,
                    "said": {"en": "redis.process is missing", "zh": "redis.process 是 missing"}},
        "docker": {"state": "lacking", "command": None,
                   "said": {"en": "redis.docker is lacking", "zh": "redis.docker 是 lacking"}}}]
    assert told["gaps"][0] == {"of": "redis.process", "needed": True, "command": INSTALL, "fixable": False}
