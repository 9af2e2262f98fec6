"""A party that the directory does not know, described by hand: it has no account, others record its signature."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.conventions.drafting.actions import choose_body
from maillage.conventions.drafting.writing import Written
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.policies import can_write
from maillage.conventions.lifecycle.recording import lock, new_row, own_id, require
from maillage.conventions.lifecycle.states import State
from maillage.core.identifiers import compact_number, is_siret
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import sort_key
from maillage.organisations.kinds import BodyKind, is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Described:
    """A body as a form gives it; `body_id` was made when the form was shown."""

    body_id: UUID
    kind: str
    name: str
    short_name: str
    address: str
    siret: str = ""


@transaction.atomic
def describe_body(*, convention: Convention, key: str, body: Described, by: Member, at: datetime) -> Written:
    """Add a body to the directory and choose it behind a party. The same form sent twice describes one body.

    Raises `Refused` at `kind`, `name`, `short_name`, `address`, `siret`, or as `choose_body`.
    """
    row = lock(convention)
    require(can_write(by, row), "Seule la partie qui rédige écrit ce texte.")
    if row.state != State.DRAFT:
        raise Refused("Reprenez d’abord la proposition : les parties ont reçu ce texte.")
    new_id = own_id(body.body_id, by)
    if not Organisation.objects.filter(pk=new_id).exists():
        check(_faults(body))
        _insert(row, new_id, body)
    return choose_body(convention=row, key=key, organisation=new_id, by=by, at=at)


def _faults(body: Described) -> list[Fault | None]:
    kinds = {kind.value for kind in BodyKind}
    return [
        None
        if body.kind in kinds and not is_health_insurance(body.kind)
        else Fault(
            "Choisissez une nature : les organismes de l’Assurance Maladie sont dans l’annuaire.", "kind"
        ),
        _text(body.name, 200, "Écrivez son nom.", "name"),
        _text(body.short_name, 60, "Écrivez le nom court sous lequel le texte l’appelle.", "short_name"),
        _text(body.address, 500, "Écrivez son adresse.", "address"),
        siret_fault(body.siret) or _known_siret(body.siret),
    ]


def _text(text: str, longest: int, missing: str, field: str) -> Fault | None:
    if not sort_key(text).strip():
        return Fault(missing, field)
    return Fault(f"Écrivez {longest} caractères au plus.", field) if len(text) > longest else None


def siret_fault(typed: str) -> Fault | None:
    """What is wrong with the digits of a SIRET as typed; nothing when there is none."""
    number = compact_number(typed)
    if not number:
        return None
    if not (len(number) == 14 and number.isascii() and number.isdigit()):
        return Fault("Un SIRET compte 14 chiffres.", "siret")
    if not is_siret(number):
        return Fault("Ce SIRET est faux : sa clé ne correspond pas à ses chiffres. Vérifiez-le.", "siret")
    return None


def _known_siret(typed: str) -> Fault | None:
    number = compact_number(typed)
    known = Organisation.objects.filter(siret=number).first() if number else None
    if known is None:
        return None
    return Fault(f"Ce SIRET est celui de {known.name}, dans l’annuaire : choisissez cet organisme.", "siret")


def _insert(convention: Convention, new_id: UUID, body: Described) -> None:
    values = (
        body.kind,
        body.name.strip(),
        body.short_name.strip(),
        sort_key(body.name)[:200],
        compact_number(body.siret),
        body.address.strip(),
    )
    with new_row(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT describe_body(%s, %s, %s, %s, %s, %s, %s, %s)", [convention.id, new_id, *values]
        )
