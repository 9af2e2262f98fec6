"""The one gate of every bulk export of persons' data: for one's own organisation, or for a body whose authorisation covers them today.

Single purpose, no transfer without prior express agreement (row H3). A later export calls `may_leave` too: a test lists them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import BINDING
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.lifecycle.recording import day_of
from maillage.organisations.member import Member
from maillage.protection.authorisations.asking import who_authorises
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.queries import covered, in_force
from maillage.protection.authorisations.rules import Kind, common, regimes, touched
from maillage.protection.breaches.reporting import reportable

OWN: Final = "organisme"
"""What is posted for one's own use: also what nothing posted means."""
OTHER: Final = "autre"
"""What is posted for a body that no authorisation covers."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What would leave: `what` names it in the journal; data of one convention (and of these flows of it), or of all one's conventions."""

    what: str
    convention: UUID | None = None
    flows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receiver:
    """A body that may receive a parcel today: what a form posts for it, its name, and the references of what authorises it."""

    key: str
    name: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What stands in the way under one convention: the article, who must authorise, what the text leaves blank.

    `authorised`: the bodies that may receive these data today, each with what authorises it; `ended`: nothing more can be asked.
    """

    convention: UUID
    title: str
    regime: str
    scope: str
    article: str
    authorisers: tuple[str, ...]
    blank: str
    authorised: tuple[tuple[UUID, str], ...]
    ended: bool

    @property
    def key(self) -> str:
        """What the form of a request posts for it."""
        return f"{self.convention}:{self.regime}"


class NotAuthorised(Exception):
    """No authorisation covers this parcel for that body: nothing leaves. `missing` is empty where no convention binds the data."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("Aucune autorisation ne couvre ces données.")
        self.missing = tuple(missing)


def receivers(parcel: Parcel, by: Member, at: datetime) -> list[Receiver]:
    """The bodies that are authorised today for all that the parcel holds; one question where nothing was ever granted."""
    granted = in_force(by, at)
    if not granted:
        return []
    names = {one.key: f"{one.row.body} ({one.row.country})" for one in reversed(granted)}
    places = [
        covered(granted, known.id, regime)
        for known in _bound(parcel, by)
        for regime in touched(known.readable(day_of(known.row, at)), parcel.flows)
    ]
    return [
        Receiver(str(ids[0]), names[key], tuple(reference(one) for one in ids))
        for key, ids in common(places).items()
    ]


def may_leave(parcel: Parcel, *, to: str, by: Member, at: datetime) -> None:
    """Let a parcel leave for whom a form says, and journal for whom, under which authorisation.

    Raises NotAuthorised, journalled too, for any body that is not authorised for the whole of it today.
    """
    if to in ("", OWN):
        _journal("leaves_own", parcel, by, "pour l’usage de l’organisme")
        return
    known = next((one for one in receivers(parcel, by, at) if one.key == to), None)
    if known is None:
        _journal("leaves_stopped", parcel, by, "pour un autre organisme, sans autorisation")
        raise NotAuthorised(_missing(parcel, by, at))
    _journal("leaves_sent", parcel, by, f"autorisation {', '.join(known.references)}")


def _bound(parcel: Parcel, by: Member) -> list[LoadedConvention]:
    """The conventions whose data the parcel takes along."""
    if parcel.convention is None:
        return reportable(by)
    return load_all(conventions_visible_to(by).filter(pk=parcel.convention).order_by("pk"))


def _missing(parcel: Parcel, by: Member, at: datetime) -> list[Missing]:
    found, granted = [], in_force(by, at)
    names = {one.row.pk: f"{one.row.body} ({one.row.country})" for one in granted}
    for known in _bound(parcel, by):
        on = day_of(known.row, at)
        text = known.readable(on)
        wanted = touched(text, parcel.flows)
        for regime in (one for one in regimes(text) if one.key in wanted):
            said, parties = who_authorises(known, regime, Kind.THIRD_PARTY, on)
            here = covered(granted, known.id, regime.key).values()
            found.append(
                Missing(
                    convention=known.id,
                    title=known.row.title,
                    regime=regime.key,
                    scope=regime.scope,
                    article=said.article,
                    authorisers=tuple(one.name for one in parties),
                    blank=said.asked,
                    authorised=tuple((one, names[one]) for one in here),
                    ended=known.row.state not in BINDING,
                )
            )
    return found


def _journal(verb: str, parcel: Parcel, by: Member, said: str) -> None:
    record(
        verb=f"transfer.{verb}",
        object_type="convention" if parcel.convention else "",
        object_ref=parcel.convention or "",
        by=by.user,
        organisation=by.organisation,
        reason=f"{parcel.what} ; {said}",
    )
