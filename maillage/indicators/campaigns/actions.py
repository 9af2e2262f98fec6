"""Opening a campaign, moving its date, closing it. Each: policy, change, journal; closing has its figures consolidated by a job."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, new_row, own_id, require
from maillage.conventions.terms.steering import Indicator
from maillage.core.database.settings import STATISTICS_ALIAS
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.indicators.campaigns.models import Campaign
from maillage.indicators.campaigns.policies import can_open, can_open_on_templates, can_run, is_national
from maillage.indicators.campaigns.queries import templates
from maillage.indicators.campaigns.rules import USUAL, ZONE, days_problem
from maillage.indicators.campaigns.states import TRANSITIONS, State
from maillage.indicators.figures import Year
from maillage.indicators.years import years_of
from maillage.organisations.member import Member

NO_QUESTION: Final = "Ce texte ne pose aucune question : il n’y a rien à demander."
NO_STATISTICS: Final = (
    "Ce serveur n’est pas réglé pour protéger et publier des chiffres : la campagne reste ouverte, rien n’a changé. Demandez à la "
    "personne qui l’exploite de donner l’adresse DATABASE_STATISTICS_URL."
)
NOT_HEADED: Final = "Choisissez un modèle dont des organismes de votre réseau tiennent des conventions."
NOT_NATIONAL: Final = "Seul un texte national pose ses questions aux conventions qui le mettent en œuvre."


@transaction.atomic
def open_campaign(
    *,
    token: UUID,
    framework: Convention,
    year: Year,
    due_on: date,
    reminders: Sequence[int] = USUAL,
    by: Member,
    at: datetime,
) -> Campaign:
    """Ask the questions of a national text about one year. The same token twice opens one campaign.

    `reminders`: days before `due_on`. Raises PermissionDenied; Refused at `year` (not one of the text’s, or asked already), at `due_on`
    (past, or before the year ends), at `reminders`, or as a whole for a text that asks nothing.
    """
    known = lock_and_load(framework)
    require(can_open(by, known))
    new, on = own_id(token, by), day_of(known.row, at)
    if (kept := Campaign.objects.filter(pk=new).first()) is not None:
        return kept
    if not is_national(known):
        raise Refused(NOT_NATIONAL)
    asked = known.readable(on).indicators
    if not asked:
        raise Refused(NO_QUESTION)
    asked_already = Campaign.objects.filter(framework=known.row, year=year.number).exists()
    check(
        [
            None if year in years_of(known, on) else Fault("Ce texte n’était pas en vigueur cette année-là.", "year"),
            Fault("Une campagne existe déjà pour cette année.", "year") if asked_already else None,
            *_days_faults(year, due_on, reminders, on),
        ]
    )  # fmt: skip
    row = Campaign(id=new, framework=known.row, title=known.row.title, year=year.number)
    return _opened(row, asked, due_on, reminders, by=by, at=at)


@transaction.atomic
def open_on_template(
    *,
    token: UUID,
    template: str,
    year: Year,
    due_on: date,
    reminders: Sequence[int] = USUAL,
    by: Member,
    at: datetime,
) -> Campaign:
    """Ask the questions of a template of the library about one year, of all the conventions made from it.

    The questions are those of the template that day. Raises as `open_campaign`, and at `template`.
    """
    require(can_open_on_templates(by))
    new, on = own_id(token, by), at.astimezone(ZONE).date()
    if (kept := Campaign.objects.filter(pk=new).first()) is not None:
        return kept
    known = next((one for one in templates() if one.name == template), None)
    if known is None:
        raise Refused(NOT_HEADED, "template")
    if not known.questions:
        raise Refused(NO_QUESTION, "template")
    asked_already = Campaign.objects.filter(template=template, year=year.number).exists()
    early = "Aucune convention faite de ce modèle n’était en vigueur cette année-là."
    check(
        [
            None if known.since.year <= year.number <= on.year else Fault(early, "year"),
            Fault("Une campagne existe déjà pour cette année.", "year") if asked_already else None,
            *_days_faults(year, due_on, reminders, on),
        ]
    )
    row = Campaign(id=new, template=template, title=known.title[:300], year=year.number)
    return _opened(row, known.questions, due_on, reminders, by=by, at=at)


def _days_faults(year: Year, due_on: date, reminders: Sequence[int], on: date) -> list[Fault | None]:
    over = due_on >= year.until
    return [
        None if due_on > on else Fault("Choisissez un jour à venir.", "due_on"),
        None if over else Fault("L’année demandée ne sera pas finie ce jour-là.", "due_on"),
        _reminders_fault(reminders),
    ]


def _opened(
    row: Campaign,
    asked: Iterable[Indicator],
    due_on: date,
    reminders: Sequence[int],
    *,
    by: Member,
    at: datetime,
) -> Campaign:
    """Keep a campaign with its questions as they are worded now."""
    row.questions = [one.model_dump(mode="json", exclude_defaults=True) for one in asked]
    row.due_on, row.reminders = due_on, list(reminders)
    row.opened_at, row.opened_by, row.opened_for_id = at, by.user, by.organisation
    with new_row():
        row.save(force_insert=True)
    _record("campaign.opened", row, by)
    return row


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: Member, at: datetime) -> Campaign:
    """No more answers count: the validated sheets are consolidated, protected and released by a job.

    Raises PermissionDenied; Refused before the year is over, or where nothing could be released; TransitionRefused when it is closed
    already.
    """
    require(can_run(by, campaign))
    if STATISTICS_ALIAS not in connections:
        raise Refused(NO_STATISTICS)
    if at.date() < Year(campaign.year).until:
        raise Refused(f"L’année {campaign.year} n’est pas finie : aucune fiche n’est encore validée.")
    move(campaign, TRANSITIONS, "close", closed_at=at, closed_by=by.user)
    _record("campaign.closed", campaign, by)
    return campaign


@transaction.atomic
def move_date(
    *, campaign: Campaign, due_on: date, reminders: Sequence[int] | None = None, by: Member, at: datetime
) -> Campaign:
    """Wait for the answers until another day, and remind at other days where some are given.

    Raises PermissionDenied; Refused at `due_on` or `reminders`, or once it is closed.
    """
    require(can_run(by, campaign))
    if campaign.state != State.OPEN:
        raise Refused("Cette campagne est close.")
    days = list(campaign.reminders if reminders is None else reminders)
    late = due_on <= at.date()
    check([Fault("Choisissez un jour à venir.", "due_on") if late else None, _reminders_fault(days)])
    Campaign.objects.filter(pk=campaign.pk, state=State.OPEN).update(due_on=due_on, reminders=days)
    campaign.due_on, campaign.reminders = due_on, days
    _record("campaign.moved", campaign, by)
    return campaign


def _reminders_fault(days: Sequence[int]) -> Fault | None:
    problem = days_problem(days)
    return Fault(problem, "reminders") if problem else None


def _record(verb: str, row: Campaign, by: Member) -> None:
    record(verb=verb, object_type="campaign", object_ref=row.pk, by=by.user, organisation=by.organisation)
