"""A run that was really measured, replayed on a page by the site's own script: scrubbed, read, printed, broken, without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from labkit.language import LANGUAGES, Language
from labkit.measure.machine import named
from labkit.measure.run import Run
from tests.support.lab import watched
from tests.support.recorded_run import Recorded, measured
from tests.support.replay_page import Pages, figure, placed
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("chromium", "chinese font")

SECOND = {"en": "Second of the run", "zh-Hant": "錄製的第幾秒"}
both = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Four seconds of a real shop."""
    with watched(tmp_path_factory.mktemp("lab")):
        return measured()


@pytest.fixture(scope="module")
def recorded(run: Run) -> Recorded:
    """What labkit's own writer made of it."""
    return Recorded(json.loads(run.to_json()))


@pytest.fixture(scope="module")
def pages(chromium: Browser, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with placed(chromium, tmp_path_factory.mktemp("pages"), run) as made:
        yield made


class Replay:
    """The live figure on a page."""

    def __init__(self, page: Page, language: Language) -> None:
        self.page, self.language = page, language
        self.live = figure(page).locator(".mbe-live")
        figure(page).and_(page.locator("[data-mounted]")).wait_for()
        self.line = self.live.get_by_label(SECOND[language])

    @property
    def at(self) -> float:
        return float(self.live.get_attribute("data-at") or "nan")

    @property
    def said(self) -> str:
        return self.live.locator(".mbe-said").inner_text()

    def agrees_with(self, recorded: Recorded) -> bool:
        """Whether the picture in words is what the recording has at the figure's second."""
        assert self.live.locator("canvas").get_attribute("aria-label") == recorded.picture(self.at, self.language)
        return True


def test_the_run_holds_what_these_tests_look_for(recorded: Recorded) -> None:
    assert recorded.data["faults"]
    assert {"open", "closed"} <= {each["state"] for each in recorded.data["states"]}
    assert any("is full" in text.en for _, text in recorded.events)


@both
def test_every_moment_shows_the_recordings_own_numbers(pages: Pages, recorded: Recorded, language: Language) -> None:
    with pages.show(language) as page:
        replay = Replay(page, language)
        for second in (0, 0.5, *(at + 0.05 for at, _ in recorded.events), 3.35, recorded.data["seconds"]):
            moment = min(round(second * 20) / 20, recorded.data["seconds"])  # the line has twenty places a second
            replay.line.fill(f"{moment:g}")
            assert replay.at == moment
            assert replay.agrees_with(recorded)


@both
def test_the_sentence_is_what_happened_last(pages: Pages, recorded: Recorded, language: Language) -> None:
    with pages.show(language) as page:
        replay = Replay(page, language)
        count = sum(len(calls["at"]) for calls in recorded.data["calls"].values())
        assert str(count) in replay.said
        for second in (1.1, 2.1, 3.5):
            replay.line.press("Home")
            replay.line.fill(f"{second}")
            expected = recorded.said(second, language)
            assert expected
            wait_for(lambda: replay.said == expected, f"“{expected}” is said; it says “{replay.said}”")  # noqa: B023


def test_it_is_scrubbed_by_the_keyboard_alone(pages: Pages, recorded: Recorded) -> None:
    with pages.show() as page:
        replay = Replay(page, "en")
        for _ in range(20):
            page.keyboard.press("Tab")
            if replay.line.evaluate("one => one === document.activeElement"):
                break
        for key, second in [("ArrowRight", 0.05), ("End", 4), ("ArrowLeft", 3.95), ("Home", 0), *[("ArrowRight", None)] * 30]:
            page.keyboard.press(key)
            assert second is None or replay.at == second
            assert replay.agrees_with(recorded)
        assert replay.at == pytest.approx(1.5)
        assert replay.live.get_attribute("data-state") == "paused"


def test_it_is_scrubbed_by_the_mouse(pages: Pages, recorded: Recorded) -> None:
    with pages.show() as page:
        replay = Replay(page, "en")
        replay.line.scroll_into_view_if_needed()
        box = replay.line.bounding_box()
        assert box
        x, y = (lambda share: box["x"] + box["width"] * share), box["y"] + box["height"] / 2
        page.mouse.click(x(0.5), y)
        assert replay.at == pytest.approx(2, abs=0.1)
        page.mouse.down()
        for share, second in ((0.55, 2.2), (0.75, 3), (0.25, 1)):
            page.mouse.move(x(share), y)
            assert replay.at == pytest.approx(second, abs=0.15)
            assert replay.agrees_with(recorded)
        page.mouse.up()
        page.mouse.move(x(0.9), y)
        assert replay.at == pytest.approx(1, abs=0.15)


def test_it_plays_to_its_end_and_from_there_anew(pages: Pages, recorded: Recorded) -> None:
    with pages.show(motion="no-preference") as page:
        replay = Replay(page, "en")
        assert replay.live.get_attribute("data-state") == "playing"
        replay.line.fill("3.5")
        assert replay.live.get_attribute("data-state") == "paused"
        replay.live.get_by_label("Speed").select_option("2")
        replay.live.get_by_role("button", name="Play").click()
        wait_for(lambda: replay.at == 4, "the end")
        assert replay.live.get_attribute("data-state") == "paused"
        assert replay.agrees_with(recorded)
        replay.live.get_by_role("button", name="Play").click()
        wait_for(lambda: 0 < replay.at < 3, "it begins anew")


@both
@pytest.mark.parametrize("script", [True, False])
def test_it_is_labelled_with_its_day_and_machine(pages: Pages, recorded: Recorded, language: Language, script: bool) -> None:
    with pages.show(language, java_script_enabled=script) as page:
        if script:
            Replay(page, language)
        shown = figure(page).inner_text().replace("\xa0", " ")
        assert shown.count(recorded.data["date"]) == 1
        assert shown.count(named(recorded.data["machine"]).to(language)) == 1


@both
@pytest.mark.parametrize("width", [1440, 360])
def test_without_scripts_its_still_picture_and_caption_are_there(pages: Pages, language: Language, width: int) -> None:
    with pages.show(language, width=width, java_script_enabled=False) as page:
        picture = figure(page).locator(".mbe-still svg:visible")
        expect(picture).to_have_count(1)
        assert "storefront" in (picture.get_attribute("aria-label") or "")
        expect(figure(page).locator("> figcaption")).to_be_visible()
        expect(figure(page).locator(".mbe-live")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_it_is_its_still_picture(pages: Pages) -> None:
    with pages.show(color_scheme="dark") as page:
        replay = Replay(page, "en")
        expect(figure(page).locator(".mbe-still")).to_be_hidden()
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        page.emulate_media(media="print", color_scheme="dark")
        expect(replay.live).to_be_hidden()
        expect(figure(page).locator(".mbe-still svg:visible")).to_have_count(1)
        assert page.evaluate("getComputedStyle(document.querySelector('.mbe-still').closest('.mbe')).backgroundColor") == (
            "rgb(255, 255, 255)")


def state(language: Language, recording: object) -> str:
    """What a page says of a figure that replays this."""
    return json.dumps({"language": language, "preset": None, "parameters": {}, "seed": 1, "recording": recording})


def broken(case: str, language: Language, data: dict[str, Any]) -> str:
    """The same for a recording that is none."""
    match case:
        case "another version":
            return state(language, data | {"version": 2})
        case "cut short":
            return state(language, data | {"series": {name: {kind: values[:20] for kind, values in series.items()}
                                                      for name, series in data["series"].items()}})
        case "huge":
            return state(language, data | {"lab": "x" * 2 * 2**20})
        case "broken JSON":
            return state(language, data)[:2000]
        case _:
            return case


CUT = ("is missing, broken or cut short", "不存在、損壞或不完整")
REFUSED = {"another version": ("is not of version 1", "的版本不是 1"), "huge": ("is larger than 2 MiB", "超過 2 MiB"),
           "cut short": CUT, "broken JSON": CUT, "": CUT, "null": CUT}


@both
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_recording_is_refused_in_a_sentence_and_the_still_and_the_rest_of_the_page_stay(
        pages: Pages, recorded: Recorded, case: str, language: Language) -> None:
    english, chinese = REFUSED[case]
    with pages.show(language, state=broken(case, language, recorded.data)) as page:
        expect(figure(page).locator(".mbe-live")).to_have_text(
            f"This recording {english}, so it cannot be replayed." if language == "en" else f"這份錄製{chinese}，因此無法重播。")
        expect(figure(page).locator(".mbe-still svg:visible")).to_have_count(1)
        expect(figure(page).locator("> figcaption")).to_be_visible()
        other = figure(page, "breaker").and_(page.locator("[data-mounted]"))
        other.get_by_role("button", name={"en": "Play", "zh-Hant": "播放"}[language], exact=True).click()
        wait_for(lambda: float(other.locator(".mbe-live").get_attribute("data-at") or 0) > 0, "the next figure plays")


def test_where_a_figure_cannot_be_had_its_still_picture_stays_and_the_next_figure_lives(pages: Pages) -> None:
    module = pages.folder / "_static" / "figures" / "replay.js"
    away = module.rename(module.with_suffix(".away"))
    try:
        with pages.show() as page:
            figure(page, "breaker").and_(page.locator("[data-mounted]")).wait_for()
            expect(figure(page).locator(".mbe-still svg:visible")).to_have_count(1)
            expect(figure(page).locator(".mbe-live")).to_have_count(0)
    finally:
        away.rename(module)
