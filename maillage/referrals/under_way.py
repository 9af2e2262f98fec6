"""« A request is already under way for this step »: told to whoever writes another one, of her own organisation's referrals alone."""

from maillage.beneficiaries.queries import cases_of_person
from maillage.cases.beside import Beside, found_beside
from maillage.cases.models import Authorisation
from maillage.organisations.member import Member
from maillage.referrals.content import Content
from maillage.referrals.queries import visible_to


def under_way(member: Member, content: Content) -> list[Beside]:
    """The referrals that the member's organisation sent for this person to the chosen service, and that go on; the newest first.

    By her blind index: nothing of another organisation is looked at, and what a job has not indexed yet is not found (a minute
    or two).
    """
    person, chosen = content.person, content.authorisation
    if person is None or chosen is None:
        return []
    cases = cases_of_person(by=member, nir=person.nir, surname=person.surname, birth_date=person.birth_date)
    services = Authorisation.objects.filter(id=chosen, sender=member.organisation).values("service")
    rows = visible_to(member).filter(
        case_id__in=cases, role="sender", closed_at=None, case__service__in=services
    )
    return found_beside(
        member,
        rows.select_related("case"),
        object_type="referral",
        reason="demande déjà en cours pour le même service",
    )
