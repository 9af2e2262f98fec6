"""Nothing about a person gets out sideways: logs of the server and of the platform, error pages, journal, outbox, jobs, titles."""

import base64
import json
import logging
import zlib
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.row_security import acting
from tests.documents.builders import pdf
from tests.proof.canaries import MARK, NIR_MARK, PHONE_MARK, hits
from tests.security.answering import Answer
from tests.security.leaks import TABLES, everything_logged, in_a_file, kept, sideways, words_of
from tests.security.reach import Visitor, probed, url_of
from tests.security.worlds import World, organisation

pytestmark = pytest.mark.security
NIR = "284024214701752"
NAME = "QUINTESSENCEONDINE"
PLACES = {
    "a value that does not parse": "SELECT '{}'::uuid",
    "an unknown column": 'SELECT "{}" FROM referrals_referral',
    "a row with a hole": "INSERT INTO notifications_message (id, once, recipient_id, kind, reference, path)"
    " VALUES (gen_random_uuid(), '{}', gen_random_uuid(), 'x', '{}', NULL)",
    "a refused row": "INSERT INTO referrals_draft (id, organisation_id, author, sealed, updated_at)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', now())",
    "a syntax error": "SELEC '{}'",
}


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize("failure", PLACES)
def test_a_failing_statement_leaves_no_word_in_the_server_s_log(
    cluster: TestCluster, addresses: DatabaseUrls, role: str, failure: str
) -> None:
    for word in (NIR, NAME):
        with psycopg.connect(getattr(addresses, role)) as opened, pytest.raises(psycopg.Error):
            opened.execute(PLACES[failure].replace("{}", word).encode())
        with psycopg.connect(getattr(addresses, role)) as opened, pytest.raises(psycopg.Error):
            opened.execute("SELECT CAST(%s::text AS integer)", [f"x{word}"])
    log = cluster.place.log.read_text(errors="replace")
    assert NIR not in log
    assert NAME not in log


@pytest.mark.parametrize("table", TABLES)
def test_journal_outbox_and_jobs_hold_references_only(worlds: tuple[World, World], table: str) -> None:
    written = 0
    for world in worlds:
        for name in world.parties.values():
            with transaction.atomic(), acting(organisation=organisation(name)), connection.cursor() as cursor:
                cursor.execute(f"SELECT {TABLES[table]} FROM {table}")  # noqa: S608 - our own words
                texts = [row[0] for row in cursor.fetchall()]
            written += len(texts)
            found = [word for word in words_of(world) for text in texts if word in text]
            assert not found, table
    assert written > 0 or table == "procrastinate_jobs"


def test_what_a_case_holds_is_stored_encrypted(worlds: tuple[World, World]) -> None:
    here, _ = worlds
    with transaction.atomic(), acting(organisation=organisation("CCAS")), connection.cursor() as cursor:
        for table in (
            "beneficiaries_beneficiary",
            "referrals_referral",
            "referrals_draft",
            "documents_document",
        ):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")  # noqa: S608 - our own words
            rows = [row[0] for row in cursor.fetchall()]
            assert rows, table
            for word in (*words_of(here), f"CANARI{here.name}"):
                hexed = word.encode().hex()
                assert not any(word in row or hexed in row for row in rows), (table, word)


def follow(visitor: Visitor, world: World) -> None:
    """The adviser follows the case: its page names the person to her."""
    answer = visitor.clients["conseil@cpam.example.org"].post(f"/orientations/{world.ids['case']}/suivi/")
    assert answer.status_code == 302


def test_titles_and_addresses_name_nobody(worlds: tuple[World, World]) -> None:
    """The control is the page itself, which names her."""
    visitor = Visitor(*worlds)
    here = worlds[0]
    follow(visitor, here)
    shown = False
    for address in probed():
        for relation, arguments in visitor.objects(address):
            if relation not in ("here", "none"):
                continue
            answer = Answer.of(visitor.clients["conseil@cpam.example.org"].get(url_of(address, arguments)))
            shown = shown or here.person.surname.upper() in answer.body
            assert not sideways(answer, words_of(here)), address.name
    assert shown


def test_a_breakdown_tells_nothing(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The page breaks after it has decrypted the person; neither the answer nor the log of the platform names her."""
    here = worlds[0]
    visitor = Visitor(*worlds)
    follow(visitor, here)
    seen: list[Any] = []

    def breaks(*arguments: Any, **named: Any) -> None:
        seen.append((arguments, named))
        raise RuntimeError("broken")

    monkeypatch.setattr("maillage.web.referrals.reading.person_facts", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = Answer.of(
            visitor.clients["conseil@cpam.example.org"].get(f"/orientations/{here.ids['case']}/")
        )
    assert seen
    assert answer.status == 500
    logged = json.dumps([record.getMessage() for record in caplog.records]) + caplog.text
    for word in words_of(here):
        assert word not in answer.body
        assert word not in logged


# Each search finds a plain word where it looks.

WORDS = [NAME]
PAGE = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("a header", Answer(302, {"Location": f"/?q={NAME}"}, "")),
        ("the title", Answer(200, PAGE, f"<title>Le dossier\nde {NAME}</title>")),
        ("a link", Answer(200, PAGE, f'<a href="/personnes/{NAME}/">x</a>')),
        ("a link", Answer(200, PAGE, f'<button hx-get="/x?nom={NAME}">x</button>')),
        ("an error page", Answer(500, PAGE, f"<p>{NAME}</p>")),
    ],
)
def test_a_name_beside_a_page_is_found(where: str, answer: Answer) -> None:
    assert sideways(answer, WORDS) == [where]
    assert not sideways(Answer(200, PAGE, f"<title>Orientation</title><p>{NAME}</p>"), WORDS)


def test_a_name_in_a_file_is_found_in_its_metadata_too() -> None:
    assert in_a_file(f"<</Author({NAME})>>".encode(), WORDS)
    assert in_a_file(b"stream\n" + zlib.compress(f"xx{NAME}".encode()), WORDS)
    assert not in_a_file(pdf(), WORDS)


def test_a_name_in_the_log_is_found() -> None:
    with everything_logged() as log:
        logging.getLogger("maillage.somewhere").debug("broken", exc_info=RuntimeError(NAME))
        assert log.named(WORDS) == [f"the log: {NAME}"]
        assert log.named(WORDS) == []


@pytest.mark.django_db
def test_a_name_in_the_journal_is_found() -> None:
    assert kept({"CCAS"}, WORDS)[1] == []
    with transaction.atomic(), acting(organisation=organisation("CCAS")):
        record(verb="read", object_type="x", by=None, organisation=organisation("CCAS"), reason=NAME)
    assert kept({"CCAS"}, WORDS)[1] == [f"audit_entry: {NAME}"]


@pytest.mark.parametrize("mark", [MARK, NIR_MARK, PHONE_MARK])
def test_a_word_in_base64_is_found_wherever_it_begins_and_ends(mark: str) -> None:
    for before in range(6):
        for after in range(6):
            content = base64.b64encode(b"x" * before + mark.encode() + b"y" * after)
            assert hits(b"\0" * 50 + content + b"\xff" * 50), (before, after)
    assert not hits(base64.b64encode(b"x" * 3 + mark[:-1].encode()))
