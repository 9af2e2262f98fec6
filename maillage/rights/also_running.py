"""« A second AME while one is running »: the caisse is told of what its own index knows; nobody is told of another's files."""

from maillage.beneficiaries.queries import indexed_under
from maillage.cases.beside import Beside, found_beside
from maillage.organisations.member import Member
from maillage.rights.policies import can_examine
from maillage.rights.queries import File, visible_to


def also_running(member: Member, file: File) -> list[Beside]:
    """The applications for the same right that wait for the decision of the member's caisse, the newest first.

    Nothing for the partner, nor once this one has ended. By her caisse's blind index, whose jobs are a minute or two late.
    """
    application, person = file.application, file.identity
    if person is None or application.closed_at is not None or not can_examine(member, application.case):
        return []
    index = indexed_under(by=member, nir=person.nir, surname=person.surname, birth_date=person.birth_date)
    rows = visible_to(member).filter(
        case_id__in=index.values("case_id"),
        role="recipient",
        closed_at=None,
        case__application__right=application.right,
    )
    return found_beside(
        member,
        rows.exclude(case_id=application.case_id).select_related("case__sender"),
        object_type="application",
        reason="demande déjà en cours pour le même droit",
    )
