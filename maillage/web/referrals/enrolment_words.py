"""PRADO in words: where an enrolment stands, what is known of a mother, the figures of each month."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.referrals.enrolment_files import Mother
from maillage.referrals.enrolments import Opened
from maillage.referrals.models import Enrolment, EnrolmentCorrection
from maillage.referrals.prado.rules import REFUSALS, STEPS, Step
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Route
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Confirmation, Event, Fact
from maillage.web.presentation.dates import long_date, long_instant, short_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.numbers import phone as phone_words
from maillage.web.presentation.tables import Column, PageLink, Pages, Row, Table, headings
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.facts import known_facts, lines_of

TONES: Final[dict[Step, Tone]] = {
    Step.VISIT: Tone.SOON,
    Step.COMPLETE: Tone.SOON,
    Step.PRESENT: Tone.SOON,
    Step.ANSWER: Tone.SOON,
    Step.MIDWIFE: Tone.SOON,
    Step.ENROLLED: Tone.GOOD,
    Step.REFUSED: Tone.NEUTRAL,
    Step.NOT_ELIGIBLE: Tone.NEUTRAL,
}
_SIGNS: Final = {Verdict.MET: "oui", Verdict.NOT_MET: "non", Verdict.UNKNOWN: "à préciser"}
_ACTS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "visite": (
        "Noter la visite",
        "Enregistrer la visite",
        (
            "L’éligibilité est jugée d’après le texte de la convention ; elle se corrige jusqu’à la présentation.",
        ),
    ),
    "presentation": ("Noter la présentation de l’offre", "Enregistrer la présentation", ()),
    "reponse": (
        "Noter sa réponse",
        "Enregistrer sa réponse",
        ("Elle se corrige ensuite, et ce qui était noté reste lisible.",),
    ),
    "sage-femme": ("Noter la sage-femme de son choix", "Enregistrer la sage-femme", ()),
    "correction": (
        "Corriger la présentation ou la réponse",
        "Enregistrer la correction",
        (
            "Ce qui était noté reste lisible plus bas, avec qui l’a corrigé.",
            "Sans adhésion, la sage-femme notée s’efface. Un mois dont les chiffres sont arrêtés ne change plus.",
        ),
    ),
}


_AGAIN: Final = {
    "visite": "Compléter ou corriger la visite",
    "sage-femme": "Changer la sage-femme de son choix",
}


def next_act(slug: str, enrolment: UUID, *, again: bool) -> Confirmation:
    """The button that opens the form of a step; `again`: it was noted already, and is shown to be changed."""
    label, button, consequences = _ACTS[slug]
    return Confirmation(
        label=_AGAIN.get(slug, label) if again else label,
        action=reverse("referrals:enrolment_note", args=[enrolment, slug]),
        consequences=consequences,
        button=button,
    )


def table_of(rows: Sequence[Opened], *, page: int, more: bool, everything: bool) -> Table:
    """The list: who, where, where it stands, since when."""
    columns = (Column("Assurée"), Column("Maternité"), Column("Où elle en est"), Column("Ouverte le"))
    query = {"vue": "toutes"} if everything else {}
    return Table(
        name="inscriptions",
        caption=counted(len(rows), "inscription")
        if page == 1 and not more
        else f"Inscriptions, page {number(page)}",
        headings=headings(columns, query=query),
        rows=[
            Row(
                (
                    one.mother.name if one.mother else "Données détruites",
                    one.row.maternity.name,
                    state_cell(STEPS[one.step], TONES[one.step]),
                    short_date(one.row.opened_at.date()),
                ),
                url=reverse("referrals:enrolment", args=[one.row.pk]),
            )
            for one in rows
        ],
        pages=_pages(page, more=more, everything=everything),
        empty="Aucune inscription ne vous attend."
        if not everything
        else "Aucune inscription sous cette convention.",
    )


def _pages(page: int, *, more: bool, everything: bool) -> Pages | None:
    if page == 1 and not more:
        return None
    start = "?vue=toutes&page=" if everything else "?page="
    return Pages(
        links=(PageLink(page),),
        previous_url=f"{start}{page - 1}" if page > 1 else "",
        next_url=f"{start}{page + 1}" if more else "",
        shown="",
    )


def enrolment_facts(found: Opened, judged: Route | None, member: Member) -> list[Fact]:
    """What is known of a mother: how to reach her, each step with its day, the conditions of the text."""
    row, mother, zone = found.row, found.mother, ZoneInfo(member.time_zone)
    known = [Fact("Maternité", row.maternity.name)]
    if mother is None:
        return [*known, Fact("Ses données", "Détruites avec la clé de la convention.")]
    if mother.phone:
        known.append(Fact("Téléphone", phone_words(mother.phone)))
    for term, day in (
        ("Préinscrite le", row.preregistered_on),
        ("Visitée le", row.visited_on),
        ("Offre présentée le", row.presented_on),
    ):
        if day:
            known.append(Fact(term, long_date(day)))
    known += known_facts(mother.facts)
    if judged is not None and judged.requirements:
        known.append(Fact("Conditions du texte", _conditions(judged)))
    if row.presented_on:
        said = "Proposée, guide remis" if mother.home_help else "Non proposée"
        known.append(Fact("Aide à domicile de la CAF", said))
    if row.answer and row.answered_on:
        known.append(Fact("Réponse", _answer(row)))
    if mother.midwife:
        known.append(Fact("Sage-femme de son choix", mother.midwife))
    return [*known, Fact("Inscription ouverte le", long_instant(row.opened_at, zone))]


def _answer(noted: Enrolment | EnrolmentCorrection) -> str:
    """« Elle adhère, le 14 novembre 2024 »."""
    if not noted.answer or noted.answered_on is None:
        return "pas de réponse"
    what = "Elle adhère" if noted.answer == "accepted" else f"Elle refuse : {REFUSALS[noted.reason].lower()}"
    return f"{what}, le {long_date(noted.answered_on)}"


def _helped(was: bool | None) -> str:
    """What was noted of the home help; nothing of a correction made before it could be corrected."""
    return "" if was is None else f", aide à domicile {'' if was else 'non '}proposée"


def correction_events(
    rows: Sequence[EnrolmentCorrection], mother: Mother | None, member: Member
) -> list[Event]:
    """What was noted before each correction, and who corrected it."""
    zone = ZoneInfo(member.time_zone)
    helped = mother.home_help_before if mother else {}
    people = dict(
        User.objects.filter(id__in={row.corrected_by for row in rows}).values_list("id", "full_name")
        if rows
        else ()
    )
    return [
        Event(
            long_instant(row.corrected_at, zone),
            "Corrigé",
            people.get(row.corrected_by, ""),
            typeset(
                f"Était noté : offre présentée le {long_date(row.presented_on)}"
                f"{_helped(helped.get(str(row.pk)))} ; {_answer(row)}."
            ),
        )
        for row in rows
    ]


def _conditions(judged: Route) -> str:
    return lines_of(
        f"{one.label} (article {one.article}) : {_SIGNS[one.verdict]}"
        for requirement in judged.requirements
        for one in requirement.conditions
    )
