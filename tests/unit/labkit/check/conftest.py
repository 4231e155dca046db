"""A claims file, a folder of records and one of notebooks for each test; nothing outside is read or written."""

from __future__ import annotations

from pathlib import Path

import pytest

CLAIMS = """\
avalanche:
  title: {en: "Avalanche", zh: "雪崩效應"}
  claims:
    vertical:
      en: "Nobody answers."
      zh: "誰都得不到回應。"
    retries:
      en: "It stays dead."
      zh: "一直死著。"
remedies:
  title: {en: "Remedies", zh: "解決思路"}
  systems: [redis]
  claims:
    bulkhead: {en: "It holds.", zh: "守得住。"}
"""


@pytest.fixture(autouse=True)
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book in a folder of its own; returns the folder."""
    (tmp_path / "claims.yml").write_text(CLAIMS, "utf-8")
    (tmp_path / "labs").mkdir()
    for name, value in (("LABKIT_CLAIMS", "claims.yml"), ("LABKIT_RECORDS", "records"), ("LABKIT_NOTEBOOKS", "labs")):
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("LABKIT_LANGUAGE", "en")
    monkeypatch.delenv("CI", raising=False)
    return tmp_path

