"""What somebody read and typed about a person stays in no store of her browser, once pages have been opened."""

import re

import pytest
from playwright.sync_api import Page

from tests.browsing import Opened, browser, opened, save, site
from tests.security.leaks import left_in, words_of
from tests.security.worlds import build

__all__ = ["browser", "opened", "site"]  # fixtures of these tests
pytestmark = [pytest.mark.browser, pytest.mark.security]
WORKER, ADVISER = "social@ccas.example.org", "conseil@cpam.example.org"
KEEP = {
    "local storage": "localStorage.setItem('x', word)",
    "session storage": "sessionStorage.setItem('x', word)",
    "history": "history.replaceState({word}, '')",
    "the address": "history.replaceState(null, '', '?q=' + word)",
    "the title": "document.title = word",
    "a cookie": "document.cookie = 'x=' + word",
    "the name of the window": "window.name = word",
    "the cache": "await (await caches.open('x')).put('/x', new Response(word))",
    "an indexed base": "await new Promise(done => { indexedDB.open(word).onsuccess = done; })",
}


def test_nothing_of_a_person_stays_in_the_browser(opened: Opened) -> None:
    here, _ = build()
    words = words_of(here)
    adviser, worker = opened(ADVISER), opened(WORKER)
    adviser.goto(f"/orientations/{here.ids['case']}/")
    adviser.get_by_role("button", name=re.compile("Suivre|Prendre")).first.click()
    adviser.wait_for_load_state()
    assert here.person.surname.upper() in adviser.content(), "the control: the page names her"
    assert left_in(adviser, words) == []
    adviser.goto("/orientations/?vue=all")
    assert left_in(adviser, words) == []
    worker.goto(f"/orientations/brouillons/{here.ids['draft']}/personne/")
    assert worker.locator(f"input[value='{here.person.surname}']").count() == 1
    save(worker, "main form button[type=submit]")
    assert left_in(worker, words) == []
    _is_seen(adviser)


def _is_seen(page: Page) -> None:
    """The control: a word in each store is found."""
    for place, script in KEEP.items():
        word = f"zqx{abs(hash(place))}"
        page.evaluate(f"async word => {{ {script}; }}", word)
        assert left_in(page, [word]) == [f"the browser: {word}"], place
