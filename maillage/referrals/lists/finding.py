"""Finding a referral again: by its reference, by the person's number, by her name. What was asked is journalled without its values."""

from collections.abc import Sequence
from datetime import date

from maillage.beneficiaries.queries import cases_of_person
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.referrals.lists.queries import Line, lines_of, note_reading, told
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
    opened = [part for part in parts if part.opened_as]
    without = f"sans identité : {len(parts) - len(opened)}"
    if letters:  # a reference says nothing of the person: only what was opened counts
        fields: tuple[str, ...] = ("identity",) if opened else ()
        note_reading("read_list", member, opened, fields, f"recherche par référence ; {without}")
        return lines_of(parts)
    asked = {"nir": nir, "surname": surname, "birth_date": birth_date}
    fields = tuple(name for name, value in asked.items() if value)
    # Whoever asked by name learns that this person is here, followed or not: every reference found is a reading.
    note_reading("search", member, parts, fields, f"recherche d’une personne ; {without}")
    return lines_of(parts)
