"""Two worlds of conventions and referrals, made by the real actions, and everybody who may knock at their doors.

Who may reach what is written here by hand: nothing of it is read from the application's policies.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Alert, Authorisation
from maillage.conventions import library
from maillage.conventions import models as conventions
from maillage.conventions.calendar_feeds.actions import renew
from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import content_hash, terms_data
from maillage.conventions.terms.loading import terms_from_data
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.documents.actions import store_upload
from maillage.indicators.campaigns.models import Campaign
from maillage.organisations.member import Member, enter
from maillage.organisations.models import (
    DirectoryImport,
    ImportPart,
    Mailbox,
    Membership,
    Offer,
    Organisation,
    User,
)
from maillage.referrals import actions
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from tests.accepting import all_accept
from tests.days import today
from tests.documents.builders import pdf
from tests.leaving import end_at_once
from tests.security.soliciting import solicit
from tests.security.worlds_committees import meet
from tests.security.worlds_exchange import exchange
from tests.security.worlds_imports import import_table
from tests.security.worlds_prado import enrol, with_prado
from tests.security.worlds_preparing import prepare
from tests.security.worlds_protection import suspect
from tests.security.worlds_rights import FILES, apply, with_files
from tests.security.worlds_secondments import MEETING, lend, with_an_agent
from tests.security.worlds_steering import steer, with_axes
from tests.security.worlds_supports import add_supports
from tests.security.worlds_training import train
from tests.security.worlds_working import work

SIGNED_AT = datetime(2024, 11, 14, tzinfo=UTC)
FLOW = {"key": "orientation_misas", "sender": "ccas", "recipient": "cpam", "service": "misas", "article": "3"}

READ, WRITE, SIGN = "read_conventions", "write_conventions", "sign_conventions"
SEND, WORK, SEE = "send_referrals", "work_referrals", "read_referrals"
ROLES_OF_DATA, JOURNAL, MANAGE = "record_data_roles", "read_journal", "manage_organisation"
PROTECT = "protect_data"
DIRECTORY = "manage_directory"
_REFERENT = frozenset({READ, WRITE, SIGN, ROLES_OF_DATA})
_WORKER = frozenset({READ, SEND, SEE})
_ADMINISTRATOR = frozenset({READ, MANAGE, JOURNAL, PROTECT})


@dataclass(frozen=True)
class Persona:
    """Someone who signs in: where she works and what her roles allow, written by hand."""

    address: str
    works_at: str
    permissions: frozenset[str]


PERSONAS: tuple[Persona, ...] = (
    Persona("referente@cpam.example.org", "CPAM 42", _REFERENT),
    Persona("conseil@cpam.example.org", "CPAM 42", frozenset({READ, WORK, SEE})),
    Persona("dpo@cpam.example.org", "CPAM 42", frozenset({READ, ROLES_OF_DATA, JOURNAL, PROTECT})),
    Persona("admin@cpam.example.org", "CPAM 42", _ADMINISTRATOR),
    Persona("admin@cnam.example.org", "Cnam", _ADMINISTRATOR),
    Persona("admin@ccas.example.org", "CCAS", _ADMINISTRATOR),
    Persona("referente@carsat.example.org", "CARSAT RA", _REFERENT),
    Persona("social@carsat.example.org", "CARSAT RA", frozenset({READ, WORK, SEE})),
    Persona("social@ccas.example.org", "CCAS", _WORKER),
    Persona("referent@ccas.example.org", "CCAS", _REFERENT | _WORKER),
    Persona("pass@hopital.example.org", "CH d’Exemple", _REFERENT | _WORKER),
    Persona("admin@hopital.example.org", "CH d’Exemple", _ADMINISTRATOR),
    Persona("nationale@cnam.example.org", "Cnam", frozenset({READ, WRITE, SIGN})),
    Persona("annuaire@cnam.example.org", "Cnam", frozenset({READ, DIRECTORY})),
    Persona("national@croix-rouge.example.org", "Croix-Rouge", frozenset({READ, WRITE, SIGN})),
    Persona("social@villexemple.example.org", "CCAS de Villexemple", _REFERENT | _WORKER),
    Persona("deux@example.org", "", frozenset()),  # her memberships ended yesterday
)
FORMER = "deux@example.org"


@dataclass
class World:
    """A convention in force, a referral and a draft under it. `reach` says who may open each kind of object."""

    name: str
    parties: dict[str, str]  # key in the text -> short name of the organisation
    worker: str
    person: Identity
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The convention's title, seen in no other world."""
        return f"Convention CANARI{self.name}"

    @property
    def bodies(self) -> dict[str, UUID]:
        """The organisation behind each party."""
        return {key: organisation(name) for key, name in self.parties.items()}

    @property
    def canaries(self) -> tuple[str, ...]:
        """Words that somebody from elsewhere must never read."""
        return (
            f"CANARI{self.name}",
            self.person.surname.upper(),
            self.person.surname,
            self.person.given_name,
        )

    def reached_by(self, kind: str, persona: Persona) -> bool:
        """Whether this person may open this world's object of a kind, if her role allows the page at all."""
        home = persona.works_at == self.parties["cpam"]
        written = {
            **dict.fromkeys(
                (
                    "case",
                    "secondment",
                    "permanence",
                    "appointment",
                    "application",
                    "piece",
                    "solicitation",
                    "progress",
                    "asked",
                    "asked_progress",
                    "question",
                    "attempt",
                    "attachment",
                    "registration",
                    "presence",
                ),
                persona.works_at in (self.parties["ccas"], self.parties["cpam"]),
            ),
            **dict.fromkeys(("action", "enrolment", "prado"), home),  # the caisse's own
            **dict.fromkeys(
                ("draft", "view", "preparation", "prepared", "table"), persona.address == self.worker
            ),
            **dict.fromkeys(("bulk", "paper", "attendee"), persona.works_at == self.parties["ccas"]),
            "breach": persona.works_at in self.parties.values()
            and ("protect_data" in persona.permissions or persona.address == self.worker),
            **dict.fromkeys(
                ("rights_request", "impact_assessment", "assessment_contribution"),
                persona.works_at in (self.parties["ccas"], self.parties["cpam"])
                and "protect_data" in persona.permissions,
            ),
            "rectification": persona.works_at == self.parties["ccas"],  # whoever is told
            "correction": home,  # the same
            "breach_reach": persona.works_at == self.parties["cpam"]
            and "protect_data" in persona.permissions,
            "breach_notice": persona.works_at == self.parties["ccas"],  # whoever tells
            "absence": home and "manage_organisation" in persona.permissions,  # her own, or an administrator
            **dict.fromkeys(
                ("organisation", "offer", "mailbox", "campaign", "support"), True
            ),  # everybody who works here reads the directory, and what is published
            **dict.fromkeys(
                (
                    "access",
                    "invitation",
                    "membership",
                    "person",
                    "directory_import",
                    "alert",
                    "version",
                    "record_version",
                    "case_duration",
                ),
                home,
            ),
        }
        if kind in written:
            return written[kind]
        assert kind in self.ids, f"say here who reaches « {kind} »"
        return persona.works_at in self.parties.values()  # what hangs on a convention


def build() -> tuple[World, World]:
    """Both worlds, through the real actions, in the current transaction or committed one by one."""
    here, there = two_worlds()
    for world in (here, there):
        fill(world)
    end_memberships(FORMER)
    return here, there


def fill(world: World) -> None:
    """A convention in force, a draft, a referral and what hangs on them."""
    _sign(world, _open(world, "convention"))
    _open(world, "drafted")
    _refer(world)
    work(world)
    exchange(world)
    enrol(world)
    solicit(world)
    _attach(world)
    _record(world)
    _people(world)
    _list(world)
    _watch(world)
    lend(world)
    add_supports(world)
    train(world)
    apply(world)
    prepare(world)
    import_table(world)
    meet(world)
    steer(world)
    suspect(world)


def two_worlds() -> tuple[World, World]:
    """Who takes part in each, and a person whom nobody else knows."""
    here = World(
        "A",
        {"cpam": "CPAM 42", "carsat": "CARSAT RA", "ccas": "CCAS"},
        "social@ccas.example.org",
        Identity(
            surname="Quintessence", given_name="Ondine", birth_date=date(1984, 2, 29), phone="0600000017"
        ),
    )
    there = World(
        "B",
        {"cpam": "Cnam", "carsat": "Croix-Rouge", "ccas": "CCAS de Villexemple"},
        "social@villexemple.example.org",
        Identity(
            surname="Palissandre", given_name="Zephyrine", birth_date=date(1979, 5, 3), phone="0600000018"
        ),
    )
    return here, there


@contextmanager
def member(address: str) -> Iterator[Member]:
    """Someone acting for her organisation."""
    with transaction.atomic():
        user = User.objects.get(email=address)
        found = enter(user=user.id, user_name=user.full_name, wanted=None, on=today())
        assert found is not None
        with acting(organisation=found.organisation, user=found.user):
            yield found


def organisation(short_name: str) -> UUID:
    """The id of an organisation of the directory."""
    return Organisation.objects.get(short_name=short_name).id


def _open(world: World, kind: str) -> str:
    """A draft of the caisse, its text and its parties; the hash of the text."""
    terms = with_axes(with_files(with_prado(with_an_agent(library.load("ccas_montbrison_2024")))))
    terms = terms.model_copy(update={"title": world.title})
    new, digest = uuid7(), content_hash(terms)
    world.ids[kind] = new
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, 'local', '', '42', 'ccas', '', %s, %s, 'cpam')",
            [new, world.title, world.title.casefold(), digest, uuid7()],
        )
        for position, (key, body) in enumerate(world.bodies.items()):
            if key != "cpam":
                cursor.execute(
                    "SELECT admit_party(%s, %s, %s, %s, %s::smallint)", [new, uuid7(), body, key, position]
                )
        TermsVersion.objects.create(
            convention_id=new,
            number=1,
            terms=terms_data(terms),
            content_hash=digest,
            written_at=SIGNED_AT,
            written_by=uuid7(),
        )
    return digest


def _sign(world: World, digest: str) -> None:
    signed = world.ids["convention"]
    for key, body in world.bodies.items():
        with transaction.atomic(), acting(organisation=body):
            Signature.objects.create(
                convention_id=signed, organisation_id=body, party_key=key, content_hash=digest, signed_on=SIGNED_AT.date(),
                function="Direction", recorded_at=SIGNED_AT, recorded_by=uuid7(), recorded_for_id=body,
            )  # fmt: skip
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]):
        stored = TermsVersion.objects.get(convention_id=signed, number=1)
    all_accept(signed, terms_from_data(stored.terms, world.name), world.bodies)
    during = DateTimeTZRange(SIGNED_AT, datetime(2099, 11, 14, tzinfo=UTC))
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]), connection.cursor() as cursor:
        Convention.objects.filter(id=signed).update(state="proposed")
        Convention.objects.filter(id=signed).update(state="signed", starts_on=SIGNED_AT.date())
        Convention.objects.filter(id=signed).update(state="in_force", in_force=during)
        cursor.execute(
            "SELECT publish_authorisations(%s, %s, %s)", [signed, json.dumps([FLOW, MEETING, FILES]), during]
        )


def _refer(world: World) -> None:
    """One referral sent, and one draft left."""
    with member(world.worker) as worker:
        authorisation = Authorisation.objects.get(convention_id=world.ids["convention"], flow_key=FLOW["key"])
        content = Content(
            authorisation=authorisation.id,
            person=world.person,
            situation=Situation(("cost",), f"CANARI{world.name}"),
            told=Told(today(), "oral", recipient_named=True),
            agreement=Agreement("agreed", "all", "oral"),
            precisions=Precisions({"received_here": True}),
        )
        sent = begin(token=uuid7(), content=content, by=worker, at=now())
        world.ids["authorisation"] = authorisation.id
        feed = renew(new_id=uuid7(), by=worker, at=now())
        assert feed is not None
        world.ids["feed"] = feed.id
        world.ids["case"] = actions.send(draft=sent, by=worker, at=now())
        world.ids["draft"] = begin(token=uuid7(), content=replace(content), by=worker, at=now())


def _attach(world: World) -> None:
    """A document shared by the parties, as the evidence of an obligation."""
    with member(world.worker) as worker:
        readers = [organisation(name) for name in world.parties.values()]
        file = ContentFile(pdf(), name=f"CANARI{world.name}.pdf")
        document = store_upload(
            file=file, organisation=worker.organisation, readers=readers, by=worker, at=now()
        )
        world.ids["document"] = document.id
        ObligationMark.objects.create(
            convention_id=world.ids["convention"], obligation_key="propriete_detention", kind="ticked", day=today(), document=document,
            recorded_at=now(), recorded_by=worker.user, recorded_for_id=worker.organisation,
        )  # fmt: skip


def _record(world: World) -> None:
    """What hangs on a convention: a formal notice sent by registered letter, a referent, an avenant."""
    known = {"convention_id": world.ids["convention"], "recorded_at": SIGNED_AT, "recorded_by": uuid7()}
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]):
        detail = {"addressee": "ccas", "commitment": "initiatives_locales", "note": f"CANARI{world.name}"}
        event = conventions.Event.objects.create(
            kind="formal_notice", day=SIGNED_AT.date(), party_key="cpam", detail=detail,
            recorded_for_id=world.bodies["cpam"], **known,
        )  # fmt: skip
        delivery = conventions.Delivery.objects.create(
            convention_id=world.ids["convention"], event=event, addressee_key="ccas", sent_on=SIGNED_AT.date()
        )
        referent = conventions.Referent.objects.create(
            convention_id=world.ids["convention"], organisation_id=world.bodies["cpam"], party_key="cpam", level="local",
            function=f"CANARI{world.name}", phone="0400000000", since=SIGNED_AT.date(),
        )  # fmt: skip
        training = conventions.ReferentTraining.objects.create(
            convention_id=world.ids["convention"], organisation_id=world.bodies["cpam"], referent=referent,
            trained_on=SIGNED_AT.date(), subject=f"CANARI{world.name}", organiser="Essai",
        )  # fmt: skip
        amendment = conventions.Amendment.objects.create(
            convention_id=world.ids["convention"], number=1, title=f"CANARI{world.name}", changes=[], content_hash="0" * 64,
            effect_on=date(2098, 1, 1), written_at=SIGNED_AT, written_by=uuid7(),
        )  # fmt: skip
        mark = conventions.ObligationMark.objects.create(
            obligation_key="confidentialite", kind="asked", day=SIGNED_AT.date(), note=f"CANARI{world.name}",
            recorded_for_id=world.bodies["cpam"], **known,
        )  # fmt: skip
        evidence = conventions.CommitmentEvidence.objects.create(
            commitment_key="sessions_information", day=SIGNED_AT.date(), note=f"CANARI{world.name}",
            recorded_for_id=world.bodies["cpam"], **known,
        )  # fmt: skip
        acceptance = FlowAcceptance.objects.get(
            convention_id=world.ids["convention"], flow_key=FLOW["key"], organisation_id=world.bodies["cpam"]
        )
        relation = conventions.Relation.objects.create(
            convention_id=world.ids["convention"], kind="succeeds", text=f"CANARI{world.name}"
        )
        campaign = Campaign.objects.create(
            framework_id=world.ids["convention"], title="Campagne", year=SIGNED_AT.year, questions=[], due_on=SIGNED_AT.date(),
            opened_at=SIGNED_AT, opened_by=uuid7(), opened_for_id=world.bodies["cpam"],
        )  # fmt: skip
    rows = {
        "campaign": campaign,
        "acceptance": acceptance,
        "evidence": evidence,
        "relation": relation,
        "event": event,
        "delivery": delivery,
        "referent": referent,
        "training": training,
        "amendment": amendment,
        "mark": mark,
    }
    world.ids |= {kind: row.pk for kind, row in rows.items()}


def _people(world: World) -> None:
    """Somebody invited by the first party, one of its people and her role."""
    body = world.bodies["cpam"]
    with transaction.atomic(), acting(organisation=body):
        administrator = Membership.objects.filter(organisation=body, role="administrator")[0]
        someone = Membership.objects.filter(organisation=body).exclude(role="administrator")[0]
    world.ids |= {
        "membership": someone.id,
        "person": someone.user_id,
        "invitation": uuid7(),
        "absence": uuid7(),
        "access": uuid7(),
    }
    with (
        transaction.atomic(),
        acting(organisation=body, user=administrator.user_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT invite(%s, %s, %s, ARRAY['dpo'], current_date, NULL, %s, now() + interval '14 days')",
            [world.ids["invitation"], f"invitee-{world.name.lower()}@example.org", f"CANARI{world.name}",
             world.name.encode()],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO organisations_cdraccess (id, organisation_id, user_id, tool, since, granted_by, revoked_on, revoked_by, reason)"
            " VALUES (%s, %s, %s, 'cdr', '2026-01-05', %s, '2026-02-05', %s, 'Départ')",
            [world.ids["access"], body, someone.user_id, *[administrator.user_id] * 2],
        )
        cursor.execute(
            "SELECT record_absence(%s, %s, %s, '2020-01-01', '2020-01-02')",
            [world.ids["absence"], administrator.user_id, someone.user_id],
        )


def _list(world: World) -> None:
    """What the caisse says of itself in the directory, and an import of its organisation."""
    body = world.bodies["cpam"]
    with transaction.atomic(), acting(organisation=body):
        person = Membership.objects.filter(organisation=body).order_by("id")[0].user_id
        said = {"organisation_id": body, "assured_on": SIGNED_AT.date(), "assured_by_id": person}
        offer = Offer.objects.create(
            service="eps", place="Accueil", reception="open", phone="0400000009", **said
        )
        mailbox = Mailbox.objects.create(
            use="rights", level="local", address=f"droits-{world.name.lower()}@example.org", **said
        )
        deposited = DirectoryImport.objects.create(
            organisation_id=body, by_id=person, file_name=f"CANARI{world.name}.csv", content=b"", uploaded_at=SIGNED_AT,
            state="rehearsed", rehearsal={"counts": {"created": 1}},
        )  # fmt: skip
        ImportPart.objects.create(
            organisation_id=body, of=deposited, stage="rehearsal", number=1,
            outcomes=[[2, "created", f"CANARI{world.name}", []]],
        )  # fmt: skip
    world.ids |= {
        "organisation": body,
        "offer": offer.id,
        "mailbox": mailbox.id,
        "directory_import": deposited.id,
    }


def _watch(world: World) -> None:
    """Something that the caisse's administrators must look at."""
    with transaction.atomic(), acting(organisation=world.bodies["cpam"]):
        alert = Alert.objects.create(
            organisation_id=world.bodies["cpam"], kind="volume", user_id=uuid7(), day=SIGNED_AT.date(), cases=61, threshold=60,
            raised_at=SIGNED_AT,
        )  # fmt: skip
    world.ids["alert"] = alert.id


def end_memberships(address: str) -> None:
    """Someone who worked in two places until yesterday."""
    user = User.objects.get(email=address)
    for name in ("CCAS", "CH d’Exemple"):
        end_at_once(organisation(name), Q(user=user))
