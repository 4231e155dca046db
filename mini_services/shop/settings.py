"""Settings: each service reads its own from environment variables, and stops when it is told one that it does not know.

THREADS=24 in the environment is `settings.threads` in the code. A misspelt setting that is silently ignored would
make an experiment measure something else, so whoever starts a service names what was set on purpose in
SERVICE_SETTINGS ("THREADS,TIMEOUT"), and each of these names must be one of the service's own.

From the twelve-factor app, "Config".
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable
from typing import Annotated, Literal, NoReturn, TypeVar

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Address", "CallSettings", "ServiceSettings", "load"]

Address = Annotated[str, StringConstraints(pattern=r"^(http://[^/\s]+)?/?$")]  # "http://127.0.0.1:8002", or none


class ServiceSettings(BaseSettings):
    """What every service can be told. Times are in seconds; 0 means "none" where a count limits something."""

    model_config = SettingsConfigDict(frozen=True)

    instance: str = ""  # this instance's name in its logs
    threads: PositiveInt = 40  # size of the thread pool; 40 is anyio's own default
    work: NonNegativeFloat = 0.0  # how long the service's own work takes
    shed: NonNegativeInt = 0  # refuse at the door what comes above this many requests in flight
    deadline: bool = False  # heed the deadline that a caller sends, and pass it on
    grace: NonNegativeFloat = 3.0  # how long a service that is told to stop may take to finish what is in flight


class CallSettings(ServiceSettings):
    """How a service calls its callees; without any of it a call just waits up to `timeout`."""

    timeout: PositiveFloat = 10.0  # of one attempt, for each step of it (connect, send, wait)
    attempts: PositiveInt = 1  # the first one included
    backoff: NonNegativeFloat = 0.0  # before the first retry, doubled for each further one
    jitter: bool = False  # wait a random part of the backoff
    budget: NonNegativeFloat = 0.0  # retries as a share of requests; 0 is no budget: every request may retry
    bulkhead: NonNegativeInt = 0  # places for each callee
    breaker: bool = False
    breaker_window: PositiveFloat = 1.0
    breaker_threshold: Annotated[float, Field(gt=0, le=1)] = 0.5
    breaker_minimum: PositiveInt = 5
    breaker_reset: NonNegativeFloat = 0.5
    breaker_probes: PositiveInt = 1
    fallback: Literal["none", "default", "stale", "alternative", "queue"] = "none"
    alternative_url: Address = ""  # whom to ask instead, for the fallback "alternative"


S = TypeVar("S", bound=ServiceSettings)


def load(service: str, kind: type[S]) -> S:
    """Read `kind` from the environment; a setting that is unknown or wrong ends the process with a sentence."""
    try:
        _refuse_unknown(os.environ.get("SERVICE_SETTINGS", "").split(","), kind.model_fields)
        return kind()
    except ValidationError as error:
        wrong = [f"{str(e['loc'][0]).upper()}={e['input']!r}: {e['msg']}" for e in error.errors()]
        _stop(f"{service} cannot start: {'; '.join(wrong)}")
    except LookupError as error:
        _stop(f"{service} cannot start: {error.args[0]}")


def _refuse_unknown(told: Iterable[str], fields: Iterable[str]) -> None:
    known = [field.upper() for field in fields]
    for name in filter(None, (name.strip().upper() for name in told)):
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}"
            raise LookupError(f"it has no setting {name}; {hint}")


def _stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(2)
