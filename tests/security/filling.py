"""A form of a page, filled as somebody would: what a page shows is what the probes send back, one id replaced."""

import re
from html.parser import HTMLParser

from tests.days import today

_DAY = re.compile(r"(^|_)(day|on|since|until|effect|birth_date)(_|$)")
_SKIPPED = {"submit", "button", "file", "reset", "image"}
_BY_TYPE = {
    "email": "boite@example.org",
    "tel": "0400000000",
    "number": "1",
    "date": today().isoformat(),
}


class _Forms(HTMLParser):
    """The fields of each form sent by POST, by its address, and those that take a file; the first choice of each list is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.files: list[list[str]] = []
        self._fields: dict[str, str] | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            posted = said.get("method", "").lower() == "post"
            self._fields = {} if posted else None
            if self._fields is not None:
                self.forms.append((said.get("action", ""), self._fields))
                self.files.append([])
        elif self._fields is None or "disabled" in said:
            return
        elif tag == "input" and said.get("type") == "file":
            self.files[-1].append(name)
        elif tag == "input" and name and said.get("type", "text") not in _SKIPPED:
            self._input(name, said)
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and said.get("value"):
            if "selected" in said or self._select not in self._fields:
                self._fields[self._select] = said["value"]
        elif tag == "textarea" and name:
            self._area = name
            self._fields[name] = ""

    def _input(self, name: str, said: dict[str, str]) -> None:
        assert self._fields is not None
        value, kind = said.get("value", ""), said.get("type", "text")
        if kind in {"radio", "checkbox"}:
            if value and ("checked" in said or name not in self._fields):
                self._fields[name] = value
            elif kind == "checkbox":
                self._fields.setdefault(name, "on")
        else:
            self._fields[name] = value or ("" if kind == "hidden" else _sample(name, kind))

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[self._area] = data.strip() or "Quelques mots"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._fields is not None:
            self._fields[self._area] = self._fields.get(self._area) or "Quelques mots"
            self._area = ""


def _sample(name: str, kind: str) -> str:
    if name.endswith("_delay"):
        return "15 jours"
    return _BY_TYPE.get(kind) or (today().strftime("%d/%m/%Y") if _DAY.search(name) else "Quelques mots")


def filled(page: str, url: str) -> list[dict[str, str]]:
    """The forms of a page that are sent to this address, each filled."""
    parser = _Forms()
    parser.feed(page)
    path = url.partition("?")[0]
    return [fields for action, fields in parser.forms if action.partition("?")[0] in {"", path}]


def uploads(page: str, url: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """The forms of a page that take files: where each is sent, its other fields filled, and the names of those that take one."""
    parser = _Forms()
    parser.feed(page)
    forms = zip(parser.forms, parser.files, strict=True)
    return [(action or url, fields, names) for (action, fields), names in forms if names]
