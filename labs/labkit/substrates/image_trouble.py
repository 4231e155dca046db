"""Why the services' image is not to be had: the cause and the remedy, in the reader's language."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from labkit.language import Text

__all__ = ["DISK_FULL", "CannotBuild", "explained", "no_base", "refused"]

DISK_FULL = Text("The disk of this machine is full. Free some room, then run the cell again.",
             "這台機器的磁碟已滿。請騰出一些空間，再執行一次這個儲存格。")

_FULL = Text("The disk of the Docker engine is full. See what takes the room with “docker system df”, free some, then run the "
             "cell again.", "Docker 引擎所在的磁碟已滿。請用「docker system df」查看空間用在哪裡，騰出一些，再執行一次這個儲存格。")
_GONE = Text("The Docker engine stopped answering. Start it again, then run the cell again; or set LABKIT_SUBSTRATE=process "
             "to run services as local processes.",
             "Docker 引擎不再回應。請重新啟動它，再執行一次這個儲存格；或設定 LABKIT_SUBSTRATE=process，以本機進程執行服務。")
_NO_BASE = Text("The image {name} is not on this machine, and no registry gave it. Connect to the network, or unpack the bundle "
                "for rooms without internet (environments/airgap unpack FILE), or on Debian as root make one "
                "(environments/airgap images). Then run the cell again.",
                "這台機器上沒有鏡像 {name}，也無法從鏡像倉庫取得。請連上網路，或解開給無網路教室用的離線包"
                "（environments/airgap unpack FILE），或在 Debian 上以 root 製作（environments/airgap images），"
                "再執行一次這個儲存格。")


_REFUSED = Text("The Docker engine refused to build the image for services. Its reason is below.",
                "Docker 引擎拒絕建置服務的鏡像，原因如下。")


class CannotBuild(RuntimeError):
    """The image cannot be had: a sentence with the remedy, then the last lines of whoever said so."""

    def __init__(self, what: Text, log: str = "") -> None:
        tail = "\n".join("    " + line for line in log.splitlines())
        super().__init__(f"{what}\n{tail}".rstrip())


def no_base(name: str, said: str) -> CannotBuild:
    """The base image is neither here nor in a registry."""
    return CannotBuild(_NO_BASE.format(name=name), said)


def refused(log: str) -> CannotBuild:
    """The engine could not, and says why; a full disk is the one cause that has a remedy of its own."""
    return CannotBuild(_FULL if "no space left on device" in log.lower() else _REFUSED, log)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the engine and the disk may do to a build into :class:`CannotBuild`."""
    try:
        yield
    except APIError as error:
        raise refused(str(error.explanation or error)) from error
    except (DockerException, RequestException, HTTPError) as error:
        raise CannotBuild(_GONE, str(error)) from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise CannotBuild(DISK_FULL) from error
