"""What goes wrong with the services' image is a sentence with a remedy, in both languages."""

from __future__ import annotations

import errno

import pytest
import requests
from docker.errors import APIError, DockerException
from urllib3.exceptions import ProtocolError

from labkit.substrates.image_trouble import CannotBuild, explained, no_base

CAUSES = [
    (DockerException("no answer"), "stopped answering", "不再回應"),
    (requests.exceptions.ConnectionError("reset"), "stopped answering", "不再回應"),
    (ProtocolError("cut in the middle"), "stopped answering", "不再回應"),
    (APIError("write /layer: no space left on device"), "docker system df", "docker system df"),
    (APIError("invalid reference"), "refused to build", "拒絕建置"),
    (OSError(errno.ENOSPC, "No space left on device"), "disk of this machine is full", "這台機器的磁碟已滿"),
]


@pytest.mark.parametrize(("cause", "english", "chinese"), CAUSES)
def test_each_cause_has_its_sentence(cause: Exception, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, sentence in (("en", english), ("zh-Hant", chinese)):
        monkeypatch.setenv("LABKIT_LANGUAGE", language)
        with pytest.raises(CannotBuild, match=sentence), explained():
            raise cause


def test_another_error_stays_what_it_is() -> None:
    with pytest.raises(PermissionError), explained():
        raise PermissionError(errno.EACCES, "not yours")


def test_a_missing_base_names_the_image_and_what_the_registry_said() -> None:
    assert "python:3.13" in str(no_base("python:3.13", "connection refused"))
    assert "connection refused" in str(no_base("python:3.13", "connection refused"))
