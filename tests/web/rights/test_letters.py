"""The letters of an application: who prints which, what is not to be read again, and what a message may say."""

from uuid import UUID

import pytest
from django.test import Client

from maillage.audit.models import Entry
from maillage.cases.following import unfollow
from maillage.core.clock import now
from maillage.rights.queries import application_of
from tests.days import today
from tests.referrals.world import member
from tests.rights.test_examining import RIGHT
from tests.rights.world import ADVISER, PASS, STRANGER, Signed, act, receive, send
from tests.web.referrals.conftest import Signs
from tests.web.rights.test_pages import followed, of, text


def letter(client: Client, case: UUID, slug: str, status: int = 200) -> bytes:
    answer = client.get(of(case, f"lettres/{slug}/"))
    assert answer.status_code == status, slug
    return bytes(answer.content)


def test_each_step_offers_its_letter_as_a_pdf(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    adviser = followed(as_(ADVISER), case)
    assert "Lettres à imprimer" not in text(adviser, of(case))
    receive(case)
    page = text(adviser, of(case))
    assert "Accusé de réception (PDF)" in page
    assert "Décision (PDF)" not in page
    assert letter(adviser, case, "accuse").startswith(b"%PDF-")
    letter(adviser, case, "decision", 404)
    letter(adviser, case, "autre", 404)
    act("grant", case, opened=RIGHT, on=today(), words="")
    page = text(adviser, of(case))
    assert "une réponse vous attend, référence" in page
    assert letter(adviser, case, "decision").startswith(b"%PDF-")
    with member(ADVISER):
        rows = Entry.objects.filter(verb="print", object_ref=str(case)).order_by("at")
        assert list(rows.values_list("reason", flat=True)) == ["Accusé de réception", "Décision"]


def test_a_refusal_whose_way_of_appeal_is_not_verified_is_to_be_read_again(
    signed: Signed, as_: Signs
) -> None:
    for right, doubtful in (("ame", True), ("puma", False), ("c2s", False)):
        case = send(signed, right)
        receive(case, is_complete=False)
        act("refuse", case, reason="residence", on=today(), words="")
        assert ("À relire avant l’envoi" in text(as_(ADVISER), of(case))) is doubtful


def test_who_does_not_follow_prints_nothing(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    receive(case)
    assert letter(as_(PASS), case, "accuse").startswith(b"%PDF-")
    letter(as_(STRANGER), case, "accuse", 404)
    with member(ADVISER) as adviser:
        unfollow(case=application_of(adviser, case).case, by=adviser, at=now())
    letter(as_(ADVISER), case, "accuse", 302)


@pytest.mark.parametrize("slug", ["accuse", "pieces", "decision"])
def test_nothing_is_printed_before_it_is_received(signed: Signed, as_: Signs, slug: str) -> None:
    case = send(signed)
    letter(as_(PASS), case, slug, 404)
