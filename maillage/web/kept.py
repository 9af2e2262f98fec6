"""How long data are kept, in one sentence, where they lie: « Données conservées jusqu’au … (annexe 1-7). »"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from maillage.cases.models import Case
from maillage.conventions.lifecycle.loaded import ConventionText
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import text_of
from maillage.conventions.terms.base import article_named
from maillage.core.calendar import Period
from maillage.organisations.member import Member
from maillage.protection.retention.durations import case_rule, counted_from
from maillage.protection.retention.erasing import own
from maillage.protection.retention.keeping import BESIDE, durations_beside, last_day
from maillage.protection.retention.rules import OF_THE_TEXT, DataClass, Rule, Source, rule_for
from maillage.web.presentation.dates import long_date

_YEAR: Final = Period(days=365)
"""How an operator writes a year, in days."""


def says(rule: Rule) -> str:
    """« 5 ans après le dernier contact (mention) »."""
    return f"{how_long(rule)} ({by_whom(rule)})"


def kept_line(
    rule: Rule, fact: date | None = None, *, departement: str = "", ends_on: date | None = None
) -> str:
    """Until when data are kept and who says so; where the text leaves it open, that it does. `ends_on`: the convention's term."""
    until = rule.until(fact, departement)
    how = f"jusqu’au {long_date(until)}" if until else how_long(rule)
    if rule.source is Source.TERMS and rule.duration is None and ends_on:
        how = f"{how}, prévue le {long_date(ends_on)}"
    if rule.blank:
        asked = rule.blank[:1].lower() + rule.blank[1:]
        return f"Données conservées {how} ({by_whom(rule)}). À compléter dans le texte : {asked}."
    return f"Données conservées {how} ({by_whom(rule)})."


def kept_of(data: str, fact: date | datetime | None = None) -> str:
    """The line of a class that the law or the platform rules; of one that conventions rule, where several may be at work."""
    day, found = fact.date() if isinstance(fact, datetime) else fact, DataClass[data.upper()]
    rule = rule_for(found, own=own())
    if found in OF_THE_TEXT and found is not DataClass.CASE:
        return (
            f"Données conservées comme le dit leur convention ; à défaut, {how_long(rule)} ({by_whom(rule)})."
        )
    return kept_line(rule, day)


def attendees_kept(convention: UUID | None, member: Member, at: datetime) -> str:
    """The line of the people of one session: as the convention to which it is dedicated says."""
    if convention is None:
        return kept_of(DataClass.ATTENDEE.value)
    try:
        text = text_of(convention, organisation=member.organisation)
    except Convention.DoesNotExist:
        return kept_of(DataClass.ATTENDEE.value)
    on = at.astimezone(text.zone).date()
    return kept_line(rule_for(DataClass.ATTENDEE, text.readable(on)), departement=text.departement)


def case_text(case: Case, member: Member) -> ConventionText | None:
    """The text under which a case is held, with her organisation's own durations, in one question; None where one has no part in it
    any more."""
    try:
        return text_of(case.convention_id, organisation=member.organisation, beside=BESIDE)
    except Convention.DoesNotExist:
        return None


def case_kept(text: ConventionText | None, case: Case, on: date, *, closed: datetime | None = None) -> str:
    """The line of a case: what its convention says for whoever reads it, else her organisation; nothing without its text."""
    if text is None:
        return ""
    rule = case_rule(
        text.readable(on),
        party=text.mine.key if text.mine else "",
        flow=case.authorisation.flow_key,
        convention=case.convention_id,
        kind=case.kind,
        found=durations_beside(text.beside),
    )
    day = counted_from(rule, closed.astimezone(text.zone).date() if closed else None, last_day(text.row))
    return kept_line(rule, day, departement=text.departement, ends_on=text.row.ends_on)


def how_long(rule: Rule) -> str:
    """« 5 ans après le dernier contact »."""
    if rule.duration is None:
        return rule.start
    return f"{'un an' if rule.duration == _YEAR else rule.duration.label()} après {rule.start}"


def by_whom(rule: Rule) -> str:
    """« annexe 1-7 », « Code civil, article 2224 », « repère de la plateforme : … »."""
    if rule.source is Source.TERMS:
        return article_named(rule.reference)
    if rule.source is Source.OWN:
        return f"durée fixée par votre organisme : {rule.reference}"
    return rule.reference if rule.source is Source.LAW else f"{Source.DEFAULT.label} : {rule.reference}"
