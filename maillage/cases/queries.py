"""Cases as a member reaches them: each question starts from her organisation's participations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Now

from maillage.cases.models import Lineage, Participation
from maillage.core.crypto import DecryptionError
from maillage.core.statements import kept
from maillage.organisations.member import Member
from maillage.vault.actions import SealedKey, vault

T = TypeVar("T")


def visible_to(member: Member) -> QuerySet[Participation]:
    """The participations of her organisation that still run: the same limit as row security's."""
    return _running(member.organisation)


def takes_part(case: UUID, organisation: UUID) -> bool:
    """Whether an organisation takes part in a case, and still does."""
    return bool(_part(case, organisation))


@kept
def _part(case: UUID, organisation: UUID) -> QuerySet[Participation]:
    return _running(organisation).filter(case_id=case).only("id")


def _running(organisation: UUID) -> QuerySet[Participation]:
    return Participation.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()), organisation=organisation)


def keys_of(participations: Iterable[Participation]) -> dict[UUID, bytes]:
    """The key of each case, for one organisation's participations, in one query; destroyed keys are left out."""
    return vault().open_case_keys(
        SealedKey(part.case_id, part.organisation_id, part.convention_id, bytes(part.sealed_key))
        for part in participations
    )


def reading(parts: Sequence[Participation], read: Callable[[dict[UUID, bytes]], T]) -> T:
    """What `read` makes of the keys of these cases; destroyed ones are left out.

    Keys are renewed while pages are read: when one does not open, or opens nothing, all are read once more, by `read` too,
    which starts from rows of its own. Raises DecryptionError for what was altered.
    """
    keys = keys_of(parts)
    if len(keys) < len(parts) and _read_again(parts):
        keys = keys_of(parts)
    try:
        return read(keys)
    except DecryptionError:
        if not _read_again(parts):
            raise
        return read(keys_of(parts))


def _read_again(parts: Sequence[Participation]) -> bool:
    """The sealed keys as they are now; whether one differs from what was read."""
    rows = Participation.objects.filter(id__in=[part.id for part in parts])
    now = dict(rows.values_list("id", "sealed_key"))
    changed = False
    for part in parts:
        if part.id in now and bytes(now[part.id]) != bytes(part.sealed_key):
            part.sealed_key, changed = now[part.id], True
    return changed


@dataclass(frozen=True, slots=True)
class Kin:
    """A case from which another follows, or that follows from it: what the organisation's own part in it says, no identity."""

    case: UUID
    kind: str
    is_former: bool
    service: str
    label: str
    sender: str
    caisse: str
    role: str
    state: str
    is_open: bool

    @property
    def goes_on(self) -> bool:
        """Whether the demand goes on there; a right that was applied for beside it does not carry it on."""
        return not self.is_former and self.kind != "opened"


def with_kin(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """The participations with the cases before and after each, where the same organisation takes part too: no query more."""
    found = {"kin_before": _kin("following", "former"), "kin_after": _kin("former", "following")}
    return rows.annotate(**found)


def _kin(own: str, other: str) -> ArraySubquery:
    mine = f"{other}__participations"
    return ArraySubquery(
        Lineage.objects.filter(
            Q(**{f"{mine}__until": None}) | Q(**{f"{mine}__until__gt": Now()}),
            **{own: OuterRef("case_id"), f"{mine}__organisation": OuterRef("organisation_id")},
        )
        .order_by("made_at", "following_id")
        .values(
            row=JSONObject(
                case=f"{other}_id",
                kind="kind",
                service=f"{other}__service",
                label=f"{other}__authorisation__label",
                sender=f"{other}__sender__short_name",
                caisse=f"{other}__caisse__short_name",
                role=f"{mine}__role",
                state=f"{mine}__state",
                closed_at=f"{mine}__closed_at",
            )
        )
    )


def kin_of(part: Participation) -> list[Kin]:
    """The cases before and after one that `with_kin` read: those before first, then the oldest."""
    return [
        Kin(
            case=UUID(row["case"]),
            is_former=is_former,
            is_open=row["closed_at"] is None,
            **{name: row[name] for name in ("kind", "service", "label", "sender", "caisse", "role", "state")},
        )
        for is_former, rows in ((True, part.kin_before), (False, part.kin_after))
        for row in rows
    ]
