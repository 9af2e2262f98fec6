"""The local convention of the Croix-Rouge's framework, with its option on a seconded agent retained, in force; who lends, hosts, books."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.beneficiaries.rules import Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Terms, content_hash, terms_data
from maillage.conventions.terms.filling import choose
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.models import User
from maillage.secondments import actions
from maillage.secondments.actions import Arrangement, Booking
from maillage.secondments.agenda import appointment_of
from maillage.secondments.models import Appointment
from maillage.secondments.queries import free_slots, known
from maillage.secondments.rules import Slot, Weekly
from maillage.web.presentation.dates import PARIS
from tests.accepting import all_accept
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    PERSON,
    READER,
    SIGNED_AT,
    WORKER,
    member,
    organisation,
)

OFFICER = READER  # the caisse's référente: she sets up, and reads no referral
FLOW = {
    "key": "rendez_vous_agent", "sender": "croix_rouge", "recipient": "cpam", "service": "agent_delegue", "article": "9",
}  # fmt: skip
PARTIES = (("cpam", "CPAM 42"), ("carsat", "CARSAT RA"), ("croix_rouge", "CCAS"))
EVERY_DAY = tuple(range(5))


def text() -> Terms:
    """The text with its option retained; the CCAS stands for the association, so that everybody's persona serves."""
    terms = library.load("croix_rouge_cadre_2021").local_template
    assert terms is not None
    return choose(choose(terms, "services[agent_delegue]"), "flows[rendez_vous_agent]")


@dataclass(frozen=True)
class Lent:
    """A convention in force, and what was set up under it."""

    convention: UUID
    secondment: UUID

    def publish(self, until: datetime) -> None:
        """Let the flow run until an instant, of the past or to come."""
        with (
            transaction.atomic(),
            acting(organisation=organisation("CPAM 42").id),
            connection.cursor() as cursor,
        ):
            during = DateTimeTZRange(SIGNED_AT, until)
            Convention.objects.filter(id=self.convention).update(state="in_force", in_force=during)
            cursor.execute(
                "SELECT publish_authorisations(%s, %s, %s)", [self.convention, json.dumps([FLOW]), during]
            )

    def slots(self, address: str = WORKER) -> list[Slot]:
        """What is still free."""
        with member(address) as someone:
            return free_slots(known(someone, self.secondment, at=now()), at=now())


def sign(terms: Terms) -> UUID:
    """The convention, signed by its three parties and in force; where its roles are blank, they accept."""
    new = uuid7()
    digest, bodies = content_hash(terms), {key: organisation(name).id for key, name in PARTIES}
    with transaction.atomic(), acting(organisation=bodies["cpam"]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, 'local', '', '42', 'association', '', %s, %s, 'cpam')",
            [new, terms.title, terms.title.casefold(), digest, uuid7()],
        )
        for position, (key, body) in enumerate(bodies.items()):
            if key != "cpam":
                cursor.execute(
                    "SELECT admit_party(%s, %s, %s, %s, %s::smallint)", [new, uuid7(), body, key, position]
                )
        TermsVersion.objects.create(
            convention_id=new, number=1, terms=terms_data(terms), content_hash=digest, written_at=SIGNED_AT,
            written_by=uuid7(),
        )  # fmt: skip
    for key, body in bodies.items():
        with transaction.atomic(), acting(organisation=body):
            Signature.objects.create(
                convention_id=new, organisation_id=body, party_key=key, content_hash=digest, signed_on=SIGNED_AT.date(),
                function="Directrice", recorded_at=SIGNED_AT, recorded_by=uuid7(), recorded_for_id=body,
            )  # fmt: skip
    with transaction.atomic(), acting(organisation=bodies["cpam"]):
        Convention.objects.filter(id=new).update(state="proposed")
        Convention.objects.filter(id=new).update(state="signed", starts_on=SIGNED_AT.date())
    all_accept(new, terms, bodies)
    return new


def user(address: str) -> UUID:
    return User.objects.get(email=address).id


def lend(
    *,
    since: date | None = None,
    until: date | None = None,
    weekdays: tuple[int, ...] = EVERY_DAY,
    terms: Terms | None = None,
) -> Lent:
    """An adviser of the caisse, at the host's each working day from 9 to 12, half an hour each."""
    found = Lent(sign(terms or text()), uuid7())
    found.publish(FAR_AHEAD)
    first = since or today(PARIS)
    with member(OFFICER) as officer:
        opening = Authorisation.objects.get(convention_id=found.convention)
        arrangement = Arrangement(user(ADVISER), "Bureau 2, accueil social", first, until)
        actions.set_up(
            new_id=found.secondment, authorisation=opening.id, arrangement=arrangement, by=officer, at=now()
        )
        row = known(officer, found.secondment, at=now()).row
        for weekday in weekdays:
            weekly = Weekly(weekday, time(9), time(12), 30, first)
            actions.add_permanence(new_id=uuid7(), secondment=row, weekly=weekly, by=officer)
    return found


def booking(slot: Slot, **changes: object) -> Booking:
    """A complete one."""
    usual = Booking(slot, "acces_droits", ("identity", "letters"), PERSON, Told(today(PARIS), "oral", True))
    return replace(usual, **changes)  # type: ignore[arg-type]  # the fields of that class


def book(
    lent: Lent, *, slot: Slot | None = None, by: str = WORKER, token: UUID | None = None, **changes: object
) -> UUID:
    """An appointment of a worker of the host; its case's id."""
    chosen = slot or lent.slots()[0]
    with member(by) as worker:
        return actions.book(
            token=token or uuid7(),
            secondment=lent.secondment,
            booking=booking(chosen, **changes),
            by=worker,
            at=now(),
        )


def act(
    verb: str, case: UUID, address: str = ADVISER, *, at: datetime | None = None, **arguments: object
) -> Appointment:
    """One step of an appointment, by somebody; by default at an instant when it has begun."""
    with member(address) as someone:
        appointment = appointment_of(someone, case)
        instant = at or max(now(), appointment.ends_at + timedelta(minutes=5))
        getattr(actions, verb)(appointment=appointment, by=someone, at=instant, **arguments)
        return appointment


def book_past(lent: Lent) -> UUID:
    """An appointment that is over and of which nothing is noted: booked ten days ago for the days that followed."""
    at = now() - timedelta(days=10)
    with member(WORKER) as worker:
        slot = free_slots(known(worker, lent.secondment, at=at), at=at)[0]
        told = Told(at.astimezone(PARIS).date(), "oral", recipient_named=True)
        return actions.book(
            token=uuid7(), secondment=lent.secondment, booking=booking(slot, told=told), by=worker, at=at
        )
