"""The page of durations: what was stated, what applies to the closed cases of each convention, what has ended by it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from maillage.conventions.lifecycle.models import Convention
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.retention.durations import KINDS, Duration, rule_of, running
from maillage.protection.retention.ending import DURATION
from maillage.protection.retention.keeping import Ruled, closed_cases, ended_parts, ruled, stated
from maillage.web.kept import says
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import number
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.protection.durations.words import months_words, named
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_COUNT = Column("Combien", is_number=True)


@page(permission=Permission.PROTECT_DATA)
def durations(request: MemberRequest) -> HttpResponse:
    """How long closed cases are kept, by whose word, and what ended. Nobody is named."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    all_of_them = stated(member.organisation)
    found = list(ruled(closed_cases(), running(all_of_them), on))
    titles = _titles(all_of_them, found)
    context = {
        "stated": _stated(all_of_them, titles),
        "applied": _applied(found, titles),
        "ended": _ended(member, {one.id: one for one in all_of_them}),
    }
    return render(request, "protection/durations.html", context)


def _titles(all_of_them: Sequence[Duration], found: Sequence[Ruled]) -> dict[UUID, str]:
    asked = {one.convention for one in all_of_them if one.convention} | {
        one.closed.convention for one in found
    }
    return dict(Convention.objects.filter(pk__in=asked).values_list("pk", "title"))


def _stated(all_of_them: Sequence[Duration], titles: dict[UUID, str]) -> Table:
    counts = running(all_of_them)
    rows = []
    for one in reversed(all_of_them):
        runs = counts.get(one.scope) is one
        rows.append(
            (
                named(one, titles),
                months_words(one.months),
                one.reason,
                long_date(one.on),
                _standing(one) if runs else "Retrait" if one.months is None else "Remplacée",
            )
        )
    return plain_table(
        "fixees", "Durées fixées par votre organisme", ["Dossiers clos", "Durée", "D’après", "Fixée le", "État"], rows,
        empty="Votre organisme n’en a fixé aucune : ses dossiers clos ne s’effacent pas.", stacks=True,
    )  # fmt: skip


def _standing(one: Duration) -> str:
    """That it counts, from when something goes by it, and the way to take it back."""
    last = rule_of(one).not_before
    since = f"En vigueur ; rien ne s’efface avant le {long_date(last)}" if last else "En vigueur"
    url = reverse("protection:duration_withdraw", args=[one.id])
    return format_html(
        '{}. <a href="{}">Retirer<span class="visually-hidden"> cette durée</span></a>', since, url
    )


def _applied(found: Sequence[Ruled], titles: dict[UUID, str]) -> Table:
    rows = [
        (
            titles.get(one.closed.convention, ""),
            KINDS[one.closed.kind][:1].upper() + KINDS[one.closed.kind][1:],
            number(one.closed.many),
            says(one.rule),
        )
        for one in found
    ]
    return plain_table(
        "appliquees", "Vos dossiers clos, et la règle de chacun", ["Convention", "Dossiers", _COUNT, "Règle"], rows,
        empty="Votre organisme n’a pas de dossier clos.", stacks=True,
    )  # fmt: skip


def _ended(member: Member, known: dict[UUID, Duration]) -> Table:
    rows: list[tuple[str, str, str]] = [
        (short_date(day), number(many), _by(why, known)) for day, why, many in ended_parts(member)
    ]
    return plain_table(
        "finis", "Dossiers dont la durée est passée", ["Nuit du", _COUNT, "D’après"], rows,
        empty="Aucun dossier ne s’est encore effacé à la fin de sa durée.", stacks=True,
    )  # fmt: skip


def _by(why: str, known: dict[UUID, Duration]) -> str:
    """By whose word, as the ledger of erasures names it."""
    head, _, rest = why.partition(" ")
    if head != DURATION:
        return f"La convention ({rest})" if rest else "La convention"
    one = next((one for key, one in known.items() if str(key) == rest), None)
    return says(rule_of(one)) if one else "Durée fixée par votre organisme"
