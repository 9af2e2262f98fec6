"""PRADO maternité on the page of its convention: the caisse's own figures, exact; for the parties, the months that may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from maillage.organisations.roles import Permission
from maillage.referrals.enrolments import can_enrol, own_counts, prado_of, released_counts, renders
from maillage.referrals.prado.rules import CONTRIBUTORS, LARGEST_SHARE, THRESHOLD, Count, total
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import month_year
from maillage.web.presentation.numbers import number, percent
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.rules import acting_member, page

RULE = (
    f"Un mois est arrêté quinze jours après sa fin, une fois pour toutes : {CONTRIBUTORS} maternités au moins, aucune pour plus de "
    f"{LARGEST_SHARE} %, ni adhésions ni refus sous {THRESHOLD}, même pour qui en retranche les siens. Aucun total n’est donné : "
    "il permettrait de retrouver un mois tu."
)
_NUMBERS = (
    Column("Présentations", is_number=True),
    Column("Adhésions", is_number=True),
    Column("Taux d’adhésion", is_number=True),
)


@dataclass(frozen=True, slots=True)
class Adhesion:
    """The section: what the reader's own caisse counts, what all the parties read, and where the enrolments are kept."""

    own: Table | None
    told: Table
    rule: str
    url: str
    export_url: str


def adhesion(known: Known) -> Adhesion | None:
    """The section; None where the text has no such service or nobody has signed it yet."""
    service, mine = prado_of(known.terms), known.convention.mine
    if service is None or mine is None or not known.is_signed:
        return None
    own = mine.signs and renders(known.terms, service, party=mine.key, kind=known.member.organisation_kind)
    counts = own_counts(known.member, known.convention.id) if own else []
    opens = own and can_enrol(known.member)
    return Adhesion(
        own=_own(counts) if own else None,
        told=_told(released_counts(known.convention.id)),
        rule=RULE,
        url=reverse("referrals:enrolments", args=[known.convention.id]) if opens else "",
        export_url=reverse("conventions:adhesion", args=[known.convention.id]),
    )


def _own(counts: Sequence[tuple[str, Count]]) -> Table:
    rows = []
    for month in dict.fromkeys(count.month for _, count in counts):
        of_month = [(name, count) for name, count in counts if count.month == month]
        rows += [(month_year(month), name, *_cells(count)) for name, count in of_month]
        if len(of_month) > 1:
            whole = total((count for _, count in of_month), month)
            rows.append((month_year(month), "Toutes", *_cells(whole)))
    return plain_table(
        "prado-caisse",
        "Vos propres chiffres, exacts, par maternité et par mois",
        ("Mois", "Maternité", *_NUMBERS),
        rows,
        empty="Aucune offre n’a encore été présentée.",
    )


def _told(counts: Sequence[Count | date]) -> Table:
    return plain_table(
        "prado-parties",
        "Ce que lisent toutes les parties, par mois",
        ("Mois", *_NUMBERS),
        [
            (month_year(one.month), *_cells(one))
            if isinstance(one, Count)
            else (month_year(one), "non publié", "non publié", "non publié")
            for one in counts
        ],
        empty="Aucun mois n’est encore arrêté.",
    )


def _cells(count: Count) -> tuple[str, str, str]:
    rate = count.rate
    return number(count.presented), number(count.accepted), "–" if rate is None else percent(rate)


EXPORTED: Final = ("mois", "presentations", "adhesions", "taux")
"""The columns that leave: a month and three figures, nothing else has a place (S0 art. 5)."""


@page(permission=Permission.READ_CONVENTIONS)
def export(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The months that may be told, as a CSV file: what every party, the CAF among them, may take away."""
    member = acting_member(request)
    known = opened(convention, member, verb="convention_exported")
    if prado_of(known.readable(day_of(request, member))) is None:
        raise Http404
    answer = HttpResponse(exported(released_counts(convention)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="prado.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def exported(counts: Sequence[Count | date]) -> str:
    """The file: months without figures say so; the rate is what the page shows. Whole numbers and months only."""
    lines = [";".join(EXPORTED)]
    for one in counts:
        if isinstance(one, Count):
            rate = f"{100 * one.accepted / one.presented:.1f}".replace(".", ",")
            lines.append(f"{one.month:%Y-%m};{one.presented:d};{one.accepted:d};{rate}")
        else:
            lines.append(f"{one:%Y-%m};;;")
    return "\r\n".join(lines) + "\r\n"
