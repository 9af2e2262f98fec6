"""The committee of the CCAS convention: a meeting held last year, its minutes validated by each party, and one to come."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import uuid5

from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.clock import now, today
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.organisations.member import Member
from maillage.steering.committees.actions import Convened, Planned, convene, hold, plan
from maillage.steering.committees.agenda import agenda
from maillage.steering.committees.minutes import Decided, decide, validate, write_minutes
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.remarks import add_item, add_remark
from maillage.steering.local_actions.actions import describe

CCAS: Final = convention_id("ccas_montbrison_2024")
COMMITTEE: Final = "copil"
_AGO: Final = timedelta(days=320)
_AHEAD: Final = timedelta(days=20)
_HOUR: Final = time(9, 0, tzinfo=UTC)
_PARTIES: Final = ("cpam", "carsat", "ccas")
_FUNCTIONS: Final = {
    "cpam": "Responsable des partenariats",
    "carsat": "Responsable du service social",
    "ccas": "Responsable du pôle social",
}
_SAID: Final = {
    "general": "Les parties partagent leurs bilans : les orientations progressent, les échanges entre référents sont réguliers. "
    "Le CCAS demande des sessions d’information plus courtes, en début de matinée.",
}
_WORDS: Final = (
    ("ccas", "alert", "Des personnes renoncent à l’envoi en ligne de leurs pièces : un point d’accueil sans rendez-vous manque."),
    ("cpam", "practice", "Un appel commun du référent et de l’agent délégué lève la plupart des blocages."),
    ("carsat", "path", "Réunir le service social et le CCAS avant l’hiver sur les sorties d’hospitalisation."),
)  # fmt: skip


def load_committees() -> None:
    """Enter what is missing, once: the meeting that was held, then the one to come."""
    with transaction.atomic(), acting_for("cpam") as member:
        known = Meeting.objects.filter(convention=CCAS).exists()
        if known or not _convention(member):
            return
    on = today(PARIS)
    _held(on - _AGO)
    _words()
    _coming(on + _AHEAD)


def _convention(member: Member) -> Convention | None:
    return conventions_visible_to(member).filter(id=CCAS).first()


def _held(day: date) -> None:
    """Convened a month before, held in the morning, written the next day, validated by each party within the week."""
    at = datetime.combine(day, _HOUR)
    token = uuid5(CCAS, "comité tenu")
    with transaction.atomic(), acting_for("cpam") as member:
        row = _planned(member, token, day, at - timedelta(days=40))
        said = Convened(at, place="CCAS, salle du conseil", with_pack=True)
        convene(meeting=row.pk, said=said, by=member, at=at - timedelta(days=30))
        hold(meeting=row.pk, presence=_FUNCTIONS, by=member, at=at + timedelta(hours=3))
        after = at + timedelta(days=1)
        body = dict(_SAID)
        if points := agenda(load(row.convention), Meeting.objects.get(pk=row.pk), member, on=day):
            body[points[0].key] = (
                "Point examiné : chaque partie dit ce qu’elle fait avant la prochaine réunion."
            )
        for number, (owner, text, months) in enumerate(_decisions()):
            decided = Decided(uuid5(row.pk, str(number)), text, owner, day + timedelta(days=30 * months))
            decide(meeting=row.pk, said=decided, by=member, at=after)
        newest = write_minutes(meeting=row.pk, body=body, base=0, by=member, at=after).number
    for party in _PARTIES:
        with transaction.atomic(), acting_for(party) as member:
            validate(meeting=row.pk, number=newest, by=member, at=after + timedelta(days=5))


def _decisions() -> tuple[tuple[str, str, int], ...]:
    return (
        ("cpam", "Tenir deux sessions d’information d’une heure au CCAS.", 9),
        ("ccas", "Afficher à l’accueil les numéros des services de l’Assurance Maladie.", 11),
    )


def _planned(member: Member, token: object, day: date, at: datetime) -> Meeting:
    convention = conventions_visible_to(member).get(id=CCAS)
    said = Planned(uuid5(CCAS, str(token)), COMMITTEE, day)
    return plan(convention=convention, said=said, by=member, at=at)


def _words() -> None:
    for party, kind, text in _WORDS:
        with transaction.atomic(), acting_for(party) as member:
            convention = conventions_visible_to(member).get(id=CCAS)
            add_remark(
                convention=convention, remark_id=uuid5(CCAS, kind), kind=kind, text=text, by=member, at=now()
            )
    with transaction.atomic(), acting_for("ccas") as member:
        describe(
            convention=conventions_visible_to(member).get(id=CCAS),
            action_id=uuid5(CCAS, "action locale"),
            title="Permanence commune au marché",
            description="Un mardi sur deux, un agent du CCAS et un agent de la caisse informent ensemble sur le marché.",
            by=member,
            at=now(),
        )


def _coming(day: date) -> None:
    at = datetime.combine(day, _HOUR)
    with transaction.atomic(), acting_for("cpam") as member:
        row = _planned(member, "comité à venir", day, now())
        convene(meeting=row.pk, said=Convened(at, place="CPAM, salle des partenariats"), by=member, at=now())
    with transaction.atomic(), acting_for("ccas") as member:
        text = "Accueil des personnes pendant la fermeture de l’été"
        add_item(meeting=row.pk, remark_id=uuid5(row.pk, "point"), text=text, by=member, at=now())
