"""The calendar of what is about to go, month by month, and the rule of each class of data."""

from datetime import date, datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.audit.overdue import overdue_since
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.destruction.queries import to_come
from maillage.protection.retention.erasing import own
from maillage.protection.retention.queries import Going, going
from maillage.protection.retention.rules import FIVE, DataClass, Rule, Source, rule_for
from maillage.web.kept import by_whom, how_long
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell
from maillage.web.presentation.components import due_badge
from maillage.web.presentation.dates import long_date, month_year
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, Row, Table, headings, plain_table
from maillage.web.presentation.typography import typeset
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_NOTED: Final = f"{Source.DEFAULT.label} (note)"
SHOWN = 20
"""Destructions at a term that the calendar names; the others are a link away."""


@page(permission=Permission.PROTECT_DATA)
def calendar(request: MemberRequest) -> HttpResponse:
    """What goes in the next twelve months, by class: how many, under which rule; then each rule. Nobody is named."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    context = {
        "going": _going(going(member, on)),
        "destructions": _destructions(member, on),
        "rules": _rules(),
        "note": typeset(f"« {_NOTED} » : {FIVE}."),
        "overdue": journal_overdue(member, request.instant),
    }
    return render(request, "protection/calendar.html", context)


def journal_overdue(member: Member, at: datetime) -> str:
    """The day from which acts of the organisation's journal should have been removed; nothing while they are on time."""
    since = overdue_since(at)
    return long_date(since.astimezone(zone_of(member)).date()) if since else ""


def _going(found: list[Going]) -> Table:
    return plain_table(
        "calendrier",
        "Ce qui s’efface dans les douze mois",
        ["Mois", "Données", Column("Combien", is_number=True), "Règle"],
        [
            (
                capfirst(month_year(one.month)),
                one.data.label,
                number(one.many),
                f"{how_long(one.rule)} ({_by_whom(one.rule)})",
            )
            for one in found
        ],
        empty="Rien n’arrive au bout de sa durée dans les douze mois.",
        stacks=True,
    )


def _destructions(member: Member, on: date) -> Table:
    rows = [one for one in to_come(member) if one.due_on is not None]
    caption = "Prochaines destructions au terme"
    if len(rows) > SHOWN:
        caption += f", les {SHOWN} premières"
    return Table(
        name="au-terme",
        caption=caption,
        headings=headings([Column("Convention"), Column("Quand")], query={}),
        rows=[
            Row(
                (one.convention.title, due_cell(due_badge(one.due_on, on)) if one.due_on else ""),
                url=reverse("protection:destruction", args=[one.convention_id]),
            )
            for one in rows[:SHOWN]
        ],
        empty="Aucune convention finie ne fait détruire de données de votre organisme.",
    )


def _by_whom(rule: Rule) -> str:
    """Who says so; what several rules share is said once, in a note."""
    return _NOTED if rule.source is Source.DEFAULT and rule.reference == FIVE else by_whom(rule)


def _rules() -> Table:
    rows = []
    for data in DataClass:
        rule = rule_for(data, own=own())
        rows.append((data.label, how_long(rule), _by_whom(rule)))
    return plain_table(
        "regles", "Règles, sauf si la convention en dit une autre", ["Données", "Durée", "D’après"], rows, stacks=True
    )  # fmt: skip
