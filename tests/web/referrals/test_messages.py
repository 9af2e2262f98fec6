"""The block « Messages » of a case's page: written and read in a browser, nothing lost, nothing said in « À faire »."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from maillage.documents import uploading
from maillage.exchange import queries
from tests.documents.builders import pdf
from tests.exchange.test_attachments import SVG, given
from tests.exchange.test_messages import SECRET, wrote
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    send_referral,
    stop,
)
from tests.web.referrals.conftest import Signs, plain


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


def writes(client: Client, case: UUID, text: str, **data: Any) -> str:
    """The page after a message was sent."""
    sent = {"token": str(uuid7()), "text": text, **data}
    return plain(client.post(f"/orientations/{case}/message/", sent, follow=True))


def block(page: str) -> str:
    """The block « Messages »."""
    found = re.search(r'<section aria-labelledby="echanges">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_two_people_write_to_each_other_and_what_is_unread_comes_first_in_what_is_due(
    case: UUID, as_: Signs
) -> None:
    worker, adviser = as_(WORKER), as_(ADVISER)
    assert "Message envoyé" in writes(worker, case, SECRET)
    home = plain(adviser.get("/"))
    assert "Lire 1 message" in home
    assert "mari" not in home
    shown = block(plain(adviser.get(f"/orientations/{case}/")))
    assert SECRET in shown
    assert "À lire" in shown
    upto = re.search(r'name="upto" value="([^"]+)"', shown)
    assert upto
    assert "Lire 1 message" in plain(adviser.get("/"))  # opening a page changes nothing
    assert "Messages lus" in plain(
        adviser.post(f"/orientations/{case}/messages/lus/", {"upto": upto[1]}, follow=True)
    )
    assert "Lire 1 message" not in plain(adviser.get("/"))
    writes(adviser, case, "Nous écrirons ailleurs.")
    shown = block(plain(worker.get(f"/orientations/{case}/")))
    assert shown.index(SECRET) < shown.index("Nous écrirons ailleurs.")


def test_a_double_click_writes_once(case: UUID, as_: Signs) -> None:
    worker, token = as_(WORKER), str(uuid7())
    writes(worker, case, SECRET, token=token)
    again = writes(worker, case, SECRET, token=token)
    assert "premier clic" in again
    assert block(again).count(SECRET) == 1


@pytest.mark.parametrize(
    ("text", "said"), [("", "Écrivez quelques mots"), ("a" * 4001, "4 000 caractères au plus")]
)
def test_what_is_refused_is_said_at_its_field_and_kept(case: UUID, as_: Signs, text: str, said: str) -> None:
    page = block(writes(as_(WORKER), case, text))
    assert said in page
    assert text in page


def test_what_was_typed_while_the_case_ended_is_refused_and_kept(case: UUID, as_: Signs) -> None:
    stop(case, "withdraw", "person_refuses")
    worker = as_(WORKER)
    assert "<textarea" not in block(plain(worker.get(f"/orientations/{case}/")))
    page = block(writes(worker, case, SECRET))
    assert "Ce dossier est terminé" in page
    assert SECRET in page
    assert page.count('class="thread"') == 0


def test_a_file_is_sent_beside_the_text_and_downloaded_by_whoever_opens_the_case(
    signed: Signed, case: UUID, as_: Signs
) -> None:
    worker, adviser = as_(WORKER), as_(ADVISER)
    page = writes(worker, case, "", file=SimpleUploadedFile("attestation.pdf", pdf()))
    found = re.search(r'href="(/orientations/[^"]+/pieces/[^"]+)">attestation.pdf', block(page))
    assert found
    got = adviser.get(found[1])
    assert b"".join(getattr(got, "streaming_content")) == pdf()  # noqa: B009 - as a stream
    assert got.headers["Cache-Control"] == "no-store, private"
    assert "attachment" in got.headers["Content-Disposition"]
    closed = as_(OTHER_WORKER).get(found[1])
    assert "Vous ne suivez pas ce dossier" in plain(closed)
    assert "Quintessence" not in plain(closed)
    assert as_(STRANGER).get(found[1]).status_code == 404
    elsewhere = send_referral(signed)
    assert worker.get(found[1].replace(str(case), str(elsewhere))).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [(SVG, "Ce fichier est une image SVG"), (b"%PDF-" + bytes(11_000_000), "dépasse 10 Mo")],
)
def test_a_file_that_is_refused_loses_nothing_of_what_was_typed(
    case: UUID, as_: Signs, content: bytes, said: str
) -> None:
    page = block(writes(as_(WORKER), case, SECRET, file=SimpleUploadedFile("scan.pdf", content)))
    assert said in page
    assert f"{SECRET}</textarea>" in page
    assert 'class="thread"' not in page


def test_a_request_too_large_to_be_read_is_said_at_the_file_and_sends_nothing(
    case: UUID, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "_MOST_READ", 1_000)
    page = block(writes(as_(WORKER), case, SECRET, file=SimpleUploadedFile("scan.pdf", bytes(5_000))))
    assert "dépasse 10 Mo" in page
    assert f"{SECRET}</textarea>" in page
    assert 'class="thread"' not in page


def test_an_old_page_shows_older_messages_and_a_broken_address_the_last_ones(
    case: UUID, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 1)
    first, _ = wrote(case, WORKER, "Le premier"), wrote(case, WORKER, "Le dernier")
    adviser = as_(ADVISER)
    page = f"/orientations/{case}/"
    last = block(plain(adviser.get(page)))
    assert "Le dernier" in last
    older = re.search(r'href="([^"]+)">Messages plus anciens', last)
    assert older
    shown = block(plain(adviser.get(older[1].replace("&amp;", "&"))))
    assert "Le premier" in shown
    assert "Derniers messages" in shown
    assert "Le dernier" in block(plain(adviser.get(f"{page}?messages_avant=pas-un-id")))
    assert str(first) != ""


def test_a_page_with_many_messages_takes_no_query_more(
    case: UUID, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        wrote(case, WORKER if number % 2 else ADVISER, str(number), file=given() if number else None)
    for address in (ADVISER, WORKER):
        client = as_(address)
        client.get(f"/orientations/{case}/")
        with django_assert_max_num_queries(12 + 2):  # and the savepoint of the request's transaction
            client.get(f"/orientations/{case}/")
