"""Which repository Binder opens: what is configured, what CI says, the git remote, or none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from book.tools.repository import Repository, RepositoryError, repository


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def remote(checkout: Path, url: str) -> None:
    subprocess.run(["git", "-C", str(checkout), "remote", "add", "origin", url], check=True)


@pytest.mark.parametrize(("said", "meant"), [
    ("ada/book", Repository("ada", "book")), (" ada/book.py ", Repository("ada", "book.py")),
    ("ada/book@v1.0", Repository("ada", "book", "v1.0")), ("ada/book@a/branch", Repository("ada", "book", "a/branch"))])
def test_what_is_configured_comes_first(checkout: Path, said: str, meant: Repository) -> None:
    remote(checkout, "https://github.com/else/where.git")
    assert repository(said, {"GITHUB_REPOSITORY": "ci/runs"}, checkout) == meant


def test_then_what_ci_says(checkout: Path) -> None:
    remote(checkout, "https://github.com/else/where.git")
    assert repository("", {"GITHUB_REPOSITORY": "ci/runs"}, checkout) == Repository("ci", "runs")


@pytest.mark.parametrize("url", ["https://github.com/else/where.git", "https://github.com/else/where",
                                 "https://token@github.com/else/where.git", "git@github.com:else/where.git",
                                 "ssh://git@github.com/else/where.git"])
def test_then_the_git_remote(checkout: Path, url: str) -> None:
    remote(checkout, url)
    assert repository("", {}, checkout) == Repository("else", "where")


@pytest.mark.parametrize("url", ["/srv/git/book.git", "https://example.org/else/where.git", "git@gitlab.com:else/where.git"])
def test_a_remote_elsewhere_says_nothing(checkout: Path, url: str) -> None:
    remote(checkout, url)
    assert repository("", {}, checkout) is None


def test_without_git_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repository("", {}, tmp_path) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository("", {}, tmp_path) is None


@pytest.mark.parametrize("said", ["book", "https://github.com/ada/book", "ada/book@", "ada/book branch"])
def test_what_names_no_repository_is_refused_with_the_place_to_mend_it(tmp_path: Path, said: str) -> None:
    with pytest.raises(RepositoryError, match=r"_config\.yml: book_repository is .* it should be owner/name"):
        repository(said, {}, tmp_path)


def test_binder_gets_branch_and_file_as_one_part_each() -> None:
    assert Repository("ada", "book", "a/branch").binder("labs/zh-Hant/lab.ipynb") == (
        "https://mybinder.org/v2/gh/ada/book/a%2Fbranch?urlpath=lab%2Ftree%2Flabs%2Fzh-Hant%2Flab.ipynb")
