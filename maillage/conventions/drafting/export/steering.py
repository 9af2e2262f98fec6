"""Who runs the convention and how it is followed: referents, committees, indicators, action sheets (S2 3 and 5, S1 3)."""

from collections.abc import Sequence

from maillage.conventions.drafting.export.words import (
    Names,
    cadence,
    choice,
    joined,
    kept,
    listing,
    quoted,
    said,
    to_fill,
    value,
    words,
)
from maillage.conventions.terms import Blank
from maillage.conventions.terms.obligations import Obligation
from maillage.conventions.terms.steering import (
    ActionSheet,
    Axis,
    ChangeFormality,
    Committee,
    Indicator,
    Referent,
)
from maillage.documents.composition import Block, Line, Paragraph, Style, Table

_CHANGES = {
    ChangeFormality.LETTER: "Tout changement de référent est communiqué par courrier aux autres parties, sans avenant.",
    ChangeFormality.MUTUAL_INFORMATION: "Les parties s’informent de tout changement de référent, sans avenant.",
    ChangeFormality.LIST_KEPT_UP_TO_DATE: "La liste des référents est tenue à jour, sans avenant.",
    ChangeFormality.AMENDMENT: "Un changement de référent fait l’objet d’un avenant.",
}


def referents(clauses: Sequence[Referent], names: Names) -> list[Block]:
    """Whom each party names."""
    with_contact = any(one.contact is not None for one in clauses)
    head = ("Partie", "Niveau", "Fonction", *(("Contact",) if with_contact else ()))
    rows = tuple(
        (
            words(names.of(one.party)),
            words(one.level.label),
            value(one.functions),
            *((_contact(one),) if with_contact else ()),
        )
        for one in clauses
    )
    blocks: list[Block] = [Table("Référents", head, rows, (3, 2, 5, 5) if with_contact else (3, 2, 10))]
    for duties in dict.fromkeys(one.duties for one in clauses if one.duties):
        told = names.all([one.party for one in clauses if one.duties == duties])
        blocks += [Paragraph(words(f"Rôle du référent ({told}) :")), *listing(words(duty) for duty in duties)]
    for asked in dict.fromkeys(one.solicited_for for one in clauses if one.solicited_for):
        blocks += [
            Paragraph(words("Les référents peuvent être sollicités pour :")),
            *listing(words(item.label) for item in asked),
        ]
    changes = dict.fromkeys(_CHANGES[one.change] for one in clauses if one.change in _CHANGES)
    return [*blocks, *(Paragraph(words(change)) for change in changes)]


def _contact(one: Referent) -> Line:
    return value(one.contact) if one.contact is not None else ()


def committees(clauses: Sequence[Committee], names: Names) -> list[Block]:
    """The bodies that meet."""
    blocks: list[Block] = []
    for one in clauses:
        rhythm = cadence(one.cadence)
        meets = said(", qui se réunit ", rhythm) if rhythm else ()
        members = f" Il réunit {names.all(one.members)}." if one.members else ""
        blocks.append(
            Paragraph(
                said(words(one.name, Style.STRONG), f" (niveau {one.level.label})", meets, ".", members)
            )
        )
        blocks += listing(words(line) for line in one.composition)
        if one.tasks:
            blocks += [
                Paragraph(words("Il a pour missions de :")),
                *listing(words(task) for task in one.tasks),
            ]
        if one.may_sit_inside:
            blocks.append(
                Paragraph(words(f"Il peut se tenir au sein d’une autre instance : {one.may_sit_inside}."))
            )
        if one.organisation is not None:
            blocks.append(Paragraph(value(one.organisation)))
        blocks += quoted(one)
    return blocks


def indicators(clauses: Sequence[Indicator], names: Names) -> list[Block]:
    """What is counted and shown."""
    _ = names
    groups: dict[str, list[Indicator]] = {}
    for one in kept(clauses):
        groups.setdefault(one.block or "Indicateurs", []).append(one)
    return [
        Table(
            title,
            (title, "Réponse", "Source"),
            tuple((_question(one), words(one.answer.label), _source(one)) for one in group),
            (8, 3, 4),
        )
        for title, group in groups.items()
    ]


def _question(one: Indicator) -> Line:
    parts = f"\n{' ; '.join(part.label for part in one.parts)}" if one.parts else ""
    counting = f"\n{one.counting}" if one.counting else ""
    parts += f"\n{' / '.join(item.label for item in one.choices)}" if one.choices else ""
    return said(choice(one), one.label, words(parts + counting, Style.SMALL) if parts or counting else ())


def _source(one: Indicator) -> Line:
    sample = said("\n", value(one.sample_size)) if one.sample_size is not None else ()
    return said(one.source.label, sample)


def obligations(clauses: Sequence[Obligation], names: Names) -> list[Block]:
    """General obligations: one paragraph each, with who, when and the steps."""
    blocks: list[Block] = []
    for one in clauses:
        who = f"{names.all(one.debtors)} : " if one.debtors else ""
        qualities = [
            text
            for holds, text in (
                (one.prior, "au préalable"),
                (one.written, "par écrit"),
                (one.case_by_case, "au cas par cas"),
                (one.outlives_term, "cette obligation survit au terme de la convention"),
            )
            if holds
        ]
        details = [words(", ".join(qualities))] if qualities else []
        details += [cadence(one.cadence)] if one.cadence else []
        details += [value(one.amount)] if one.amount is not None else []
        told = joined(details, " ; ")
        blocks.append(Paragraph(said(who, one.what, said(" (", told, ")") if told else (), ".")))
        blocks += [*listing(words(step) for step in one.steps), *quoted(one)]
    return blocks


def axes(clauses: Sequence[Axis], names: Names) -> list[Block]:
    """Axes and their action sheets."""
    _ = names
    blocks: list[Block] = []
    for axis in clauses:
        aim = f" {axis.aim}" if axis.aim else ""
        blocks.append(Paragraph(said(words(f"Axe {axis.number} : {axis.label}.", Style.STRONG), aim)))
        if axis.sheets:
            rows = tuple(
                (
                    words(str(sheet.number)),
                    words(sheet.description),
                    _named(("Pilotes", sheet.leads), ("Partenaires", sheet.partners)),
                    _named(("Jalons", _milestones(sheet)), ("Indicateurs", sheet.indicators)),
                )
                for sheet in axis.sheets
            )
            head = ("Fiche", "Action", "Qui", "Jalons et indicateurs")
            blocks.append(Table(f"Fiches de l’axe {axis.number}", head, rows, (2, 8, 5, 5)))
    return blocks


def _named(*parts: tuple[str, Blank | tuple[str, ...]]) -> Line:
    """Named lists, one a line; places to fill for those that the sheet was to give."""
    lines = [
        to_fill(names) if isinstance(names, Blank) else words(f"{label} : {', '.join(names)}")
        for label, names in parts
        if names != ()
    ]
    return joined(lines, "\n")


def _milestones(sheet: ActionSheet) -> Blank | tuple[str, ...]:
    if isinstance(sheet.milestones, Blank):
        return sheet.milestones
    return tuple(f"{one.label} ({one.due})" if one.due else one.label for one in sheet.milestones)
