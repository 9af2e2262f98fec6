"""A real Chromium for the tests that look: the whole application over a database of the test's own, signed in, judged by axe."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from maillage.demo.cast import PASSWORD
from maillage.organisations.models import User
from tests.chromium import RunningBrowser
from tests.thoroughness import THOROUGH

RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is right is not described, element by element
    "preload": False,  # style sheets are read again only for a rule that these sets leave out
}
COLOURS = "color-contrast"  # nine tenths of axe's time on a long page
# What is found, with colours judged where they are not repeated; axe's own list of all that is right would be sent for nothing.
# At a desk the menu of her name, unfolded with all else, lies over the navigation: what is left of a place is no target to measure.
JUDGE = """([colours, options]) => {
  const measured = innerWidth < 768 ? "*" : "*:not(.site-nav a)";
  const rules = [{ id: colours, selector: "*:not([data-repeated])" }, { id: "target-size", selector: measured }];
  axe.configure({ rules });
  return axe.run(document, options).then((found) => ({ ...found, passes: [], incomplete: [], inapplicable: [] }));
}"""
# What is written in the same colours, on the same grounds, as large and as bold, is as readable: three of a kind are enough.
MARK_REPEATED = """() => {
  const seen = new Map();
  const mark = (one, grounds) => {
    const style = getComputedStyle(one);
    const ground = style.backgroundColor + style.backgroundImage;
    const opaque = style.backgroundColor.startsWith("rgb(");
    const under = opaque ? ground : ground === "rgba(0, 0, 0, 0)none" ? grounds : grounds + ground;
    const kind = [style.color, under, style.fontSize, style.fontWeight, style.opacity, style.position].join();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    one.toggleAttribute("data-repeated", seen.get(kind) > 3);
    for (const child of one.children) mark(child, under);
  };
  mark(document.body, "");
}"""
# What a page is made of: each element with its classes, what it says of itself, whether it holds words, and what it lies in.
KINDS = """() => [...new Set([...document.querySelectorAll("*")].map((one) => {
  const said = one.getAttributeNames().filter((name) => /^(aria-|role$|type$|style$|disabled$|autocomplete$|scope$)/.test(name));
  const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const of = (element) => element ? element.localName + "." + (element.getAttribute("class") ?? "") : "";
  const what = said.map((name) => name === "role" || name === "type" ? one.getAttribute(name) : name);
  return [of(one), what, words, of(one.parentElement)].join();
}))]"""
# What a page of known elements may still get wrong: an id given twice, a field without a name, a link or a button without words.
UNSOUND = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const shown = (one) => one.checkVisibility() && !one.labels?.length && !one.getAttribute("aria-label")
    && !one.getAttribute("aria-labelledby") && !one.title;
  const mute = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(shown);
  const empty = [...document.querySelectorAll("a[href], button")].filter((one) => shown(one) && !one.textContent.trim());
  return [...ids.filter((id, at) => ids.indexOf(id) !== at), ...[...mute, ...empty].map((one) => one.outerHTML)];
}"""
# All that is folded is opened, and the page measured; a page that has only begun to come has no width yet.
UNFOLDED_WIDTH = """() => {
  document.querySelectorAll("details").forEach((block) => { block.open = true; });
  return document.documentElement?.scrollWidth;
}"""
SHOTS = os.environ.get("MAILLAGE_SHOTS", "")  # a directory: keep what is seen, to look at it
ASPECTS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))
_JUDGED: dict[str, frozenset[str]] = {}  # the test that runs, and what it has judged
Opened = Callable[..., Page]
Enter = Callable[[BrowserContext, str, str], Page]

expect.set_options(timeout=30_000)  # milliseconds, as for all else: a loaded machine is slow, not wrong


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's word
        """Nothing."""


@pytest.fixture(scope="module")
def browser(running_browser: RunningBrowser) -> Iterator[Browser]:
    """The Chromium of this process, at hand for the tests of a module."""
    with running_browser.at_hand() as browser:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(fresh_database: object) -> Iterator[str]:
    """The address of the whole application, served over the test's own database."""
    # As in production, who keeps speaking keeps a connection: Django closes it with the thread, when the browser hangs up.
    connections["default"].settings_dict["CONN_MAX_AGE"] = None
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = False
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    connections.close_all()


def sign_in(context: BrowserContext, _site: str, address: str) -> Page:
    """As a person does: with her address and the password of the demonstration."""
    page = context.new_page()
    page.goto("/connexion/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page


def be_signed_in(context: BrowserContext, site: str, address: str) -> Page:
    """With a session that was opened beside the browser: signing in is the matter of other tests, and takes half a second."""
    client = Client()
    user = User.objects.get(email=address)
    client.force_login(user, backend="maillage.web.accounts.backend.ClosedBackend")
    (session,) = client.cookies.values()
    context.add_cookies([{"name": session.key, "value": session.value, "url": site}])
    return context.new_page()


def open_in(browser: Browser, site: str, enter: Enter = sign_in) -> Iterator[Opened]:
    """Pages of people who have signed in on a site; closed at the end."""
    contexts = []

    def open_as(address: str, *, width: int = 1280, **options: object) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, base_url=site, **options)  # type: ignore[arg-type]  # playwright's names
        contexts.append(context)
        return enter(context, site, address)

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opened]:
    """A page of someone who has signed in on the test's own site; she has not gone anywhere yet."""
    yield from open_in(browser, site, be_signed_in)


def told(page: Page, text: str, where: str = "#messages") -> None:
    """The page says so: waited for, since a key press returns before the page that it leads to is there."""
    expect(page.locator(where)).to_contain_text(text)


def save(page: Page, button: str) -> None:
    """Click what saves a step, and wait for the answer: with script the page itself stays."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(button).first.click()


def follow(page: Page, link: str) -> None:
    """Click what leads to another page, and wait until it is there: what looks next would look at the page before it."""
    with page.expect_navigation():
        page.locator(link).first.click()


def look(page: Page, name: str) -> None:
    """axe finds nothing and nothing sticks out sideways, at a desk in the light or on a telephone in the dark.

    Each page is judged in one of the two, always the same, and in both with MAILLAGE_THOROUGH=true or when pictures
    are kept; the components themselves in both themes and at both widths on the style page. A page made of nothing but
    what was judged before in the same test is measured, and read for ids and names. Needs `bypass_csp=True`.
    """
    before = page.viewport_size or {"width": 1280, "height": 900}
    # The last width that is measured is the one that is judged.
    chosen = ASPECTS[crc32(name.encode()) % len(ASPECTS)]
    aspects = sorted(ASPECTS, key=lambda aspect: aspect == chosen)
    _fits_at([width for width, _ in aspects], page, name)
    test, made_of = os.environ["PYTEST_CURRENT_TEST"], set(page.evaluate(KINDS))
    known = _JUDGED.get(test, frozenset())
    if made_of <= known and not (SHOTS or THOROUGH):
        unsound = page.evaluate(UNSOUND)
        assert unsound == [], f"{name}: {unsound}"
        page.set_viewport_size(before)
        return
    page.evaluate(Axe().axe_script)
    for width, theme in reversed(aspects) if SHOTS or THOROUGH else (chosen,):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour on its way
        _judge(page, f"{name}_{width}_{theme}")
    page.set_viewport_size(before)
    _JUDGED.clear()
    _JUDGED[test] = known | made_of


def visit(page: Page, address: str, name: str) -> None:
    """Go there, where there is a page, and look."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, name
    look(page, name)


def fits(page: Page, name: str) -> None:
    """Everything unfolded, nothing sticks out sideways at a desk nor on a telephone. The page has its own size again."""
    before = page.viewport_size or {"width": 1280, "height": 900}
    _fits_at([width for width, _ in ASPECTS], page, name)
    page.set_viewport_size(before)


def _fits_at(widths: list[int], page: Page, name: str) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        _settles_at(page, width, name)


def _settles_at(page: Page, width: int, name: str) -> None:
    """The page, unfolded, is as wide as the window: at once, or soon after on a busy machine.

    Chromium may answer before it has laid out, and a click before the page that it leads to has come: both are asked again.
    """
    until = time.monotonic() + 3
    while (measured := page.evaluate(UNFOLDED_WIDTH)) != width:
        assert time.monotonic() < until, f"{name} is {measured} wide at {width}"
        page.wait_for_timeout(100)


def _judge(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    page.evaluate(MARK_REPEATED)
    found = AxeResults(page.evaluate(JUDGE, [COLOURS, RULES]))
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
