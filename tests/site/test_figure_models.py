"""What a figure plays with is the book's own code: the same events give the same decisions in Python and in the figure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from labkit.measure import theory
from labkit.show.module import names, ranges
from mini_services.patterns.breaker import Breaker, BreakerOpen, Rules
from mini_services.patterns.budget import Budget
from mini_services.patterns.bulkhead import Bulkhead, BulkheadFull
from tests.support.figure_page import sources

pytestmark = pytest.mark.needs("chromium")

SEQUENCES = 150


class Sick(Exception):
    """The callee failed."""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with sources(chromium) as opened:
        yield opened


def breaker_events(draw: random.Random) -> list[list[Any]]:
    """Time that passes, calls that begin, and calls under way that end: in any order."""
    events, calls = [], 0
    for _ in range(60):
        kind = draw.choice(["wait", "begin", "begin", "end", "end", "end"])
        if kind == "wait":
            events.append(["wait", draw.choice([0, 1, 1, 2, 5])])
        elif kind == "begin":
            events.append(["begin"])
            calls += 1
        elif calls:
            events.append(["end", draw.randrange(calls), draw.choice([True, True, False, None])])
    return events


def breaker_in_python(rules: Rules, events: list[list[Any]]) -> list[Any]:
    """After each event: the state, and whether the call was let through; then every change with its time."""
    clock, log, changes, open_calls = Clock(), [], [], []
    breaker = Breaker(rules, failures=(Sick,), clock=clock, on_change=lambda *change: changes.append(list(change)))
    for kind, *more in events:
        if kind == "wait":
            clock.now += more[0]
        elif kind == "begin":
            guard = breaker.guard()
            try:
                guard.__enter__()
                open_calls.append(guard)
            except BreakerOpen:
                open_calls.append(None)
            log.append(open_calls[-1] is not None)
        elif open_calls[more[0]] is not None:
            error = {True: Sick(), False: None, None: KeyError()}[more[1]]
            open_calls[more[0]].__exit__(type(error) if error else None, error, None)
            open_calls[more[0]] = None
        log.append(breaker.state)
    return [log, changes]


BREAKER = """async (cases) => {
  const { Breaker } = await import("/parts/patterns.js");
  return cases.map(([rules, events]) => {
    const [log, changes, calls] = [[], [], []];
    const breaker = new Breaker(rules, (...change) => changes.push(change));
    let now = 0;
    for (const [kind, first, failed] of events) {
      if (kind === "wait") now += first;
      else if (kind === "begin") {
        calls.push(breaker.begin(now));
        log.push(calls.at(-1) !== null);
      } else if (calls[first]) {
        breaker.end(calls[first], failed, now);
        calls[first] = null;
      }
      log.push(breaker.state.name);
    }
    return [log, changes];
  });
}"""


def test_the_breaker_of_the_figures_decides_as_the_breaker_of_the_shop(page: Page) -> None:
    draw, cases, expected = random.Random(1), [], []
    for _ in range(SEQUENCES):
        rules = Rules(window=draw.randint(1, 8), threshold=draw.choice([0.25, 0.5, 0.75, 1.0]), minimum=draw.randint(1, 5),
                      reset_after=draw.randint(0, 4), probes=draw.randint(1, 3))
        events = breaker_events(draw)
        theirs = {"window": rules.window, "threshold": rules.threshold, "minimum": rules.minimum,
                  "resetAfter": rules.reset_after, "probes": rules.probes}
        cases.append([theirs, events])
        expected.append(breaker_in_python(rules, events))
    assert {state for log, _ in expected for state in log} == {"closed", "open", "half-open", True, False}
    assert page.evaluate(BREAKER, cases) == expected


def test_the_rules_that_nobody_sets_are_the_same(page: Page) -> None:
    rules = Rules()
    assert page.evaluate("async () => (await import('/parts/patterns.js')).RULES") == {
        "window": rules.window, "threshold": rules.threshold, "minimum": rules.minimum, "resetAfter": rules.reset_after,
        "probes": rules.probes}


def test_the_budget_of_the_figures_pays_as_the_budget_of_the_shop(page: Page) -> None:
    draw, cases, expected = random.Random(2), [], []
    for _ in range(SEQUENCES):
        share, reserve = draw.choice([0.0, 0.1, 0.2, 1 / 3, 1.0]), draw.randint(0, 5)
        events = [draw.random() < 0.6 for _ in range(60)]
        budget, log = Budget(share, reserve=reserve, ceiling=6), []
        for deposits in events:
            log.append([budget.deposit() if deposits else budget.withdraw(), budget.balance])
        cases.append([share, reserve, events])
        expected.append(log)
    assert page.evaluate("""async (cases) => {
      const { Budget } = await import("/parts/patterns.js");
      return cases.map(([share, reserve, events]) => {
        const budget = new Budget(share, reserve, 6);
        return events.map((deposits) => [deposits ? budget.deposit() ?? null : budget.withdraw(), budget.balance]);
      });
    }""", cases) == expected


def test_the_bulkhead_of_the_figures_has_as_many_places_as_that_of_the_shop(page: Page) -> None:
    draw, cases, expected = random.Random(3), [], []
    for _ in range(SEQUENCES):
        places, events = draw.randint(1, 5), []
        bulkhead, log = Bulkhead(places), []
        for _ in range(40):
            if bulkhead.in_use and draw.random() < 0.4:
                bulkhead.__exit__(None, None, None)
                events.append("leave")
                log.append([None, bulkhead.in_use])
            else:
                events.append("enter")
                log.append([_entered(bulkhead), bulkhead.in_use])
        cases.append([places, events])
        expected.append(log)
    assert page.evaluate("""async (cases) => {
      const { Bulkhead } = await import("/parts/patterns.js");
      return cases.map(([places, events]) => {
        const bulkhead = new Bulkhead(places);
        return events.map((event) => [bulkhead[event]() ?? null, bulkhead.inUse]);
      });
    }""", cases) == expected


def _entered(bulkhead: Bulkhead) -> bool:
    try:
        bulkhead.__enter__()
    except BulkheadFull:
        return False
    return True


SHOP = """async ([preset, parameters, seconds, seed, step]) => {
  const { PRESETS } = await import("/avalanche.js");
  const { Shop, USUAL } = await import("/parts/shop.js");
  const { share } = await import("/parts/users.js");
  const shop = new Shop({ ...USUAL, ...PRESETS[preset].parameters, ...parameters }, seed);
  const story = [...PRESETS[preset].story];
  for (let now = step; now <= seconds + 1e-9; now += step) {
    while (story.length && story[0][0] <= now) {
      shop.advance(story[0][0]);
      shop.fault(story.shift()[1]);
    }
    shop.advance(now);
  }
  shop.advance(seconds);
  const last = (lane) => share(shop.ends[lane].filter(({ end }) => end > seconds - 2));
  return { told: shop.told, pages: last("pages"), buyers: last("buyers"), ends: shop.ends, breaker: shop.breaker?.state.name,
    busy: Object.fromEntries(Object.values(shop.services).map(({ key, inUse }) => [key, inUse])), calls: shop.calls };
}"""


def lived(page: Page, preset: str, seconds: float, *, seed: int = 1, step: float = 0.05, **parameters: Any) -> dict[str, Any]:
    """The avalanche's shop after so many seconds of a preset: what it told, and what users got in the last two."""
    return dict(page.evaluate(SHOP, [preset, parameters, seconds, seed, step]))


def filled(run: dict[str, Any], service: str) -> float | None:
    """Seconds after the fault when the service was full; None when it never was."""
    told = [values for key, values in run["told"] if key == "full" and values["name"] == service]
    return float(told[0]["after"]) if told else None


@pytest.mark.parametrize(("pool", "rate"), [(16, 16), (24, 12), (48, 48), (60, 20)])
def test_a_pool_is_full_when_theory_says_so(page: Page, pool: int, rate: int) -> None:
    run = lived(page, "hang", 12, pool=pool, rate=rate, timeout=10)
    for service, threads in (("storefront", pool), ("orders", pool // 2)):
        predicted = float(theory.time_to_fill(threads, rate=rate, hold=10))
        measured = filled(run, service)
        assert measured is not None
        assert 0.7 <= measured / predicted <= 1.35, f"{service}: {measured} s, by theory {predicted} s"


def test_a_pool_that_theory_never_fills_is_never_full(page: Page) -> None:
    assert float(theory.time_to_fill(16, rate=16, hold=0.5)) == float("inf")
    assert filled(lived(page, "hang", 12, timeout=0.5), "storefront") is None


def test_retries_multiply_as_theory_says_and_a_budget_holds_them(page: Page) -> None:
    most = float(theory.retry_amplification(3, 2))
    run = lived(page, "retries", 12)
    per_order = run["calls"]["orders"] / run["calls"]["buyers"]
    assert 3 < per_order <= most
    held = lived(page, "retries", 12, budget=True)
    orders = held["calls"]["buyers"]
    reserve = 3 * 2 + 3  # what both budgets may spend at once, and what the retries of the first may add
    assert held["calls"]["orders"] <= orders * float(theory.retry_amplification_with_budget(0.1, 2)) + reserve


def test_each_preset_reaches_what_it_promises(page: Page) -> None:
    calm, hang, dead = (lived(page, name, 8) for name in ("calm", "hang", "dead"))
    assert (calm["pages"], calm["buyers"]) == (1, 1)
    assert hang["pages"] <= 0.2
    assert hang["busy"]["storefront"] == 16
    assert (dead["pages"], dead["buyers"]) == (1, 0)
    assert filled(dead, "storefront") is None
    guarded = lived(page, "breaker", 7)
    assert guarded["pages"] >= 0.95
    assert guarded["breaker"] in ("open", "half-open")
    mended = lived(page, "breaker", 13)
    assert (mended["pages"], mended["buyers"], mended["breaker"]) == (1, 1, "closed")
    remedies = lived(page, "remedies", 7)
    assert remedies["pages"] >= 0.95
    assert remedies["buyers"] >= 0.8
    assert "fallback" in {end["kind"] for end in remedies["ends"]["buyers"]}


def test_retries_keep_the_shop_dead_after_the_fault_and_a_budget_ends_it(page: Page) -> None:
    assert lived(page, "retries", 14)["buyers"] <= 0.2
    assert "lasting" in [key for key, _ in lived(page, "retries", 8)["told"]]
    assert lived(page, "retries", 14, budget=True)["buyers"] >= 0.8


def test_the_same_seed_gives_the_same_run_however_it_is_cut(page: Page) -> None:
    first = lived(page, "breaker", 9, seed=7)
    assert lived(page, "breaker", 9, seed=7) == first
    assert lived(page, "breaker", 9, seed=7, step=0.5) == first
    assert lived(page, "breaker", 9, seed=8)["ends"] != first["ends"]


@pytest.mark.parametrize("name", [name for name in names() if ranges(name)])
def test_the_build_knows_the_parameters_that_a_figure_has(page: Page, name: str) -> None:
    own = page.evaluate("async (name) => (await import(`/${name}.js`)).RANGES", name)
    assert {key: list(range_) if range_ else None for key, range_ in ranges(name).items()} == own
