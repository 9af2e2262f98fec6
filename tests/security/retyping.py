"""What was typed in a form that is refused comes back in its fields, but passwords, codes and files."""

from html.parser import HTMLParser

_UNTYPED = {
    "hidden", "password", "file", "checkbox", "radio", "submit", "button", "reset", "image",
    "one-time-code", "current-password", "new-password",
}  # fmt: skip


class _Fields(HTMLParser):
    """What lies in each field where one types, by its name, for each form of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.refused = False
        self._open = False
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if {"error-summary", "has-error"} & set(said.get("class", "").split()):
            self.refused = True
        if tag == "form":
            self._open = said.get("method", "").lower() == "post"
            if self._open:
                self.forms.append((said.get("action", "").partition("?")[0], {}))
        elif not self._open or not name or "disabled" in said or "readonly" in said:
            return
        elif tag == "textarea":
            self._area = name
            self.forms[-1][1][name] = ""
        elif tag == "input" and not {said.get("type"), said.get("autocomplete")} & _UNTYPED:
            self.forms[-1][1][name] = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._open = False


def read(page: str) -> _Fields:
    """The fields of a page."""
    found = _Fields()
    found.feed(page)
    return found


def typed_in(page: str, url: str) -> list[set[str]]:
    """The names of the fields where one types, for each form of a page that is sent to this address."""
    here = {"", url.partition("?")[0]}
    return [set(fields) for action, fields in read(page).forms if action in here]


def lost(page: str, typed: dict[str, str]) -> list[str]:
    """The fields of a refused form that no longer hold what was typed in them; none for an answer that refuses nothing."""
    answer = read(page)
    if not answer.refused:
        return []
    return [
        name
        for name, words in typed.items()
        if not any(words.casefold() in fields.get(name, "").casefold() for _, fields in answer.forms)
    ]
