"""Where a caisse stands with a framework, in words, on the map and in a table: the same everywhere, the export included."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.conventions.deployment.rules import (
    Echelon,
    Line,
    Standing,
    by_departement,
    furthest,
    standings_count,
)
from maillage.organisations.territories import departements, zone_name
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Event, Tile
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.svg.fills import Fill
from maillage.web.presentation.svg.france import Area, FranceMap, france_map, known_codes
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.presentation.tones import Tone

NOTHING: Final = "–"
COLUMNS: Final = (
    Column("Caisse"),
    Column("Département"),
    Column("Où elle en est"),
    Column("Départementales", is_number=True),
    Column("Régionales", is_number=True),
    Column("Depuis le"),
    Column("Motif"),
    Column("À la date du"),
    Column("Précision"),
)
LABELS: Final = tuple(column.label for column in COLUMNS)
TONES: Final = {
    Standing.SIGNED: Tone.GOOD,
    Standing.UNDER_WAY: Tone.INFO,
    Standing.EXPLAINED: Tone.NEUTRAL,
    Standing.SILENT: Tone.SOON,
}
FILLS: Final = {
    Standing.SIGNED: Fill.FULL,
    Standing.UNDER_WAY: Fill.HATCHED,
    Standing.EXPLAINED: Fill.CROSSED,
    Standing.SILENT: Fill.DOTTED,
}
MAP_TITLE: Final = "Où en est chaque département"
DEFINITION: Final = (
    "Une convention locale compte quand elle est signée ou en vigueur, qu’une caisse du département en est signataire et qu’elle dit "
    "mettre en œuvre ce cadre. Elle est régionale quand des caisses de plusieurs départements la signent. « Depuis le » : le jour de la "
    "dernière signature de la plus ancienne. Un département où travaillent plusieurs caisses est dessiné comme la plus avancée."
)


def note_url(framework: UUID) -> str:
    """Where a caisse says why it has no convention under a framework."""
    return f"{reverse('conventions:deployment_reason')}?cadre={framework}"


def cells(line: Line) -> tuple[str, ...]:
    """One line of the table and of the export."""
    reason = line.reason
    return (
        line.name,
        zone_name(line.departement) or line.departement or NOTHING,
        line.standing.label,
        number(line.count(Echelon.DEPARTEMENT)),
        number(line.count(Echelon.REGION)),
        short_date(line.since) if line.since else NOTHING,
        reason.label if reason else NOTHING,
        short_date(reason.day) if reason else NOTHING,
        (reason.comment if reason else "") or NOTHING,
    )


def table(lines: Sequence[Line]) -> Table:
    """The table of the caisses shown."""
    rows = []
    for line in lines:
        name, departement, standing, *others = cells(line)
        rows.append((name, departement, state_cell(standing, TONES[line.standing]), *others))
    return plain_table(
        "caisses", counted(len(rows), "caisse"), COLUMNS, rows, empty="Aucune caisse ne répond à ce filtre.", stacks=True
    )  # fmt: skip


def former_table(lines: Sequence[Line]) -> Table | None:
    """What was noted before, and no longer counts; None where there is none."""
    rows = [
        (line.name, said.label, short_date(said.day), said.comment or NOTHING)
        for line in lines
        for said in line.noted
        if said is not line.reason
    ]
    columns = ["Caisse", "Motif", "À la date du", "Précision"]
    return (
        plain_table("motifs-anciens", counted(len(rows), "motif"), columns, rows, stacks=True)
        if rows
        else None
    )


def reasons_table(lines: Sequence[Line]) -> Table | None:
    """How many caisses gave which reason, the most frequent first; None where none did."""
    found = Counter(line.reason.label for line in lines if line.reason)
    rows = [
        (label, number(count)) for label, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    ]
    columns: list[str | Column] = ["Motif", Column("Caisses", is_number=True)]
    return plain_table("motifs", "Motifs qui comptent aujourd’hui", columns, rows) if rows else None


def tiles(lines: Sequence[Line]) -> list[Tile]:
    """The counters, over all the caisses."""
    counts = standings_count(lines)
    none = counts[Standing.EXPLAINED] + counts[Standing.SILENT]
    of_all = f"sur {counted(len(lines), 'caisse')} de l’annuaire."
    return [
        Tile(
            "Convention signée", number(counts[Standing.SIGNED]), f"Caisses qui en ont une au moins, {of_all}"
        ),
        Tile(
            "Démarches en cours", number(counts[Standing.UNDER_WAY]), "Caisses sans convention qui le disent."
        ),
        Tile(
            "Aucune convention",
            number(none),
            f"Dont {number(counts[Standing.SILENT])} sans rien de noté.",
        ),
    ]


def picture(lines: Sequence[Line], others: str) -> str:
    """The map; `others` says why a département is left empty."""
    known = known_codes()
    areas = [
        Area(code, FILLS[furthest(found)], " ; ".join(_said(line, len(found)) for line in found))
        for code, found in by_departement(lines).items()
        if code in known
    ]
    legend = [(FILLS[one], one.label) for one in Standing]
    return france_map(FranceMap("carte", MAP_TITLE, areas, legend, others=others))


def _said(line: Line, beside: int) -> str:
    """A caisse of the map, named where its département has several."""
    words = line.standing.label
    if line.reason:
        words = f"{words} ({line.reason.label})"
    if line.concluded:
        words = f"{words} ({concluded_words(line)})"
    return f"{line.name}, {words}" if beside > 1 else words


def concluded_words(line: Line) -> str:
    """Its conventions, by level, and since when."""
    counts = [
        counted(line.count(Echelon.DEPARTEMENT), "départementale"),
        counted(line.count(Echelon.REGION), "régionale"),
    ]
    said = " et ".join(words for words, one in zip(counts, Echelon, strict=True) if line.count(one))
    return f"{said}, depuis le {short_date(line.since)}" if line.since else said


def history(line: Line) -> list[Event]:
    """All that a caisse noted, the newest first; that which counts says so."""
    return list(_events(line))


def _events(line: Line) -> Iterator[Event]:
    for said in line.noted:
        title = f"{said.label}, le motif qui compte" if said is line.reason else said.label
        yield Event(long_date(said.day), title, detail=said.comment)


def shown(lines: Iterable[Line], standing: str, region: str) -> list[Line]:
    """Those of a standing and of a region, as the filter asks; an empty one asks nothing."""
    return [
        line
        for line in lines
        if (not standing or line.standing == standing) and (not region or _region(line) == region)
    ]


def _region(line: Line) -> str:
    found = departements().get(line.departement)
    return found.region if found else ""
