"""Saying how far a breach reaches as it becomes better known: what was first said stays, the last update counts (GDPR art. 33.4)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.refusals import Refused, check
from maillage.organisations.member import Member
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import Extent, extent_faults
from maillage.protection.breaches.following import require_follower, signed
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import tell_moved
from maillage.protection.breaches.policies import can_update
from maillage.protection.breaches.queries import conventions_of, extents_of, files_of, last_known, parties_of
from maillage.protection.breaches.saying import tell_journal, text_faults


class Overtaken(Refused):
    """Somebody else updated it while one wrote: `theirs` is to be read first."""

    def __init__(self, theirs: BreachExtent) -> None:
        super().__init__(
            f"{theirs.recorded_for.name} vient de mettre à jour l’étendue : lisez ci-dessus ce qui est enregistré, corrigez le vôtre, puis "
            "enregistrez de nouveau."
        )
        self.theirs = theirs


@transaction.atomic
def update_extent(
    *, breach: Breach, extent_id: UUID, said: Extent, why: str, seen: int, by: Member, at: datetime
) -> BreachExtent:
    """Keep what is known now of how far a breach reaches, for all its parties; `seen`: the number of the update that one read, 0 for none.

    Raises PermissionDenied, Overtaken, Refused at `natures`, `kinds`, `people`, `records`, `began_on`, `stopped_on`, `why`.
    """
    require_follower(by)
    new = own_id(extent_id, by)
    if (kept := BreachExtent.objects.filter(pk=new, breach=breach).first()) is not None:
        return kept
    others = [one.organisation for one in parties_of(breach.pk)]
    if by.organisation not in others:
        raise PermissionDenied("Votre organisme n’est pas dans ce dossier.")
    breach.refresh_from_db(from_queryset=Breach.objects.select_for_update())
    if not can_update(breach):
        raise Refused("Ce dossier est clos, ou joint à un autre : son étendue ne se met plus à jour ici.")
    known = extents_of(breach)
    if known and known[-1].number != seen:
        raise Overtaken(known[-1])
    check(
        [
            *extent_faults(said, last_known(breach, known), noticed=breach.noticed_at, at=at),
            *text_faults({"why": why}, by=by, conventions=conventions_of(files_of(breach)), needed=("why",)),
        ]
    )
    with new_row():
        row = BreachExtent(
            id=new,
            breach=breach,
            number=len(known) + 1,
            natures=sorted(set(said.natures)),
            data=sorted(set(said.data)),
            people=said.people,
            records=said.records,
            goes_on=said.goes_on,
            began_at=said.began_at,
            stopped_at=said.stopped_at,
            why=why.strip(),
            **signed(by, at),
        )
        row.save(force_insert=True)
    tell_journal("extent", breach.pk, by)
    tell_moved(breach.pk, [one for one in others if one != by.organisation], fact=new)
    return row
