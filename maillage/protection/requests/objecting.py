"""An objection that is upheld: nothing of hers goes on here, and whoever else has her data is told (GDPR art. 19 and 21)."""

from typing import Final

from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.queries import parts_in
from maillage.protection.requests.restricting import told_to_others
from maillage.protection.requests.rules import Told
from maillage.referrals.references import reference

OBJECTED: Final = (
    "Opposition de la personne (RGPD, article 21) : ce dossier est fini ; n’en ouvrez pas d’autre pour elle."
)


def stop(*, file: RequestFile, by: Member) -> int:
    """Tell that it is over to whoever takes part in her cases; how many organisations.

    Each case ends by the acts of whoever works it: one that is still open refuses this answer, so that no letter says that it stopped
    before it did. Raises Refused at `outcome`.
    """
    still = [reference(part.case_id) for part in parts_in(by, file.cases) if part.closed_at is None]
    if still:
        raise Refused(
            "Terminez d’abord ce qui est en cours pour elle, puis notez cette réponse. Dossiers encore ouverts :"
            f" {', '.join(still)}.",
            "outcome",
            "RGPD, article 21",
        )
    return told_to_others(
        request=file.request_id, cases=file.cases, what=OBJECTED, kind=Told.OBJECTION, by=by
    )
