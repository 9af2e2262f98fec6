"""What is sealed of an enrolment in PRADO: who the mother is, her delivery, the midwife of her choice. Opened by its caisse alone."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from maillage.conventions.terms.criteria import Value
from maillage.core import crypto
from maillage.referrals.content import facts_from_data, facts_to_data
from maillage.referrals.models import Enrolment
from maillage.vault.actions import vault
from maillage.vault.own_keys import wrap_again
from maillage.vault.renewing import BATCH, Done, Tell


@dataclass(frozen=True, slots=True)
class Mother:
    """What the sealed part holds. `home_help`: the CAF's help was proposed to her and its guide handed out; `home_help_before` what
    was noted of it before each correction, by its id; `answers` are those to the lines of the text that no fact decides."""

    surname: str
    given_name: str
    phone: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    answers: Mapping[str, bool] = field(default_factory=dict)
    home_help: bool = False
    home_help_before: Mapping[str, bool] = field(default_factory=dict)
    midwife: str = ""

    @property
    def name(self) -> str:
        """Her name, as it is shown."""
        return f"{self.surname.upper()} {self.given_name}".strip()

    def with_(self, **changes: Any) -> "Mother":
        """The same, changed."""
        return replace(self, **changes)


def new_key(organisation: UUID, convention: UUID, enrolment: UUID) -> tuple[bytes, bytes]:
    """A key for a new enrolment, and the same one wrapped by the organisation's key for the convention.

    Nothing is sealed under a key made in the place of one that was lost: an earlier enrolment must still open. Raises KeyDestroyed,
    DecryptionError, NoKeyPair.
    """
    earlier = Enrolment.objects.filter(organisation=organisation, convention_id=convention)
    if (last := earlier.order_by("-opened_at").first()) is not None:
        _key(last)
    made = crypto.new_key()
    place = key_place(organisation, enrolment)
    return made, vault().wrap_own_key(made, organisation=organisation, convention=convention, at=place)


def sealed(mother: Mother, key: bytes, enrolment: UUID) -> bytes:
    """The sealed part, to be stored."""
    said = {**asdict(mother), "facts": facts_to_data(mother.facts), "answers": dict(mother.answers)}
    return crypto.encrypt(key, json.dumps(said).encode(), at=file_place(enrolment))


def mother_of(row: Enrolment) -> Mother:
    """The sealed part, opened. Raises KeyDestroyed, DecryptionError."""
    return _opened(row, _key(row))


def mothers_of(organisation: UUID, rows: Sequence[Enrolment]) -> list[Mother | None]:
    """The same for many of one organisation, the store read once for each convention; None for what no longer opens."""
    wrapped = [(bytes(row.wrapped_key), row.convention_id, key_place(organisation, row.id)) for row in rows]
    found: list[Mother | None] = []
    for row, key in zip(rows, vault().open_own_keys(wrapped, organisation=organisation), strict=True):
        mother = None
        if key is not None:
            with suppress(crypto.DecryptionError):
                mother = _opened(row, key)
        found.append(mother)
    return found


def sealed_again(row: Enrolment, mother: Mother) -> bytes:
    """Another sealed part, under the same key."""
    return sealed(mother, _key(row), row.id)


def wrap_enrolments_again(
    organisation: UUID, convention: UUID, *, batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Wrap the keys of an organisation's enrolments under its key of the store in use; for the worker's role or the owner's."""
    return wrap_again(
        Enrolment,
        lambda row: key_place(row.organisation_id, row.id),
        organisation=organisation,
        convention=convention,
        batch=batch,
        tell=tell,
    )


def _opened(row: Enrolment, key: bytes) -> Mother:
    said = json.loads(crypto.decrypt(key, bytes(row.sealed), at=file_place(row.id)))
    return Mother(**{**said, "facts": facts_from_data(said["facts"])})


def _key(row: Enrolment) -> bytes:
    return vault().open_own_key(
        bytes(row.wrapped_key),
        organisation=row.organisation_id,
        convention=row.convention_id,
        at=key_place(row.organisation_id, row.id),
    )


def key_place(organisation: UUID, enrolment: UUID) -> bytes:
    """Where the wrapped key of an enrolment belongs."""
    return crypto.place("referrals_enrolment", "wrapped_key", organisation, enrolment)


def file_place(enrolment: UUID) -> bytes:
    """Where the sealed part of an enrolment belongs."""
    return crypto.place("referrals_enrolment", "sealed", enrolment)
