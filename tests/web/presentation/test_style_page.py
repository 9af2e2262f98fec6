"""The components in a real browser: axe, small screens, both themes, keyboard alone, without script, under the policy."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browsing import COLOURS, RULES, look
from tests.web.presentation.conftest import HOST, Site
from tests.web.presentation.style_page import render

pytestmark = pytest.mark.browser
ERRORS = ("400", "403", "403_csrf", "404", "500", "503")
Opened = Callable[..., Page]
Tabs = Callable[..., Page]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {"/": render(), **{f"/{name}": render(f"errors/{name}.html") for name in ERRORS}}


@pytest.fixture
def site(pages: dict[str, str]) -> Site:
    return Site(pages)


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[Tabs]:
    """A page for each set of options: it keeps nothing of the address where it was, and a new one is a new process."""
    made: dict[str, Page] = {}

    def tab(**options: Any) -> Page:
        key = repr(options)
        if key not in made:
            made[key] = browser.new_context(**options).new_page()
        return made[key]

    yield tab
    for one in made.values():
        one.context.close()


@pytest.fixture
def opened(tabs: Tabs, site: Site) -> Opened:
    def open_page(path: str = "/", *, width: int = 1280, **options: Any) -> Page:
        page = tabs(viewport={"width": width, "height": 900}, **options)
        page.goto("about:blank")
        page.unroute_all()
        page.route("**/*", site.answer)
        page.goto(f"{HOST}{path}")
        return page

    return open_page


def test_axe_finds_nothing_with_everything_unfolded(opened: Opened) -> None:
    _axe_finds_nothing(opened, 1280, "light", RULES)


@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "theme", "rules"),
    [
        (1280, "dark", RULES | {"runOnly": [COLOURS]}),  # the other rules do not see the theme
        (360, "light", RULES | {"rules": {COLOURS: {"enabled": False}}}),  # nor colours the width
    ],
)
def test_axe_finds_nothing_in_the_dark_nor_on_a_telephone(
    opened: Opened, width: int, theme: str, rules: dict[str, Any]
) -> None:
    """All that test_axe_finds_nothing_with_everything_unfolded judges by day at a desk. What people meet of it is
    judged in the dark on a telephone on every second page of each room, by `look`."""
    _axe_finds_nothing(opened, width, theme, rules)


def _axe_finds_nothing(opened: Opened, width: int, theme: str, rules: dict[str, Any]) -> None:
    # axe is injected as a script, which the policy of the page rightly refuses: here only, it is set aside.
    page = opened(width=width, color_scheme=theme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true; })")
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.long
def test_axe_finds_nothing_on_the_error_pages(opened: Opened) -> None:
    """Pages made of the components that test_axe_finds_nothing_with_everything_unfolded judges."""
    page = opened("/404", bypass_csp=True)
    for name in ERRORS:
        page.goto(f"{HOST}/{name}")
        look(page, f"error_{name}")


def test_what_is_wrong_in_one_line_of_a_long_list_is_found(opened: Opened) -> None:
    page = opened("/404", bypass_csp=True)
    page.evaluate(
        "item => document.querySelector('main').insertAdjacentHTML('beforeend', `<ul>${'<li>mot</li>'.repeat(20)}</ul>`)"
    )
    look(page, "alike")
    for item, fault in (
        ("<b style='color:#ccc;background:#ddd'>pâle</b>", "color-contrast"),
        ("<img>", "image-alt"),
        ("<input>", "label"),
    ):
        page.evaluate(
            "item => { document.querySelector('main li:nth-child(15)').innerHTML = 'mot ' + item; }", item
        )
        with pytest.raises(AssertionError, match=fault):
            look(page, "one line")


def test_a_page_of_known_elements_is_read_for_ids_and_names_alone(opened: Opened) -> None:
    page = opened(bypass_csp=True)
    page.goto("about:blank")
    page.set_content(
        "<html lang=fr><title>Page</title><main><h1>Page</h1><label for=a>Un</label><input id=a>"
        "<label for=b>Deux</label><input id=b><p><a href='#a'>Haut</a></p><p><button><b>Aller</b></button></p></main>"
    )
    look(page, "known")
    look(page, "known again")
    kept = page.evaluate("document.body.innerHTML")
    for change, fault in (
        ("document.querySelectorAll('input')[1].id = 'a'", "'a'"),
        ("document.querySelectorAll('label')[1].htmlFor = 'c'", "<input"),
        ("document.querySelector('b').remove()", "<button"),
    ):
        page.evaluate(change)
        with pytest.raises(AssertionError, match=f"spoiled.*{fault}"):
            look(page, "spoiled")
        page.evaluate("kept => { document.body.innerHTML = kept; }", kept)


@pytest.mark.parametrize("width", [1280, 640, 360])
def test_nothing_sticks_out_of_the_page(opened: Opened, width: int) -> None:
    page = opened(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_asks_nothing_of_another_host_nor_of_the_policy(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/*", site.answer)
    page.goto(HOST)
    assert said == []
    assert site.foreign == []
    settings = page.evaluate(
        "[htmx.config.historyCacheSize, htmx.config.allowEval, htmx.config.selfRequestsOnly]"
    )
    assert settings == [0, False, True]
    context.close()


def test_without_script_the_dark_theme_follows_the_system_and_dates_explain_themselves(
    opened: Opened,
) -> None:
    page = opened(java_script_enabled=False, color_scheme="dark")
    badge = page.locator("details.due").first
    badge.locator("summary").click()
    assert badge.get_by_text("Pourquoi cette date ?", exact=True).is_visible()
    # A page without script cannot be asked for its colours; the picture can.
    dark = page.screenshot()
    light = opened(java_script_enabled=False, color_scheme="light").screenshot()
    assert dark != light


def test_dark_and_light_pages_have_dark_and_light_grounds(opened: Opened) -> None:
    grounds = {
        theme: opened(color_scheme=theme).evaluate("getComputedStyle(document.body).backgroundColor")
        for theme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 18, 18)"}


def test_paper_is_white_even_for_a_dark_screen(opened: Opened) -> None:
    page = opened(color_scheme="dark", locale="fr-FR")  # a page of its own: paper is no screen for the others
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".site-nav").is_visible()


def test_the_keyboard_alone_reaches_the_content_then_a_reason(opened: Opened) -> None:
    page = opened("/404")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page = opened()
    page.locator("details.due summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.due").first.get_by_text("Pourquoi cette date ?", exact=True).is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("details.due .why").first.is_visible()


def test_every_focus_is_seen(opened: Opened) -> None:
    page = opened()
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        # After the last link the focus leaves for the browser's own bar, and the body stands in for it.
        if page.evaluate(
            "document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle === 'none'"
        ):
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []


def test_an_error_of_the_summary_leads_to_its_field(opened: Opened) -> None:
    page = opened()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").nth(1).click()
    assert page.evaluate("document.activeElement.name") == "born"
    described = page.locator("[name=born]").get_attribute("aria-describedby")
    assert described == "id_born_helptext id_born_error"


def test_a_double_click_sends_once(opened: Opened, site: Site) -> None:
    page = opened()
    page.evaluate(
        "() => { const form = document.querySelector('main form[action=\"/accuser\"]');"
        " form.requestSubmit(form.querySelector('button')); form.requestSubmit(form.querySelector('button')); }"
    )
    page.wait_for_url("**/accuser")
    assert site.posts == 1


def test_sorting_renews_the_table_alone_and_keeps_the_focus(opened: Opened) -> None:
    page = opened()
    # A mark that a locator can wait for: a condition polled inside the page would be evaluated, which its policy refuses.
    page.evaluate(
        "() => { window.kept = true; document.addEventListener('htmx:afterSettle', () => { document.body.id = 'settled'; }); }"
    )
    page.locator("#liste-tri-partenaire").focus()
    page.keyboard.press("Enter")
    page.locator("body#settled").wait_for()  # scripts move the focus until then
    expect(page).to_have_url(re.compile(r"\?tri=partenaire$"))
    expect(page.locator("#liste-tri-partenaire")).to_be_focused()
    assert page.evaluate("window.kept") is True
    assert page.locator("#liste table").count() == 1


def test_a_filter_renews_the_table_alone(opened: Opened, site: Site) -> None:
    site.pages["/conventions"] = site.pages["/"]
    page = opened()
    page.evaluate("window.kept = true")
    page.get_by_role("button", name="Filtrer", exact=True).click()
    page.wait_for_url("**/conventions?**")
    assert page.evaluate("window.kept") is True
    assert page.locator("h1").count() == 1


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(opened: Opened) -> None:
    page = opened()
    page.locator("[name=note]").fill("Texte en cours")
    page.route("**/conventions*", lambda route: route.abort())
    page.get_by_role("button", name="Filtrer", exact=True).click()
    page.locator("#messages").get_by_text("La connexion est interrompue").wait_for()
    assert page.locator("[name=note]").input_value() == "Texte en cours"
