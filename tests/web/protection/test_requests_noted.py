"""Whoever wrote a request down never learns from it whether her organisation knows the person."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.protection.requests.answering import answer, extend, refuse
from maillage.protection.requests.notifications import reference
from tests.conventions.people import WORKER
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, STRANGE, attached, file_of, received
from tests.referrals.world import member, send_referral, sign_convention
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
LIST = "/protection/demandes/"
VARIES = re.compile(
    r"D-[0-9A-F]{6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}| à \d+.{1,3}\d\d|csrf\S+|value=\"\w+\""
)


def answered(request: UUID) -> UUID:
    with member(CCAS_ADMIN) as by:
        answer(file=file_of(request, by), by=by, at=now())
    return request


def refused(request: UUID) -> UUID:
    with member(CCAS_ADMIN) as by:
        file = file_of(request, by)
        refuse(file=file, ground="identity", words="Deux dates se contredisent.", by=by, at=now())
    return request


def test_the_page_says_that_it_is_noted_and_no_more(as_: Signs) -> None:
    case = send_referral(sign_convention())
    waiting, known = received(), answered(attached(received(), case))
    unknown, stopped = answered(attached(received(person=STRANGE))), refused(received())
    worker, pages = as_(WORKER), []
    for one in (waiting, known, unknown, stopped):
        drawn = worker.get(f"{LIST}{one}/").content.decode()
        main = drawn[drawn.index("<main") : drawn.index("</main>")]
        assert "Notée" in main
        for words in ("Motif du refus", "se contredisent", "Votre organisme a répondu", "en retard"):
            assert words not in main
        pages.append(VARIES.sub("", main))
    assert len(set(pages)) == 1


def test_why_a_delay_was_extended_is_read_by_whoever_answers_alone(as_: Signs) -> None:
    sign_convention()
    request = received()
    with member(CCAS_ADMIN) as by:
        extend(request=file_of(request, by).request, reason="Douze ans de dossiers.", by=by, at=now())
    assert "Douze ans" not in plain(as_(WORKER).get(f"{LIST}{request}/"))
    assert "Douze ans" in plain(as_(CCAS_ADMIN).get(f"{LIST}{request}/"))


def test_the_list_says_the_same_of_all_and_keeps_the_order_of_the_days(as_: Signs) -> None:
    case = send_referral(sign_convention())
    days = [today() - timedelta(days=number) for number in (1, 2, 3, 40)]
    first, last = received(received_on=days[0]), received(received_on=days[3])
    known = answered(attached(received(received_on=days[1]), case))
    unknown = answered(attached(received(received_on=days[2], person=STRANGE)))
    text = plain(as_(WORKER).get(LIST))
    for words in ("Répondue", "Rien trouvé", "À répondre avant", "en retard", "Refusée"):
        assert words not in text
    assert text.count("Notée") == 4
    wanted = [reference(one) for one in (first, known, unknown, last)]
    assert re.findall(r"D-[0-9A-F]{6}", text) == wanted
    assert "Rien trouvé" in plain(as_(CCAS_ADMIN).get(LIST))
