"""More waits than a page of lines shows: the oldest comes first, and what is left out is said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.protection import firsts
from maillage.protection.assessments.queries import awaited, to_answer, to_review
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import running
from maillage.protection.firsts import Firsts
from maillage.protection.requests.models import RequestFile
from maillage.web.protection.cut import how_many_of, rest
from tests.conventions.people import WORKER, member
from tests.days import today
from tests.protection.breaches.files import CPAM_DPO
from tests.protection.requests.files import received
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_pages import reported

pytestmark = pytest.mark.django_db
MORE = "il y en a d’autres"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if two lines were the most that somebody goes through."""
    monkeypatch.setattr(firsts, "MOST", 2)


def test_a_count_that_stops_says_so() -> None:
    assert how_many_of(Firsts("ab"), Firsts("c")) == "3"
    assert how_many_of(Firsts("ab", is_cut=True), Firsts("c")) == "3 ou plus"
    assert not list(rest(Firsts("ab"), "violations", "/", "breach"))
    (task,) = rest(Firsts("ab", is_cut=True), "violations", "/ailleurs/", "breach")
    assert (task.title, task.url) == (
        "Voir toutes les violations\N{NO-BREAK SPACE}: il y en a d’autres",
        "/ailleurs/",
    )


@pytest.mark.usefixtures("two")
def test_the_oldest_breaches_have_their_lines_and_the_others_are_said(as_: Signs, s3: UUID) -> None:
    rows = [reported(as_(WORKER), s3, hours=hours) for hours in (3, 2, 1)]
    with member(CPAM_DPO, now()) as officer:
        found = running(officer)
    assert [one.breach_id for one in found] == [rows[0].pk, rows[1].pk]
    assert found.is_cut
    caisse = as_(CPAM_DPO)
    for address in ("/", "/protection/"):
        text = plain(caisse.get(address))
        assert f"à la CNIL, {reference(rows[0].pk)}" in text
        assert f"à la CNIL, {reference(rows[2].pk)}" not in text
        assert f"Voir toutes les violations en cours : {MORE}" in text
    assert "2 ou plus" in plain(caisse.get("/protection/"))


@pytest.mark.usefixtures("two")
def test_the_requests_that_are_due_first_have_their_lines(as_: Any) -> None:
    made = [received(by=CPAM_DPO, received_on=today() - timedelta(days=days)) for days in (0, 20, 10)]
    with member(CPAM_DPO, now()) as officer:
        due = list(
            RequestFile.objects.filter(organisation=officer.organisation, state="asked")
            .order_by("request__due_on", "request_id")
            .values_list("request_id", flat=True)
        )
    text = plain(as_(CPAM_DPO).get("/protection/"))
    assert f"Voir toutes les demandes de personnes à répondre : {MORE}" in text
    for request in due[:2]:
        assert str(request) in text
    assert str(made[0]) not in text


@pytest.mark.usefixtures("two")
def test_nothing_is_said_where_all_is_shown(as_: Any) -> None:
    with member(CPAM_DPO, now()) as officer:
        lists = (to_answer(officer), awaited(officer), to_review(officer, today()))
    assert not any(one.is_cut for one in lists)
