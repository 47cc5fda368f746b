"""The vote page in a real browser: by click and by key, blind, and trusting no text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
import study_folder
from browser import click, texts, until
from conftest import _need
from study_folder import example
from test_vote_server import METHODS, serving, started, study

from sdbench import votes

HOSTILE = "<img src=x onerror=alert(1)></script><script>window.hacked=1</script>{prompt}{0}"
KEYS = {"left": "\ue012", "right": "\ue014", "tie": "\ue015", "skip": "\ue013"}
READY = "document.getElementById('ballot').getAttribute('aria-busy') === 'false'"


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    _need(browser.missing())
    with browser.running() as running:
        yield running


def count(driver: Any) -> str:
    return driver.execute_script("return document.getElementById('count').textContent")


def ready(driver: Any, answered: int) -> None:
    until(driver, f"document.getElementById('count').textContent.startsWith('{answered} of')")
    until(driver, READY)


def key(driver: Any, answer: str) -> None:
    driver.find_element("tag name", "body").send_keys(KEYS[answer])


def answers(runs: Path) -> list[str]:
    return [vote["answer"] for vote in votes.read(votes.folder("tiny", runs) / "ann.jsonl")]


def test_a_pair_is_answered_by_click_on_a_picture_or_a_button_and_by_key(driver: Any, tmp_path: Path) -> None:
    runs = study(tmp_path)
    with serving(runs) as (link, _):
        driver.get(link)
        ready(driver, 0)
        assert texts(driver, "h1")[0].startswith("Which one shows “A ")
        for done, side in enumerate(("left", "right"), start=1):
            click(driver, f".pick[data-answer={side}]")
            ready(driver, done)
        click(driver, ".answers [data-answer=tie]")
        ready(driver, 3)
        for done, said in enumerate(("left", "right", "tie", "skip"), start=4):
            key(driver, said)
            until(driver, f"document.getElementById('count').textContent === '{done} of 7'")
            if done < 7:
                ready(driver, done)
        assert answers(runs) == ["left", "right", "tie", "left", "right", "tie", "skip"]
        until(driver, "document.querySelector('h1').textContent.includes('Thank you')")
        assert not driver.find_element("id", "ballot").is_displayed()


def test_a_double_click_a_held_key_and_a_second_tab_count_once(driver: Any, tmp_path: Path) -> None:
    from selenium.webdriver import ActionChains

    runs = study(tmp_path)
    with serving(runs) as (link, _):
        driver.get(link)
        ready(driver, 0)
        ActionChains(driver).double_click(driver.find_element("css selector", ".answers [data-answer=tie]")).perform()
        ready(driver, 1)
        time.sleep(1)
        assert (answers(runs), count(driver)) == (["tie"], "1 of 7")
        driver.execute_script("for (const repeat of [false, true, true]) document.dispatchEvent(new KeyboardEvent("
                              "'keydown', { key: 'ArrowLeft', repeat, bubbles: true, cancelable: true }))")  # fmt: skip
        ready(driver, 2)
        first = driver.current_window_handle
        driver.switch_to.new_window("tab")
        driver.get(link)
        ready(driver, 2)
        key(driver, "right")
        ready(driver, 3)
        driver.close()
        driver.switch_to.window(first)
        key(driver, "left")
        ready(driver, 3)
        assert "the first answer counts" in texts(driver, "[role=alert]")[0]
        assert answers(runs) == ["tie", "left", "right"]


def test_after_a_kill_the_page_says_so_and_the_new_link_goes_on(driver: Any, tmp_path: Path) -> None:
    runs = study(tmp_path)
    with started(tmp_path) as (link, run):
        driver.get(link)
        ready(driver, 0)
        key(driver, "left")
        ready(driver, 1)
        run.kill()
        run.wait(10)
        key(driver, "left")
        until(driver, "!document.getElementById('trouble').hidden")
        assert "Every answer so far is on disk" in texts(driver, "[role=alert]")[0]
    with started(tmp_path) as (link, _):
        driver.get(link)
        ready(driver, 1)
        key(driver, "right")
        ready(driver, 2)
        assert answers(runs) == ["left", "right"]


def test_nothing_that_the_browser_gets_names_a_method(driver: Any, tmp_path: Path) -> None:
    with serving(study(tmp_path)) as (link, _):
        driver.get("about:blank")
        for log in ("performance", "browser"):
            driver.get_log(log)  # of the tests before
        driver.get(link)
        for done in range(7):
            ready(driver, done)
            shown = driver.execute_script("return [...performance.getEntries()].map(e => e.name).join()")
            shown += driver.page_source
            assert not [name for name in (*METHODS, "lr0.001", "seed0", "real", "check") if name in shown]
            key(driver, "tie")
        until(driver, "document.getElementById('count').textContent === '7 of 7'")
        events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        asked = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
        assert all(address.startswith((link, "data:", "about:")) for address in asked)
        pictures = [address for address in asked if "/image/" in address]
        assert len(pictures) == len(set(pictures)) == 14  # also of one picture that is shown twice
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_picture_of_the_subject_is_shown_where_it_is_wanted(driver: Any, tmp_path: Path) -> None:
    runs = study(tmp_path)
    for wanted in (False, True):
        with serving(runs, reference=wanted) as (link, _):
            driver.get(link)
            ready(driver, 0)
            assert driver.find_element("id", "reference").is_displayed() == wanted
            assert driver.execute_script("return document.getElementById('reference').naturalWidth > 0") == wanted


def test_hostile_text_is_shown_as_text(driver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_folder, "PROMPTS", {"p-0": HOSTILE})
    with serving(study(tmp_path)) as (link, _):
        driver.get(link)
        ready(driver, 0)
        assert texts(driver, "h1") == [f"Which one shows “{HOSTILE}” better?"]
        assert driver.execute_script("return window.hacked") is None
        assert driver.find_elements("css selector", "h1 *") == []


def test_both_pictures_are_large_equally_so_and_nothing_scrolls_sideways(driver: Any, tmp_path: Path) -> None:
    with serving(example(tmp_path)) as (link, _):
        for width, least in ((1400, 500), (700, 250)):
            driver.set_window_size(width, 1000)
            driver.get(link)
            ready(driver, 0)
            boxes = [driver.find_element("id", side).rect for side in ("left", "right")]
            assert boxes[0]["width"] == boxes[1]["width"] > least and boxes[0]["height"] == boxes[1]["height"] > least
            assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
            assert driver.execute_script("return document.documentElement.scrollHeight <= innerHeight")
        driver.set_window_size(1400, 1000)
