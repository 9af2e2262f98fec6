"""Days and texts that nobody expects: a page refuses them or records them, and never breaks."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CPAM, DPO, S2, S3, drafted, proposed, signed
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.tiers import spread
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
# One of each kind: a day too far, a day that does not exist, what is no day; then others of these kinds.
DAYS = ("31/12/9999", "29/02/2023", "aujourd’hui")
MORE_DAYS = ("01/01/0001", "1" * 10)
# One of each kind: what is not written, what a page would run, what is long, what a file of text would read as its own; then others.
TEXTS = ("\x00", "<script>alert(1)</script>", "é" * 9000, "&a [*a]")
MORE_TEXTS = ("=1+1", "{{7*7}}", "- [" * 400, "\u202e", "9" * 300)
ARTICLES = (2, 3, 5)  # each text in one of them, each of them with a text of either tier


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


@pytest.fixture(scope="module")
def given(kept: Path) -> UUID:
    return proposed(S3, TODAY - timedelta(days=5))


@pytest.fixture(scope="module")
def s2(kept: Path) -> UUID:
    return drafted(S2, TODAY - timedelta(days=3))


@pytest.fixture(scope="module")
def draft(kept: Path) -> UUID:
    return drafted(S3, TODAY - timedelta(days=3))


def sends(person: Client, where: str, **values: Any) -> str:
    answer = person.post(where, {"token": str(uuid7()), **values}, follow=True)
    assert answer.status_code == 200, where
    return plain(answer)


@pytest.mark.parametrize("day", spread(DAYS, 3))
def test_no_day_breaks_a_fact(as_: Signs, day: str, s3: UUID) -> None:
    _breaks_no_fact(as_, day, s3)


@pytest.mark.long
@pytest.mark.parametrize("day", MORE_DAYS)
def test_no_other_day_breaks_a_fact(as_: Signs, day: str, s3: UUID) -> None:
    """Other days of the kinds of test_no_day_breaks_a_fact."""
    _breaks_no_fact(as_, day, s3)


def _breaks_no_fact(as_: Signs, day: str, s3: UUID) -> None:
    caisse = as_(CPAM)
    facts = f"/conventions/{s3}/faits/"
    file = SimpleUploadedFile("accord.pdf", pdf(), "application/pdf")
    page = sends(caisse, f"{facts}denonciation/", sent_on_carsat=day, sent_on_ccas=day)
    page += sends(caisse, f"{facts}denonciation/", sent_on_carsat=day, sent_on_ccas=day, confirme="1")
    for slug in ("evaluation", "opposition", "renouvellement"):
        page += sends(caisse, f"{facts}{slug}/", day=day, until=day, confirme="1")
    today = TODAY.strftime("%d/%m/%Y")
    page += sends(caisse, f"{facts}renouvellement/", day=today, until=day)
    page += sends(
        caisse, f"/conventions/{s3}/referents/nouveau/", since=day, function="R", level="local", phone="1"
    )
    sign = {"title": "Objet", "value": "Former"}
    path = "commitments[sessions_information].what"
    page += sends(caisse, f"/conventions/{s3}/avenants/changement/?chemin={path}", effect_on=day, **sign)
    page += sends(caisse, f"{facts}accord/", day=today, effect=day, document=file, confirme="1")
    assert caisse.get(f"/conventions/{s3}/").status_code == 200
    assert "<script>" not in page


@pytest.mark.parametrize("day", spread(DAYS + MORE_DAYS, 5))
def test_no_day_breaks_a_signature(as_: Signs, day: str, given: UUID) -> None:
    caisse = as_(CPAM)
    where = f"/conventions/{given}/signature/"
    sends(
        caisse, where, seen_hash=hidden(caisse.get(where), "seen_hash"), signed_on=day, function="Directrice"
    )
    assert caisse.get(f"/conventions/{given}/").status_code == 200


@pytest.mark.parametrize("turn", spread(range(len(TEXTS)), 4))
def test_no_text_breaks_a_page(as_: Signs, turn: int, s2: UUID) -> None:
    _breaks_no_page(as_, TEXTS[turn], turn, s2)


@pytest.mark.long
@pytest.mark.parametrize("turn", range(len(MORE_TEXTS)))
def test_no_other_text_breaks_a_page(as_: Signs, turn: int, s2: UUID) -> None:
    """Other texts of the kinds of test_no_text_breaks_a_page."""
    _breaks_no_page(as_, MORE_TEXTS[turn], turn, s2)


def _breaks_no_page(as_: Signs, typed: str, turn: int, s2: UUID) -> None:
    caisse = as_(CPAM)
    steps = f"/conventions/{s2}/redaction/"
    where = f"{steps}blancs/?article={ARTICLES[turn % len(ARTICLES)]}"
    form = caisse.get(where)
    names = set(re.findall(r'name="(q\d+[a-z_]*)"', plain(form)))
    assert names
    page = sends(caisse, where, seen=hidden(form, "seen"), **dict.fromkeys(names, typed))
    assert "<script>alert" not in page
    sends(caisse, where, seen=typed, voids=typed)
    sends(caisse, "/conventions/nouvelle/", template=typed, title=typed)
    sends(caisse, f"{steps}options/", services=typed, g_collaborations=typed)
    for asked in ("article=" + typed[:5], "article=0", "article=-1"):
        assert caisse.get(f"{steps}blancs/?{asked}").status_code in {200, 404}
    assert caisse.get(f"{steps}parties/hospital/", {"q": typed}).status_code == 200
    file = SimpleUploadedFile(typed[:20] or "x", typed.encode(errors="replace") or b"x")
    sends(caisse, "/conventions/nouvelle/fichier/", file=file, my_party=typed)


@pytest.mark.parametrize("typed", spread(TEXTS, 4))
def test_no_text_breaks_what_follows_the_signature(as_: Signs, typed: str, s3: UUID) -> None:
    _breaks_nothing_after(as_, typed, s3)


@pytest.mark.long
@pytest.mark.parametrize("typed", MORE_TEXTS)
def test_no_other_text_breaks_what_follows_the_signature(as_: Signs, typed: str, s3: UUID) -> None:
    """Other texts of the kinds of test_no_text_breaks_what_follows_the_signature."""
    _breaks_nothing_after(as_, typed, s3)


def _breaks_nothing_after(as_: Signs, typed: str, s3: UUID) -> None:
    dpo, caisse = as_(DPO), as_(CPAM)
    for part in ("breach", "dpos", "retention"):
        where = f"/conventions/{s3}/blancs/remplir/?chemin=protection[detections].{part}"
        names = set(re.findall(r'name="(q\d+_[a-z_]+)"', plain(dpo.get(where))))
        sends(dpo, where, note=typed, **dict.fromkeys(names, typed))
    for chemin in (typed, "commitments[sessions_information]", "id", "parties[cpam].key", "exits[0].cure"):
        where = f"/conventions/{s3}/avenants/changement/"
        asked = caisse.get(where, {"chemin": chemin})
        assert asked.status_code in {200, 404}
        if asked.status_code == 200:
            query = asked.wsgi_request.META["QUERY_STRING"]
            sends(
                caisse, f"{where}?{query}", title="Objet", effect_on=TODAY.strftime("%d/%m/%Y"), value=typed
            )
    assert caisse.get(f"/conventions/{s3}/blancs/remplir/", {"chemin": typed}).status_code == 404


def test_a_siret_that_fails_its_key_is_said_with_its_line(as_: Signs, draft: UUID) -> None:
    caisse = as_(CPAM)
    text = caisse.get(f"/conventions/{draft}/export/yaml/").content.decode()
    number = re.findall(r"number: '?(\d{14})'?", text)
    assert number, text[:3000]
    wrong = text.replace(number[0], number[0][:-1] + str((int(number[0][-1]) + 1) % 10))
    file = SimpleUploadedFile("texte.yaml", wrong.encode())
    page = sends(caisse, "/conventions/nouvelle/fichier/", file=file)
    assert "un SIRET dont la clé est juste" in page
    assert "registration" in page


def test_a_year_that_nobody_lives_in_is_refused_at_the_file_and_a_long_life_is_drawn(
    as_: Signs, draft: UUID
) -> None:
    caisse = as_(CPAM)
    text = caisse.get(f"/conventions/{draft}/export/yaml/").content.decode()
    assert "lasts: 1y" in text
    for typed, said in (("ends_on: 9999-12-31", "entre les années 1900 et 2199"), ("lasts: 99y", "")):
        file = SimpleUploadedFile("texte.yaml", text.replace("lasts: 1y", typed).encode())
        page = sends(caisse, "/conventions/nouvelle/fichier/", file=file)
        assert said in page
        assert bool(said) == ("term.ends_on" in page)
