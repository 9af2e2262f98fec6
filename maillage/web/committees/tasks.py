"""What committees ask of a member today, for « À faire ». Never a person's name."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.queries import texts_in_force
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.policies import can_convene
from maillage.steering.committees.queries import committees, final_due, newest_of, standing_of, to_work
from maillage.steering.committees.rules import presses
from maillage.steering.committees.states import State
from maillage.steering.local_actions.queries import analysed_by, described_in
from maillage.web.conventions.reading.values import article_words
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.typography import typeset

_KIND: Final = "committee"


def due(member: Member, on: date) -> list[Task]:
    """Meetings to plan, to hold, of which minutes wait; decisions late or due within 30 days; a final bilan before a term."""
    if not member.may(Permission.WRITE_CONVENTIONS):
        return []
    texts = [
        known for known, _ in texts_in_force(member, on=on) if known.mine is not None and known.mine.signs
    ]
    if not texts:
        return []
    meetings = to_work([known.id for known in texts])
    found = [*_decisions(texts, on), *_to_analyse(texts, on)]
    found += _minutes(texts, meetings)
    for known in texts:
        own = meetings.get(known.id, [])
        found += _meetings(known, own, on)
        found += _to_plan(member, known, own, on)
    return found


def _to_plan(member: Member, known: LoadedConvention, meetings: list[Meeting], on: date) -> Iterator[Task]:
    plan = reverse("committees:plan", args=[known.id])
    for one in committees(known, on, meetings):
        if one.is_to_plan and can_convene(member, known, one.clause):
            reason = Explanation(
                fact="Aucune réunion de ce comité n’est notée pour la période, ni prévue.",
                rule="Ce qui revient se compte depuis la prise d’effet, ou par les mois que le texte nomme.",
                article=article_words(one.clause.article),
            )
            title = f"Prévoir une réunion, {one.clause.name} : {known.row.title}"
            why = "Le texte veut que ce comité se réunisse."
            yield Task(title, f"{plan}?comite={one.clause.key}", one.followed.due, why, _KIND, reason)
    ends = final_due(known, on, meetings)
    planned = any(one.kind == "final" for one in meetings)
    if ends is not None and not planned and known.readable(on).committees:
        reason = Explanation(
            fact="La convention a un terme fixe, et aucun bilan final n’est noté.",
            rule="Un bilan final est présenté avant le terme. 180 jours avant : repère de la plateforme.",
        )
        title = f"Tenir le bilan final : {known.row.title}"
        yield Task(title, f"{plan}?nature=final", ends, "Le terme approche.", _KIND, reason)


def _meetings(known: LoadedConvention, meetings: list[Meeting], on: date) -> Iterator[Task]:
    for one in meetings:
        url = reverse("committees:meeting", args=[one.pk])
        if one.state == State.CONVENED and one.planned_on < on:
            yield Task(
                f"Noter la réunion, {one.name} : {known.row.title}",
                url,
                one.planned_on,
                "Son jour est passé.",
                _KIND,
            )
        if one.state == State.PLANNED and presses(one.planned_on, on):
            why = "Son jour envisagé approche, et les membres ne sont pas convoqués."
            yield Task(
                f"Convoquer la réunion, {one.name} : {known.row.title}", url, one.planned_on, why, _KIND
            )


def _minutes(texts: list[LoadedConvention], meetings: dict[UUID, list[Meeting]]) -> Iterator[Task]:
    held = [one for rows in meetings.values() for one in rows if one.state == State.HELD]
    newest = newest_of([one.pk for one in held]) if held else {}
    for known in texts:
        mine = known.mine.key if known.mine else ""
        for one in meetings.get(known.id, []):
            if one.state != State.HELD or mine not in one.members:
                continue
            number, done = newest.get(one.pk, (0, frozenset()))
            if mine in done:
                continue
            verb = "Valider le compte rendu" if number else "Écrire le compte rendu"
            url = reverse("committees:meeting", args=[one.pk]) + "#compte-rendu"
            why = "Chaque partie membre valide le compte rendu." if number else "La réunion s’est tenue."
            yield Task(f"{verb}, {one.name} : {known.row.title}", url, None, why, _KIND)


def _to_analyse(texts: list[LoadedConvention], on: date) -> Iterator[Task]:
    waiting = described_in([known.id for known in texts])
    for known in texts:
        since = analysed_by(known, on) if known.id in waiting else None
        if since is not None and since <= on:
            reason = Explanation(
                fact="Des actions locales sont décrites, et leur analyse n’est pas notée.",
                rule="L’analyse se fait à l’issue de la première année d’exécution.",
            )
            url = reverse("committees:local_actions", args=[known.id])
            why = "Dites ce qui fut fait, les résultats, s’il faut généraliser."
            yield Task(f"Analyser les actions locales : {known.row.title}", url, since, why, _KIND, reason)


def _decisions(texts: list[LoadedConvention], on: date) -> Iterator[Task]:
    keys = {known.id: known.mine.key for known in texts if known.mine}
    for one in standing_of(list(keys), keys):
        if presses(one.due_on, on):
            url = reverse("committees:meeting", args=[one.meeting_id]) + "#decisions"
            why = f"Décision de la réunion : {one.meeting.name}. Votre organisme en a la charge."
            yield Task(typeset(f"Faire ce qui est décidé : {one.text}"), url, one.due_on, why, _KIND)
