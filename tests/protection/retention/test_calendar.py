"""What is about to go, by class and month: one's own, counted, under the rule that ends it; what the job erases is what was announced."""

from datetime import date, timedelta
from typing import Any

import pytest

from maillage.cases.freezing import freeze
from maillage.core.calendar import DAY, Period, add
from maillage.core.clock import now
from maillage.protection.retention import erasing
from maillage.protection.retention.queries import Going, going
from maillage.protection.retention.rules import DEFAULTS, DataClass, Rule, Source
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, received
from tests.protection.retention.test_erasing import answered, forgotten, left_on, of_the_ccas, rows
from tests.referrals.world import WORKER, Signed, member, send_referral, sign_convention, write_draft
from tests.tiers import at_length
from tests.training.world import held, teach


@pytest.fixture(autouse=True)
def committed(fresh_database: object) -> None:
    """What commits, in a database of the test's own."""


@pytest.fixture
def signed() -> Signed:
    return sign_convention()


def announced(address: str, on: date | None = None) -> list[Going]:
    with member(address) as someone:
        return going(someone, on or today())


def of(data: DataClass, address: str, on: date | None = None) -> list[tuple[date, int]]:
    return [(one.month, one.many) for one in announced(address, on) if one.data is data]


def test_a_draft_is_announced_in_its_month_and_to_its_own_organisation_alone(signed: Signed) -> None:
    write_draft(signed)
    write_draft(signed)
    kept = DEFAULTS[DataClass.DRAFT].until(today())
    assert kept is not None
    assert of(DataClass.DRAFT, CCAS_ADMIN) == [((kept + DAY).replace(day=1), 2)]
    assert of(DataClass.DRAFT, CPAM_DPO) == []


def test_what_is_announced_for_a_month_is_what_goes_in_it(signed: Signed) -> None:
    for _ in range(3):
        write_draft(signed)
    ((month, many),) = of(DataClass.DRAFT, CCAS_ADMIN)
    eve = month - DAY - today()
    assert DataClass.DRAFT not in forgotten(eve)
    assert forgotten(add(month, Period(months=1)) - today())[DataClass.DRAFT] == many == 3
    assert of(DataClass.DRAFT, CCAS_ADMIN) == []


def test_what_should_have_gone_counts_in_this_month(signed: Signed) -> None:
    write_draft(signed)
    rows("UPDATE referrals_draft SET updated_at = now() - interval '2 years'")
    assert of(DataClass.DRAFT, CCAS_ADMIN) == [(today().replace(day=1), 1)]


def test_a_referent_is_announced_as_her_convention_says(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    assert of(DataClass.REFERENT, CPAM_DPO) == []  # in five years
    ahead = today() + timedelta(days=5 * 366 - 40)
    assert [many for _, many in of(DataClass.REFERENT, CPAM_DPO, ahead)] == [1]
    short = Rule(Period(months=2), "le dernier contact", Source.TERMS, "12")
    monkeypatch.setattr(erasing, "contacts_rule", lambda *_: short)
    (found,) = [one for one in announced(CPAM_DPO) if one.data is DataClass.REFERENT]
    assert (found.rule, found.many) == (short, 1)
    assert found.month == (add(today() - DAY, short.duration or Period()) + DAY).replace(day=1)


def test_it_asks_two_questions_and_seven_for_the_texts(
    signed: Signed, django_assert_num_queries: Any
) -> None:
    with member(CPAM_DPO) as dpo, django_assert_num_queries(2):
        going(dpo, today())
    for number in range(3):
        other = sign_convention()
        of_the_ccas(other.id, today() - DAY, f"ancienne{number}@cpam.example.org")
    with member(CPAM_DPO) as dpo, django_assert_num_queries(9):
        going(dpo, today())


@pytest.mark.parametrize(("many", "at_once"), [(5, 2), at_length(103, 100)])
def test_every_text_is_read_however_many_there_are(
    signed: Signed, many: int, at_once: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(erasing, "CONVENTIONS", at_once)
    for number in range(many):
        of_the_ccas(sign_convention().id, today() - DAY, f"ancienne{number}@cpam.example.org")
    ahead = today() + timedelta(days=5 * 366 - 40)
    with member(CPAM_DPO) as dpo, django_assert_num_queries(2 + 7 * -(-many // at_once)):
        found = going(dpo, ahead)
    assert sum(one.many for one in found if one.data is DataClass.REFERENT) == many


def test_a_training_is_announced_as_its_convention_says(monkeypatch: pytest.MonkeyPatch) -> None:
    held(teach(), (("Ondine Modèle", True),), before=timedelta(days=30))
    short = Rule(Period(months=2), "le dernier contact", Source.TERMS, "12")
    assert of(DataClass.ATTENDEE, CCAS_ADMIN) == []
    monkeypatch.setattr(erasing, "contacts_rule", lambda *_: short)
    ((month, many),) = of(DataClass.ATTENDEE, CCAS_ADMIN)
    assert many == 1
    assert forgotten(add(month, Period(months=1)) - today())[DataClass.ATTENDEE] == 1


def test_a_request_that_a_running_objection_or_restriction_keeps_is_not_announced(signed: Signed) -> None:
    """The job keeps it as long as that runs: what is announced for a month is what goes in it."""
    case = send_referral(signed)
    request = answered(attached(received(), case))
    restricted = answered(attached(received(), case))
    ahead = today() + timedelta(days=5 * 366 - 100)
    assert sum(many for _, many in of(DataClass.REQUEST, CCAS_ADMIN, ahead)) == 2
    rows(
        "INSERT INTO beneficiaries_objection (id, organisation_id, counterpart_id, service, request_id, digests, since, noted_by,"
        " lifted_why) SELECT %s, f.organisation_id, k.caisse_id, 'x', %s, ARRAY['x'::bytea], now(), %s, ''"
        " FROM protection_requestfile f, cases_case k WHERE f.request_id = %s AND k.id = %s",
        request, request, request, request, case,
    )  # fmt: skip
    assert sum(many for _, many in of(DataClass.REQUEST, CCAS_ADMIN, ahead)) == 1
    with member(WORKER) as worker:
        freeze(cases=[case], ground="claims", by=worker, at=now())
    assert of(DataClass.REQUEST, CCAS_ADMIN, ahead) == []
    assert DataClass.REQUEST not in forgotten()
    assert restricted != request


def test_accounts_of_people_who_left_are_announced_and_those_who_stay_are_not(signed: Signed) -> None:
    left_on(WORKER, today() - timedelta(days=5 * 365 - 90))
    ((month, many),) = of(DataClass.ACCOUNT, CCAS_ADMIN)
    assert many == 1
    assert today() + timedelta(days=60) < add(month, Period(months=1))
    assert of(DataClass.ACCOUNT, CPAM_DPO) == []
    assert DataClass.ACCOUNT not in forgotten(month - DAY - today())
    assert forgotten(add(month, Period(months=1)) - today())[DataClass.ACCOUNT] == 1


def test_somebody_of_a_session_long_ago_is_announced_and_who_came_lately_is_not() -> None:
    taught = teach()
    held(taught, (("Ondine Modèle", True),), before=timedelta(days=5 * 365 - 90))
    held(taught, (("Basile Modèle", True),), before=timedelta(days=30))
    ((month, many),) = of(DataClass.ATTENDEE, CCAS_ADMIN)
    assert many == 1
    assert forgotten(add(month, Period(months=1)) - today())[DataClass.ATTENDEE] == many
