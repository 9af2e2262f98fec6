"""One Chromium for each process of the tests: it and its driver cost a second of processor to start."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    """The path of a Chromium; without one the test is skipped aloud, except in CI, where that is a failure."""
    found = next(
        filter(None, map(shutil.which, (os.environ.get("MAILLAGE_CHROMIUM") or NAMES[0], *NAMES))), None
    )
    if found is None:
        missing = "no Chromium on this machine: the browser tests did not run"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class RunningBrowser:
    """A Chromium, and the event loop by which playwright speaks to it, in this thread."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._loop = browser, asyncio.get_running_loop()

    @contextmanager
    def at_hand(self) -> Iterator[Browser]:
        """Until the block ends. Elsewhere the loop is no longer this thread's: other tests run their own, or forbid any."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def running_browser() -> Iterator[RunningBrowser]:
    """Started for the first test that looks, and closed with the process."""
    executable = chromium()
    with sync_playwright() as playwright:
        running = RunningBrowser(playwright.chromium.launch(executable_path=executable, args=ARGUMENTS))
        asyncio._set_running_loop(None)
        yield running
        with running.at_hand() as browser:
            browser.close()
        asyncio._set_running_loop(running._loop)
