"""The convention of the CCAS of Montbrison, signed and in force, laid through the database's own functions; and who acts."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.following import follow
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import content_hash, terms_data
from maillage.conventions.terms.commitments import Commitment
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.member import Member, enter
from maillage.organisations.models import Organisation, User
from maillage.referrals import actions, outcomes, questions, working
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.models import Referral
from maillage.referrals.queries import referral_of
from tests.accepting import all_accept
from tests.days import today

WORKER, OTHER_WORKER, ADVISER = (
    "social@ccas.example.org",
    "referent@ccas.example.org",
    "conseil@cpam.example.org",
)
STRANGER, READER, OFFICER = (
    "social@villexemple.example.org",
    "referente@cpam.example.org",
    "dpo@cpam.example.org",
)
SIGNED_AT = datetime(2024, 11, 14, tzinfo=UTC)
FAR_AHEAD = datetime(2099, 11, 14, tzinfo=UTC)
FLOW = {"key": "orientation_misas", "sender": "ccas", "recipient": "cpam", "service": "misas", "article": "3"}
PARTIES = (("cpam", "CPAM 42"), ("carsat", "CARSAT RA"), ("ccas", "CCAS"))

PERSON = Identity(
    surname="Quintessence",
    given_name="Ondine",
    birth_date=date(1984, 2, 29),
    phone="06 00 00 00 17",
    email="ondine@personne.example.org",
    safe_time="le matin, avant le retour de son mari",
    nir="2 84 02 42 147 000 69",
)
AGREEMENT = Agreement("agreed", "all", "oral")
"""She agrees, said so, and lets everything return to whoever sends."""
RECEIVED = Precisions({"received_here": True})
"""What the CCAS's convention asks of anybody: to be received there (article 2)."""
NARRATIVE = "A renoncé à ses lunettes : ne peut pas avancer les frais."
CANARIES = (
    "Quintessence", "QUINTESSENCE", "Ondine", "ondine@", "0600000017", "06 00 00 00 17", "1984-02-29", "29/02/1984",
    "retour de son mari", "284024214700069", "2 84 02 42 147 000 69", "lunettes",
)  # fmt: skip


def organisation(short_name: str) -> Organisation:
    return Organisation.objects.get(short_name=short_name)


@contextmanager
def member(address: str, short_name: str | None = None) -> Iterator[Member]:
    """Someone acting for one of her organisations, until the block ends; what she did is then committed."""
    with transaction.atomic():
        wanted = organisation(short_name).id if short_name else None
        user = User.objects.get(email=address)
        found = enter(user=user.id, user_name=user.full_name, wanted=wanted, on=today())
        assert found is not None
        with acting(organisation=found.organisation, user=found.user):
            yield found


@dataclass(frozen=True)
class Signed:
    """A signed convention and its flows."""

    id: UUID

    def authorisation(self) -> Authorisation:
        with transaction.atomic(), acting(organisation=organisation("CCAS").id):
            return Authorisation.objects.get(convention_id=self.id, flow_key=FLOW["key"])

    def publish(self, until: datetime, since: datetime = SIGNED_AT, flows: Sequence[Any] = (FLOW,)) -> None:
        """Let the flows run until an instant."""
        with (
            transaction.atomic(),
            acting(organisation=organisation("CPAM 42").id),
            connection.cursor() as cursor,
        ):
            during = DateTimeTZRange(since, until)
            Convention.objects.filter(id=self.id).update(state="in_force", in_force=during)
            cursor.execute(
                "SELECT publish_authorisations(%s, %s, %s)", [self.id, json.dumps(list(flows)), during]
            )

    def end(self, at: datetime) -> None:
        """End the convention at an instant of the past, flows included."""
        self.publish(until=at)
        with transaction.atomic(), acting(organisation=organisation("CPAM 42").id):
            Convention.objects.filter(id=self.id).update(state="ended", end_kind="expired")


def sign_convention(*more: dict[str, Any], commitments: Sequence[Commitment] = ()) -> Signed:
    """The library's convention, proposed by the caisse, signed by its three parties on 14/11/2024, in force.

    `more` says in what further flows of its text differ from the one that is open; `commitments` are added to those of the text.
    """
    terms, new = library.load("ccas_montbrison_2024"), uuid7()
    usual = next(flow for flow in terms.flows if flow.key == FLOW["key"])
    flows = (*terms.flows, *(usual.model_copy(update=changes) for changes in more))
    terms = terms.model_copy(update={"flows": flows, "commitments": (*terms.commitments, *commitments)})
    text_hash, bodies = content_hash(terms), {key: organisation(name).id for key, name in PARTIES}
    with transaction.atomic(), acting(organisation=bodies["cpam"]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, 'local', '', '42', 'ccas', '', %s, %s, 'cpam')",
            [new, terms.title, terms.title.casefold(), text_hash, uuid7()],
        )
        for position, (key, body) in enumerate(bodies.items()):
            if key != "cpam":
                cursor.execute(
                    "SELECT admit_party(%s, %s, %s, %s, %s::smallint)", [new, uuid7(), body, key, position]
                )
        TermsVersion.objects.create(
            convention_id=new, number=1, terms=terms_data(terms), content_hash=text_hash, written_at=SIGNED_AT,
            written_by=uuid7(),
        )  # fmt: skip
    for key, body in bodies.items():
        with transaction.atomic(), acting(organisation=body):
            Signature.objects.create(
                convention_id=new, organisation_id=body, party_key=key, content_hash=text_hash, signed_on=SIGNED_AT.date(),
                function="Directrice", recorded_at=SIGNED_AT, recorded_by=uuid7(), recorded_for_id=body,
            )  # fmt: skip
    with transaction.atomic(), acting(organisation=bodies["cpam"]):
        Convention.objects.filter(id=new).update(state="proposed")
        Convention.objects.filter(id=new).update(state="signed", starts_on=SIGNED_AT.date())
    all_accept(new, terms, bodies)
    signed = Signed(new)
    signed.publish(until=FAR_AHEAD)
    return signed


def complete(authorisation: UUID, **changes: Any) -> Content:
    """A draft's content with every answer."""
    content = Content(
        authorisation=authorisation,
        person=PERSON,
        situation=Situation(("cost", "no_appointment"), NARRATIVE),
        told=Told(today(), "oral", recipient_named=True),
        agreement=AGREEMENT,
        precisions=RECEIVED,
    )
    return replace(content, **changes)


def write_draft(signed: Signed, by: str = WORKER, token: UUID | None = None, **changes: Any) -> UUID:
    """A complete draft of a worker of the CCAS."""
    content = complete(signed.authorisation().id, **changes)
    with member(by) as worker:
        return begin(token=token or uuid7(), content=content, by=worker, at=now())


def send_referral(signed: Signed, **changes: Any) -> UUID:
    """A referral sent by the CCAS to the caisse; its case's id."""
    draft = write_draft(signed, **changes)
    with member(WORKER) as worker:
        return actions.send(draft=draft, by=worker, at=now())


def followed_by(case: UUID, *addresses: str) -> UUID:
    """The same case, taken on by these people."""
    for address in addresses:
        with member(address) as someone:
            follow(case=referral_of(someone, case).case, by=someone, at=now())
    return case


def tried(reached: bool = True, way: str = "call", day: date | None = None) -> working.Tried:
    """A try to reach the person, today by telephone."""
    return working.Tried(uuid7(), day or today(), way, reached)


def all_done(case: UUID, answer: str = "done", **rights: str) -> outcomes.Noted:
    """Every care of a case with one answer, at least one, and the C2S opened unless other rights are named."""
    cares = {row.id: answer for row in outcomes.renunciations(case)}
    found = () if cares else (outcomes.Found("optics", "cost", answer),)
    return outcomes.Noted(cares, rights or {"c2s": "opened"}, found)


def work(case: UUID, *verbs: str) -> Referral:
    """The caisse goes through these steps, in order."""
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        known: dict[str, Any] = {"referral": referral, "by": adviser, "at": now()}
        for verb in verbs:
            match verb:
                case "contact":
                    working.contact(tried=tried(), **known)
                case "refuse":
                    working.refuse(reason="not_eligible", words="", **known)
                case "pause":
                    working.pause(
                        reason="awaiting_papers", look_again_on=today() + timedelta(days=30), **known
                    )
                case "close":
                    outcomes.close(noted=all_done(case), **known)
                case _:
                    getattr(working, verb)(**known)
    return referral


def stop(case: UUID, verb: str, reason: str) -> Referral:
    """The sender withdraws or cancels."""
    with member(WORKER) as worker:
        referral = referral_of(worker, case)
        getattr(working, verb)(referral=referral, reason=reason, by=worker, at=now())
    return referral


def ask(case: UUID, text: str = "Quelle est sa mutuelle ?") -> UUID:
    """The caisse asks something; the question's id."""
    with member(ADVISER) as adviser:
        new = uuid7()
        questions.ask(referral=referral_of(adviser, case), question_id=new, text=text, by=adviser, at=now())
    return new


def answer(case: UUID, question: UUID, text: str = "Elle n’en a pas.") -> None:
    """The sender answers."""
    with member(WORKER) as worker:
        questions.answer(
            referral=referral_of(worker, case), question=question, text=text, by=worker, at=now()
        )
