"""Drawing the random sample of a period: once, by the database, which makes the seed."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of, require
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.rights.board.policies import can_draw
from maillage.rights.board.queries import side_of
from maillage.rights.sampled.rules import Between, agreed_size, drawing_problem, size_problem

CAISSE_ONLY: Final = "Seuls les référents de la caisse tirent un échantillon."


@transaction.atomic
def draw(*, known: LoadedConvention, between: Between, size: int, by: Member, at: datetime) -> UUID:
    """Draw the sample of what the caisse decided between two committees; its id. A size that the text gives counts before `size`.

    Raises PermissionDenied, or Refused: at `size`, or for the period (not over, nothing decided in it, a sample there already).
    """
    require(can_draw(by, known, side_of(by, known.id)), CAISSE_ONLY)
    on = day_of(known.row, at)
    wanted = agreed_size(known.readable(on)) or size
    wrong, small = drawing_problem(between, on=on), size_problem(wanted)
    check([Fault(wrong) if wrong else None, Fault(small, "size") if small else None])
    new = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rights_draw(%s, %s, %s, %s, %s)", [new, known.id, between.since, between.until, wanted]
        )
        (came,) = cursor.fetchone()
    if came != "drawn":
        raise Refused(_REFUSED[came])
    record(
        verb="draw",
        object_type="convention",
        object_ref=known.id,
        by=by.user,
        organisation=by.organisation,
        reason=f"{between.since:%d/%m/%Y} – {between.until:%d/%m/%Y}, {wanted} dossiers",
    )
    return new


_REFUSED = {
    "again": "Un échantillon est déjà tiré sur une partie de cette période : il n’est tiré qu’une fois.",
    "none": "Aucun dossier ne fut décidé sur cette période : il n’y a rien à tirer.",
}
