"""A browser without script, in this process: links are followed, forms filled and sent as HTML says, each with its token."""

import re
from typing import Any, Self
from urllib.parse import urljoin

from django.http import QueryDict
from django.test import Client
from lxml import html  # type: ignore[import-untyped]

from maillage.organisations.models import User

BACKEND = "maillage.web.accounts.backend.ClosedBackend"
WRITTEN = "application/x-www-form-urlencoded"


def plain(text: str) -> str:
    """Words as one reads them: each space, breaking or not, is a space."""
    return " ".join(text.split())


def held(form: Any) -> QueryDict:
    """What a form sends, but its button: what is typed, ticked and chosen, in the order of the page."""
    sent = QueryDict(mutable=True)
    for one in form.xpath(".//*[@name][self::input or self::select or self::textarea][not(@disabled)]"):
        kind = one.get("type", "text") if one.tag == "input" else one.tag
        if kind in {"radio", "checkbox"}:
            if "checked" in one.attrib:
                sent.appendlist(one.get("name"), one.get("value", "on"))
        elif kind not in {"submit", "button", "reset", "image", "file"}:
            sent.appendlist(one.get("name"), one.value or "")
    return sent


class Plain:
    """What somebody sees and does: only links that are there, only fields and choices that are shown, only buttons of a form."""

    def __init__(self, address: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        if address:
            self.client.force_login(User.objects.get(email=address), backend=BACKEND)
        self.url = "/"
        self.page: Any = None

    def open(self, url: str) -> Self:
        """Go to an address."""
        return self._read(self.client.get(urljoin(self.url, url), follow=True))

    def text(self, where: str = "main") -> str:
        """The words of the first part of the page with this name, #id or .class; none where there is no such part."""
        by = {"#": "//*[@id='%s']", ".": "//*[contains(concat(' ', @class, ' '), ' %s ')]"}.get(where[0])
        found = self.page.xpath(by % where[1:] if by else f"//{where}")
        return plain(found[0].text_content()) if found else ""

    def follow(self, words: str) -> Self:
        """Click the first link that says these words."""
        return self.open(self._saying("//a[@href]", words).get("href"))

    def go(self, ending: str) -> Self:
        """Click the first link whose address ends so."""
        return self.open(next(one for one in self.page.xpath("//a/@href") if one.endswith(ending)))

    def value(self, name: str) -> str:
        """What is written in the first field of this name."""
        return str(self.page.xpath(f"//*[@name='{name}']")[0].value)

    def choose(self, label: str, index: int) -> Self:
        """Take the choice of this rank in the list whose label says so."""
        chosen = self._saying("//label", label).for_element
        chosen.value = chosen.value_options[index]
        return self

    def fill(self, name: str, value: str) -> Self:
        """Type in a field, or choose in a list one of its choices."""
        (field,) = self.page.xpath(f"//*[@name='{name}'][self::textarea or self::select or self::input]")
        assert field.get("disabled") is None, name
        field.value = value
        return self

    def check(self, words: str = "", *, name: str = "", value: str = "") -> Self:
        """Tick the box whose label says these words, or the one of this name and this value."""
        if words:
            label = self._saying("//label", words)
            box = label.for_element if label.get("for") else label.xpath(".//input")[0]
        else:
            of = f"//input[@name='{name}']" + (f"[@value='{value}']" if value else "")
            box = self.page.xpath(of)[0]
        assert box.get("type") in {"radio", "checkbox"}, words or name
        if box.get("type") == "radio":
            for other in box.xpath("ancestor::form[1]//input[@type='radio']"):
                if other.get("name") == box.get("name"):
                    other.attrib.pop("checked", None)
        box.set("checked", "checked")
        return self

    def press(self, words: str) -> Self:
        """Click the first button that says these words."""
        return self._send(self._saying("//form//button[not(@type='button')]", words))

    def enter(self, name: str) -> Self:
        """Press Enter in a field: what is sent is what the first button of its form sends."""
        form = self.page.xpath(f"//*[@name='{name}']/ancestor::form[1]")[0]
        return self._send(form.xpath(".//button[not(@type='button')]")[0])

    def _saying(self, path: str, words: str) -> Any:
        found = [one for one in self.page.xpath(path) if words in plain(one.text_content())]
        assert found, f"nothing says « {words} » on {self.url}:\n{self.text()}"
        return found[0]

    def _send(self, button: Any) -> Self:
        (form,) = button.xpath("ancestor::form[1]")
        sent = held(form)
        if "novalidate" not in form.attrib:
            missing = [
                one.get("name") for one in form.xpath(".//*[@required]") if not sent.get(one.get("name"))
            ]
            assert not missing, f"the browser holds the form back: {missing}"
        if button.get("name"):
            sent.appendlist(button.get("name"), button.get("value", ""))
        where = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        if form.method == "GET":
            return self.open(urljoin(where, f"?{sent.urlencode()}"))
        return self.send(where, sent, multipart=form.get("enctype") == "multipart/form-data")

    def send(self, where: str, sent: QueryDict, *, multipart: bool) -> Self:
        """Post what a form holds."""
        if multipart:
            return self._read(self.client.post(where, dict(sent.lists()), follow=True))
        return self._read(self.client.post(where, sent.urlencode(), content_type=WRITTEN, follow=True))

    def _read(self, answer: Any) -> Self:
        assert answer.status_code in {200, 422}, f"{answer.status_code} on {answer.request['PATH_INFO']}"
        asked = answer.request
        self.url = asked["PATH_INFO"] + (f"?{asked['QUERY_STRING']}" if asked["QUERY_STRING"] else "")
        return self.show(answer.content.decode())

    def show(self, page: str) -> Self:
        """Put a page before her eyes."""
        self.page = html.document_fromstring(page, ensure_head_body=True)
        for area in self.page.iter("textarea"):  # HTML leaves out the line that begins one
            area.text = re.sub(r"\A\r?\n", "", area.text or "")
        return self
