"""Lab: the one entry of a notebook, and the only place where the parts of labkit are wired together."""

from __future__ import annotations

import atexit
import os
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from labkit.check.exercises import ExerciseFailed, grade
from labkit.check.judging import judge
from labkit.check.records import lab_of
from labkit.doctor.command import show_doctor
from labkit.faults.injection import Injection
from labkit.handles.charts import Charts
from labkit.handles.costs import Costs
from labkit.handles.experiment import Experiment, requests_of
from labkit.handles.figures import play
from labkit.handles.fleet import Fleet
from labkit.handles.link import Link
from labkit.handles.package import app_of, preload_of
from labkit.handles.plan import ServicePlan
from labkit.handles.recipe import system_of
from labkit.handles.service import Service
from labkit.handles.trace import BreakerTrace
from labkit.handles.wiring import start_wiring
from labkit.language import Text
from labkit.measure.run import Run
from labkit.show.line import Line
from labkit.show.live import Live
from labkit.show.note import note, put
from labkit.show.painter import painter
from labkit.show.predict import Prediction, predict
from labkit.show.progress import Progress
from labkit.show.report import report_card
from labkit.show.verdict import verdict_card
from labkit.substrates.choose import choose
from labkit.substrates.substrate import Process

__all__ = ["Lab"]

_LIBRARIES = ("fastapi", "uvicorn", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on", "httptools",
              "uvloop", "uvicorn.loops.uvloop", "anyio._backends._asyncio", "httpx", "pydantic_settings",
              "prometheus_client", "labkit.substrates.serve", "labkit.faults.proxy", "labkit.load.engine")
_open: list[Lab] = []


class Lab:
    """Starts services, breaks them, loads them, measures them, and leaves nothing behind.

    ``package`` is where ``lab.service("stock")`` finds its module; ``substrate`` says where things run (default:
    ``LABKIT_SUBSTRATE``, else what this machine has); ``seed`` fixes the phase of the loads (default: ``LABKIT_SEED``, else
    drawn anew). Use it as ``with Lab() as lab:`` or call :meth:`close`; nothing of it survives the notebook's kernel by more
    than two seconds.
    """

    doctor = staticmethod(show_doctor)

    def __init__(self, *, substrate: str | None = None, package: str = "mini_services.shop",
                 seed: int | None = None) -> None:
        _close_others()
        began = time.monotonic()
        self.package = package
        self.seed = int(os.environ.get("LABKIT_SEED") or random.randrange(1 << 30)) if seed is None else seed
        self._loads = 0
        self._substrate, why = choose(substrate, [*_LIBRARIES, *preload_of(package)], Line())
        try:
            self._wiring = start_wiring(self._substrate)
        except BaseException:  # an interrupt too: half a lab must not be left
            self._substrate.close()
            raise
        self._fleet, self._costs = Fleet(self._substrate, self._wiring), Costs(self._substrate, began)
        self.chart = Charts(self._fleet)
        _open.append(self)
        atexit.register(self.close)
        put(note(why))

    # What runs

    def service(self, name: str, *, app: str | None = None, calls: Service | Iterable[Service] = (), instances: int = 1,
                **settings: Any) -> Service:
        """Start a service and wait until it answers; one line says what runs, in how many seconds.

        ``settings`` become its environment (``threads=8`` is ``THREADS=8``); ``calls`` are the services that it calls,
        each over a link of its own that a fault can be put on. The same name again starts it anew.
        """
        return self._start(ServicePlan(name, app or app_of(self.package, name), self._called(name, calls), instances, settings))

    def system(self, kind: str, *, name: str = "", calls: Service | Iterable[Service] = (), instances: int = 1,
               **settings: Any) -> Service:
        """Start a real system, such as "redis" or a cluster of three "etcd", and wait until it answers in its own protocol.

        It is an image of an exact version where there is a Docker engine, else the program of this machine. Its ``name`` is
        its kind, unless there are two; a service that ``calls`` it finds its address (``REDIS_URL``).
        """
        plan = ServicePlan(name or kind, "", self._called(name or kind, calls), instances, system=system_of(kind, settings))
        return self._start(plan)

    def link(self, caller: Service | str, callee: Service | str) -> Link:
        """The way from ``caller`` to ``callee``; ``"users"`` is the caller outside."""
        return self._fleet.link(*(end if isinstance(end, str) else end.name for end in (caller, callee)))

    # What it does under load

    def load(self, target: Service, paths: str | Mapping[str, float], *, seconds: float, rate: float | None = None,
             timeout: float = 0.5, arrivals: str = "constant", users: int = 0, think: float = 0.0,
             body: str | None = None, faults: Injection | Iterable[Injection] = (), tag: str = "X-Answer") -> Run:
        """Send requests to ``target`` for ``seconds``, with planned ``faults`` on the way, and return what was measured.

        ``paths`` is one path with ``rate`` requests a second, or ``{"POST /orders": 48, "GET /": 48}``; "/items/{zipf:500}" is
        one of 500 by Zipf's law. ``tag`` is the header that tells answers apart. The load is open (``arrivals`` "constant"
        or "poisson"): it does not slow down for slow answers. "closed" has ``users`` who each wait for an answer and then
        ``think`` seconds. A user gives up after ``timeout`` seconds. On too busy a machine it is run once more.
        """
        planned = [faults] if isinstance(faults, Injection) else list(faults)
        requests = requests_of(paths, rate, timeout=timeout, arrivals=arrivals, users=users, think=think, body=body)
        standing = [fault for fault in self._fleet.faults if fault.active and fault not in planned]
        with Progress(seconds) as progress:
            experiment = Experiment(self._fleet, self._launch, target, requests, seconds, planned, self._next_seed,
                                    self._costs.beside(progress), tuple(self._fleet.plans.values()), standing, tag)
            run = experiment.run(painter)
            progress(1.0, int(float(run.sent)), int(float(run.ok)))  # the engine's last report was a moment earlier
        self._repeat_if_busy(run)
        if run.kept_rate is not None:
            put(note(run.kept_rate))
        return run

    def breaker_trace(self, service: Service, run: Run) -> BreakerTrace:
        """The changes of state of the circuit breakers in ``service`` during ``run``."""
        return BreakerTrace(service, run)

    def claim(self, claim_id: str, *conditions: Any, strict: bool = False, evidence: Run | Iterable[Run] = (),
              **figures: float) -> None:
        """Hold a claim of the book to what was measured: show the verdict, record it, and raise when it does not hold.

        ``conditions`` compare measured figures, as in ``run["GET /"].answered >= 0.95``; a function without arguments
        is for what is no figure, with the runs that it looks at as ``evidence``. All must hold. A missed claim is measured
        once more, as is one whose machine was too busy. ``figures`` are kept by name, for the chapter to refer to.
        """
        runs = [evidence] if isinstance(evidence, Run) else list(evidence)
        verdict = judge(claim_id, conditions, lab_name=lab_of(claim_id), strict=strict, evidence=runs or None, figures=figures,
                        say=lambda text: put(note(text)))
        put(verdict_card(verdict))
        verdict.raise_if_failed()

    def grade(self, exercise: str, answer: Any, *, must_pass: bool = False) -> None:
        """Let the grader of ``exercise`` attack the reader's ``answer``, and show what broke, if anything did.

        Nothing is raised for a wrong answer, unless it ``must_pass``, as the book's own solutions do.
        """
        report = grade(exercise, answer)
        put(report_card(report))
        if must_pass and not report.passed:
            raise ExerciseFailed(report)

    def predict(self, unit: str, low: float, high: float, *, step: float | None = None) -> Prediction:
        """Ask the reader for a guess, with a slider; ``value`` is None until it is moved. Nothing waits for it."""
        guess = predict(Text("Your guess", "你的猜測"), low, high, unit, step)
        put(guess)
        return guess

    def figure(self, name: str, preset: str | None = None, *, seed: int = 1, **parameters: Any) -> Live:
        """A figure of the book to play with, from a ``preset`` or with ``parameters`` of your own; it simulates."""
        return play(name, preset, parameters, seed)

    def heal(self) -> None:
        """Lift every fault."""
        self._fleet.heal()

    def reset(self) -> None:
        """Lift every fault and start every service anew: what was waiting in a queue or a pool is gone."""
        self._fleet.reset()

    def close(self) -> None:
        """End all of it. Safe to call twice; the last line says what the lab took."""
        if self not in _open:
            return
        _open.remove(self)
        atexit.unregister(self.close)
        self._costs.look()
        self._fleet.close()
        self._wiring.close()
        self._substrate.close()
        put(note(self._costs.sentence()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # The wiring

    def _launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int]) -> Process:
        return self._substrate.launch(target, keywords, fds, name="load")

    def _called(self, caller: str, calls: Service | Iterable[Service]) -> tuple[str, ...]:
        """The names of the callees; each must run in this very lab."""
        self._fleet.require_open()
        callees = [calls] if isinstance(calls, Service) else list(calls)
        for callee in callees:
            self._fleet.require(callee, caller=caller)
        return tuple(callee.name for callee in callees)

    def _start(self, plan: ServicePlan) -> Service:
        begin = time.monotonic()
        service = self._fleet.start(plan)
        self._print_started(service, time.monotonic() - begin)
        return service

    def _next_seed(self) -> int:
        """A load's phase comes from the lab's seed, and no two loads of a lab have the same."""
        self._loads += 1
        return self.seed + 1009 * self._loads

    def _repeat_if_busy(self, run: Run) -> None:
        reason = run.too_busy()
        if reason is not None:
            put(note(Text("The machine was too busy to judge this run: {reason}. It is run once more.",
                          "機器太忙，這次執行不能算數：{reason}。再執行一次。").format(reason=reason)))
            run.again()

    def _print_started(self, service: Service, seconds: float) -> None:
        memory = sum(instance.memory() for instance in service.instances) / 2**20
        self._costs.look()
        put(note(Text("{name}: {n} instance(s) at {url}, ready in {seconds:.2f} s, {memory:.0f} MiB",
                      "{name}：{n} 個實例，位址 {url}，{seconds:.2f} 秒就緒，{memory:.0f} MiB").format(
            name=service.title, n=len(service.instances), url=service.url, seconds=seconds, memory=memory)))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_open.clear)  # they are the parent's


def _close_others() -> None:
    """A set-up cell run twice must not leave the first lab's services running beside the second's."""
    for lab in list(_open):
        put(note(Text("Another lab was still open in this notebook; it is closed first.",
                      "這份筆記本還有一個實驗沒有結束，先把它關閉。")))
        lab.close()
