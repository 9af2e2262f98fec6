"""What nobody should type, sent to every address: in its forms, in its questions, in its path, in its files. No answer may be ≥ 500.

The values are drawn, so that a run can be had again by its seed; the names come from the pages themselves and from what the view
of an address reads of its request.
"""

import inspect
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote_from_bytes

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import BaseForm
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch

from tests.architecture.test_pages import Address
from tests.security.answering import Answer
from tests.security.expectations import FORMLESS, OBJECTS
from tests.security.filling import filled
from tests.security.reach import Visitor, url_of, written_rule
from tests.security.retyping import lost, read, typed_in
from tests.security.worlds import PERSONAS

_READ = re.compile(
    r'request\.(?:GET|POST|headers)(?:\.get|\.getlist)?[(\[]"([\w-]+)"|"([\w-]+)" in request\.(?:GET|POST)'
)
_KEPT = re.compile(r'for \w+ in \(("[^)]*")\) if \w+ in request\.GET')
_FILE = re.compile(r'<input[^>]*type="file"[^>]*name="([^"]+)"|<input[^>]*name="([^"]+)"[^>]*type="file"')
_NAMED = re.compile(r'<(?:input|select|textarea)[^>]*name="([^"]+)"')
HEADERS = (
    "HX-Request",
    "HX-Target",
    "HX-Current-URL",
    "HX-Trigger",
    "HX-Prompt",
    "Accept",
    "Accept-Language",
    "User-Agent",
)
ODD = (
    b"", b" ", b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", "\u202e".encode(), "\ufeff".encode(), "é" .encode() * 300,
    "\U0001f600".encode(), b"A" * 10_000, b"9" * 400, b"-1", b"0", b"1e999", b"NaN", b"Infinity", b"2147483648",
    b"9223372036854775808", "١٢٣".encode(), "²".encode(), b"1_000", b"0x10", b"true", b"on", b"null", b"[]", b"{}", b"[" * 2_000,
    b'{"a":' * 500, b"- a\n- *a", b"&a [*a]", b"!!python/object:os.system", b"a: &x [*x]", b"30/02/2026", b"31/12/9999", b"00/00/0000",
    b"01/01/0001", b"2026-13-01", b"29/02/2100", b"10/10/26", b"1/1/1", b"32/01/2026", b"2026-01-01T25:00", b"24:61", b"../../etc/passwd",
    b"%00", b"%s%s%n", b"{0.__class__}", b"{{ 7*7 }}", b"{% include 'x' %}", b"' OR 1=1 --", b"\\", b"';", b"<script>", b"]]>",
    b"\r\nSet-Cookie: x=1", b"\n", b"\t", b"//ailleurs.example.org", b"javascript:x", b"x@", b"@", b"a@b", b"x" * 300 + b"@example.org",
    b"00000000-0000-0000-0000-000000000000", b"{00000000-0000-0000-0000-000000000000}", b"urn:uuid:0", b"g" * 36,
    b"284029999000097", b"1 84 02 2A 004 123 45", b"00000000000000", b"2A", b"97501", b"99999", b"a[0]", b"a[b].c", b"[", b"a..b",
    b"obligations[x]", b"__class__", b"-", b"_", b"1_2", b"-1_x", b"avant_", b"apres_\xff",
)  # fmt: skip


def drawing(seed: str) -> random.Random:
    """A source of draws: the same again for the same words."""
    return random.Random(seed)  # noqa: S311 - to be had again, not to be secret


def value(draw: random.Random) -> bytes:
    """One value, most often odd in a way of its own."""
    found = draw.choice(ODD)
    match draw.randrange(6):
        case 0:
            return found
        case 1:
            return found + draw.randbytes(draw.randrange(1, 9))
        case 2:
            at = draw.randrange(len(found) + 1)
            return found[:at] + draw.choice(ODD)[:50] + found[at:]
        case 3:
            return draw.randbytes(draw.randrange(40))
        case 4:
            return "".join(
                chr(draw.choice((draw.randrange(32, 127), draw.randrange(0x2FF), draw.randrange(0x3000))))
                for _ in range(9)
            ).encode()
        case _:
            return found[::-1] + str(draw.randrange(10**6)).encode()


def encoded(fields: dict[str, bytes]) -> str:
    """A query or a body, whatever the bytes."""
    return "&".join(f"{name}={quote_from_bytes(said)}" for name, said in fields.items())


@cache
def names_read(view: Callable[..., Any]) -> tuple[str, ...]:
    """What the module of a view reads of a request by name."""
    source = inspect.getsource(inspect.getmodule(inspect.unwrap(view)) or view)
    found = {one or other for one, other in _READ.findall(source)}
    found |= {word for group in _KEPT.findall(source) for word in re.findall(r'"(\w+)"', group)}
    found |= {"page"} if "page_asked(request.GET)" in source else set()
    return tuple(sorted(found))


@dataclass
class Fuzzer:
    """One address and its allowed visitors; `inputs` counts the values that were sent, each drawn anew."""

    browsers: Visitor
    address: Address
    draw: random.Random
    inputs: int = 0
    refusals: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    forms: list[BaseForm] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rule = written_rule(self.address)
        (self.relation, self.arguments) = next(
            (relation, found)
            for relation, found in self.browsers.objects(self.address)
            if relation in ("none", "here")
        )
        self.url = url_of(self.address, self.arguments)
        self.clients = [
            self.browsers.clients[persona.address]
            for persona in PERSONAS
            if self.browsers.expected(self.address, self.rule, persona, self.relation) == "ok"
        ][:2] or [self.browsers.anonymous]
        shown = Answer.of(self.clients[0].get(self.url)).body if "GET" in self.rule.methods else ""
        self.bodies = filled(shown, self.url) or [FORMLESS.get(self.address.name, {})]
        self.typed = typed_in(shown, self.url) if self.bodies[0] else []
        self.files = [one or other for one, other in _FILE.findall(shown)]
        self.questions = tuple(
            sorted({*names_read(self.address.view), *_NAMED.findall(shown)} - {"csrfmiddlewaretoken"})
        )

    def round(self, *, together: bool = False) -> None:
        """One request of each kind; `together`: odd headers go with an odd question, where there is one to ask."""
        client = self.draw.choice(self.clients)
        asked = {name: value(self.draw) for name in self.questions}
        headers = {name: value(self.draw).decode("latin-1") for name in HEADERS}
        headers = {name: re.sub(r"[\r\n\x00]", "", said) for name, said in headers.items()}
        if "GET" in self.rule.methods and asked:
            question = f"{self.url.partition('?')[0]}?{encoded(asked)}"
            if together:
                self._send(client, "GET", question, len(asked) + len(headers), headers=headers)
            else:
                self._send(client, "GET", question, len(asked))
                self._send(client, "GET", self.url, len(headers), headers=headers)
        if "POST" in self.rule.methods:
            body = self.draw.choice(self.bodies)
            names = sorted({*body, *(() if body else self.questions)})
            chosen = (
                names
                if self.draw.random() < 0.3
                else self.draw.sample(names, min(len(names), self.draw.randrange(1, 4)))
            )
            said = {name: text.encode() for name, text in body.items()} | {
                name: value(self.draw) for name in chosen
            }
            self._send(client, "POST", self.url, len(chosen), body=encoded(said))
            for name in self.files:
                self._upload(
                    client, name, {key: text.decode("utf-8", "replace") for key, text in said.items()}
                )
            self._retype(client)
        self._path(client)

    def _retype(self, client: Client) -> None:
        """Plain words, often too long, in each field where one types but one, left empty: if they are refused, they come back."""
        for body, names in zip(self.bodies, self.typed, strict=False):
            words = {
                name: f"Zqx{self.draw.randrange(10**6)}" + "x" * self.draw.choice((0, 600))
                for name in sorted(names & body.keys())
            }
            left = self.draw.sample(sorted(words), min(len(words) - 1, 1)) if words else []
            typed = {name: said for name, said in words.items() if name not in left}
            if not typed:
                continue
            with transaction.atomic():
                answer = client.post(self.url, body | dict.fromkeys(left, "") | typed)
                shown = Answer.of(answer).body
                transaction.set_rollback(True)
            self._judge(answer, f"POST {self.url} {typed}", len(typed))
            self.refusals += read(shown).refused
            if forgotten := lost(shown, typed):
                self.broken.append(f"{self.address.name}: {forgotten} are lost when the form is refused")

    def _path(self, client: Client) -> None:
        """Parts of the path that are words: an id that is none is no address at all."""
        words = [name for name in self.arguments if name not in OBJECTS]
        if not words:
            return
        odd = {name: value(self.draw).decode("utf-8", "replace").replace("/", "") for name in words}
        try:
            url = url_of(self.address, self.arguments | odd)
        except NoReverseMatch:
            return
        self._send(client, self.draw.choice(self.rule.methods), url, len(words))

    def _upload(self, client: Client, name: str, said: dict[str, str]) -> None:
        content = b"\n".join(value(self.draw) for _ in range(self.draw.randrange(1, 30)))
        if self.draw.random() < 0.5:
            content = b"kind;name;departement;siret;commune\n" + content.replace(b",", b";")
        file = SimpleUploadedFile(self.draw.choice(("x.csv", "x.yaml", "x.pdf", "\x00", "../x")), content)
        with transaction.atomic():
            answer = client.post(self.url, said | {name: file})
            transaction.set_rollback(True)
        self._judge(answer, f"POST {self.url} file {content[:200]!r}", 1)

    def _send(self, client: Client, method: str, url: str, count: int, **more: Any) -> None:
        body, headers = more.get("body", ""), more.get("headers")
        with transaction.atomic():
            answer = client.generic(
                method, url, body, content_type="application/x-www-form-urlencoded", headers=headers
            )
            transaction.set_rollback(True)
        self._judge(answer, f"{method} {url[:200]} {body[:200]} {headers or ''}", count)

    def _judge(self, answer: Any, what: str, count: int) -> None:
        self.inputs += count
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if answer.status_code >= 500:
            self.broken.append(f"{self.address.name}: {what}")


def fuzz_form(form: BaseForm, draw: random.Random, times: int) -> Iterator[str]:
    """Fill a form that a page made, again and again, every field anew: what broke instead of being refused, or nothing, in words."""
    for _ in range(times):
        said = {form.add_prefix(name): value(draw) for name in form.fields}
        form.data, form.is_bound = QueryDict(encoded(said), mutable=True), True
        try:
            with transaction.atomic():
                form.full_clean()
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - whatever is not a refusal is what is looked for
            yield f"{type(form).__name__}: {type(error).__name__} {error} for {encoded(said)[:400]}"
        else:
            yield ""
