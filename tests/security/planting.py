"""Rows of two worlds that know nothing of each other: one of each table, each with the organisations that may read it.

Written by the owner, field by field: the oracle of the probes shares no code with the policies that it judges.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connections, models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.audit.models import Chain, Entry, Link
from maillage.beneficiaries.models import Beneficiary, BlindIndex, Information, Objection
from maillage.cases.models import Authorisation, Case, Participation
from maillage.conventions import models as conventions
from maillage.core.identifiers import uuid7
from maillage.documents.models import Document
from maillage.notifications.models import Message, Said
from maillage.organisations.models import Attempt, Membership, Organisation, User
from maillage.referrals.models import Advice, Draft, Referral
from maillage.vault.models import Erasure, PrivateKey, PublicKey
from tests.security import planting_journal
from tests.security.planting_board import plant_board
from tests.security.planting_committees import plant_committees
from tests.security.planting_consent import plant_consent
from tests.security.planting_credentials import plant_credentials
from tests.security.planting_described import plant_described
from tests.security.planting_exchange import plant_exchange
from tests.security.planting_forwarding import plant_forwarding
from tests.security.planting_heeding import plant_heeding
from tests.security.planting_indicators import plant_indicators
from tests.security.planting_keys import plant_keys
from tests.security.planting_lists import plant_lists
from tests.security.planting_own_file import plant_own_file
from tests.security.planting_people import plant_people
from tests.security.planting_prado import plant_prado
from tests.security.planting_protection import plant_protection
from tests.security.planting_referents import plant_referents, plant_solicitation
from tests.security.planting_rights import plant_rights
from tests.security.planting_secondments import plant_secondments
from tests.security.planting_steering import plant_steering
from tests.security.planting_supports import plant_supports
from tests.security.planting_training import plant_training
from tests.security.planting_working import plant_working

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
EVERYBODY = frozenset({UUID(int=1)})  # stands for any context, none included


@dataclass(frozen=True)
class Row:
    """One planted row: where it is, who may read it, and the context of user under which its own person reads it."""

    table: str
    key: str
    value: UUID
    readers: frozenset[UUID]
    writers: frozenset[UUID]
    person: UUID | None = None
    private: bool = False  # even her colleagues do not read it
    changers: frozenset[UUID] | None = None  # where not every reader may change it
    adders: frozenset[UUID] | None = None  # where not every reader may add one


@dataclass
class World:
    """Two organisations, the convention between them, a case, and everything that hangs on these."""

    name: str
    holder: UUID
    other: UUID
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def both(self) -> frozenset[UUID]:
        """The organisations of this world."""
        return frozenset({self.holder, self.other})

    @property
    def canary(self) -> str:
        """A word that must never reach the other world, not even in an error."""
        return f"CANARI-{self.name}"


@dataclass
class Plant:
    """Everything planted."""

    worlds: list[World]
    rows: list[Row]
    outsider: UUID

    @property
    def tables(self) -> list[str]:
        """Tables with at least one planted row."""
        return sorted({row.table for row in self.rows})

    def key_of(self, table: str) -> str:
        """The primary key's column."""
        return next(row.key for row in self.rows if row.table == table)


PLACES = ("CCAS", "CPAM 42", "CCAS de Villexemple", "CH d’Exemple", "CARSAT RA")


def plant(places: tuple[str, ...] = PLACES) -> Plant:
    """Plant both worlds as the owner, in one transaction: two organisations for each, the fifth looks on."""
    from tests.security.planting_directory import plant_directory  # it plants with what is defined here

    with transaction.atomic(using="owner"):
        by_name = {o.short_name: o.id for o in Organisation.objects.using("owner").all()}
        first, second, third, fourth, onlooker = (by_name[name] for name in places)
        worlds = [World("A", first, second), World("B", third, fourth)]
        found = Plant(worlds, [], onlooker)
        for world in worlds:
            _convention(found, world)
            _case(found, world)
            _own(found, world)
            _directory(found, world)
            plant_directory(found, world)
            planting_journal.plant_following(found, world)
            plant_secondments(found, world)
            plant_supports(found, world)
            plant_working(found, world)
            plant_forwarding(found, world, _save)
            plant_heeding(found, world, _save)
            plant_own_file(found, world)
            plant_exchange(found, world)
            plant_lists(found, world)
            plant_consent(found, world)
            plant_prado(found, world)
            plant_rights(found, world)
            plant_board(found, world)
            plant_indicators(found, world)
            plant_committees(found, world)
            plant_steering(found, world, _save)
            plant_training(found, world)
            plant_protection(found, world)
    with transaction.atomic(using="owner"):
        for world in worlds:
            _journal(found, world)
            planting_journal.plant_segment(found, world)
    return found


def _save(
    found: Plant,
    row: models.Model,
    readers: frozenset[UUID],
    *,
    writers: frozenset[UUID] | None = None,
    person: UUID | None = None,
    private: bool = False,
    changers: frozenset[UUID] | None = None,
    adders: frozenset[UUID] | None = None,
) -> UUID:
    if row._state.adding:
        row.save(using="owner", force_insert=True)
    key = str(row._meta.pk.column)
    found.rows.append(
        Row(
            row._meta.db_table,
            key,
            row.pk,
            readers,
            readers if writers is None else writers,
            person,
            private,
            changers,
            adders,
        )
    )
    return UUID(str(row.pk))


def _convention(found: Plant, world: World) -> None:
    both, holder = world.both, frozenset({world.holder})
    digest = "0" * 64
    convention = conventions.Convention(
        title=world.canary,
        sort_title=world.canary,
        level="local",
        state="draft",
        content_hash=digest,
        drafted_by_id=world.holder,
    )
    world.ids["convention"] = _save(found, convention, both)
    for organisation, role in ((world.holder, "drafter"), (world.other, "signatory")):
        party = conventions.Party(
            convention=convention,
            organisation_id=organisation,
            key=role,
            role=role,
            state="draft",
            sort_title=world.canary,
        )
        _save(found, party, frozenset({organisation}))
    document = Document(
        organisation_id=world.holder, readers=[world.other], media_type="application/pdf", size=3, sha256=digest,
        name=world.canary.encode(), wrapped_key=b"k",
    )  # fmt: skip
    world.ids["document"] = _save(found, document, both, writers=holder)
    known = {
        "convention": convention,
        "recorded_at": AT,
        "recorded_by": uuid7(),
        "recorded_for_id": world.holder,
    }
    version = conventions.TermsVersion(
        convention=convention,
        number=1,
        terms={"title": world.canary, "services": [{"key": "agent", "secondment": {"flow": "misas"}}]},
        content_hash=digest,
        written_at=AT,
        written_by=uuid7(),
    )
    _save(found, version, both)
    _save(found, conventions.Relation(convention=convention, kind="backed_on", text=world.canary), both)
    event = conventions.Event(
        kind="denunciation", day=ON, party_key="drafter", detail={"note": world.canary}, **known
    )
    _save(found, event, both, writers=holder)
    delivery = conventions.Delivery(
        convention=convention, event=event, addressee_key=world.canary, sent_on=ON
    )
    _save(found, delivery, both, adders=holder)
    amendment = conventions.Amendment(
        convention=convention,
        number=1,
        title=world.canary,
        changes=[],
        effect_on=ON,
        content_hash=digest,
        written_at=AT,
        written_by=uuid7(),
    )
    world.ids["amendment"] = _save(found, amendment, both)
    signature = conventions.Signature(
        organisation_id=world.holder,
        party_key="drafter",
        content_hash=digest,
        signed_on=ON,
        function=world.canary,
        **known,
    )
    _save(found, signature, both, writers=holder)
    mark = conventions.ObligationMark(
        obligation_key="logo", kind="ticked", day=ON, note=world.canary, **known
    )
    _save(found, mark, both, writers=holder)
    evidence = conventions.CommitmentEvidence(commitment_key="sessions", day=ON, note=world.canary, **known)
    world.ids["evidence"] = _save(found, evidence, both, writers=holder)
    acceptance = conventions.FlowAcceptance(
        flow_key="misas", organisation_id=world.holder, party_key="drafter", given_on=ON, reason=world.canary, **known
    )  # fmt: skip
    _save(found, acceptance, both, writers=holder)
    reason = conventions.DeploymentReason(
        framework=convention, organisation_id=world.other, reason="test", label=world.canary, day=ON, comment=world.canary,
        recorded_at=AT, recorded_by=uuid7(),
    )  # fmt: skip
    _save(
        found, reason, both, adders=frozenset()
    )  # a caisse, under a national text above it alone: tests/conventions/deployment
    referent = conventions.Referent(
        convention=convention, organisation_id=world.holder, party_key="drafter", level="local", function=world.canary,
        phone="0400000000", since=ON,
    )  # fmt: skip
    world.ids["referent"] = _save(found, referent, both, changers=holder, adders=holder)
    plant_referents(found, world, _save)


def _case(found: Plant, world: World) -> None:
    both = world.both
    authorisation = Authorisation(
        convention_id=world.ids["convention"], flow_key="misas", sender_id=world.holder, recipient_id=world.other,
        service="misas", article="3", open_during=DateTimeTZRange(AT, None),
    )  # fmt: skip
    world.ids["authorisation"] = _save(found, authorisation, both)
    case = Case(
        authorisation=authorisation, convention_id=world.ids["convention"], kind="referral", service="misas",
        sender_id=world.holder, caisse_id=world.other, opened_at=AT,
    )  # fmt: skip
    world.ids["case"] = _save(found, case, both)
    for organisation, role in ((world.holder, "sender"), (world.other, "recipient")):
        part = Participation(
            organisation_id=organisation, case=case, convention_id=world.ids["convention"], role=role, since=AT,
            state="sent", sealed_key=b"k" * 64,
        )  # fmt: skip
        _save(found, part, frozenset({organisation}))
    referral = Referral(
        case=case,
        motives=["cost"],
        narrative=world.canary.encode(),
        situation=world.canary.encode(),
        sent_at=AT,
        sent_by=uuid7(),
    )
    sender = frozenset({world.holder})
    _save(
        found, referral, both, adders=sender
    )  # the recipient works it, the sender may stop it: the guard `kept`
    _save(found, Beneficiary(case=case, identity=world.canary.encode()), both, adders=sender)
    information = Information(case=case, given_on=ON, means="oral", by=uuid7(), recipient_id=world.other)
    _save(found, information, both, adders=sender)
    plant_described(found, world, _save)
    plant_solicitation(found, world, _save)
    index = BlindIndex(organisation_id=world.holder, case=case, kind="nir", digest=world.canary.encode())
    _save(found, index, frozenset({world.holder}))
    objection = Objection(
        organisation_id=world.holder, counterpart_id=world.other, service="misas", request_id=uuid7(),
        digests=[world.canary.encode()], sealed=world.canary.encode(), since=AT, noted_by=uuid7(),
    )  # fmt: skip
    _save(found, objection, frozenset({world.holder}))


def _own(found: Plant, world: World) -> None:
    holder = frozenset({world.holder})
    draft = Draft(organisation_id=world.holder, author=uuid7(), sealed=world.canary.encode(), updated_at=AT)
    world.ids["draft"] = _save(found, draft, holder)
    advice = Advice(
        organisation_id=world.holder, convention_id=world.ids["convention"], route="services.agent", given_at=AT,
        given_by=uuid7(),
    )  # fmt: skip
    _save(found, advice, holder)
    message = Message(
        once=f"convention_warning:{world.ids['convention']}:{world.canary}:30",
        recipient_id=world.holder, kind="test", reference=world.canary, path="/",
    )  # fmt: skip
    _save(found, message, holder)
    _save(found, Said(digest=uuid7()), frozenset())
    erasure = Erasure(organisation_id=world.holder, scope="case", reference=world.canary, reason="test")
    _save(found, erasure, holder)
    _save(found, PrivateKey.objects.using("owner").get(organisation_id=world.holder), holder)
    plant_keys(_save, found, holder=world.holder, case=world.ids["case"], canary=world.canary)


def _directory(found: Plant, world: World) -> None:
    holder = frozenset({world.holder})
    _save(found, Organisation.objects.using("owner").get(id=world.holder), EVERYBODY, writers=holder)
    _save(found, PublicKey.objects.using("owner").get(organisation_id=world.holder), EVERYBODY)
    membership = Membership.objects.using("owner").filter(organisation_id=world.holder).order_by("id")[0]
    _save(found, membership, holder, person=membership.user_id)
    world.ids["user"] = membership.user_id
    colleague = (
        Membership.objects.using("owner")
        .filter(organisation_id=world.holder)
        .exclude(user=membership.user_id)
    )
    world.ids["colleague"] = colleague[0].user_id
    administrator = Membership.objects.using("owner").get(organisation_id=world.holder, role="administrator")
    world.ids["administrator"] = administrator.user_id
    plant_people(found, world, _save)
    feed = conventions.CalendarFeed(user_id=membership.user_id, organisation_id=world.holder, created_at=AT)
    _save(found, feed, holder, person=membership.user_id, private=True)
    user = User.objects.using("owner").get(id=membership.user_id)
    _save(found, user, EVERYBODY, writers=holder, person=user.id)
    plant_credentials(found, holder, membership.user_id)
    _save(found, Attempt(key=uuid7(), tries=1, until=AT), frozenset())


def _journal(found: Plant, world: World) -> None:
    """Entries of the organisation, and its chain: links and ends are made at commit."""
    with connections["owner"].cursor() as cursor:
        entry = uuid7()
        cursor.execute(
            "INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)"
            " VALUES (%s, %s, '', 'read', 'referral', %s, '', '')",
            [entry, world.holder, world.canary],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    holder = frozenset({world.holder})
    _save(found, Entry.objects.using("owner").get(id=entry), holder)
    assert Link.objects.using("owner").filter(chain=world.holder, members__contains=[entry]).exists()
    found.rows.append(Row(Link._meta.db_table, "chain", world.holder, holder, holder))
    assert Chain.objects.using("owner").filter(chain=world.holder).count() == 1
    found.rows.append(Row(Chain._meta.db_table, "chain", world.holder, frozenset(), frozenset()))
