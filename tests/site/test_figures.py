"""Every figure as a reader meets it: by mouse, by keyboard, read out, in both languages, light and dark, on a phone."""

from __future__ import annotations

import copy
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from book.tools.figures import LIMIT, weight
from book.tools.tree import HERE
from labkit.show.module import bundle, names
from tests.support.figure_page import Host, hosted
from tests.support.stills import FOLDER, drawn
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("chromium", "chinese font")

FIGURES = ["avalanche", "breaker", "cache", "replay"]
PLAYED = ["avalanche", "breaker", "cache"]
LANGUAGES = ["en", "zh-Hant"]
NAMES = {"storefront", "orders", "stock", "POST", "Linux", "LRU", "LFU", "Zipf", "Che"}  # the same in Chinese
CALM = {"motion": "reduce"}  # starts paused: a test turns the clock


@pytest.fixture(scope="module")
def host(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with hosted(chromium, tmp_path_factory.mktemp("figures")) as one:
        yield one


def recording(**changes: Any) -> dict[str, Any]:
    """Four seconds of a small run: orders is full from 1.0 s to 2.5 s, its breaker opens and closes again."""
    busy = [1] * 10 + [4] * 15 + [1] * 15
    gaps, outcome = [0] + [100] * 39, "o" * 10 + "t" * 10 + "s" * 5 + "o" * 15
    return {"version": 1, "lab": "avalanche_1_collapse", "title": None, "date": "2026-11-25", "machine": "2 cores, Linux x86_64",
            "seconds": 4, "step": 0.1, "services": [{"name": name, "threads": 4, "instances": 1} for name in ("orders", "stock")],
            "links": [["users", "orders"], ["orders", "stock"]], "loads": [{"stream": "POST /orders", "rate": 10, "timeout": 0.5}],
            "series": {"orders": {"busy": busy, "waiting": [0] * 40}, "stock": {"busy": [None] * 40, "waiting": [0] * 40}},
            "calls": {"POST /orders": {"at": gaps, "ms": [20] * 40, "outcome": outcome}},
            "faults": [{"on": "orders -> stock", "label": {"en": "latency 3 s", "zh-Hant": "延遲 3 秒"}, "begin": 1.0, "end": 2.5}],
            "states": [{"at": 1.5, "service": "orders", "breaker": "stock", "state": "open"},
                       {"at": 2.6, "service": "orders", "breaker": "stock", "state": "closed"}]} | changes


def given(name: str) -> dict[str, Any]:
    return {"recording": recording()} if name == "replay" else {}


def test_these_are_all_figures() -> None:
    assert names() == sorted(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_light(name: str) -> None:
    assert weight(bundle(name)) < LIMIT


def test_the_script_that_mounts_them_is_lighter_still() -> None:
    assert len((HERE.root / "book" / "_static" / "figures.js").read_bytes()) <= 1536


def test_the_avalanche_by_mouse(host: Host) -> None:
    with host.show("avalanche", **CALM) as figure:
        figure.press("Stock hangs")
        figure.step(40)
        assert figure.at == pytest.approx(4)
        assert "storefront: 16 of 16 threads busy" in figure.picture
        assert "orders: 0\u202f% answered." in figure.picture
        figure.step(30)
        assert "home page: 0\u202f% answered." in figure.picture
        figure.press("Mend stock")
        figure.step(40)
        assert "home page: 100\u202f% answered." in figure.picture
        assert figure.page.evaluate("host.state.at") == figure.at


def test_the_avalanche_says_what_happened(host: Host) -> None:
    with host.show("avalanche", preset="hang", **CALM) as figure:
        assert figure.said == "16 home pages and 16 orders a second. A home page needs only the storefront."
        said = []
        for steps in (20, 3, 3, 3, 30):
            figure.step(steps)
            figure.page.wait_for_timeout(1050)  # a sentence stands for a second at least
            said.append(figure.said)
        assert "Stock hangs: it takes calls and answers none." in said
        assert any(re.fullmatch(r"storefront is full 0\.\d s after the fault: 16 threads wait for orders\.", each) for each in said)
        assert any(each.startswith("A home page fails, which needs neither orders nor stock") for each in said)
        assert figure.page.evaluate("host.state.said") == figure.said


def test_a_sentence_is_read_out_and_never_more_than_one_a_second(host: Host) -> None:
    with host.show("avalanche", preset="retries") as figure:
        figure.page.get_by_label("Speed").select_option("2")
        wait_for(lambda: len(figure.page.evaluate("host.heard")) >= 4, "four sentences", 20)
        times = [at for at, _ in figure.page.evaluate("host.heard")]
        assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 950
        assert figure.page.locator("[aria-live=polite]").count() == 1


def test_the_avalanche_by_keyboard_alone(host: Host) -> None:
    with host.show("avalanche", **CALM) as figure:
        keyboard, focused = figure.page.keyboard, "document.activeElement.textContent"
        for _ in range(2):
            keyboard.press("Tab")
        assert figure.page.evaluate(focused) == "Stock hangs"
        keyboard.press("Enter")
        assert figure.page.locator("button[aria-pressed=true]").inner_text() == "Stock hangs"
        reached = []
        for _ in range(14):
            keyboard.press("Tab")
            reached.append(figure.page.evaluate("""(({ labels, ariaLabel, textContent }) =>
              labels?.[0]?.textContent ?? ariaLabel ?? textContent)(document.activeElement)"""))
        assert [re.sub(r"[\d.]+$", "", name) for name in reached[4:]] == [
            "Hang stock", "Breaker in orders", "Retry budget", "Play", "Step", "Restart", "Speed",
            "Orders a second, as many home pages", "Time-out of a call, seconds", "Threads of the storefront, others half"]


def test_every_control_changes_the_simulation_by_keyboard(host: Host) -> None:
    with host.show("avalanche", **CALM) as figure:
        page = figure.page
        page.get_by_label("Orders a second, as many home pages").press("ArrowRight")
        page.get_by_label("Threads of the storefront, others half").press("ArrowLeft")
        page.get_by_label("Breaker in orders").press("Space")
        page.get_by_role("button", name="Hang stock").press("Enter")
        figure.step(30)
        assert page.get_by_label("Orders a second, as many home pages").input_value() == "17"
        assert "storefront: " in figure.picture
        assert " of 14 threads busy" in figure.picture
        figure.press("Restart")
        assert figure.at == 0
        assert page.get_by_label("Orders a second, as many home pages").input_value() == "17"


def test_the_focus_can_be_seen(host: Host) -> None:
    with host.show("avalanche", **CALM) as figure:
        for _ in range(8):
            figure.page.keyboard.press("Tab")
            outline = figure.page.evaluate("(({ outlineStyle, outlineWidth }) => [outlineStyle, outlineWidth])"
                                           "(getComputedStyle(document.activeElement))")
            assert outline == ["solid", "2px"]


def test_the_breaker_by_mouse_and_keyboard(host: Host) -> None:
    with host.show("breaker", **CALM) as figure:
        assert figure.said == "Orders calls stock 3 times a second, through a breaker."
        figure.step(20)
        assert figure.data("breaker") == "closed"
        figure.press("fails")
        figure.step(25)
        assert figure.data("breaker") == "open"
        assert figure.picture.startswith("breaker open. refuses every call. ")
        figure.page.wait_for_timeout(1100)  # the sentence before it has stood for its second
        figure.press("Send a call")
        wait_for(lambda: figure.said == "The breaker refuses your call at once: stock is not asked.", "the refusal is said")
        figure.press("answers")
        figure.step(40)
        assert figure.data("breaker") == "closed"


@pytest.mark.parametrize(("preset", "state"), [("well", "closed"), ("fails", "open"), ("hangs", "open"), ("flaky", "closed")])
def test_each_preset_of_the_breaker_reaches_its_state(host: Host, preset: str, state: str) -> None:
    with host.show("breaker", preset=preset, **CALM) as figure:
        figure.step(62)
        assert figure.data("breaker") == state


def test_a_breaker_that_was_open_comes_back_through_its_probes(host: Host) -> None:
    with host.show("breaker", preset="back", **CALM) as figure:
        seen = []
        for _ in range(70):
            figure.step(2)
            seen.append(figure.data("breaker"))
        order = [state for state, before in zip(seen, ["", *seen], strict=False) if state != before]
        assert order[:3] == ["closed", "open", "half-open"]
        assert order[-1] == "closed"


def test_the_cache_by_mouse_and_keyboard(host: Host) -> None:
    with host.show("cache", **CALM) as figure:
        assert figure.said == "60 requests a second for 200 items. The cache has 20 places and is empty."
        assert figure.picture.startswith("0 items in the cache, 0 of the 20 most popular; Hit ratio –\u202f%; ")
        figure.step(60)
        wait_for(lambda: figure.said.startswith("Of the last 300 requests 4"), "what came of it is said")
        assert re.search(r"by theory 46\u202f%: 2\d\.\d ms on average\.$", figure.said)
        before = figure.picture
        assert before.startswith("20 items in the cache, ")
        assert "Che's approximation 46\u202f%; Mean latency 2" in before
        figure.press("Empty the cache")
        assert figure.picture.startswith("0 items in the cache, 0 of the 20 most popular; ")
        wait_for(lambda: figure.said.startswith("The cache is empty"), "it is said")
        for _ in range(4):
            figure.page.get_by_label("Places in the cache").press("ArrowRight")
        figure.page.get_by_label("A miss takes, milliseconds").press("End")
        figure.step(60)
        assert figure.picture.startswith("40 items in the cache, ")
        assert "Che's approximation 62\u202f%" in figure.picture
        assert re.search(r"= \d+\u202f% × 1 \+ \d+\u202f% × 200; theory 77\.3 ms; database: 2\d a second$", figure.picture)


def test_a_cache_that_counts_keeps_what_was_popular(host: Host) -> None:
    kept = {}
    for preset in ("shift", "lfu"):
        with host.show("cache", preset=preset, **CALM) as figure:
            figure.step(118)
            before = int(re.search(r"Hit ratio (\d+)", figure.picture)[1])  # type: ignore[index]
            figure.step(70)
            kept[preset] = int(re.search(r"Hit ratio (\d+)", figure.picture)[1]) / before  # type: ignore[index]
            assert figure.page.get_by_label("LFU instead of LRU").is_checked() == (preset == "lfu")
    assert kept["shift"] > 0.85
    assert kept["lfu"] < 0.8


def test_it_moves_by_itself_and_stops_when_told(host: Host) -> None:
    with host.show("avalanche") as figure:
        assert figure.data("state") == "playing"
        wait_for(lambda: figure.at > 0.5, "it plays")
        figure.press("Pause")
        assert figure.data("state") == "paused"
        stopped = figure.at
        figure.page.wait_for_timeout(300)
        assert figure.at == stopped


def test_without_motion_it_starts_paused_and_goes_in_steps(host: Host) -> None:
    with host.show("avalanche", **CALM) as figure:
        assert figure.data("state") == "paused"
        figure.page.wait_for_timeout(300)
        assert figure.at == 0
        figure.page.evaluate("""() => { host.steps = []; const seen = () => host.steps.push(Number(host.el.dataset.at));
          new MutationObserver(seen).observe(host.el, { attributeFilter: ["data-at"] }); }""")
        figure.press("Play")
        wait_for(lambda: len(figure.page.evaluate("host.steps")) >= 3, "three steps")
        assert figure.page.evaluate("host.steps")[:3] == [0.25, 0.5, 0.75]


def test_it_stands_still_while_nobody_sees_it(host: Host) -> None:
    with host.show("avalanche") as figure:
        page = figure.page
        page.evaluate("document.body.style.paddingTop = '3000px'")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
        stopped = figure.at
        page.wait_for_timeout(500)
        assert figure.at == stopped
        page.evaluate("document.body.style.paddingTop = '0'")
        wait_for(lambda: figure.at > stopped, "it goes on")


@pytest.mark.parametrize("name", PLAYED)
def test_the_same_seed_shows_the_same(host: Host, name: str) -> None:
    seen = []
    for seed in (5, 5, 6):
        with host.show(name, preset={"avalanche": "hang", "breaker": "flaky", "cache": "zipf"}[name], seed=seed, **CALM) as figure:
            pictures = []
            for _ in range(6):
                figure.step(7)
                pictures.append(figure.page.evaluate("document.querySelector('canvas').toDataURL()"))
            seen.append(pictures)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


@pytest.mark.parametrize("name", FIGURES)
def test_both_languages_are_whole(host: Host, name: str) -> None:
    with host.show(name, language="zh-Hant", **CALM, **given(name)) as figure:
        for button in [None, *figure.page.get_by_role("button").all()]:
            if button is not None:
                button.click()
            said = figure.text
            assert re.search("[\u4e00-\u9fff]", said)
            foreign = set(re.findall(r"[A-Za-z]{2,}", said)) - NAMES
            assert foreign == set()
            assert "{" not in said
        assert figure.page.evaluate("host.el.lang") == "zh-Hant"


def test_every_text_has_both_languages() -> None:
    source = "\n".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("*.js"))
    pairs = re.findall(r'^\s+"?[\w-]+"?: \["([^"]+)",\s+"([^"]+)"\]', source, re.MULTILINE)
    assert len(pairs) > 40
    names = ("Stock", "{where}: {label}.")  # of services, which have no Chinese, and what a recording says itself
    assert [pair for pair in pairs if not re.search("[\u4e00-\u9fff]", pair[1]) and pair[0] not in names] == []
    assert [pair for pair in pairs if re.search("[\u4e00-\u9fff]", pair[0])] == []
    placeholders = [(set(re.findall(r"\{\w+\}", en)), set(re.findall(r"\{\w+\}", zh))) for en, zh in pairs]
    assert [pair for pair in placeholders if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", FIGURES)
def test_light_and_dark_are_drawn_and_follow_the_page(host: Host, name: str) -> None:
    with host.show(name, **CALM, **given(name)) as figure:
        shot = "document.querySelector('canvas').toDataURL()"
        light = figure.page.evaluate(shot)
        figure.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        wait_for(lambda: figure.page.evaluate(shot) != light, "it is drawn again in the dark's colours")
        dark = figure.page.evaluate(shot)
    with host.show(name, theme="dark", **CALM, **given(name)) as figure:
        assert figure.page.evaluate(shot) == dark


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_it_fits_a_phone(host: Host, name: str, language: str) -> None:
    with host.show(name, width=360, language=language, **CALM, **given(name)) as figure:
        assert figure.page.evaluate("document.documentElement.scrollWidth") <= 360
        small = figure.page.evaluate("""[...host.el.querySelectorAll("button, input, select")]
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24).map(([one]) => one.outerHTML)""")
        assert small == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_control_has_a_name(host: Host, name: str) -> None:
    with host.show(name, **CALM, **given(name)) as figure:
        tree = figure.page.locator("#figure").aria_snapshot()
        assert re.findall(r"^\s*- (?:button|slider|combobox|switch|img|group)\s*(?::.*)?$", tree, re.MULTILINE) == []


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.alone
def test_a_frame_takes_a_slow_phone_far_less_than_its_sixtieth_of_a_second(host: Host, name: str) -> None:
    """Time in the figure's own frame work, under a processor four times as slow: other programs can make a frame late, not this."""
    timed = """const frame = window.requestAnimationFrame.bind(window); window.work = [];
      window.requestAnimationFrame = (act) => frame((now) => {
        const begun = performance.now();
        act(now);
        work.push(performance.now() - begun);
      });"""
    busiest = {"avalanche": {"preset": "hang", "parameters": {"rate": 60, "pool": 60}},
               "cache": {"parameters": {"items": 400, "size": 200, "rate": 100, "lfu": True}}}.get(name, given(name))
    with host.show(name, before=timed, **busiest) as figure:
        figure.page.context.new_cdp_session(figure.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        middle = """() => {
          if (host.el.dataset.state === "paused") host.el.querySelector(".mbe-row button").click(); // a recording ends
          return [...work.slice(-60)].sort((a, b) => a - b)[30] ?? 1000;
        }"""
        wait_for(lambda: figure.page.evaluate(middle) < 10, "sixty frames of which half take less than 10 ms", 60)


def test_impossible_parameters_are_refused_in_words_and_the_nearest_is_used(host: Host) -> None:
    wrong = {"rate": 1000, "timeout": -3, "pool": "many", "breaker": 1, "colour": "red"}
    with host.show("avalanche", preset="nothing", parameters=wrong, **CALM) as figure:
        said = figure.page.locator(".mbe-refused").inner_text()
        assert "There is no nothing here." in said
        assert "There is no colour here." in said
        assert "rate cannot be 1000, only from 2 to 60; it is 60." in said
        assert "timeout cannot be -3, only from 0.2 to 10; it is 0.2." in said
        assert "pool cannot be many, only from 4 to 60; it is 16." in said
        assert "breaker cannot be 1" in said
        figure.step(30)
        assert "16 threads busy" in figure.picture
    with host.show("avalanche", language="zh-Hant", parameters=wrong, **CALM) as figure:
        assert "rate 不能是 1000，只能介於 2 與 60；現在是 60。" in figure.page.locator(".mbe-refused").inner_text()


@pytest.mark.parametrize("parameters", [None, {}, {"timeout": 0.3, "rate": 7}])
def test_possible_parameters_are_not_talked_about(host: Host, parameters: object) -> None:
    with host.show("avalanche", parameters=parameters, **CALM) as figure:
        assert figure.page.locator(".mbe-refused").inner_text() == ""


def test_compact_leaves_one_button_one_switch_and_a_pause(host: Host) -> None:
    with host.show("avalanche", parameters={"compact": True}) as figure:
        buttons = [button.inner_text() for button in figure.page.get_by_role("button").all()]
        assert buttons == ["Hang stock", "Pause"]
        assert figure.page.get_by_role("switch").count() == 1
        assert figure.page.get_by_role("slider").count() == 0
        figure.press("Pause")
        figure.press("Hang stock")
        figure.press("Play")
        counted = figure.page.locator("#figure b")
        wait_for(lambda: counted.inner_text() == "0\u202f% of users get an answer", "nobody is answered", 20)
        figure.page.get_by_label("Breaker in orders").check()
        wait_for(lambda: re.match(r"[3-9]\d", counted.inner_text()), "home pages are answered again", 20)


def test_a_recording_is_replayed_and_scrubbed(host: Host) -> None:
    with host.show("replay", recording=recording(), **CALM) as figure:
        page = figure.page
        assert "Recorded on 2026-11-25: 2 cores, Linux x86_64." in figure.text
        line = page.get_by_label("Second of the run")
        line.fill("2")
        assert figure.at == 2
        assert figure.picture == ("orders: 4 of 4 threads busy, 0 waiting. stock: ? of 4 threads busy, 0 waiting. "
                                  "POST /orders: 0\u202f% answered.")
        line.press("Home")
        assert figure.at == 0
        page.wait_for_timeout(1100)
        line.fill("1.55")
        wait_for(lambda: figure.said.startswith("The breaker opens: orders asks stock no more"), "the last event is said")
        line.press("End")
        assert figure.at == 4
        assert figure.picture.endswith("POST /orders: 100\u202f% answered.")
        figure.press("Step")
        assert figure.at == 0, "after the end comes the beginning"
        page.get_by_label("Speed").select_option("2")
        page.emulate_media(reduced_motion="no-preference")
        figure.press("Play")
        wait_for(lambda: figure.data("state") == "paused", "it plays to its end", 20)
        assert figure.at == 4


def _cut(key: str) -> dict[str, Any]:
    cut = copy.deepcopy(recording())
    del cut[key]
    return cut


CUT = ("is missing, broken or cut short", "不存在、損壞或不完整")
BROKEN: dict[str, tuple[Any, tuple[str, str]]] = {
    "none": (None, CUT),
    "no object": ("[1, 2", CUT),
    "another version": (recording(version=2), ("is not of version 1", "的版本不是 1")),
    "huge": ("x" * (2 * 1024 * 1024 + 1), ("is larger than 2 MiB", "超過 2 MiB")),
    "no series": (_cut("series"), CUT),
    "a series cut short": (recording(seconds=40), CUT),
    "busy threads cut short": (recording(series={name: {"busy": [1] * 20, "waiting": [0] * 40} for name in ("orders", "stock")}),
                               CUT),
    "calls cut short": (recording(calls={"POST /orders": {"at": [0], "ms": [], "outcome": "o"}}), CUT),
    "a wrong number": (recording(step="much"), CUT),
    "a link to nobody": (recording(links=[["orders", "nobody"]]), CUT),
    "a state that is none": (recording(states=[{"at": 1, "service": "orders", "breaker": "stock", "state": "ajar"}]), CUT),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_recording_gets_a_sentence_in_the_readers_language(host: Host, case: str) -> None:
    broken, (english, chinese) = BROKEN[case]
    with host.show("replay", recording=broken) as figure:
        assert figure.page.locator(".mbe-refused").inner_text() == f"This recording {english}, so it cannot be replayed."
    with host.show("replay", recording=broken, language="zh-Hant") as figure:
        assert figure.page.locator(".mbe-refused").inner_text() == f"這份錄製{chinese}，因此無法重播。"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_is_taken_away_leaves_nothing_running(host: Host, name: str) -> None:
    with host.show(name, **given(name)) as figure:
        figure.page.evaluate("host.end()")
        assert figure.page.evaluate("host.el.childElementCount") == 0
        at = figure.data("at")
        figure.page.wait_for_timeout(200)
        assert figure.data("at") == at


def test_the_template_to_copy_works_as_it_stands(chromium: Browser, tmp_path: Path) -> None:
    template = re.search(r"```js\n(.*?)```", (FOLDER.parent / "README.md").read_text("utf-8"), re.DOTALL)
    assert template
    with hosted(chromium, tmp_path) as host:
        shutil.copytree(FOLDER.parent, tmp_path / "figures", dirs_exist_ok=True)
        (tmp_path / "figures" / "bucket.js").write_text(template[1], "utf-8")
        with host.show("bucket", preset="fast", parameters={"rate": 99}, **CALM) as figure:
            assert "rate cannot be 99, only from 1 to 20; it is 20." in figure.text
            assert figure.said == "The bucket gains 20 tokens a second."
            figure.step(2)
            assert figure.picture == "4 tokens"
            figure.press("Take one")
            wait_for(lambda: figure.said == "One is taken.", "it says so")


def test_the_still_pictures_are_those_of_the_figures(chromium: Browser) -> None:
    fresh = drawn(chromium)
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}
    assert set(kept) == {f"{name}.{language}.svg" for name in PLAYED for language in LANGUAGES}
    stale = [name for name in kept if kept[name] != fresh[name]]
    assert stale == [], "a figure has changed: python -m tests.support.stills"
