"""A campaign from its opening to what it publishes: asked of each local convention, answered there, protected, read by all."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, ProgrammingError, connections, transaction
from django.test import Client

from benchmarks.seed import quietly
from maillage.conventions import library
from maillage.conventions.lifecycle.queries import load
from maillage.core.database.settings import STATISTICS_ALIAS
from maillage.core.french import NBSP
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.indicators.campaigns import actions
from maillage.indicators.campaigns.models import Campaign, ReleasedFigure
from maillage.indicators.campaigns.queries import expected, progress, published, questions_of
from maillage.indicators.campaigns.states import State
from maillage.indicators.consolidated.protecting import released
from maillage.indicators.consolidated.reading import lines
from maillage.indicators.consolidated.series import ANSWERED, YES, SeriesKey
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan
from maillage.indicators.releasing import consolidate, contributions, waiting
from maillage.indicators.sheets import actions as sheets
from maillage.indicators.sheets.actions import Given
from maillage.indicators.sheets.models import YearAnswer, YearSheet
from maillage.indicators.sheets.rules import Said
from maillage.organisations.models import User
from tests.conftest import Groundwork, LayGroundwork
from tests.conventions.people import CCAS, CNAM, CPAM, CROIX_ROUGE, STRANGER, member, seen, signed
from tests.indicators.campaigns.world import (
    CLOSED,
    OPENED,
    YEAR,
    Local,
    close,
    framework,
    implement,
    opened,
    plant,
)


@pytest.fixture(scope="module")
def groundwork(lay_groundwork: LayGroundwork) -> Groundwork:
    return lay_groundwork(framework)


@pytest.fixture
def national(groundwork: Groundwork, fresh_database: object) -> UUID:
    return UUID(str(groundwork.world))


def test_only_who_holds_the_national_text_asks_its_questions(national: UUID) -> None:
    token = uuid7()
    campaign = opened(national, token=token)
    assert len(questions_of(campaign)) == 29
    assert opened(national, token=token).pk == campaign.pk
    with pytest.raises(PermissionDenied), member(CROIX_ROUGE, OPENED) as actor:
        actions.open_campaign(
            token=campaign.id,
            framework=seen(actor, national),
            year=YEAR,
            due_on=CLOSED.date(),
            by=actor,
            at=OPENED,
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": date(2026, 1, 12)}, "due_on"),
        ({"due_on": date(2025, 12, 31)}, "due_on"),
        ({"year": Year(2020)}, "year"),
    ],
)
def test_a_campaign_asks_about_a_year_of_the_text_until_a_day_to_come(
    national: UUID, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened(national, **changes)  # type: ignore[arg-type]
    assert refused.value.field == field
    opened(national)
    with pytest.raises(Refused, match="existe déjà"):
        opened(national)


def test_the_questions_reach_the_sheet_of_each_convention_that_implements_the_text(national: UUID) -> None:
    local = signed()
    implement(local, national)
    campaign = opened(national)
    with member(CCAS, OPENED) as partner:
        assert [one.convention for one in expected(partner)] == [local]
        keys = {one.question for one in bilan(load(seen(partner, local)), YEAR, OPENED.date()).figures}
    assert {"fiche_suivi", "seances_dediees", "droits_puma"} <= keys
    with member(CCAS, OPENED) as partner:
        sheets.answer(
            convention=seen(partner, local),
            year=YEAR,
            given=[
                Given(("inclusion_initiatives", ""), Said(number=Decimal(1))),
                Given(("alerte_points", ""), Said(words="Peu de places.")),
            ],
            by=partner,
            at=OPENED,
        )
    with member(CNAM, OPENED) as actor:
        assert [(one.state, one.departement) for one in progress(campaign, actor)] == [("filling", "42")]
        assert not YearSheet.objects.exists()
        assert not YearAnswer.objects.exists()
    with member(CPAM, OPENED) as caisse:
        sheets.validate(convention=seen(caisse, local), year=YEAR, by=caisse, at=OPENED)
    close(campaign)
    assert consolidate() == 1
    assert consolidate() == 0
    with member(STRANGER, CLOSED):
        row = Campaign.objects.get(pk=campaign.pk)
        found = {
            key: amount for (key, _), amount in published(row, network="total", territories=["total"]).items()
        }
        words = {one.question: one.text for one in lines(questions_of(row), found)}
    assert (row.state, row.answered, row.refused) == (State.RELEASED, 1, "")
    assert (
        found[SeriesKey("inclusion_initiatives", "", ANSWERED)],
        found[SeriesKey("inclusion_initiatives", "", YES)],
    ) == (1, 1)
    assert words["inclusion_initiatives"] == f"oui : 1{NBSP}convention sur 1"
    assert "Peu de places." not in str(found)


def test_an_unvalidated_sheet_is_not_counted_and_a_campaign_closes_once(national: UUID) -> None:
    campaign = opened(national)
    with pytest.raises(Refused, match="n’est pas finie"):
        close(campaign, at=OPENED.replace(year=2025))
    close(campaign)
    with pytest.raises(TransitionRefused):
        close(campaign)
    consolidate()
    with member(STRANGER, CLOSED):
        assert Campaign.objects.get(pk=campaign.pk).answered == 0
        assert not ReleasedFigure.objects.exists()


def test_small_counts_are_hidden_and_the_nation_is_the_sum_of_its_parts(national: UUID) -> None:
    caisses = bodies()
    plant(
        national,
        [
            Local(caisse, network, {"care_ended": 40 + rank, "care_done": 25, "care_not_done": 15 + rank})
            for caisse in caisses
            for network in ("ccas", "association")
            for rank in range(3)
        ]
        + [Local(caisses[0], "hospital", {"care_ended": 3, "care_done": 2, "care_not_done": 1})],
    )
    campaign, key = opened(national), SeriesKey("accompagnements_soins")
    close(campaign)
    consolidate()
    with member(STRANGER, CLOSED):
        row = Campaign.objects.get(pk=campaign.pk)
        whole = published(row, network="total")
        small = published(row, network="hospital")
        others = [published(row, network=network)[key, "total"] for network in ("ccas", "association")]
    assert row.answered == 6 * len(caisses) + 1
    assert whole[key, "total"] == 6 * len(caisses) * 41 + 3
    assert small[key, str(caisses[0])] is None
    assert small[key, "total"] is None
    assert None in others  # the total would give it back otherwise


def bodies() -> list[UUID]:
    """Four caisses of three regions."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM organisations_organisation WHERE kind IN ('cpam', 'cgss') ORDER BY departement LIMIT 4"
        )
        return [row[0] for row in cursor.fetchall()]


def test_the_role_of_statistics_calls_its_functions_and_nobody_else_does(national: UUID) -> None:
    campaign = opened(national)
    calls: tuple[tuple[str, list[UUID]], ...] = (
        ("SELECT * FROM indicators_campaigns_waiting()", []),
        ("SELECT * FROM indicators_campaign_sheets(%s)", [campaign.pk]),
        ("SELECT * FROM indicators_campaign_answers(%s)", [campaign.pk]),
        ("SELECT * FROM indicators_campaigns_linked(%s)", [campaign.pk]),
        ("SELECT indicators_publish(%s, 1::smallint, 0, '', '[]')", [campaign.pk]),
    )
    for alias in ("default", "worker"):
        for call in calls:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(using=alias):
                connections[alias].cursor().execute(*call)
    with transaction.atomic(using="statistics"), connections["statistics"].cursor() as cursor:
        for call in calls[:4]:
            cursor.execute(*call)
    with pytest.raises(DatabaseError, match="after it is closed"), transaction.atomic(using="statistics"):
        connections["statistics"].cursor().execute(*calls[4])


def test_no_runtime_role_releases_a_campaign_by_hand(national: UUID) -> None:
    campaign = opened(national)
    close(campaign)
    with pytest.raises(DatabaseError), member(CNAM, CLOSED):
        Campaign.objects.filter(pk=campaign.pk).update(state="released")


def test_no_campaign_closes_where_nothing_could_be_released(
    national: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = opened(national)
    with monkeypatch.context() as patch:
        patch.delitem(connections.settings, STATISTICS_ALIAS)
        with pytest.raises(Refused, match="DATABASE_STATISTICS_URL"):
            close(campaign)
        assert consolidate() == 0
    with member(STRANGER, CLOSED):
        row = Campaign.objects.get(pk=campaign.pk)
    assert (row.state, row.closed_at, row.closed_by) == (State.OPEN, None, None)
    close(campaign)
    assert consolidate() == 1


def told(campaign: Campaign) -> dict[tuple[SeriesKey, str], int | None]:
    """What everybody reads of a campaign, with all networks."""
    with member(STRANGER, CLOSED):
        return published(Campaign.objects.get(pk=campaign.pk), network="total")


def test_two_campaigns_over_some_of_the_same_conventions_do_not_give_their_difference(national: UUID) -> None:
    """The second asks one convention more, of four people: the difference of two totals would be these four."""
    other, key = framework(), SeriesKey("accompagnements_soins")
    many = [
        Local(one, "ccas", {"care_ended": 40, "referrals_care": 1}) for one in bodies() for _ in range(16)
    ]
    both = plant(national, many)
    plant(other, [Local(bodies()[0], "ccas", {"care_ended": 4, "referrals_care": 1})])
    quietly(
        "INSERT INTO conventions_relation (id, convention_id, kind, key, target_id, text)"
        " SELECT gen_random_uuid(), one, 'implements', '', %(other)s, '' FROM unnest(%(both)s::uuid[]) one",
        {"both": both, "other": other},
        tables=("conventions_relation",),
    )
    first, second = opened(national), opened(other)
    close(first)
    close(second)
    (_, waits) = waiting()
    alone = {
        (one.key, one.territory, one.network): one.amount for one in released(list(contributions(waits)))
    }
    assert alone[key, "total", "total"] == len(many) * 40 + 4  # nothing of itself would stop it
    assert consolidate() == 2
    assert told(first)[key, "total"] == len(many) * 40
    later = told(second)
    assert {
        amount
        for (one, _), amount in later.items()
        if one.question in {"accompagnements_soins", "issues_soins"}
    } == {None}
    assert later[SeriesKey("detections_soins", "", YES), "total"] == len(many) + 1
    pages = [page_of(one) for one in (first, second)]
    assert ["Une autre campagne de la même année" in one for one in pages] == [False, True]
    assert ["non publié<" in one for one in pages] == [False, True]
    assert all("Chiffres publiés" in one for one in pages)


def page_of(campaign: Campaign) -> str:
    """The page of a campaign, as anybody who works here reads it."""
    client = Client()
    client.force_login(
        User.objects.get(email=STRANGER), backend="maillage.web.accounts.backend.ClosedBackend"
    )
    answer = client.get(f"/bilans/campagnes/{campaign.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_months_were_told_one_by_one_these_alone_add_up(national: UUID) -> None:
    """The referents know the whole year: it would give away the months that are not told."""
    campaign = opened(national)
    (asked,) = [
        one for one in library.load("prado_maternite_2016").indicators if one.measure == "prado_share"
    ]
    amounts = {"prado_presented": 120, "prado_accepted": 75}
    plant(national, [Local(bodies()[0], "hospital", amounts) for _ in range(3)])
    quietly(
        "UPDATE indicators_campaign SET questions = %(asked)s;"
        "INSERT INTO indicators_yearanswer (id, sheet_id, convention_id, question, part, revision, words, comment, why, count, over,"
        " said_at, said_by, said_for_id, is_few) SELECT gen_random_uuid(), id, convention_id, %(key)s, '', 1, '', '', '', 79, 131,"
        " begun_at, id, %(caisse)s, false FROM indicators_yearsheet",
        {"asked": json.dumps([asked.model_dump(mode="json")]), "key": asked.key, "caisse": bodies()[0]},
        tables=("indicators_campaign", "indicators_yearanswer"),
    )
    close(campaign)
    consolidate()
    assert [told(campaign)[SeriesKey(asked.key, "", term), "total"] for term in ("count", "over")] == [
        225,
        360,
    ]
