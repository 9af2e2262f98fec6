"""What « À faire » says of applications: what the caisse registers, examines, decides and tells, what a partner sends. Never a name."""

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from maillage.cases.models import Participation
from maillage.core.calendar import DAY
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.heeding.late import late_threshold
from maillage.referrals.references import reference
from maillage.rights import lists
from maillage.rights.declared.rights import right_label
from maillage.rights.models import Application, PieceRequest
from maillage.rights.policies import can_file
from maillage.rights.states import State
from maillage.web.conventions.reading.beyond import after_words
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import distance, long_date
from maillage.web.presentation.numbers import counted
from maillage.web.rights.words import piece_labels

SHOWN: Final = 50
_TODO: Final[dict[str, str]] = {
    State.SENT: "Enregistrer un dossier",
    State.RECEIVED: "Vérifier un dossier",
    State.COMPLETE: "Décider d’un dossier",
}


def due(member: Member, on: date) -> list[Task]:
    """The caisse: to register, to examine, to decide, whom to tell. The partner: the pieces asked of it."""
    tasks = []
    if member.may(Permission.WORK_REFERRALS):
        tasks += [_to_examine(part, member, on) for part in lists.to_examine(member, limit=SHOWN)]
        tasks += [_to_tell(row) for row in lists.to_tell(member, limit=SHOWN)]
    if can_file(member):
        tasks += [_to_send(row, on) for row in lists.to_send(member, limit=SHOWN)]
    return tasks


def _to_examine(part: Participation, member: Member, on: date) -> Task:
    row: Application = part.case.application
    sent = row.sent_at.astimezone(ZoneInfo(member.time_zone)).date()
    return Task(
        title=f"{_TODO[part.state]} : {right_label(row.right)}, {reference(part.case_id)}"
        + (" (urgent)" if part.urgent else ""),
        url=_url(part.case_id),
        due_on=part.due_on or (part.late_on - DAY if part.late_on else None),
        why=f"Envoyé {distance(sent, on)} par {part.case.sender.short_name}. {_clocks(row)}".strip(),
        kind="application",
        explanation=_why(part, row, sent),
        is_urgent=part.urgent,
    )


def _why(part: Participation, row: Application, sent: date) -> Explanation:
    """On whose word it is due: before the reception, the delay of an acknowledgement; then both clocks."""
    if row.received_on is None:
        rule = f"La réception est en retard {after_words(late_threshold(part.delay))}."
        return Explanation(fact=f"Envoyé le {long_date(sent)}.", rule=rule)
    complete = f", complet le {long_date(row.complete_on)}" if row.complete_on else ""
    rule = _clocks(row) or "Ni la convention ni la loi ne donnent de délai pour ce droit."
    return Explanation(fact=f"Reçu le {long_date(row.received_on)}{complete}.", rule=rule)


def _clocks(row: Application) -> str:
    """Both last days, in a sentence; before the reception none runs."""
    if row.lapsed_on is not None:
        return f"Le délai de la loi est passé le {long_date(row.lapsed_on)}, sans décision : elle peut encore venir."
    said = []
    if row.promised_on is not None:
        said.append(f"Engagement de la convention : {long_date(row.promised_on)}")
    if row.legal_on is not None:
        sense = "accord" if row.silence == "acceptance" else "refus"
        said.append(f"délai de la loi : {long_date(row.legal_on)}, après quoi le silence vaut {sense}")
    text = " ; ".join(said)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _to_tell(row: Application) -> Task:
    how = "Droit ouvert par le silence de la caisse" if row.by_silence else "Décidé"
    return Task(
        title=f"Prévenir la personne : {right_label(row.right)}, {reference(row.case_id)}",
        url=_url(row.case_id),
        due_on=row.decided_on,
        why=f"{how} le {long_date(row.decided_on)}. La personne ne le sait pas encore."
        if row.decided_on
        else "",
        kind="application_told",
        is_urgent=row.urgent,
    )


def _to_send(row: PieceRequest, on: date) -> Task:
    application: Application = row.case.application
    labels = piece_labels(application.right, row.keys)
    last = row.asked_on + timedelta(days=row.granted_days) if row.granted_days else None
    left = f" {counted(row.granted_days, 'jour')} accordés." if row.granted_days else ""
    return Task(
        title=f"Envoyer {counted(len(labels), 'pièce')} : {right_label(application.right)}, {reference(row.case_id)}",
        url=_url(row.case_id),
        due_on=last or row.asked_on,
        why=f"{row.case.caisse.short_name} les a demandées {distance(row.asked_on, on)}.{left}",
        kind="application_pieces",
        is_urgent=application.urgent,
    )


def _url(case: object) -> str:
    return reverse("rights:application", args=[case])
