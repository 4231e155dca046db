"""The report, in a terminal and in a notebook."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from labkit.doctor.card import ExaminationCard
from labkit.doctor.finding import Examination
from labkit.doctor.terminal import report
from labkit.doctor.words import together
from labkit.language import LANGUAGES, Language
from labkit.show.cells import screen_width
from labkit.substrates import packages
from tests.unit.labkit.doctor.machines import INSTALL, LONG, finding, ill, system, well


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_terminal_of_80_columns_but_for_commands_which_stay_whole(language: Language) -> None:
    lines = report(ill(), language).splitlines()
    assert [line for line in lines if screen_width(line) > 80 and "$ " not in line] == []
    assert sum(f"$ {INSTALL}" in line for line in lines) == 1
    bare = replace(ill(), systems=ill().systems * 4)
    assert all(screen_width(line) <= 80 for line in report(bare, language).splitlines() if "$ " not in line)
    whole = "".join(line.strip() for line in lines)
    assert re.sub(r"\s", "", LONG.to(language)) in re.sub(r"\s", "", whole), "a wrapped sentence loses nothing"


def test_columns_begin_under_each_other_in_chinese_too() -> None:
    lines = report(ill(), "zh-Hant").splitlines()
    parts = [line for line in lines if " 是 " in line and line[:1] in "✓○" and not line.startswith("redis")]
    assert len({screen_width(line[:line.index(" 是 ")].rpartition("  ")[0]) + 2 for line in parts}) == 1 < len(parts)
    head, row = (next(line for line in lines if word in line) for word in ("系統", "✕"))
    assert screen_width(head[:head.index("本機")]) == screen_width(row[:row.index("✕")])


def test_what_is_here_what_is_lacking_and_what_is_missing_differ_in_sign_and_the_signs_are_explained() -> None:
    said = report(ill(), "en")
    assert re.search(r"^✓ Name of python +python is here$", said, re.MULTILINE)
    assert re.search(r"^○ Name of engine +engine is lacking\n +\$ service docker start$", said, re.MULTILINE)
    assert re.search(r"^redis +✕ redis\.process is missing +○ redis\.docker is lacking$", said, re.MULTILINE)
    assert "○ labs run without it" in said


def test_the_sum_says_whether_labs_run_and_where_or_for_lack_of_what_they_do_not() -> None:
    assert "Labs run here, as Docker containers." in report(well(), "en")
    assert "missing here: Name of redis.process." in report(ill(), "en")
    assert "這裡缺少實驗所需的東西：redis.process 的名稱。" in report(ill(), "zh-Hant")


def test_where_nothing_is_amiss_nothing_is_advised() -> None:
    assert report(well(), "en").endswith("Labs run here, as Docker containers.")


def test_fix_is_named_where_it_can_do_something() -> None:
    assert "--fix" in report(ill(), "en")
    only_root = Examination("process", [finding("python")], [system(finding("redis.process", "missing", command=INSTALL),
                                                                                finding("redis.docker"))])
    assert "--fix" not in report(only_root, "en")


def test_several_packages_are_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None)
    gaps = [finding(state="missing", command=packages.install_command(debian=name)) for name in ("redis-server", "nginx-light")]
    assert together(gaps).endswith("apt-get install -y redis-server nginx-light")
    assert together([*gaps, finding(command="service docker start")]) == together(gaps)
    assert together(gaps[:1]) == "", "it stands under its gap already"


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_notebook_each_gap_has_its_command_and_each_sign_its_meaning(language: Language) -> None:
    page = ExaminationCard(ill()).body(language)
    assert f"<code>{INSTALL}</code>" in page
    assert page.count("mbe-missing") == 1
    assert re.search(r'class="mbe-missing" role="img"[^>]*aria-label="(labs need it|實驗需要)"', page)
    assert "mbe-card-failed" in page
    assert "mbe-card-mended" in ExaminationCard(well()).body(language)


def test_a_command_is_shown_as_it_is_typed() -> None:
    shown = ExaminationCard(Examination("process", [finding(state="missing", command='export A="$HOME" && b')], [])).body("en")
    assert "<code>export A=&quot;$HOME&quot; &amp;&amp; b</code>" in shown
