"""Second factors: added, verified, removed, each change told to its person. A code serves once, whichever web process receives it."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security.context import context_of
from maillage.credentials import rules, security_keys
from maillage.credentials.entering import in_the_name_of
from maillage.credentials.models import Factor, FactorKind
from maillage.credentials.security_keys import NotProved, Site
from maillage.organisations.models import User
from maillage.organisations.people.notifications import tell_owner
from maillage.vault.actions import vault

MOST_KEYS = 10
MOST_NAME = 60


def factors_of(user: User) -> list[Factor]:
    """All second factors of someone, oldest first; needs a transaction."""
    with in_the_name_of(user.id):
        return list(Factor.objects.filter(user=user).order_by("created_at", "id"))


def proves(factors: list[Factor]) -> bool:
    """Whether these ask for something at sign-in: codes to fall back on are no factor by themselves."""
    return any(factor.kind != FactorKind.RECOVERY for factor in factors)


@transaction.atomic
def add_application(*, user: User, secret: str, code: str, at: datetime) -> Factor:
    """Keep the secret of an application that shows the right code. Raises Refused at `code`."""
    step = rules.step_of(secret, rules.typed_code(code), at=at.timestamp(), after=0)
    if step is None:
        raise Refused("Ce code n’est pas celui du moment : attendez le suivant, et vérifiez l’heure.", "code")
    with in_the_name_of(user.id):
        if Factor.objects.filter(user=user, kind=FactorKind.APPLICATION).exists():
            raise Refused("Une application est déjà en place : retirez-la d’abord.", "code")
        new = uuid7()
        factor = Factor.objects.create(
            id=new,
            user=user,
            kind=FactorKind.APPLICATION,
            sealed=vault().wrap_secret(secret.encode(), at=factor_place(new, user.id)),
            counter=step,
            created_at=at,
        )
        _record("factor.add", factor, user, change=at.isoformat())
    return factor


@transaction.atomic
def add_key(*, user: User, name: str, answer: Any, state: Any, site: Site, at: datetime) -> Factor:
    """Keep the public half of a key that answered. Raises Refused at `credential` or `name`."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise Refused(f"Donnez à la clé un nom de {MOST_NAME} caractères au plus.", "name")
    try:
        made = security_keys.registered(answer, state, site)
    except NotProved as error:
        raise Refused("La clé n’a pas répondu comme il faut : recommencez.", "credential") from error
    with in_the_name_of(user.id):
        known = list(Factor.objects.filter(user=user, kind=FactorKind.KEY))
        if len(known) >= MOST_KEYS or made.credential in {bytes(one.credential) for one in known}:
            raise Refused("Cette clé est déjà en place, ou il y en a trop.", "credential")
        factor = Factor.objects.create(
            user=user,
            kind=FactorKind.KEY,
            name=name,
            credential=made.credential,
            counter=made.counter,
            created_at=at,
        )
        _record("factor.add", factor, user, change=at.isoformat())
    return factor


@transaction.atomic
def renew_recovery_codes(*, user: User, at: datetime) -> list[str]:
    """Ten new codes, shown this once; the former ones open nothing any more."""
    codes = [rules.new_recovery_code() for _ in range(rules.RECOVERY_CODES)]
    key, new = crypto.new_key(), uuid7()
    with in_the_name_of(user.id):
        Factor.objects.filter(user=user, kind=FactorKind.RECOVERY).delete()
        factor = Factor.objects.create(
            id=new,
            user=user,
            kind=FactorKind.RECOVERY,
            sealed=vault().wrap_secret(key, at=factor_place(new, user.id)),
            digests=[_digest(key, code) for code in codes],
            created_at=at,
        )
        _record("factor.add", factor, user, change=at.isoformat())
    return codes


@transaction.atomic
def remove_factor(*, user: User, factor: UUID, required: bool, at: datetime) -> bool:
    """Take a second factor away, and the recovery codes with the last one; False when it is not hers or is gone.

    Raises Refused when a second factor is `required` and this is the last.
    """
    with in_the_name_of(user.id):
        rows = list(Factor.objects.select_for_update().filter(user=user).order_by("id"))
        found = next((one for one in rows if one.id == factor and one.kind != FactorKind.RECOVERY), None)
        if found is None:
            return False
        left = [one for one in rows if one.id != factor]
        if not proves(left):
            if required:
                raise Refused("C’est votre dernier second facteur : ajoutez-en un autre avant de le retirer.")
            for codes in left:
                codes.delete()
        _record("factor.remove", found, user, change=at.isoformat())
        found.delete()
    return True


@transaction.atomic
def use_code(*, user: User, code: str, at: datetime) -> Factor | None:
    """The factor that this code proves, once; None for a wrong one or one that served. Whoever is second waits, and loses."""
    typed = rules.typed_code(code)
    kind = FactorKind.APPLICATION if rules.is_application_code(typed) else FactorKind.RECOVERY
    with in_the_name_of(user.id):
        factor = Factor.objects.select_for_update().filter(user=user, kind=kind).first()
        if factor is None:
            return None
        secret = vault().unwrap_secret(bytes(factor.sealed), at=factor_place(factor.id, user.id))
        if kind == FactorKind.APPLICATION:
            step = rules.step_of(secret.decode(), typed, at=at.timestamp(), after=factor.counter)
            if step is None:
                return None
            factor.counter = step
        else:
            digest = _digest(secret, rules.recovery_code(typed))
            if digest not in factor.digests:
                return None
            factor.digests = [one for one in factor.digests if one != digest]
        factor.used_at = max(at, factor.created_at)
        factor.save(update_fields=["counter", "digests", "used_at"])
    return factor


@transaction.atomic
def use_key(*, user: User, answer: Any, state: Any, site: Site, at: datetime) -> Factor | None:
    """The key that answered this challenge, or None. One whose count does not grow has been copied: it is refused."""
    with in_the_name_of(user.id):
        rows = Factor.objects.select_for_update().filter(user=user, kind=FactorKind.KEY)
        known = {bytes(row.credential): row for row in rows}
        try:
            verified = security_keys.proved(answer, state, known, site)
        except NotProved:
            return None
        factor = known[verified.credential]
        counts = verified.counter or factor.counter  # keys that never count always say 0
        if counts and verified.counter <= factor.counter:
            # Told once until the true one serves.
            _record("factor.copied", factor, user, change=f"copied:{factor.id}:{factor.counter}")
            return None
        factor.counter, factor.used_at = verified.counter, max(at, factor.created_at)
        factor.save(update_fields=["counter", "used_at"])
    return factor


def keys_of(factors: list[Factor]) -> list[bytes]:
    """The public halves of the security keys among these."""
    return [bytes(factor.credential) for factor in factors if factor.kind == FactorKind.KEY]


def seal_for(user: User, secret: str) -> str:
    """A secret that is not kept yet, for the time of being scanned: a session holds it, and its table must not."""
    sealed = vault().wrap_secret(secret.encode(), at=crypto.place("enrolment", user.id))
    return base64.b64encode(sealed).decode()


def open_for(user: User, sealed: str) -> str:
    """What `seal_for` sealed; raises DecryptionError for somebody else's."""
    opened = vault().unwrap_secret(base64.b64decode(sealed), at=crypto.place("enrolment", user.id))
    return opened.decode()


def _record(verb: str, factor: Factor, user: User, *, change: str) -> None:
    """Journalled, and told to her: what bears the same `change` is one message, as the codes that come with a first factor."""
    record(
        verb=verb,
        object_type="factor",
        object_ref=factor.id,
        by=user.id,
        organisation=context_of().organisation,
        reason=factor.kind,
    )
    tell_owner(user=user.id, change=change)


def _digest(key: bytes, code: str) -> str:
    return crypto.blind_index(key, code).hex()


def factor_place(factor: UUID, user: UUID) -> bytes:
    """Where a secret belongs: moved to another row or another person it no longer opens."""
    return crypto.place("credentials_factor", "sealed", factor, user)
