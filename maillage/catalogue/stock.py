"""The copies of a support that an organisation keeps: movements noted one after the other, and the bound below which it is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from maillage.audit.actions import record
from maillage.catalogue.models import Stock, StockMovement, Support
from maillage.catalogue.policies import can_keep
from maillage.catalogue.rules import MOST_COPIES, PRINTED, Moved, moved_problems
from maillage.core.refusals import Fault, Refused, check
from maillage.core.statements import insert
from maillage.organisations.base import Organisation
from maillage.organisations.member import Member

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A stock: what is left after its last movement, and the bound below which its holder is told."""

    support: Support
    left: int
    threshold: int | None

    @property
    def is_low(self) -> bool:
        """Whether fewer are left than the holder wants."""
        return self.threshold is not None and self.left < self.threshold


def has_stock(support: Support) -> bool:
    """Whether it is something on paper."""
    return support.kind in PRINTED


@transaction.atomic
def note_movement(
    *, new_id: UUID, support: Support, moved: Moved, recipient: UUID | None = None, by: Member, at: datetime
) -> UUID:
    """Note copies received, handed out (to an organisation, where it is one) or counted. The same id twice makes one.

    Raises Refused at `kind`, `quantity`, `recipient` or `day`: nobody hands out what is not there.
    """
    stock = _locked(support, by)
    if StockMovement.objects.filter(id=new_id).exists():
        return new_id
    today = at.astimezone(ZoneInfo(by.time_zone)).date()
    problems = moved_problems(moved, left_of(stock), today=today)
    known = recipient is None or (
        moved.kind == "sent"
        and recipient != by.organisation
        and Organisation.objects.filter(id=recipient).exists()
    )
    if not known:
        problems["recipient"] = "Seul ce qui est remis a un destinataire, un autre organisme de l’annuaire."
    check([Fault(message, field) for field, message in problems.items()])
    try:
        with transaction.atomic():
            StockMovement.objects.create(
                id=new_id,
                stock=stock,
                organisation_id=by.organisation,
                kind=moved.kind,
                quantity=moved.quantity,
                recipient_id=recipient,
                day=moved.day,
                noted_at=at,
                noted_by=by.user,
            )
    except IntegrityError as error:
        raise Refused("Il n’en reste pas autant.", "quantity") from error
    _record("support.stock", support.id, by)
    return new_id


@transaction.atomic
def set_threshold(*, support: Support, threshold: int | None, by: Member) -> None:
    """Be told when fewer than so many are left; None: never. Raises Refused at `threshold`."""
    stock = _locked(support, by)
    if threshold is not None and not 1 <= threshold <= MOST_COPIES:
        raise Refused(f"Écrivez un nombre, de 1 à {MOST_COPIES}, ou rien.", "threshold")
    Stock.objects.filter(id=stock.id).update(threshold=threshold)
    _record("support.threshold", support.id, by)


def _locked(support: Support, by: Member) -> Stock:
    """The member's stock of a support, opened at its first use; whoever comes next waits."""
    if not can_keep(by):
        raise PermissionDenied("Votre rôle ne permet pas de tenir des stocks.")
    if not has_stock(support):
        raise Refused("Ce support n’est pas sur papier : il n’a pas de stock.")
    insert(Stock(organisation_id=by.organisation, support_id=support.id), unless_there=True)
    return Stock.objects.select_for_update(of=("self",)).get(organisation=by.organisation, support=support.id)


def left_of(stock: Stock) -> int:
    """What is left after the last movement."""
    last = StockMovement.objects.filter(stock=stock).order_by("-number").values_list("balance", flat=True)
    return next(iter(last[:1]), 0)


def stock_of(member: Member, support: UUID) -> Stock | None:
    """The member's organisation's stock of a support, if it keeps one."""
    return Stock.objects.filter(organisation=member.organisation, support=support).first()


def movements(stock: Stock) -> list[StockMovement]:
    """The last two hundred, the newest first."""
    rows = StockMovement.objects.filter(stock=stock).select_related("recipient")
    return list(rows.order_by("-number")[:_SHOWN])


def held_by(member: Member) -> list[Held]:
    """Every stock of the member's organisation, by title: one query."""
    last = StockMovement.objects.filter(stock=OuterRef("pk")).order_by("-number").values("balance")[:1]
    rows = Stock.objects.filter(organisation=member.organisation).select_related("support__organisation")
    found = rows.annotate(left=Subquery(last)).order_by("support__sort_title", "id")[:_SHOWN]
    return [Held(row.support, row.left or 0, row.threshold) for row in found]


def running_low(member: Member) -> list[Held]:
    """Those of which fewer are left than wanted."""
    return [one for one in held_by(member) if one.is_low]


def _record(verb: str, support: UUID, by: Member) -> None:
    record(verb=verb, object_type="support", object_ref=support, by=by.user, organisation=by.organisation)
