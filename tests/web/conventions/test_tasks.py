"""What conventions put on « À faire », for whom."""

from datetime import date, datetime, time

import pytest

from maillage.conventions.commitments.showing import Noted, note_evidence
from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import convention_id
from maillage.web.conventions.reading.tasks import convention_tasks
from maillage.web.home.tasks import Task
from tests.conventions import people
from tests.conventions.people import member
from tests.days import today
from tests.web.conventions.conftest import (
    CAISSE,
    CARSAT,
    DPO,
    PARTNER,
    S2,
    S3,
    STRANGER,
    WORKER,
    Signs,
    plain,
    sheet,
)

pytestmark = pytest.mark.usefixtures("concluded", "db")


def tasks(address: str, on: date | None = None) -> list[str]:
    """The titles that someone reads."""
    with member(address, now()) as someone:
        return [task.title.replace("\u00a0", " ") for task in convention_tasks(someone, on or today())]


def test_the_caisse_goes_on_with_its_draft_and_fills_the_gdpr_roles() -> None:
    found = tasks(CAISSE)
    assert any(
        title.startswith("Continuer la rédaction : Convention avec le Centre hospitalier") for title in found
    )
    assert any(title.startswith("Compléter les rôles RGPD") for title in found)
    assert not any(title.startswith("Nommer") for title in found), "the caisse has named its referent"


def test_a_party_without_referent_is_told_to_name_one() -> None:
    assert any(title.startswith("Nommer 1 référent, niveau local") for title in tasks(CARSAT))
    assert not any(title.startswith("Nommer") for title in tasks(PARTNER))


def test_a_commitment_late_or_soon_owed_is_told_to_who_owes_it_until_something_shows_it() -> None:
    signed_at = datetime.combine(date(2025, 1, 10), time(10), now().tzinfo)
    new = people.signed(people.S3, signed_at, signed_at)
    year = date(2026, 1, 9)

    def told(address: str, on: date) -> list[Task]:
        with member(address, now()) as someone:
            found = [one for one in convention_tasks(someone, on) if f"{new}/engagements/" in one.url]
        assert all(one.title.replace("\u00a0", " ").startswith("Tenir 1 engagement") for one in found)
        return found

    assert told(CARSAT, date(2025, 12, 9)) == []
    [soon] = told(CARSAT, date(2025, 12, 10))
    assert soon.due_on == year
    assert soon.explanation is not None
    assert "bilan annuel" in soon.explanation.fact
    with member(CAISSE, now()) as caisse:
        noted = Noted(uuid7(), date(2025, 12, 1), note="Fiche remplie")
        convention = Convention.objects.get(id=new)
        note_evidence(convention=convention, commitment="bilan_annuel", noted=noted, by=caisse, at=now())
    assert told(CARSAT, date(2025, 12, 10)) == []
    assert [one.due_on for one in told(CAISSE, date(2027, 1, 10))] == [date(2027, 1, 9)]


def test_a_post_to_fill_has_its_day_and_says_why() -> None:
    signed_at = datetime.combine(date(2025, 1, 10), time(10), now().tzinfo)
    people.signed(people.S3, signed_at, signed_at)
    with member(CARSAT, now()) as carsat:
        found = [
            task for task in convention_tasks(carsat, date(2025, 3, 1)) if task.due_on == date(2025, 2, 9)
        ]
    assert len(found) == 1
    assert found[0].url.endswith("/referents/")
    assert found[0].explanation is not None
    assert "personne ne l’a encore été" in found[0].explanation.fact
    assert "30 jours" in found[0].explanation.rule.replace("\u00a0", " ")


def test_a_data_protection_officer_is_told_of_the_roles_only() -> None:
    assert [title.partition(" :")[0] for title in tasks(DPO)] == ["Compléter les rôles RGPD"]


def test_a_worker_and_a_stranger_have_nothing_to_do_about_it() -> None:
    assert tasks(WORKER) == []
    assert tasks(STRANGER) == []


def test_a_proposed_text_is_to_sign_by_each_party_and_no_longer_once_signed() -> None:
    new = people.proposed(people.S3, now())
    to_sign = "Lire et signer : "
    assert any(title.startswith(to_sign) for title in tasks(PARTNER))
    assert not any(title.startswith(to_sign) for title in tasks(WORKER)), "she may not sign"
    people.sign_as(new, PARTNER, now())
    assert not any(title.startswith(to_sign) for title in tasks(PARTNER))
    assert any(title.startswith(to_sign) for title in tasks(CARSAT))


def test_a_day_that_comes_within_120_days_is_a_task_with_its_date_and_its_reason() -> None:
    signed_at = datetime.combine(date(2025, 1, 10), time(10), now().tzinfo)
    people.signed(people.S3, signed_at, signed_at)
    with member(CAISSE, now()) as caisse:
        found = [
            task for task in convention_tasks(caisse, date(2025, 12, 1)) if task.due_on == date(2026, 1, 9)
        ]
        assert len(found) == 1
        assert found[0].explanation is not None
        assert "Dernier jour utile" in found[0].why
        dated = [task for task in convention_tasks(caisse, date(2025, 3, 1)) if task.due_on]
        assert {task.title.split()[0] for task in dated} <= {"Nommer", "Former"}, "posts only, no term yet"


def test_whoever_sends_finds_how_to_on_the_home_page_and_nobody_else(as_: Signs) -> None:
    assert 'href="/orientations/nouvelle/">Orienter une personne' in plain(as_(WORKER).get("/"))
    assert "Orienter une personne" not in plain(as_(CAISSE).get("/"))


def test_the_home_page_shows_them_with_their_address(as_: Signs) -> None:
    page = plain(as_(CAISSE).get("/"))
    assert f"{sheet(S3)}roles/" in page
    assert f"/conventions/{convention_id(S2)}/redaction/" in page
