"""What one's own journal names of a breach: the cases to look at, who read each, first and last, on pages and in one file."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.roles import ROLES, Permission, Role
from maillage.protection.breaches import reaching
from maillage.protection.breaches.models import Breach, BreachReach
from maillage.protection.breaches.reaching import Window, readings, work_out
from maillage.web.protection import readings as pages
from tests.protection.breaches.files import CARSAT_ADMIN, CPAM_DPO
from tests.referrals.world import WORKER, member, send_referral, sign_convention
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_pages import here, reported

pytestmark = pytest.mark.django_db
CCAS_ADMIN = "admin@ccas.example.org"
LISTED = 15
"""Questions of the list of the cases of one search, however many there are."""


@pytest.fixture
def signed(db: None) -> UUID:
    return sign_convention().id


def looked(row: Breach, by: str = CCAS_ADMIN) -> BreachReach:
    """What her journal tells of the last hour."""
    with member(by) as follower:
        window = Window(now() - timedelta(hours=1), now() + timedelta(minutes=1))
        return work_out(breach=row, reach_id=uuid7(), window=window, by=follower, at=now())


def list_of(row: Breach, reach: BreachReach, rest: str = "") -> str:
    return here(row, f"etendue/{reach.pk}/{rest}")


def test_the_search_names_its_cases_and_who_read_each_to_its_own_organisation(as_: Signs, db: None) -> None:
    signed = sign_convention()
    worker = as_(WORKER)
    cases = [send_referral(signed) for _ in range(2)]
    for case in (cases[0], cases[0], cases[1]):
        assert worker.get(reverse("referrals:case", args=[case])).status_code == 200
    row = reported(worker, signed.id)
    reach = looked(row)
    with member(CCAS_ADMIN) as by:
        codes = dict(
            Participation.objects.filter(organisation=by.organisation, case__in=cases).values_list(
                "case", "reference"
            )
        )
    assert set(cases) <= set(reach.cases)
    (read, *_) = readings(reach, cases[0])
    assert read.first <= read.last
    assert read.times >= 1
    admin = as_(CCAS_ADMIN)
    page = plain(admin.get(here(row)))
    assert f"{len(reach.cases)} dossiers, et qui les a lus" in page
    assert "1 convention" in page
    assert "Montbrison" in page.split("Ce que dit le journal de votre organisme")[1]
    shown = plain(admin.get(list_of(row, reach)))
    for case in cases:
        assert codes[case] in shown
    assert "Première lecture" in shown
    for address in (CARSAT_ADMIN, CPAM_DPO):
        other = as_(address)
        assert "et qui les a lus" not in plain(other.get(here(row)))
        for rest in ("", "dossiers.xlsx"):
            assert other.get(list_of(row, reach, rest)).status_code == 404
    assert worker.get(list_of(row, reach)).status_code == 403


def planted(row: Breach, cases: list[UUID], by: str) -> BreachReach:
    """A search that found these cases, each read once by whoever looked."""
    with member(by) as follower:
        second = int(now().timestamp())
        reach = BreachReach(
            id=uuid7(),
            organisation_id=follower.organisation,
            breach=row,
            since=now() - timedelta(days=1),
            before=now(),
            cases=cases,
            readers=[follower.user],
            conventions=[],
            readings={str(case): [[str(follower.user), second, second, 1]] for case in cases},
            recorded_at=now(),
            recorded_by=follower.user,
        )
        reach.save(force_insert=True)
        return reach


def test_cases_open_for_whoever_may_read_referrals_alone(
    as_: Signs, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    row = reported(as_(WORKER), signed.id)
    reach = planted(row, [case], CCAS_ADMIN)
    admin = as_(CCAS_ADMIN)
    shown = admin.get(list_of(row, reach)).content.decode()
    with member(CCAS_ADMIN) as by:
        code = Participation.objects.get(case=case, organisation=by.organisation).reference
    assert code in shown
    assert reverse("referrals:case", args=[case]) not in shown
    both = replace(
        ROLES[Role.ADMINISTRATOR],
        permissions=ROLES[Role.ADMINISTRATOR].permissions | {Permission.READ_REFERRALS},
    )
    monkeypatch.setitem(ROLES, Role.ADMINISTRATOR, both)
    opened = reverse("referrals:case", args=[case])
    assert opened in as_(CCAS_ADMIN).get(list_of(row, reach)).content.decode()


def test_the_list_is_cut_in_pages_and_its_file_holds_all_of_it(
    as_: Signs, db: None, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(pages, "SIZE", 2)
    signed = sign_convention()
    cases = [send_referral(signed) for _ in range(3)]
    row = reported(as_(WORKER), signed.id)
    reach, alone = planted(row, cases, CCAS_ADMIN), planted(row, cases[:1], CCAS_ADMIN)
    admin = as_(CCAS_ADMIN)
    admin.get(list_of(row, alone))
    for one in (alone, reach):
        with django_assert_max_num_queries(LISTED):
            shown = plain(admin.get(list_of(row, one)))
    assert "1 à 2 sur 3" in shown
    assert "3 à 3 sur 3" in plain(admin.get(list_of(row, reach) + "?page=2"))
    answer = admin.get(list_of(row, reach, "dossiers.xlsx"))
    assert answer["Content-Disposition"].startswith("attachment")
    lines = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(lines) == 4
    assert lines[0] == ("Dossier", "Lu par", "Première lecture", "Dernière lecture", "Lectures")
    refused = admin.get(list_of(row, reach, "dossiers.xlsx") + "?pour=autre")
    assert refused.status_code == 403
    assert "Export refusé" in plain(refused)
    assert "A téléchargé les dossiers touchés par une violation" in plain(admin.get("/journal/"))


def test_the_page_asks_as_much_for_many_searches_as_for_one(
    as_: Signs, db: None, django_assert_max_num_queries: Any
) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    row, admin = reported(as_(WORKER), signed.id), as_(CCAS_ADMIN)
    planted(row, [case], CCAS_ADMIN)
    with django_assert_max_num_queries(40) as captured:
        admin.get(here(row))
    for _ in range(3):
        planted(row, [case], CCAS_ADMIN)
    with django_assert_max_num_queries(len(captured)):
        assert plain(admin.get(here(row))).count("et qui les a lus") == 4


def test_a_search_that_is_cut_says_so(as_: Signs, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = sign_convention()
    worker = as_(WORKER)
    for _ in range(2):
        case = send_referral(signed)
        worker.get(reverse("referrals:case", args=[case]))
    row = reported(worker, signed.id)
    whole = looked(row)
    assert whole.is_whole
    monkeypatch.setattr(reaching, "MOST", 1)
    cut = looked(row)
    assert not cut.is_whole
    assert len(cut.cases) < len(whole.cases)
    assert "Trop de lectures" in plain(as_(CCAS_ADMIN).get(list_of(row, cut)))


def test_what_was_searched_before_readings_were_kept_says_so(as_: Signs, db: None) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    row = reported(as_(WORKER), signed.id)
    reach = planted(row, [case], CCAS_ADMIN)
    with member(CCAS_ADMIN):
        old = BreachReach.objects.get(pk=reach.pk)
    old.pk, old.readings = uuid7(), {}
    with member(CCAS_ADMIN):
        old.save(force_insert=True)
    assert "non relevé" in plain(as_(CCAS_ADMIN).get(list_of(row, old)))
