"""Readers of what is said of people: numbers, telephones, dates, names to look for, codes. Without Django."""

import json
import re
from datetime import date

from maillage.beneficiaries import rules
from maillage.beneficiaries.rules import Identity
from maillage.catalogue.rules import is_code, link_problem
from maillage.core.identifiers import compact_number, is_nir, is_siren, is_siret
from maillage.core.text import sort_key, words_key
from maillage.credentials.rules import is_application_code, recovery_code, step_of, typed_code
from maillage.exchange import detector
from maillage.organisations.territories import (
    commune,
    departement_named,
    is_zone,
    named,
    search,
    zone_name,
    zones_of,
)
from maillage.referrals.content import Content, Step, content_from_bytes, content_to_bytes
from tests.parsers.judging import Broken, Target

ON = date(2026, 6, 1)
_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # that of the RFC's own examples


def official_number(data: bytes) -> None:
    """A number typed for a NIR, a SIRET or a SIREN: judged, never a breakdown; one that can be searched has 13 characters."""
    text = data.decode(errors="replace")
    is_siret(text), is_siren(text), is_nir(text)
    rules.nir_problem(text)
    found = rules.nir_to_search(text)
    if found and (len(found) != 13 or rules.nir_search_problem(text) or not found.isascii()):
        raise Broken(f"{text!r} is searched as {found!r}")
    if compact_number(compact_number(text)) != compact_number(text):
        raise Broken(compact_number(text))


def telephone(data: bytes) -> None:
    """A telephone, an address, a birth date, in an identity that is then kept and read again."""
    phone, _, email = data.decode(errors="replace").partition("\n")
    identity = Identity("Exemple", email[:20], ON, phone=phone, email=email, nir=phone)
    rules.identity_problems(identity, on=ON)
    if rules.identity_from_bytes(rules.identity_to_bytes(identity)) != identity:
        raise Broken("an identity that changes when it is kept")


def free_text(data: bytes) -> None:
    """A text that must name nobody, and somebody whom its author knows: what is found is quoted where it stands."""
    text, _, name = data.decode(errors="replace").partition("\n")
    for trace in detector.traces(text, [detector.Name(name[:20], text[:10])]):
        if text[trace.start : trace.end].strip() != trace.text or trace.start >= trace.end:
            raise Broken(f"{trace} is not where it is said to be in {text!r}")


def kept_draft(data: bytes) -> None:
    """What was typed and refused, kept with its step and read again."""
    typed = {"narrative": [part.decode(errors="replace") for part in data.split(b"\n")]}
    content = Content().keeping(Step.SITUATION, typed)
    if content_from_bytes(content_to_bytes(content)) != content:
        raise Broken("a draft that changes when it is kept")


def sought_words(data: bytes) -> None:
    """Words that somebody looks for, and the surname of a person."""
    text = data.decode(errors="replace")
    key = sort_key(text)
    words = words_key(text)
    if words_key(words) != words or " ".join(key.split()) != key:
        raise Broken(f"{text!r}: {key!r}, {words!r}")
    rules.searched_as(nir=text, surname=text, birth_date=ON)
    name = rules.name_to_search(text)
    if rules.name_to_search(name) != name:
        raise Broken(f"{text!r}: {name!r} then {rules.name_to_search(name)!r}")


def place(data: bytes) -> None:
    """A commune, a département, a zone, by name or code."""
    text = data.decode(errors="replace")
    for one in search(text, most=3):
        if commune(one.code) is None or not zones_of(one.code):
            raise Broken(one.code)
    departement = departement_named(text)
    if departement and departement_named(departement) != departement:
        raise Broken(departement)
    named(text, departement)
    if is_zone(text) != bool(zone_name(text)):
        raise Broken(text)


def code(data: bytes) -> None:
    """A code typed to sign in: an application's or a recovery code."""
    text = typed_code(data.decode(errors="replace"))
    recovery_code(text)
    if is_application_code(text):
        step_of(_SECRET, text, at=59.0, after=-1)


def printed_address(data: bytes) -> None:
    """The address of a link that is published, and the code of one that is printed: where one reads is where one goes."""
    text = data.decode(errors="replace")
    is_code(text)
    if link_problem(text) == "" and not re.match(r"https://(?:[a-z0-9-]+\.)+[a-z]+(?:[/?#]|$)", text):
        raise Broken(text)


_NUMBERS = (
    b"2 84 02 99 990 000 42",
    b"184022A00412345",
    b"73282932000074",
    b"732 829 320",
    b"1840275004123",
    "٢٨٤".encode(),
    "²".encode(),
)

TARGETS = {
    "official_number": Target(official_number, (), _NUMBERS),
    "free_text": Target(
        free_text,
        (),
        (
            b"2 84 02 42 147 000 69, 06 12 34 56 78\nPetit",
            b"m. o'brien (at) x, nee le 3 mai 84\nO Brien",
            b"Le 08 00\nLe Gall",
        ),
    ),
    "telephone": Target(
        telephone, (), (b"06 12 34 56 78\nnom@exemple.fr", b"+33612345678\n", b"(0)1.2/3-4\n@@")
    ),
    "kept_draft": Target(kept_draft, (), (b"a\nb", json.dumps({"a": "é"}).encode())),
    "sought_words": Target(
        sought_words, (), ("L’Étang-Noël".encode(), "Œuvre ﬁn Łódź".encode(), b"d'Artagnan  (le)")
    ),
    "place": Target(
        place,
        (),
        (
            b"Montbrison",
            b"42600",
            b"42147",
            b"2a",
            b"la loire",
            b"R84",
            b"FR",
            "St-Étienne".encode(),
            b"Lyon 3e",
        ),
    ),
    "code": Target(code, (), (b"287082", b"12 34-56", b"ABCDE-FGHIL")),
    "printed_address": Target(
        printed_address,
        (),
        (
            b"https://www.example.org/page?a=1#b",
            b"https://a@b.example.org:443/",
            b"https://[::1]/",
            b"2345678abc",
        ),
    ),
}
