"""Examinations of machines that are not this one."""

from __future__ import annotations

from typing import Any

from labkit.doctor.finding import Examination, Finding, State, SystemFinding
from labkit.language import Text

INSTALL = "sudo apt-get install -y redis-server"
LONG = Text("anyio 4.1, fastapi 0.99, httpx 0.27, numpy 2.0.1 and uvicorn 0.30 are not the versions that are locked",
            "anyio 4.1、fastapi 0.99、httpx 0.27、numpy 2.0.1、uvicorn 0.30 的版本與鎖定的版本不相同，實驗的結果可能因此不同")


def finding(key: str = "memory", state: State = "here", said: Text | None = None, command: str = "", **more: Any) -> Finding:
    return Finding(key, Text(f"Name of {key}", f"{key} 的名稱"), state, said or Text(f"{key} is {state}", f"{key} 是 {state}"),
                   command, **more)


def system(process: Finding, docker: Finding) -> SystemFinding:
    return SystemFinding("redis", Text("cache", "緩存"), process, docker)


def well() -> Examination:
    """Nothing is amiss."""
    return Examination("docker", [finding("python"), finding("memory")],
                       [system(finding("redis.process"), finding("redis.docker"))])


def ill() -> Examination:
    """Redis is missing, for there is no engine; and packages are not as locked."""
    packages = finding("packages", "lacking", LONG, "python -m pip install -r requirements.txt")
    engine = finding("engine", "lacking", command="service docker start", by_hand=True)
    return Examination("process", [finding("python"), packages, engine],
                       [system(finding("redis.process", "missing", command=INSTALL), finding("redis.docker", "lacking"))])
