"""Finding a referral again: by its reference, by the person's number, by her name. What was asked is journalled without its values."""

from collections.abc import Sequence
from datetime import date

from maillage.beneficiaries.queries import cases_of_person
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.referrals.lists.queries import Line, journal, lines_of, told
from maillage.referrals.lists.wanted import PAGE
from maillage.referrals.queries import visible_to
from maillage.referrals.references import reference_to_search


def find(
    member: Member,
    *,
    reference: str = "",
    nir: str = "",
    surname: str = "",
    birth_date: date | None = None,
) -> Sequence[Line]:
    """The organisation's referrals of that reference, else of that person; the newest first, fifty at most."""
    rows = visible_to(member)
    if letters := reference_to_search(reference):
        rows = rows.filter(reference=letters)
    else:
        rows = rows.filter(
            case_id__in=cases_of_person(by=member, nir=nir, surname=surname, birth_date=birth_date)
        )
    parts: list[Participation] = list(told(member, rows).order_by("-since", "-id")[:PAGE])
    given = {"reference": reference, "nir": nir, "surname": surname, "birth_date": birth_date}
    # Whoever asked by name learns that this person is here, followed or not: every reference found is a reading. A reference
    # alone says nothing of her: only what was opened counts.
    by_person = not letters
    journal(
        member,
        "search" if by_person else "read_list",
        parts if by_person else [part for part in parts if part.opened_as],
        tuple(name for name, value in given.items() if value)
        if by_person
        else (("identity",) if any(part.opened_as for part in parts) else ()),
        f"recherche {'d’une personne' if by_person else 'par référence'} ; sans identité : "
        f"{sum(not part.opened_as for part in parts)}",
    )
    return lines_of(parts)
