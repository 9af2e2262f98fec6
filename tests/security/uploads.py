"""Files made to harm, sent wherever one may be sent: the forms that take a file are found on the pages, and filled but for it (S15)."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from unittest.mock import patch

from django.db import transaction
from django.forms import BaseForm
from django.template import Template
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import instrumented_test_render  # type: ignore[attr-defined]  # the stubs leave it out
from django.urls import resolve

from tests.bounded import peak
from tests.conventions.terms.test_hostile_files import GOOD
from tests.conventions.terms.test_hostile_files import HOSTILE as TEXTS
from tests.core.spreadsheets.files import made, ods, ods_row, ods_sheet
from tests.core.spreadsheets.test_hostile import REFUSED as TABLES
from tests.documents.builders import jpeg, pdf, png
from tests.documents.test_recognition import REFUSED as PAPERS
from tests.security.answering import Answer
from tests.security.filling import uploads
from tests.security.reach import Visitor, probed, url_of, written_rule
from tests.security.worlds import PERSONAS

LONGEST, LARGEST = 5.0, 300_000  # seconds, kilobytes
_VISITORS: Final = 2  # who look for forms at one address
FILES: Final[dict[str, bytes]] = {
    **{f"{name} (paper)": data for name, (data, _) in PAPERS.items()},
    **{f"{name} (table)": data for name, (data, _) in TABLES.items()},
    **{
        f"{name} (text)": data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        for name, (data, _) in TEXTS.items()
    },
}
HONEST: Final[dict[str, bytes]] = {
    "acte.pdf": pdf(),
    "photo.png": png(),
    "photo.jpg": jpeg(),
    "tableau.csv": "Nom;Prénom\r\nExemple;Ondine\r\n".encode(),
    "tableau.xlsx": made(("F", [["Nom", "Prénom"], ["Exemple", "Ondine"]])),
    "tableau.ods": ods(ods_sheet(ods_row("Nom", "Prénom") + ods_row("Exemple", "Ondine"))),
    "texte.yaml": GOOD.encode(),
}
NAMES: Final = (
    "acte.pdf",
    "tableau.csv",
    "tableau.xlsx",
    "../../acte.pdf",
    "acte.pdf;.svg",
    "texte.yaml",
    "a" * 300 + ".png",
)
TYPES: Final = ("application/pdf", "image/png", "text/csv", "image/svg+xml", "")


@dataclass(frozen=True)
class Point:
    """A form that takes a file: the name of its address, its field, who may send it and where, all other fields filled."""

    name: str
    field: str
    client: Client
    url: str
    body: dict[str, str]
    others: tuple[str, ...]


def points(browsers: Visitor, pages: Collection[str] = ()) -> Iterator[Point]:
    """Every one that somebody allowed sees, once; on these pages only, where some are named."""
    known: set[tuple[str, str]] = set()
    for address in probed():
        if pages and address.name not in pages:
            continue
        rule = written_rule(address)
        if "GET" not in rule.methods:
            continue
        for relation, arguments in browsers.objects(address):
            if relation not in {"none", "here"}:
                continue
            url = url_of(address, arguments)
            allowed = [one for one in PERSONAS if browsers.expected(address, rule, one, relation) == "ok"]
            for persona in allowed[:_VISITORS]:
                client = browsers.clients[persona.address]
                for action, body, names in uploads(Answer.of(client.get(url)).body, url):
                    view = resolve(action.partition("?")[0]).view_name
                    for field in names:
                        if (view, field) not in known:
                            known.add((view, field))
                            others = tuple(name for name in names if name != field)
                            yield Point(view, field, client, action, body, others)


@dataclass(frozen=True)
class Sent:
    """What came of one file: the status, whether it was refused, seconds, kilobytes at most above those before."""

    status: int
    is_refused: bool
    seconds: float
    kilobytes: int

    @property
    def wrong(self) -> str:
        """What no file may do, in words; nothing where it did nothing of it."""
        if self.status >= 500:
            return f"answered {self.status}"
        if self.seconds > LONGEST:
            return f"{self.seconds:.1f} s"
        return f"{self.kilobytes} kB" if self.kilobytes > LARGEST else ""


def send(point: Point, data: bytes, *, name: str = "acte.pdf", kind: str = "application/pdf") -> Sent:
    """Send a file with the form; what it wrote is taken back."""
    content = _encoded(point.body, point.field, name, kind, data)
    before = peak(anew=True)
    began = time.perf_counter()
    # The form may be named in a part of the page alone: the contexts of all parts are wanted.
    parts = patch.object(Template, "_render", instrumented_test_render)
    with parts, transaction.atomic():
        answer = point.client.generic("POST", point.url, content, content_type=MULTIPART_CONTENT)
        transaction.set_rollback(True)
    seconds = time.perf_counter() - began
    return Sent(answer.status_code, _is_refused(answer, point.field), seconds, peak() - before)


def _encoded(body: dict[str, str], field: str, name: str, kind: str, data: bytes) -> bytes:
    """The form as a browser that is not one may send it: the name of the file as it is, folders and all."""
    rest = encode_multipart(BOUNDARY, body)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + data + b"\r\n" + rest


def _is_refused(answer: Any, field: str) -> bool:
    if answer.status_code >= 400:
        return True
    layers = answer.context if answer.context is not None else []
    forms = [
        value
        for layer in layers
        for one in _dicts(layer)
        for value in one.values()
        if isinstance(value, BaseForm)
    ]
    named = [(form, name) for form in forms if form.is_bound for name in form.errors]
    return any(form.add_prefix(name) == field for form, name in named)


def _dicts(layer: Any) -> list[dict[str, object]]:
    return [layer] if isinstance(layer, dict) else list(getattr(layer, "dicts", []))


def is_text(data: bytes) -> bool:
    """Whether a table may be read in it: a text of one column is one, which harms nobody."""
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
