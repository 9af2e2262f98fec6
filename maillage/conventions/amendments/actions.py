"""Avenants: a list of clause changes with an effect date, drafted by any party, proposed, then signed by all (`signatures`)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from pydantic import ValidationError

from maillage.audit.actions import record
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.amendments.states import TRANSITIONS
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import BINDING, can_record
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, new_row, require
from maillage.conventions.terms import Terms, TermsError
from maillage.conventions.terms.consolidation import Avenant, UntouchableError, consolidate
from maillage.conventions.terms.editing import Change
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member

MOST_CHANGES = 200
_PROTECTED = {"objectives": "aux objectifs de la convention"}


@transaction.atomic
def draft_amendment(
    *,
    convention: Convention,
    new_id: UUID,
    title: str,
    changes: Sequence[dict[str, Any]],
    effect_on: date,
    by: Member,
    at: datetime,
) -> Amendment:
    """Draft an avenant: `changes` are plain data of `editing.Change` (`operation`, `path`, `value`).

    Refused at `change_<n>` (from 0), with the article, when one touches what the text puts out of reach (S3 art. 9.3: the
    general objectives) or leads to a text that does not hold; at `title` or `effect_on` otherwise.
    """
    known = _open(convention, by)
    kept = Amendment.objects.filter(pk=new_id, convention=known.row).first()
    if kept is not None:
        return kept
    written = _checked(known, title, changes, effect_on)
    last = Amendment.objects.filter(convention=known.row).aggregate(last=Max("number"))["last"] or 0
    with new_row():
        row = Amendment.objects.create(
            id=new_id,
            convention=known.row,
            number=last + 1,
            title=title.strip(),
            changes=written,
            effect_on=effect_on,
            content_hash=digest(known, last + 1, title, written, effect_on),
            written_at=at,
            written_by=by.user,
        )
    _journal("convention.amendment_drafted", row, by)
    return row


@transaction.atomic
def change_amendment(
    *,
    amendment: Amendment,
    title: str,
    changes: Sequence[dict[str, Any]],
    effect_on: date,
    by: Member,
    at: datetime,
) -> tuple[Amendment, tuple[str, ...]]:
    """Change an avenant that not all have signed; it is a draft again, and signatures given to it are void.

    The avenant, and the party keys whose signature is void. Raises `Refused` as `draft_amendment`.
    """
    known = _open(amendment.convention, by)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk, convention=known.row)
    written = _checked(known, title, changes, effect_on)
    hashed = digest(known, row.number, title, written, effect_on)
    if hashed == row.content_hash:
        return row, ()
    voided = tuple(
        row.signatures.filter(voided_at=None).order_by("party_key").values_list("party_key", flat=True)
    )
    move(
        row,
        TRANSITIONS,
        "change",
        title=title.strip(),
        changes=written,
        effect_on=effect_on,
        content_hash=hashed,
        written_at=at,
        written_by=by.user,
    )
    _journal("convention.amendment_changed", row, by)
    return row, voided


@transaction.atomic
def propose_amendment(*, amendment: Amendment, by: Member, at: datetime) -> Amendment:
    """Give an avenant to the parties to sign. Raises `TransitionRefused` in another state than draft."""
    known = _open(amendment.convention, by)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk, convention=known.row)
    _checked(known, row.title, row.changes, row.effect_on)
    check_holds(known, row)
    move(row, TRANSITIONS, "propose")
    _journal("convention.amendment_proposed", row, by)
    others = [party.organisation for party in known.signatories if party.organisation != by.organisation]
    tell(
        "convention_amendment",
        convention=known.id,
        to=others,
        fact=f"{row.pk}-{row.content_hash[:12]}",
        on=day_of(known.row, at),
    )
    return row


@transaction.atomic
def abandon_amendment(*, amendment: Amendment, by: Member) -> Amendment:
    """Give an avenant up; it stays in the history. Raises `TransitionRefused` once all have signed."""
    known = _open(amendment.convention, by)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk, convention=known.row)
    move(row, TRANSITIONS, "abandon")
    _journal("convention.amendment_abandoned", row, by)
    return row


def with_amendment(known: LoadedConvention, amendment: Amendment) -> LoadedConvention:
    """The convention as it would be with this avenant signed."""
    avenant = Avenant.model_validate(
        {"number": amendment.number, "effect": amendment.effect_on, "changes": amendment.changes}
    )
    others = tuple(one for one in known.avenants if one.number != avenant.number)
    return replace(known, avenants=(*others, avenant))


def check_holds(known: LoadedConvention, amendment: Amendment) -> None:
    """Refuse an avenant that no longer agrees with the text: another one has been signed since it was drafted."""
    after = with_amendment(known, amendment)
    try:
        after.terms(max(one.effect for one in after.avenants))
    except TermsError as error:
        message = "Cet avenant ne s’accorde plus avec le texte : un autre a été signé depuis. Reprenez-le."
        raise Refused(message) from error


def digest(
    known: LoadedConvention, number: int, title: str, changes: Sequence[dict[str, Any]], effect_on: date
) -> str:
    """SHA-256 of what is signed."""
    return sha256(signed_bytes(known, number, title, changes, effect_on)).hexdigest()


def signed_bytes(
    known: LoadedConvention, number: int, title: str, changes: Sequence[dict[str, Any]], effect_on: date
) -> bytes:
    """What is signed, as canonical JSON: the convention's own hash, the number, the object, the effect date and the changes."""
    signed = [known.row.content_hash, number, title.strip(), effect_on.isoformat(), list(changes)]
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _open(convention: Convention, by: Member) -> LoadedConvention:
    known = lock_and_load(convention)
    if known.row.state not in BINDING:
        require(known.mine is not None)
        raise Refused(
            "Un avenant suppose une convention signée par toutes les parties et qui n’a pas pris fin."
        )
    require(can_record(by, known))
    return known


def _checked(
    known: LoadedConvention, title: str, changes: Sequence[dict[str, Any]], effect_on: date
) -> list[dict[str, Any]]:
    """The changes as they are kept, once they lead to a text that holds."""
    signed_on = max((event.on for event in known.events if event.kind == "signed"), default=None)
    check(
        [
            None
            if title.strip() and len(title) <= 300
            else Fault("Dites ce que l’avenant change, en 300 caractères au plus.", "title"),
            Fault("L’avenant ne peut pas prendre effet avant la signature de la convention.", "effect_on")
            if signed_on and effect_on < signed_on
            else None,
            None
            if 0 < len(changes) <= MOST_CHANGES
            else Fault(f"De 1 à {MOST_CHANGES} modifications.", "changes"),
        ]
    )
    text = known.terms(effect_on)
    parsed: list[Change] = []
    for number, one in enumerate(changes):
        try:
            parsed.append(Change.model_validate(one))
        except ValidationError as error:
            raise Refused("Cette modification n’est pas lisible.", f"change_{number}") from error
    try:
        consolidate(text, *parsed)
    except TermsError as error:
        raise _refusal(text, parsed, error) from error
    return [one.model_dump(mode="json") for one in parsed]


def _refusal(text: Terms, changes: Sequence[Change], error: TermsError) -> Refused:
    """Which change is at fault: the first after which the text no longer holds; else the whole list."""
    field = "changes"
    for number in range(1, len(changes) + 1):
        try:
            consolidate(text, *changes[:number])
        except TermsError as first:
            field, error = f"change_{number - 1}", first
            break
    if isinstance(error, UntouchableError):
        what = _PROTECTED.get(error.untouchable, "à cette clause")
        return Refused(f"Aucun avenant ne peut toucher {what} : le texte l’interdit.", field, error.article)
    return Refused.because(
        [Fault(f"Attendu : {problem.expected}.", field) for problem in error.problems[:10]]
    )


def _journal(verb: str, row: Amendment, by: Member) -> None:
    record(verb=verb, object_type="amendment", object_ref=row.pk, by=by.user, organisation=by.organisation)
