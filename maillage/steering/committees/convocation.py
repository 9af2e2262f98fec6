"""The convocation of a meeting as a letter to print: who, when, where, about what. It names functions, never a person."""

from collections.abc import Sequence
from datetime import date

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import reference
from maillage.core.french import typeset
from maillage.documents.composition import Block, Listing, Paragraph, text
from maillage.documents.letters import Correspondent, letter, letter_pdf
from maillage.steering.committees.agenda import Point
from maillage.steering.committees.contents import when
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.queries import MemberParty


def convocation_pdf(
    known: LoadedConvention,
    row: Meeting,
    *,
    members: Sequence[MemberParty],
    composition: Sequence[str],
    points: Sequence[Point],
    on: date,
) -> bytes:
    """A tagged PDF. Raises RenderingFailed."""
    mine = known.mine.name if known.mine else ""
    body: list[Block] = [Paragraph(text(typeset(_invitation(known, row))))]
    where = [("Lieu", row.place), ("À distance", row.link), ("Réunion tenue au sein de", row.inside)]
    body.append(Listing(tuple(text(typeset(f"{label} : {said}")) for label, said in where if said)))
    body.append(Paragraph(text(typeset("Sont conviés :"))))
    body.append(Listing(tuple(text(typeset(line)) for line in (*_invited(members), *composition))))
    if points:
        body.append(Paragraph(text(typeset("Ordre du jour, tel qu’il est aujourd’hui :"))))
        body.append(Listing(tuple(text(typeset(point.title)) for point in points)))
    written = letter(
        sender=Correspondent(mine),
        addressee=Correspondent(f"Aux membres : {row.name}"),
        place="",
        written_on=on,
        subject=f"convocation, {row.name}",
        references=(f"Convention : {known.row.title} ({reference(known.id)})",),
        body=tuple(body),
        signatory="",
    )
    return letter_pdf(written)


def _invitation(known: LoadedConvention, row: Meeting) -> str:
    final = " Le bilan final de la convention y est présenté." if row.kind == "final" else ""
    return f"Vous êtes conviés à la réunion suivante : {row.name}, le {when(known, row)}.{final}"


def _invited(members: Sequence[MemberParty]) -> list[str]:
    return [
        f"{one.name} : {', '.join(row.function for row in one.referents)}" if one.referents else one.name
        for one in members
    ]
