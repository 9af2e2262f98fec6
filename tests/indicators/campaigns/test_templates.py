"""A campaign over the conventions made from a template (S2): opened by who heads those that hold them, asked of each, consolidated."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from maillage.conventions import library
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.indicators.campaigns import actions
from maillage.indicators.campaigns.models import Campaign
from maillage.indicators.campaigns.queries import expected, progress, questions_of, templates
from maillage.indicators.campaigns.reminding import remind
from maillage.indicators.campaigns.states import State
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan
from maillage.indicators.releasing import consolidate
from maillage.indicators.sheets import actions as sheets
from tests.conftest import Groundwork, LayGroundwork
from tests.conventions.people import (
    CNAM,
    CPAM,
    CROIX_ROUGE,
    DRAFTED,
    HOSPITAL,
    S2,
    SIGNERS,
    WORKER,
    drafted,
    instant,
    member,
    ready,
    seen,
    sign_as,
    signed,
    worker_process,
)
from tests.indicators.campaigns.world import CLOSED, OPENED, YEAR, close
from tests.tiers import spread


def made(name: str = S2) -> UUID:
    """A convention made from a template of the library, signed by all."""
    new = drafted(name)
    ready(new)
    with member(CPAM, DRAFTED) as drafter:
        propose(convention=seen(drafter, new), by=drafter, at=DRAFTED)
    for party in library.load(name).parties:
        sign_as(new, SIGNERS[party.key])
    return new


@pytest.fixture(scope="module")
def groundwork(lay_groundwork: LayGroundwork) -> Groundwork:
    return lay_groundwork(made)


@pytest.fixture
def local(groundwork: Groundwork, fresh_database: object) -> UUID:
    return UUID(str(groundwork.world))


def opened(by: str = CNAM, **changes: Any) -> Campaign:
    given = {"token": uuid7(), "template": S2, "year": YEAR, "due_on": CLOSED.date(), **changes}
    with member(by, OPENED) as actor:
        return actions.open_on_template(by=actor, at=OPENED, **given)


def test_the_head_of_those_who_hold_the_conventions_asks_the_questions_of_the_template(local: UUID) -> None:
    token = uuid7()
    campaign = opened(token=token)
    assert [one.key for one in questions_of(campaign)] == [one.key for one in library.load(S2).indicators]
    assert (campaign.template, campaign.framework_id) == (S2, None)
    assert opened(token=token).pk == campaign.pk
    with member(CNAM, OPENED):
        assert [(one.name, one.conventions) for one in templates()] == [(S2, 1)]


@pytest.mark.parametrize("address", [CPAM, CROIX_ROUGE])
def test_nobody_else_does(local: UUID, address: str) -> None:
    with member(address, OPENED):
        assert templates() == []
    with pytest.raises(Refused) as refused:
        opened(by=address)
    assert refused.value.field == "template"
    with pytest.raises(PermissionDenied):
        opened(by=WORKER)
    with pytest.raises(DatabaseError, match="head of those"), member(address, OPENED) as actor:
        Campaign.objects.create(
            template=S2, title="x", year=2025, questions=[], due_on=CLOSED.date(), opened_at=OPENED, opened_by=actor.user,
            opened_for_id=actor.organisation,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    spread(
        [
            ({"template": "cnsa_2016_2019"}, "template"),
            ({"template": "inconnu"}, "template"),
            ({"year": Year(2023)}, "year"),
            ({"year": Year(2027), "due_on": date(2028, 2, 1)}, "year"),
            ({"due_on": date(2026, 1, 12)}, "due_on"),
            ({"due_on": date(2025, 12, 31)}, "due_on"),
            ({"reminders": (0,)}, "reminders"),
        ],
        4,
    ),
)
def test_what_makes_no_sense_is_refused_at_its_field(
    local: UUID, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened(**changes)
    assert refused.value.field == field
    opened()
    with pytest.raises(Refused, match="existe déjà"):
        opened()


def test_the_questions_reach_each_convention_made_from_it_and_no_other(local: UUID) -> None:
    other = signed()
    campaign = opened()
    with member(HOSPITAL, OPENED) as partner:
        assert [(one.convention, one.year) for one in expected(partner)] == [(local, YEAR.number)]
        keys = {one.question for one in bilan(load(seen(partner, local)), YEAR, OPENED.date()).figures}
    assert {one.key for one in questions_of(campaign)} >= keys
    with member(CPAM, OPENED) as caisse:
        assert other not in {one.convention for one in expected(caisse)}
        sheets.validate(convention=seen(caisse, local), year=YEAR, by=caisse, at=OPENED)
    with member(CNAM, OPENED) as actor:
        assert [(one.convention, one.state) for one in progress(campaign, actor)] == [(local, "validated")]
    close(campaign)
    assert consolidate() == 1
    with member(WORKER, CLOSED):
        row = Campaign.objects.get(pk=campaign.pk)
    assert (row.state, row.answered) == (State.RELEASED, 1)


def test_those_who_have_not_answered_are_reminded(local: UUID) -> None:
    opened()
    with worker_process():
        assert [remind(at=instant(day)) for day in ("2026-01-31", "2026-01-31")] == [1, 0]


def test_a_template_that_changes_asks_otherwise_from_the_next_campaign_on(
    local: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(year=Year(2024))
    text = library.load(S2)
    changed = text.model_copy(update={"indicators": text.indicators[:2]})
    monkeypatch.setattr(library, "load", lambda name: changed if name == S2 else text)
    second = opened()
    assert len(questions_of(second)) == 2
    with member(WORKER, OPENED):
        assert len(questions_of(Campaign.objects.get(pk=first.pk))) == len(text.indicators)


def test_a_campaign_is_of_a_text_or_of_a_template_in_the_database(local: UUID) -> None:
    with pytest.raises(DatabaseError), member(CNAM, OPENED) as actor:
        Campaign.objects.create(
            title="x", year=2025, questions=[], due_on=CLOSED.date(), opened_at=OPENED, opened_by=actor.user,
            opened_for_id=actor.organisation,
        )  # fmt: skip
