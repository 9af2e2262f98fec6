"""A local convention with the Croix-Rouge, under the national framework, and an agent lent under it with an agenda in course."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.drafting.starting import template_of
from maillage.conventions.terms import Terms
from maillage.conventions.terms.filling import draw
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import PARIS, acting_for, body_of, convention_id, is_there
from maillage.demo.local import completed, conclude_locally
from maillage.organisations.models import User
from maillage.secondments import actions, queries
from maillage.secondments.agenda import appointment_of
from maillage.secondments.models import Appointment
from maillage.secondments.rules import Weekly

NAME: Final = "croix_rouge_locale"
_RETAINED: Final = frozenset({"agent_delegue", "rendez_vous_agent", "deleguer_agent", "agenda_agent"})
_BODIES: Final = {"cpam": "cpam", "carsat": "carsat", "croix_rouge": "croix_rouge"}
FRAMEWORK: Final = "croix_rouge_cadre_2021"
_AGENT: Final = "conseil@cpam.example.org"
_PEOPLE: Final = (
    ("Exemplaire", "Ambre"),
    ("Specimen", "Basile"),
    ("Fictif", "Capucine"),
    ("Modele", "Désiré"),
)


def load_secondments() -> None:
    """Enter what is missing: the convention, then the agent and her appointments, each once."""
    if is_there(convention_id(NAME), "cpam"):
        return
    with transaction.atomic(), acting_for("cpam") as drafter:
        bodies = {party: body_of(key).id for party, key in _BODIES.items()}
        conclude_locally(
            convention_id(NAME),
            _text(),
            bodies,
            drafter,
            since=timedelta(days=60),
            signers=_BODIES,
            template=template_of(library.load(FRAMEWORK)).id,
            framework=convention_id(FRAMEWORK),
        )
    secondment = _lend()
    for number, (surname, given_name) in enumerate(_PEOPLE):
        _book(secondment, surname, given_name, number)
    _note()


def _text() -> Terms:
    """Drawn from the framework: its agent retained, other options left out, blanks filled for the demonstration."""
    terms = draw(
        library.load(FRAMEWORK),
        id="croix-rouge-locale",
        title="Convention locale CPAM de la Loire, CARSAT et Croix-Rouge",
    )
    lasting = library.load(
        "ccas_montbrison_2024"
    )  # the framework's local text is silent: the parties said as the CCAS did
    terms = terms.model_copy(update={"term": lasting.term, "renewal": lasting.renewal})
    return completed(terms, _BODIES, retained=_RETAINED)


def _lend() -> UUID:
    """Tuesdays and Thursdays, half an hour each, since a month."""
    with transaction.atomic(), acting_for("cpam") as officer:
        since = today(PARIS) - timedelta(days=30)
        arrangement = actions.Arrangement(
            User.objects.get(email=_AGENT).id, "Accueil de jour, bureau 3", since
        )
        allowed = Authorisation.objects.get(convention_id=convention_id(NAME), service="agent_delegue")
        made = actions.set_up(
            new_id=uuid5(convention_id(NAME), "agent"),
            authorisation=allowed.id,
            arrangement=arrangement,
            by=officer,
            at=now(),
        )
        row = queries.known(officer, made, at=now()).row
        for weekday in (1, 3):
            weekly = Weekly(weekday, time(9), time(12), 30, since)
            actions.add_permanence(
                new_id=uuid5(made, str(weekday)), secondment=row, weekly=weekly, by=officer
            )
        return made


def _book(secondment: UUID, surname: str, given_name: str, number: int) -> None:
    """Two that are over, two to come."""
    at: datetime = now() - timedelta(days=10 if number < 2 else 0)
    with transaction.atomic(), acting_for("croix_rouge", "accueil@croix-rouge.example.org") as worker:
        found = queries.known(worker, secondment, at=at)
        booking = actions.Booking(
            slot=queries.free_slots(found, at=at)[0],
            service="acces_droits",
            papers=("identity", "resources") if number % 2 else ("identity", "vitale"),
            person=Identity(
                surname,
                given_name,
                at.astimezone(PARIS).date().replace(year=1980 + number, day=1),
                "06 00 00 00 1" + str(number),
            ),
            told=Told(at.astimezone(PARIS).date(), "oral", recipient_named=True),
        )
        actions.book(token=uuid7(), secondment=secondment, booking=booking, by=worker, at=at)


def _note() -> None:
    """The agent noted the first; the second waits for her in « À faire »."""
    with transaction.atomic(), acting_for("cpam", _AGENT) as agent:
        first = Appointment.objects.order_by("starts_at")[0]
        appointment = appointment_of(agent, first.case_id)
        actions.hold(appointment=appointment, outcome="see_again", by=agent, at=now())
