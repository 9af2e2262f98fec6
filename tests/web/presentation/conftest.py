"""A real Chromium for the style page, and the page served to it without any server."""

from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Route

from tests.browsing import browser

__all__ = ["browser"]  # the fixture of these tests

HOST = "http://style.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


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
