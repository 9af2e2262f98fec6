"""Trainings of the demonstration: modules of the caisse and of the service social, a session to come that fills, one that was held."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from maillage.core.clock import now
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.organisations.member import Member
from maillage.training import actions, queries, registering, signing_off
from maillage.training.actions import Described
from maillage.training.models import Module
from maillage.training.registering import Person
from maillage.training.rules import Plan

CCAS: Final = "ccas_montbrison_2024"
_NAMES: Final = UUID("b7f3f8b2-1d0e-4a39-9f55-6f0a6b9d2c11")
_RIGHTS: Final = Described(
    "rights",
    "Ouvrir et renouveler des droits",
    "PUMa, complémentaire santé solidaire, AME, soins urgents : qui y a droit, avec quelles pièces, et à qui les envoyer.",
    ("staff", "volunteers", "civic_service"),
)
_ONLINE: Final = Described(
    "online_services",
    "Le compte ameli et Mon espace santé",
    "Créer un compte avec une personne, suivre ses remboursements, y déposer une demande.",
    ("staff", "volunteers", "public"),
    "https://elearning.example.org/compte-ameli",
)
_RENUNCIATION: Final = Described(
    "renunciation",
    "Repérer un renoncement aux soins",
    "Les signes, les mots pour en parler, et ce que fait la Mission accompagnement santé.",
    ("staff", "volunteers"),
)
_SOCIAL: Final = Described(
    "social_service",
    "Ce que fait le service social de l’Assurance Maladie",
    "Pour qui, quand et comment l’appeler ; ce qu’il ne fait pas.",
    ("staff", "volunteers"),
)
_COMING: Final = timedelta(days=16)
_HELD: Final = timedelta(days=20)
_CCAS: Final = (("Ondine Modèle", "Travailleuse sociale"), ("Basile Spécimen", "Agent d’accueil"))
_RED_CROSS: Final = (("Capucine Témoin", "Bénévole, responsable de l’accueil"),)


def load_training() -> None:
    """Enter what is missing, once: it is there whole or not at all."""
    with transaction.atomic(), acting_for("cpam") as officer:
        if Module.objects.filter(organisation=officer.organisation).exists():
            return
        at = now() - _HELD - _COMING
        rights, online, renunciation = (
            _module(officer, one, at) for one in (_RIGHTS, _ONLINE, _RENUNCIATION)
        )
        held = _plan(officer, rights, convention_id(CCAS), at, capacity=12)
        coming = _plan(officer, renunciation, None, now(), capacity=2)
        _plan(officer, online, None, now() + timedelta(days=14), planned_at=now(), capacity=15)
    with transaction.atomic(), acting_for("carsat") as officer:
        _module(officer, _SOCIAL, now())
    _register("ccas", "social@ccas.example.org", held, _CCAS, at)
    _register("ccas", "social@ccas.example.org", coming, _CCAS, now())
    _register("croix_rouge", "national@croix-rouge.example.org", coming, _RED_CROSS, now())
    with transaction.atomic(), acting_for("cpam") as officer:
        row = queries.session_of(officer, held)
        places = queries.places(officer, row)
        sheet = signing_off.Sheet({one.id: one.rank == 1 for one in places})
        signing_off.sign_off(
            token=uuid5(_NAMES, "sheet"),
            session=row,
            sheet=sheet,
            by=officer,
            at=row.ends_at + timedelta(hours=1),
        )


def _module(by: Member, described: Described, at: datetime) -> UUID:
    return actions.add_module(new_id=uuid5(_NAMES, described.title), described=described, by=by, at=at)


def _plan(
    by: Member,
    module: UUID,
    convention: UUID | None,
    at: datetime,
    *,
    capacity: int,
    planned_at: datetime | None = None,
) -> UUID:
    """A morning, so long after `at`."""
    day = (at + _COMING).astimezone(PARIS).date()
    plan = Plan(day, time(9), time(12), capacity, "Chargée des partenariats", "Salle de l’Accueil, 1er étage")
    return actions.plan(
        new_id=uuid5(module, str(day)),
        module=module,
        convention=convention,
        planned=plan,
        by=by,
        at=planned_at or at,
    )


def _register(
    body: str, address: str, session: UUID, people: tuple[tuple[str, str], ...], at: datetime
) -> None:
    with transaction.atomic(), acting_for(body, address) as someone:
        known = dict(queries.people(someone).values_list("name", "id"))
        row = queries.session_of(someone, session)
        for name, function in people:
            registering.register(
                token=uuid5(session, name),
                session=row,
                attendee=known.get(name),
                person=None if name in known else Person(name, function),
                convention=queries.own_seats(someone, row)[0].convention,
                by=someone,
                at=at,
            )
