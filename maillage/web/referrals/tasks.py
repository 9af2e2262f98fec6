"""What « À faire » says of referrals. Never a person's name: a reference, who sent it, and why it waits."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.cases.models import Participation
from maillage.core.calendar import DAY
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.drafts import drafts_of
from maillage.referrals.enrolments import standing
from maillage.referrals.enrolments import waiting as waiting_enrolments
from maillage.referrals.forwarding.queries import Destination, to_restart
from maillage.referrals.heeding.late import late_threshold
from maillage.referrals.keying import waiting as papers_waiting
from maillage.referrals.models import CaseQuestion
from maillage.referrals.own.rules import ACTION_KINDS
from maillage.referrals.planning import actions_due
from maillage.referrals.policies import can_send
from maillage.referrals.prado.rules import Step
from maillage.referrals.queries import asked_of, waiting
from maillage.referrals.references import reference
from maillage.referrals.states import State
from maillage.web.conventions.reading.beyond import after_words
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import distance, long_date, long_instant
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.naming import service_of

SHOWN = 50


def due(member: Member, on: date) -> list[Task]:
    """The caisse: what to acknowledge, to accept, whom to contact, what to look at again, her own actions, mothers of PRADO.

    The sender: questions, what to send again elsewhere, drafts.
    """
    tasks = []
    works, sends = member.may(Permission.WORK_REFERRALS), can_send(member)
    if works:
        tasks += _to_work(member, on) + _to_act(member, on) + _to_enrol(member)
    if works or sends:  # a caisse is asked about what it forwarded
        tasks += _to_answer(member)
    if sends:
        tasks += _to_restart(member, on) + _to_key_in(member) + _to_finish(member)
    return tasks


def _to_work(member: Member, on: date) -> list[Task]:
    return [
        Task(
            title=f"{_todo(part)[0]} : {service_of(part.case)}, {reference(part.case_id)}"
            + (" (urgent)" if part.urgent else ""),
            url=reverse("referrals:case", args=[part.case_id]),
            due_on=part.late_on - DAY if part.late_on else None,
            why=f"Envoyée {distance(local_day(part.since, member), on)} par {part.case.sender.short_name}. {_todo(part)[1]}",
            kind="referral",
            explanation=_late(part, member) if part.state == State.SENT else None,
            is_urgent=part.urgent,
        )
        for part in waiting(member, on=on, limit=SHOWN)
    ]


_TODO: Final[dict[str, tuple[str, str]]] = {
    State.SENT: (
        "Accuser réception",
        "Cet organisme attend de savoir que vous l’avez.",
    ),
    State.ACKNOWLEDGED: (
        "Accepter ou refuser",
        "Cet organisme attend de savoir si vous accompagnez la personne.",
    ),
    State.ACCEPTED: ("Contacter la personne", "La personne attend votre appel."),
    State.PAUSED: ("Revoir un dossier en pause", "C’est le jour que vous avez choisi pour le revoir."),
}


def _late(part: Participation, member: Member) -> Explanation:
    """The last day of an acknowledgement, on whose word."""
    return Explanation(
        fact=f"Envoyée le {long_date(local_day(part.since, member))}.",
        rule=f"L’accusé de réception est en retard {after_words(late_threshold(part.delay))}.",
    )


def _todo(part: Participation) -> tuple[str, str]:
    """What a referral waits for, in a few words, and why."""
    return _TODO[part.state]


def _to_act(member: Member, on: date) -> list[Task]:
    """Her own actions of the plan whose day has come."""
    return [
        Task(
            title=f"{ACTION_KINDS[action.kind]} : {service_of(action.case)}, {reference(action.case_id)}",
            url=reverse("referrals:case", args=[action.case_id]),
            due_on=action.due_on,
            why="Cette action du plan est prévue pour ce jour-là.",
            kind="referral_action",
        )
        for action in actions_due(member, on=on, limit=SHOWN)
    ]


_PRADO: Final[dict[Step, tuple[str, str]]] = {
    Step.VISIT: ("Visiter une assurée", "Elle attend la visite du conseiller."),
    Step.COMPLETE: ("Compléter l’éligibilité d’une assurée", "Une condition du texte reste sans réponse."),
    Step.PRESENT: ("Présenter l’offre à une assurée", "Elle est éligible."),
    Step.ANSWER: ("Noter la réponse d’une assurée", "L’offre lui fut présentée."),
    Step.MIDWIFE: (
        "Noter la sage-femme d’une assurée",
        "Elle adhère : la sage-femme de son choix reste à noter.",
    ),
}
"""What an enrolment waits for, and why."""


def _to_enrol(member: Member) -> list[Task]:
    """Enrolments in PRADO where something is to be noted, the oldest first; never a name."""
    rows = waiting_enrolments(member).select_related("maternity").order_by("opened_at", "id")[:SHOWN]
    return [
        Task(
            title=f"PRADO : {_PRADO[standing(row)][0]}, {row.maternity.short_name}",
            url=reverse("referrals:enrolment", args=[row.id]),
            due_on=None,
            why=f"Inscription ouverte le {long_date(local_day(row.opened_at, member))}. {_PRADO[standing(row)][1]}",
            kind="referral_enrolment",
        )
        for row in rows
    ]


def _to_answer(member: Member) -> list[Task]:
    """A question of the caisse's is due at once: nothing else moves meanwhile."""
    return [
        Task(
            title=f"Répondre {_to_whom(question, member)} : {service_of(question.case)}, {reference(question.case_id)}",
            url=reverse("referrals:case", args=[question.case_id]),
            due_on=local_day(question.asked_at, member),
            why=f"Question posée par {question.case.caisse.short_name}, qui l’attend pour avancer.",
            kind="referral_question",
        )
        for question in asked_of(member, limit=SHOWN)
    ]


def _to_whom(question: CaseQuestion, member: Member) -> str:
    """A partner is asked by its caisse; a caisse, by the service to which it forwarded a case."""
    forwards = is_health_insurance(member.organisation_kind)
    return f"à {question.case.caisse.short_name}" if forwards else "à la caisse"


def _to_restart(member: Member, on: date) -> list[Task]:
    """What the caisse redirected or left without an answer waits for its sender, and so does the person."""
    return [
        Task(
            title=_restarting(part, where),
            url=reverse("referrals:case", args=[part.case_id]),
            due_on=None,
            why=f"{part.case.caisse.short_name} {_LEFT[part.state]} : la personne attend une suite.",
            kind="referral_restart",
        )
        for part, where in to_restart(member, on=on, limit=SHOWN)
    ]


_LEFT: Final[dict[str, str]] = {
    State.REDIRECTED: "a redirigé votre demande",
    State.EXPIRED: "n’a pas accusé réception de votre demande",
}


def _restarting(part: Participation, where: Destination | None) -> str:
    if part.state == State.EXPIRED:
        return f"Relancer une demande restée sans réponse, {reference(part.case_id)}"
    if where and where.for_rights:
        return f"Préparer une demande de droit, {reference(part.case_id)}"
    return f"Repartir vers {typeset(where.label) if where else 'un autre service'}, {reference(part.case_id)}"


def local_day(instant: datetime, member: Member) -> date:
    """The day of an instant where the member works."""
    return instant.astimezone(ZoneInfo(member.time_zone)).date()


def _to_key_in(member: Member) -> list[Task]:
    """Forms filled by hand that nobody has sent: the person waits since that day."""
    return [
        Task(
            title=f"Saisir la feuille {row.reference}",
            url=reverse("referrals:papers"),
            due_on=row.received_on,
            why="Elle est revenue ce jour-là : rien n’est encore envoyé, et la personne attend.",
            kind="referral_paper",
        )
        for row in papers_waiting(member, limit=SHOWN)
    ]


def _to_finish(member: Member) -> list[Task]:
    return [
        Task(
            title="Terminer un brouillon d’orientation",
            url=reverse("referrals:step", args=[draft.id, "verification"]),
            due_on=None,
            why=f"Enregistré le {long_instant(draft.updated_at)}, pas encore envoyé : la caisse ne l’a pas.",
            kind="referral_draft",
        )
        for draft in drafts_of(member)[:SHOWN]
    ]
