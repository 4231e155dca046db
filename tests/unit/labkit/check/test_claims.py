"""The claims file is read with care: each mistake is refused with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.check.claims import ClaimsError, book_root, claims, claims_file, find, load
from labkit.language import Text

GOOD = 'a:\n  title: {en: "A", zh: "甲"}\n  claims:\n    x: {en: "X.", zh: "叉。"}\n'


def test_ids_are_chapter_and_name_in_the_order_of_the_file() -> None:
    assert list(claims()) == ["avalanche.vertical", "avalanche.retries", "remedies.bulkhead"]
    assert find("remedies.bulkhead").statement == Text("It holds.", "守得住。")
    assert find("remedies.bulkhead").line == 14


def test_a_chapter_names_its_systems() -> None:
    assert [chapter.systems for chapter in load(claims_file())] == [(), ("redis",)]


def test_a_chapter_may_say_what_it_is_about(tmp_path: Path) -> None:
    file = tmp_path / "about.yml"
    file.write_text(GOOD + '  about: {en: "It.", zh: "它。"}\n', "utf-8")
    assert [chapter.about for chapter in load(file)] == [Text("It.", "它。")]
    assert [chapter.about for chapter in load(claims_file())] == [None, None]


def test_an_unknown_id_gets_the_nearest_known() -> None:
    with pytest.raises(LookupError, match=r"no claim “avalanche.vertcal”. Did you mean avalanche.vertical"):
        find("avalanche.vertcal")


def test_a_forgotten_chapter_is_found_by_the_last_word() -> None:
    with pytest.raises(LookupError, match=r"Did you mean remedies\.bulkhead"):
        find("bulkhead")


def test_a_name_like_no_other_gets_the_whole_list() -> None:
    with pytest.raises(LookupError, match=r"Known are: avalanche\.vertical, avalanche\.retries, remedies\.bulkhead"):
        find("zzz")


@pytest.mark.parametrize(("text", "line", "said"), [
    (GOOD + '    x: {en: "Y.", zh: "歪。"}\n', 5, "“x” is here a second time"),
    (GOOD + GOOD, 5, "“a” is here a second time"),
    (GOOD.replace(', zh: "叉。"', ""), 4, "“a.x” has no text in “zh”"),
    (GOOD.replace('"叉。"', '" "'), 4, "“a.x” has no text in “zh”"),
    (GOOD.replace('"甲"', '""'), 2, "“a” has no text in “zh”"),
    (GOOD.replace('zh: "叉。"', 'zh: "叉。", fr: "X."'), 4, "“fr” is no field here; there are: en, zh"),
    (GOOD + "  system: [redis]\n", 5, "“system” is no field here; there are: title, about, systems, claims"),
    (GOOD + "  systems: redis\n", 5, "a list of names"),
    (GOOD + '  about: {en: "It."}\n', 5, "“a.about” has no text in “zh”"),
    (GOOD.replace("{en: \"X.\", zh: \"叉。\"}", "only English"), 4, "lines of “name: ...”"),
    (GOOD.replace("title", "titel"), 2, "“titel” is no field here"),
    ('a:\n  claims: {}\n', 2, "chapter “a” has no “title”"),
    ('a:\n  title: {en: "A", zh: "甲"}\n', 2, "chapter “a” has no “claims”"),
    ("a: [1\nb: 2\n", 2, "this is no YAML"),
    ("", 1, "no chapter"),
    ("- a\n", 1, "lines of “name: ...”")])
def test_a_mistake_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(ClaimsError) as error:
        load(file)
    assert f"wrong.yml, line {line}: " in str(error.value)
    assert said in str(error.value)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ClaimsError, match=r"are not at .*nothing\.yml"):
        load(tmp_path / "nothing.yml")


def test_the_books_own_claims_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABKIT_CLAIMS")
    assert claims_file() == book_root() / "book" / "claims.yml"
    assert {"avalanche.vertical", "remedies.breaker-opens", "systems.gossip"} <= set(claims())
    assert all(any("一" <= character <= "鿿" for character in claim.statement.zh) for claim in claims().values())
