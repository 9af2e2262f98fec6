"""Who acts in the tests of conventions, and conventions at each stage of their life, made by the real actions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.models import Q

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.drafting.rules import left_to_choose, left_to_fill
from maillage.conventions.drafting.seeing import Seen, stamp
from maillage.conventions.drafting.values import choices, data_from_text, roles
from maillage.conventions.drafting.writing import Written
from maillage.conventions.lifecycle.completing import fill_after_signature
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.lifecycle.sweeping import sweep_one
from maillage.conventions.signatures.actions import Act, SignedText, sign
from maillage.conventions.tasks import WATCHES
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.filling import choose, draw, fill
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.member import Member, enter
from maillage.organisations.models import Organisation, User
from maillage.organisations.roles import ROLES, Permission
from tests.days import PARIS
from tests.leaving import end_at_once

CPAM, CARSAT, CCAS = "referente@cpam.example.org", "referente@carsat.example.org", "referent@ccas.example.org"
HOSPITAL, CNAM, CROIX_ROUGE = (
    "pass@hopital.example.org",
    "nationale@cnam.example.org",
    "national@croix-rouge.example.org",
)
WORKER, DPO, STRANGER = "social@ccas.example.org", "dpo@cpam.example.org", "social@villexemple.example.org"
BODIES = {"cpam": "CPAM 42", "carsat": "CARSAT RA", "ccas": "CCAS", "hospital": "CH d’Exemple"}
SIGNERS = {"cpam": CPAM, "carsat": CARSAT, "ccas": CCAS, "hospital": HOSPITAL}
S3, S2 = "ccas_montbrison_2024", "hopital_pass_modele"


def instant(day: str, hour: int = 10) -> datetime:
    """A moment of a day, such as « 2024-11-14 »."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


DRAFTED, SIGNED = instant("2024-11-04"), instant("2024-11-14")


def body(key: str) -> Organisation:
    return Organisation.objects.get(short_name=BODIES.get(key, key))


@contextmanager
def member(address: str, on: datetime = SIGNED) -> Iterator[Member]:
    """Someone acting for her organisation until the block ends."""
    with transaction.atomic():
        user = User.objects.get(email=address)
        found = enter(user=user.id, user_name=user.full_name, wanted=None, on=on.date())
        assert found is not None
        with acting(organisation=found.organisation, user=found.user):
            yield found


def nobody_signs(party: str) -> None:
    """From now on this organisation has nobody in Maillage whose role signs."""
    roles = [role for role in ROLES if Permission.SIGN_CONVENTIONS in ROLES[role].permissions]
    end_at_once(body(party).id, Q(role__in=roles))


def seen(by: Member, convention: UUID) -> Convention:
    """The convention as a member reaches it."""
    return visible_to(by).get(pk=convention)


def drafted(name: str = S3, at: datetime = DRAFTED, by: str = CPAM) -> UUID:
    """A draft with its bodies chosen; the signatures that a text of the library prints are left out."""
    terms = library.load(name)
    new = uuid7()
    with member(by, at) as drafter:
        if terms.level == "template":
            row = drafting.start_from_library(
                new_id=new, name=name, title="Convention d’essai", by=drafter, at=at
            )
        else:
            text = terms.model_copy(update={"signatures": ()})
            row = drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=at)
        for party in terms.parties:
            drafting.choose_body(
                convention=row,
                key=party.key,
                organisation=body(party.key).id,
                by=drafter,
                at=at,
            )
    return new


def answer(blank: Blank) -> str:
    """What someone types in a blank."""
    proposed_ones = choices(blank)
    if proposed_ones:
        return proposed_ones[0][0]
    return {"number": "12", "delay": "15 jours", "date": "14/11/2024"}.get(
        blank.expects, "Convenu entre les parties"
    )


def ready(convention: UUID, at: datetime = DRAFTED, by: str = CPAM) -> None:
    """Fill every blank that stops a proposal, and keep every option."""
    with member(by, at) as drafter:
        rewrite(seen(drafter, convention), completed(load(seen(drafter, convention)).base), drafter, at)


def rewrite(convention: Convention, text: Terms, by: Member, at: datetime = DRAFTED) -> Written:
    """Write a text as the pages do, by someone who saw the last one and agrees to take a proposal back."""
    shown = Seen(stamp(load(convention)), takes_back=True)
    return drafting.write_text(convention=convention, terms=text, seen=shown, by=by, at=at)


def completed(text: Terms) -> Terms:
    """The text with its options kept and the blanks of its template filled."""
    while options := left_to_choose(text):
        text = choose(text, options[0].path)
    for found in left_to_fill(text):
        text = fill(text, found.path, data_from_text(text, found.path, answer(found.blank)))
    return text


@cache
def ready_text(name: str) -> Terms:
    """A text of the library as it may be proposed: options kept, blanks of the template filled, no signature printed."""
    terms = library.load(name)
    text = draw(terms, id="essai", title="Convention d’essai") if terms.level == "template" else terms
    return completed(text.model_copy(update={"signatures": ()}))


def proposed(name: str = S3, at: datetime = DRAFTED, as_printed: bool = False) -> UUID:
    """A convention in the hands of its parties."""
    text = library.load(name) if as_printed else ready_text(name)
    new = uuid7()
    with member(CPAM, at) as drafter:
        row = drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=at)
        for party in text.parties:
            drafting.choose_body(
                convention=row,
                key=party.key,
                organisation=body(party.key).id,
                by=drafter,
                at=at,
            )
        propose(convention=row, by=drafter, at=at)
    return new


def sign_as(convention: UUID, address: str, at: datetime = SIGNED, **changes: object) -> SignedText:
    """One signature, by the member's own organisation, on the day of `at`."""
    with member(address, at) as signer:
        row = seen(signer, convention)
        values: dict[str, object] = {
            "signature_id": uuid7(),
            "seen_hash": row.content_hash,
            "signed_on": at.astimezone(PARIS).date(),
            "function": "Directrice",
        }
        return sign(convention=row, act=Act(**{**values, **changes}), by=signer, at=at)  # type: ignore[arg-type]


def signed(name: str = S3, drafted_at: datetime = DRAFTED, at: datetime = SIGNED) -> UUID:
    """A convention signed by all on the day of `at`."""
    new = proposed(name, drafted_at)
    for party in library.load(name).parties:
        sign_as(new, SIGNERS[party.key], at)
    return new


def roles_recorded(convention: UUID, at: datetime = SIGNED) -> None:
    """Annex 6 has arrived: the caisse's data protection officer records who answers for the data of the detections."""
    with member(DPO, at) as officer:
        fill_after_signature(
            convention=seen(officer, convention),
            path="flows[orientation_misas].roles",
            value=roles(controllers=["cpam"], processors=["ccas"]),
            by=officer,
            at=at,
            note="Annexe 6 reçue des trois parties",
        )


def raw(organisation: str, sql: str, arguments: Sequence[object] = ()) -> int:
    """Rows touched by a statement that the web's role runs in the name of an organisation."""
    with transaction.atomic(), acting(organisation=body(organisation).id), connection.cursor() as cursor:
        cursor.execute(sql, list(arguments))  # type: ignore[arg-type]
        return int(cursor.rowcount)


@contextmanager
def worker_process() -> Iterator[None]:
    """The process logs in as the worker until the block ends; only with a database of the test's own."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(connections["worker"].settings_dict)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def swept(convention: UUID, *moments: datetime) -> None:
    """One convention's days, one after the other, as the daily round does each."""
    with worker_process():
        for at in moments:
            with transaction.atomic(), acting(organisation=body("cpam").id):
                sweep_one(convention, at, WATCHES)
