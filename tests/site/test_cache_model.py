"""The cache that a figure plays with is the book's own, its requests follow Zipf's law, and its theory is Che's."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from labkit.measure import theory
from mini_services.patterns.lfu import LFU
from mini_services.patterns.lru import LRU
from tests.support.figure_page import sources

pytestmark = pytest.mark.needs("chromium")

SEQUENCES = 150
POLICIES = {"LRU": LRU, "LFU": LFU}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with sources(chromium) as opened:
        yield opened


@pytest.mark.parametrize("policy", POLICIES)
def test_the_cache_of_the_figures_keeps_and_forgets_as_the_cache_of_the_shop(page: Page, policy: str) -> None:
    draw, cases, expected = random.Random(4), [], []
    for _ in range(SEQUENCES):
        size, log = draw.randint(1, 6), []
        events = [[draw.choice(["get", "get", "put"]), draw.randrange(9), step] for step in range(80)]
        cache = POLICIES[policy](size)
        for kind, key, value in events:
            log.append([cache.get(key) if kind == "get" else cache.put(key, value), len(cache)])
        cases.append([policy, size, events])
        expected.append(log)
    found = [log[step][0] is not None for (_, _, events), log in zip(cases, expected, strict=True)
             for step in range(80) if events[step][0] == "get"]
    assert 0.2 < sum(found) / len(found) < 0.8
    logs = page.evaluate("""async (cases) => {
      const caches = await import("/parts/caches.js");
      return cases.map(([policy, size, events]) => {
        const cache = new caches[policy](size);
        return events.map(([kind, key, value]) => [cache[kind](key, value) ?? null, cache.entries.size]);
      });
    }""", cases)
    wrong = [(case, log, right) for case, log, right in zip(cases, logs, expected, strict=True) if log != right]
    assert wrong[:1] == []


READS = """async ([preset, parameters, seconds, seed, step]) => {
  const { PRESETS } = await import("/cache.js");
  const { Reads, USUAL } = await import("/parts/reads.js");
  const reads = new Reads({ ...USUAL, ...PRESETS[preset].parameters, ...parameters }, seed);
  const [asked, history, count, look] = [[], [], reads.count.bind(reads), reads.look.bind(reads)];
  reads.count = (rank, hit) => {
    asked.push({ at: reads.now, rank, item: reads.order[rank], hit });
    count(rank, hit);
  };
  reads.look = () => {
    look();
    if (reads.history.length) history.push(reads.history.at(-1));
  };
  const story = [...PRESETS[preset].story];
  for (let now = step; now <= seconds + 1e-9; now += step) {
    while (story.length && story[0][0] <= now) {
      reads.advance(story[0][0]);
      reads[story.shift()[1]]();
    }
    reads.advance(now);
  }
  const { told, theory, expected, cache: { entries: { size: held } } } = reads;
  return JSON.stringify({ told, asked, history, theory, expected, held, figures: reads.figures() });
}"""


def lived(page: Page, preset: str, seconds: float, *, seed: int = 1, step: float = 0.25, **parameters: Any) -> dict[str, Any]:
    """The figure's cache after so many seconds of a preset: each request, what it told, and what theory says."""
    return dict(json.loads(page.evaluate(READS, [preset, parameters, seconds, seed, step])))


def ratio(run: dict[str, Any], begin: float = 0, end: float = math.inf) -> float:
    """The share of hits among the requests of these seconds."""
    hits = [each["hit"] for each in run["asked"] if begin < each["at"] <= end]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("preset", ["shift", "lfu"])
def test_a_request_hits_when_it_would_hit_the_cache_of_the_shop(page: Page, preset: str) -> None:
    run = lived(page, preset, 30)
    cache: LRU[int, bool] | LFU[int, bool] = (LFU if preset == "lfu" else LRU)(60)
    hits = []
    for each in run["asked"]:
        hits.append(cache.get(each["item"]) is not None)
        if not hits[-1]:
            cache.put(each["item"], True)
    assert len(hits) > 1500
    wrong = [each for each, hit in zip(run["asked"], hits, strict=True) if each["hit"] != hit]
    assert wrong[:1] == []
    assert run["held"] == len(cache)


def test_the_theory_of_the_figure_is_that_of_the_labs_for_all_that_a_reader_can_set(page: Page) -> None:
    """Newton's method in the one, halving of an interval in the other."""
    grid = [(items, size, exponent) for items in (20, 60, 200, 400) for size in (5, 15, 55, 195, 200)
            for exponent in (0, 0.3, 0.8, 1, 1.5, 2)]
    solved = page.evaluate("""async (grid) => {
      const { best, che, zipf } = await import("/parts/zipf.js");
      return grid.map(([items, size, exponent]) => {
        const shares = zipf(items, exponent);
        return [che(shares, size), best(shares, size)];
      });
    }""", grid)
    for (items, size, exponent), (by_che, at_best) in zip(grid, solved, strict=True):
        assert by_che == pytest.approx(float(theory.lru_hit_ratio(items, size, exponent)), abs=1e-7), (items, size, exponent)
        assert at_best == pytest.approx(float(theory.lfu_hit_ratio(items, size, exponent)), abs=1e-9)


@pytest.mark.parametrize("exponent", [0, 0.8, 2])
def test_requests_follow_zipfs_law(page: Page, exponent: float) -> None:
    run = lived(page, "zipf", 400, exponent=exponent, items=40, rate=100)
    ranks = [each["rank"] for each in run["asked"]]
    assert len(ranks) == pytest.approx(40_000, rel=0.03)
    weights = [rank ** -exponent for rank in range(1, 41)]
    for rank, share in enumerate(weight / sum(weights) for weight in weights):
        spread = math.sqrt(share * (1 - share) / len(ranks))
        assert abs(ranks.count(rank) / len(ranks) - share) < 4 * spread, f"rank {rank}"


@pytest.mark.parametrize("parameters", [
    {}, {"exponent": 0}, {"exponent": 0.6}, {"exponent": 2}, {"size": 5}, {"size": 100}, {"items": 400}, {"items": 20, "size": 10}])
def test_the_hits_of_lru_come_to_ches_approximation(page: Page, parameters: dict[str, Any]) -> None:
    run = lived(page, "zipf", 400, rate=100, **parameters)
    assert ratio(run, begin=40) == pytest.approx(run["theory"], abs=0.012)


def test_lfu_hits_more_than_lru_and_never_more_than_the_most_popular_could(page: Page) -> None:
    for parameters in ({}, {"size": 60}, {"exponent": 0.6}):
        lru, lfu = (lived(page, "zipf", 400, rate=100, lfu=policy, **parameters) for policy in (False, True))
        assert lru["theory"] + 0.02 < ratio(lfu, begin=40) < lfu["theory"] + 0.01


def test_the_mean_latency_follows_the_hit_ratio(page: Page) -> None:
    run = lived(page, "zipf", 20, miss=150)
    last = [each["hit"] for each in run["asked"]][-300:]
    share = sum(last) / 300
    assert run["figures"]["mean"] == f"{float(theory.mean_time(share, 1, 150)):.1f}"
    assert run["figures"]["hit"] == round(100 * share)
    assert run["expected"]["meant"] == pytest.approx(float(theory.mean_time(run["theory"], 1, 150)))
    for each in run["history"]:
        assert each["mean"] == pytest.approx(float(theory.mean_time(each["hit"], 1, 150)))


def test_each_preset_reaches_what_it_promises(page: Page) -> None:
    few, alike, large = (ratio(lived(page, name, 40), begin=10) for name in ("zipf", "alike", "large"))
    assert 0.07 < alike < 0.13
    assert few > 4 * alike
    assert few < large < 2 * few  # five times the places, and less than twice the hits
    cold = lived(page, "restart", 30)
    assert ratio(cold, 12, 13) < 0.75 * ratio(cold, 9, 12)
    assert ratio(cold, 20, 30) == pytest.approx(cold["theory"], abs=0.05)


def test_lru_follows_what_is_popular_and_lfu_keeps_what_was(page: Page) -> None:
    lru, lfu = lived(page, "shift", 30), lived(page, "lfu", 30)
    assert ratio(lru, 20, 30) == pytest.approx(lru["theory"], abs=0.06)
    assert ratio(lfu, 5, 12) > ratio(lru, 5, 12)
    assert ratio(lfu, 13, 20) < ratio(lru, 13, 20) - 0.1
    assert "behind" in [key for key, _ in lfu["told"]]
    assert "behind" not in [key for key, _ in lru["told"]]


def test_a_full_cache_and_what_came_of_it_are_told_once(page: Page) -> None:
    told = [key for key, _ in lived(page, "zipf", 40)["told"]]
    assert told == ["full", "settled"]
    assert [key for key, _ in lived(page, "zipf", 60, items=20)["told"]] == ["settled"]  # all fit: it never has to forget


@pytest.mark.parametrize(("lfu", "hits", "event", "said"), [
    (False, 0.46, "shift", "settled"), (True, 0.61, "shift", "settled-lfu"), (True, 0.2, "shift", "behind"),
    (True, 0.2, "empty", None), (False, 0.2, "shift", None), (False, 0.7, "shift", None)])
def test_only_a_cache_that_counts_is_said_to_keep_what_was_popular(
        page: Page, lfu: bool, hits: float, event: str, said: str | None) -> None:
    assert page.evaluate("""async ([lfu, hits, key]) => {
      const { Reads, USUAL, WINDOW } = await import("/parts/reads.js");
      const reads = new Reads({ ...USUAL, lfu }, 1);
      reads.ends = Array.from({ length: WINDOW }, (_, i) => i < hits * WINDOW);
      reads.events = [{ at: 0, key }];
      return reads.judged();
    }""", [lfu, hits, event]) == said


def test_the_same_seed_gives_the_same_run_however_it_is_cut(page: Page) -> None:
    first = lived(page, "restart", 15, seed=7)
    again, coarse, other = (lived(page, "restart", 15, **cut) for cut in ({"seed": 7}, {"seed": 7, "step": 2.5}, {"seed": 8}))
    for key in first:
        same = [again[key] == first[key], coarse[key] == first[key]]  # not compared by pytest, which would look for each difference
        assert same == [True, True], key
    differs = other["asked"] != first["asked"]
    assert differs


def test_what_a_reader_changes_keeps_of_the_cache_what_still_fits(page: Page) -> None:
    steps = page.evaluate("""async () => {
      const { Reads, USUAL } = await import("/parts/reads.js");
      const reads = new Reads({ ...USUAL, size: 100 }, 1);
      reads.advance(20);
      const steps = [];
      for (const change of [{ rate: 10 }, { size: 30 }, { lfu: true }, "highest", { items: 400 }, { size: 200 }]) {
        const before = [...reads.cache.entries.keys()];
        reads.set({ ...reads.settings, ...(change === "highest" ? { items: Math.max(...before) } : change) });
        const order = [...reads.order].sort((one, other) => one - other);
        const whole = order.length === reads.settings.items && order.every((item, i) => item === i);
        steps.push([before, [...reads.cache.entries.keys()], whole]);
        reads.advance(reads.now + 2);
      }
      return steps;
    }""")
    assert all(whole for _, _, whole in steps)
    same, fewer, other, small, many, more = [(before, after) for before, after, _ in steps]
    for before, after in (same, other, many, more):
        assert after == before
    assert fewer[1] == fewer[0][-30:]  # those used last
    assert small[1] == [item for item in small[0] if item < max(small[0])]
