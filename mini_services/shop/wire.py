"""One HTTP request to another service, and what can come of it:

    ok         an answer below 500, be it a "no" (4xx)
    timeout    no answer in time                         -> 504
    refused    nobody listens there                      -> 503
    broken     the connection broke before the answer    -> 503
    error      an answer of 500 or above                 -> 503, or 504 when that is what it says

The words on the left are what `calls_total` counts, the numbers on the right what this service tells its own caller.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from ssl import PROTOCOL_TLS_CLIENT, SSLContext

import httpx

from mini_services.patterns.deadline import HEADER, Deadline
from mini_services.shop.context import REQUEST_ID, request_id
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service

__all__ = ["NO_TLS", "CallFailed", "Wire"]

# Services call their neighbours over plain HTTP. A client would load every certificate authority there is, in 40 ms
# and some megabytes; this context trusts none of them.
NO_TLS = SSLContext(PROTOCOL_TLS_CLIENT)
# An idle connection is given up before uvicorn closes it, after 5 s, or one day it would do so just as it is used again.
_LIMITS = httpx.Limits(max_connections=1, keepalive_expiry=2.0)


class CallFailed(Refusal):
    """The call was made and failed."""


class Wire:
    """HTTP to the service `name` at `url`, shared by threads.

    As many connections as calls, or they would queue for one: a bulkhead that nobody asked for. Each has a client of its
    own, for one httpx.Client looks at all its idle connections at each call, under one lock: with fifty threads behind
    that, a service was busy for seconds after its callee had answered them all.
    """

    def __init__(self, name: str, url: str, service: Service) -> None:
        self.name, self.url = name, url
        self._calls, self._log = service.metrics.calls, service.log
        self.new_client = partial(httpx.Client, base_url=url, limits=_LIMITS, verify=NO_TLS, trust_env=False)
        self._idle: deque[httpx.Client] = deque()
        service.at_end.append(self.close)

    def send(self, method: str, path: str, body: Mapping[str, object] | None, until: Deadline, *, tell: bool) -> httpx.Response:
        """Send a request and wait for its answer `until` then, which the callee is told of if `tell`; or CallFailed."""
        if not self.url:
            raise Refusal(503, f"{self.name} has no address: set {self.name.upper()}_URL")
        headers = {REQUEST_ID: request_id.get()} | ({HEADER: until.to_header()} if tell else {})
        try:
            with self._client() as client:
                response = client.request(method, path, json=body, headers=headers, timeout=until.remaining())
        except httpx.TimeoutException as error:
            raise self._failed("timeout", "did not answer in time", 504) from error
        except httpx.ConnectError as error:
            raise self._failed("refused", "refused the connection", 503) from error
        except httpx.RequestError as error:
            raise self._failed("broken", "broke the connection", 503) from error
        if response.is_server_error:
            raise self._failed("error", f"answered {response.status_code}", 504 if response.status_code == 504 else 503)
        self._calls.labels(self.name, "ok").inc()
        return response

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        """The client that was used last, for its connection is warm; a new one while all are in use."""
        try:
            client = self._idle.pop()
        except IndexError:
            client = self.new_client()
        try:
            yield client
        finally:
            self._idle.append(client)

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _failed(self, outcome: str, what: str, status: int) -> CallFailed:
        self._calls.labels(self.name, outcome).inc()
        self._log.warning("call failed", callee=self.name, outcome=outcome)
        return CallFailed(status, f"{self.name} {what}")
