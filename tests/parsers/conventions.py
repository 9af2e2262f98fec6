"""Readers of conventions: files, paths, durations, avenants, answers to what a draft asks. Without Django."""

from datetime import date
from typing import Any

import yaml
from pydantic import ValidationError

from maillage.conventions import library
from maillage.conventions.drafting.values import data_from_text
from maillage.conventions.terms import TermsError, blanks, content_hash, dump_terms, load_terms
from maillage.conventions.terms.consolidation import UntouchableError, consolidate
from maillage.conventions.terms.editing import Change, value_at
from maillage.conventions.terms.paths import parsed, written
from maillage.conventions.terms.reading_yaml import read_document
from maillage.core.calendar import Period, add, subtract
from maillage.core.refusals import Refused
from maillage.referrals.routing.router import routing_of
from maillage.referrals.routing.situation import situation_from_json
from tests.conventions.terms.builder import SMALLEST, blank, terms
from tests.parsers.judging import Broken, Target

SMALL = terms()
ASKING = terms(
    parties=[
        {
            **SMALLEST["parties"][0],
            "address": blank("adresse", expects="address"),
            "registration": blank("numero", expects="registration"),
            "name": blank("nom"),
        },
        SMALLEST["parties"][1],
    ],
    flows=[
        {
            **SMALLEST["flows"][0],
            "channels": blank("canal", expects="channel"),
            "roles": blank("roles", expects="roles"),
        }
    ],
    term={
        "article": "9.1",
        "starts": blank("debut", expects="date"),
        "lasts": blank("duree", expects="delay"),
    },
    commitments=[
        {
            "key": "reunions",
            "article": "4",
            "debtors": ["cpam"],
            "what": "Se réunir",
            "kind": "monitoring",
            "cadence": {"rhythm": blank("rythme", expects="choice")},
            "amount": blank("montant", expects="clause"),
        }
    ],
    originals=blank("exemplaires", expects="number"),
)
_READY = tuple(routing_of(library.load(name)) for name in library.names())
ASKED = tuple(one.path for one in blanks(ASKING))
DAYS = (date(1900, 2, 28), date(2024, 2, 29), date(2199, 12, 31))


def convention_file(data: bytes) -> None:
    """A whole convention; written again, it is read as the same, with the same hash."""
    found = load_terms(data)
    again = load_terms(dump_terms(found))
    if again != found or content_hash(again) != content_hash(found):
        raise Broken("a convention that changes when it is written")


def yaml_document(data: bytes) -> None:
    """Plain data of a YAML text, before anything is asked of it."""
    read_document(data, "essai.yaml")


def path(data: bytes) -> None:
    """A place in the Terms; the path written again leads to the same one."""
    text = data.decode(errors="replace")
    steps = parsed(text)
    if parsed(written(steps)) != steps:
        raise Broken(text)
    try:
        value_at(SMALL, text)
    except TermsError:
        return


def period(data: bytes) -> None:
    """A length of time; written again it is the same, and every day of a convention can be counted with it or is refused."""
    found = Period.parse(data.decode(errors="replace"))
    if Period.parse(str(found)) != found or not found.label():
        raise Broken(str(found))
    if not (found.hours or found.working_days):
        for day in DAYS:
            add(day, found)
            subtract(day, found)


def avenant(data: bytes) -> None:
    """One change of a text: its kind, its path and its value, one a line, the value in YAML."""
    operation, _, rest = data.partition(b"\n")
    where, _, value = rest.partition(b"\n")
    said: dict[str, Any] = {
        "operation": operation.decode(errors="replace"),
        "path": where.decode(errors="replace"),
        "value": read_document(value, "fragment").data,
    }
    changed = consolidate(SMALL, Change.model_validate(said))
    if load_terms(dump_terms(changed)) != changed:
        raise Broken("a text that changes when it is written")


def answer(data: bytes) -> None:
    """What is typed for a blank, chosen by the first byte."""
    data_from_text(ASKING, ASKED[data[0] % len(ASKED)] if data else "", data[1:].decode(errors="replace"))


def situation(data: bytes) -> None:
    """What is known of somebody, in JSON; the five texts answer it, or it is refused."""
    found = situation_from_json(data, on=DAYS[1])
    for ready in _READY:
        for route in ready.routes(found):
            route.openings()
        ready.questions(found)


def _files() -> tuple[bytes, ...]:
    """The smallest convention, and what each convention of the library says of its first sections."""
    small = yaml.safe_dump(SMALLEST, allow_unicode=True, sort_keys=False).encode()
    return small, *(fragment for name in library.names() for fragment in _fragments(library.text(name)))


def _fragments(text: str) -> list[bytes]:
    """A file cut where its sections begin, pieces of some hundred bytes."""
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        if not pieces or (line[:1].isalpha() and len(pieces[-1]) > 200):
            pieces.append("")
        pieces[-1] += line
    return [piece.encode()[:1500] for piece in pieces]


_CHANGES = (
    b"replace\ntitle\nUn autre titre", b"replace\nflows[orientation].channels\n- kind: paper", b"remove\nservices[misas]\n",
    b"add\nservices\n{key: autre, article: '3', label: Autre}", b"replace\nobjectives\n[]", b"replace\nterm.lasts\n2y",
    b"replace\nid\nautre", b"replace\namendment\n{article: '9', signed_by: all_parties}", b"remove\nflows[0]\n",
    b"replace\nparties[0].name\n{blank: nom, asked: Quel nom ?, why: template}",
)  # fmt: skip
_SITUATIONS = (
    b'{"birth_date": "2006-12-01", "motives": ["cost", "online"], "agrees": true}',
    b'{"on": "2024-02-29", "age": 17, "scheme": "general", "social_needs": [], "sender": "ccas"}',
    b'{"renunciations": [{"care": "optics", "reason": "cost"}], "answers": {"flows.appel_ssam.criteria.fragilite": true}}',
    b'{"children_born": 1, "delivery": "caesarean", "delivered_on": "2014-06-21", "discharge_agreed": null}',
)
_TYPED = (
    "15 jours",
    "14/11/2024",
    "12",
    "un, deux",
    "papier",
    "- a: 1\n  b: [x]",
    "{key: x}",
    "mois",
    "2 mois, 3 ans",
    "732 829 320 00074",
)

TARGETS = {
    "convention_file": Target(convention_file, (TermsError,), _files()[:12]),
    "yaml_document": Target(
        yaml_document, (TermsError,), (*_files(), b"[" * 60, b"a: &x [1]\nb: *x", b"!!int 3", b"a: 1\na: 2")
    ),
    "path": Target(
        path,
        (ValueError,),
        (b"flows[orientation].channels[0].kind", b"parties[cpam].name", b"title", b"exits[0]"),
        ("un chemin",),
    ),
    "period": Target(
        period, (ValueError,), (b"1y6m", b"15d", b"2w", b"10wd", b"24h", b"99y999m9999d"), ("une durée",)
    ),
    "avenant": Target(avenant, (TermsError, UntouchableError, ValidationError), _CHANGES),
    "situation": Target(situation, (TermsError,), _SITUATIONS),
    "answer": Target(
        answer,
        (Refused,),
        tuple(bytes([at % 256]) + text.encode() for at in range(len(ASKED)) for text in _TYPED),
    ),
}
