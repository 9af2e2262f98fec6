"""A real Chromium for the style page, and the page served to it without any server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route, sync_playwright

HOST = "http://style.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests are skipped aloud, except in CI, where that is a failure."""
    executable = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if executable is None:
        missing = "no Chromium on this machine: the browser tests of the components did not run"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield running
        running.close()


class Site:
    """Pages by path, with the content security policy of the product, and the requests that were made."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.posts = 0
        self.foreign: list[str] = []

    def answer(self, route: Route) -> None:
        """Fulfil a request from the pages or the static files; anything else is noted as foreign."""
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HOST:
            self.foreign.append(route.request.url)
            route.abort()
        elif address.path.startswith("/static/"):
            found = finders.find(address.path.removeprefix("/static/"))
            assert found, f"{address.path} is not among the static files"
            route.fulfill(body=Path(found).read_bytes(), content_type=TYPES[Path(found).suffix])
        else:
            self.posts += route.request.method == "POST"
            page = self.pages.get(address.path, "<!DOCTYPE html><title>Autre page</title>")
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=page, content_type="text/html; charset=utf-8", headers=headers)
