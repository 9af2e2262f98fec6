"""The board in tables: the page draws them, and the export writes the same figures line by line."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from maillage.rights.board.queries import WITHHELD, Board, Kind
from maillage.rights.declared.rights import right_label
from maillage.rights.measuring.delays import BOUNDS, Band, Distribution, Kept
from maillage.rights.rules import AGAIN_REASONS
from maillage.rights.sampled.rules import Side
from maillage.rights.states import State
from maillage.web.presentation.components import Tile
from maillage.web.presentation.numbers import counted, number, percent
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.rights.words import state_words

NOTHING: Final = "–"
STEP_LABELS: Final[Mapping[str, str]] = {
    "completing": "De la réception au dossier complet",
    "deciding": "Du dossier complet à la décision",
    "telling": "De la décision à la personne prévenue",
}
_STATES: Final = (*State, WITHHELD)


def kind_label(kind: Kind) -> str:
    """A right, its urgent requests apart."""
    right, urgent = kind
    return f"{right_label(right)}, demandes urgentes" if urgent else right_label(right)


def state_label(state: str, side: Side) -> str:
    """A state as this side reads it."""
    return "Suite que la personne ne vous dit pas" if state == WITHHELD else state_words(side, state)


def days(value: Fraction | float | None, decimals: int = 1) -> str:
    """A number of days, or nothing to say."""
    return NOTHING if value is None else number(float(value), decimals)


def kept(found: Kept) -> str:
    """How many last days were kept, and the part that it is."""
    if found.share is None:
        return NOTHING
    return f"{number(found.count)} sur {number(found.of)} ({percent(float(found.share), 0)})"


def band_label(band: Band) -> str:
    """A band of days."""
    return f"{band.first} jours et plus" if band.last is None else f"{band.first} à {band.last} jours"


def tiles(found: Board) -> list[Tile]:
    """What one reads first."""
    return [
        Tile("Transmis", number(found.sent_in_all), "Dossiers envoyés à la caisse pendant la période."),
        Tile("Décidés", number(found.whole.count), "Dossiers décidés pendant la période, quel que soit le jour de l’envoi."),
        Tile("Délai total moyen", days(found.whole.mean), "En jours, de la réception par la caisse à la décision."),
        Tile("Engagement tenu", kept(found.whole.promise), "Décidés dans le délai que la convention promettait, quand elle promettait."),
        Tile("Délai de la loi tenu", kept(found.whole.law), "Décidés avant que le silence ne parle, quand la loi le fait parler."),
        Tile("En cours aujourd’hui", number(found.open), "Dossiers sans fin à ce jour, quel que soit le jour de l’envoi."),
    ]  # fmt: skip


def sent_table(found: Board, side: Side) -> Table:
    """What was sent, by right, and where it stands today."""
    states = [state for state in _STATES if any(state in one for one in found.sent.values())]
    rows = [_sent(kind_label(kind), counts, states) for kind, counts in found.sent.items()]
    if len(rows) > 1:
        whole = {state: sum(one.get(state, 0) for one in found.sent.values()) for state in states}
        rows.append(_sent("Ensemble", whole, states))
    columns: list[str | Column] = [
        "Droit",
        *(Column(state_label(state, side), is_number=True) for state in states),
    ]
    return plain_table(
        "transmis",
        "Dossiers transmis pendant la période, et leur état aujourd’hui",
        [*columns, Column("Total", is_number=True)],
        rows,
        empty="Aucun dossier transmis pendant cette période.",
    )


def _sent(label: str, counts: Mapping[str, int], states: Sequence[str]) -> tuple[str, ...]:
    shown = [number(counts.get(state, 0)) for state in states]
    return (label, *shown, number(sum(counts.values())))


def delays_table(found: Board) -> Table:
    """How long what was decided took, by right."""
    columns = ["Décidés", "Moyenne", "Médiane", "Une moitié entre", "Engagement tenu", "Loi tenue"]
    return plain_table(
        "delais-decides",
        "Délai total des dossiers décidés, en jours, de la réception à la décision",
        ["Droit", *(Column(label, is_number=True) for label in columns)],
        [(label, *_delays(one)) for label, one in _by_kind(found)],
        empty="Aucun dossier décidé pendant cette période.",
    )


def _by_kind(found: Board) -> list[tuple[str, Distribution]]:
    rows = [(kind_label(kind), one) for kind, one in found.delays.items()]
    return [*rows, ("Ensemble", found.whole)] if len(rows) > 1 else rows


def _delays(one: Distribution) -> tuple[str, ...]:
    half = NOTHING
    if one.quartiles:
        half = f"{days(one.quartiles[0], 0)} et {days(one.quartiles[2], 0)}"
    return number(one.count), days(one.mean), days(one.median), half, kept(one.promise), kept(one.law)


def bands_table(found: Board) -> Table:
    """The distribution of the same delays, by bands of days."""
    return plain_table(
        "repartition",
        "Répartition des mêmes délais",
        ["Droit", *(Column(band_label(band), is_number=True) for band in found.whole.bands)],
        [(label, *(_share(band, one) for band in one.bands)) for label, one in _by_kind(found)],
        empty="Aucun dossier décidé pendant cette période.",
    )


def _share(band: Band, one: Distribution) -> str:
    return f"{number(band.count)} ({percent(band.count / one.count, 0)})" if band.count else "0"


def steps_table(found: Board) -> Table:
    """Where the time went, step by step."""
    return plain_table(
        "etapes",
        "Étape par étape, en jours",
        ["Étape", *(Column(label, is_number=True) for label in ("Dossiers", "Moyenne", "Médiane"))],
        [
            (step_label(step, urgent=urgent), number(one.count), days(one.mean), days(one.median))
            for (step, urgent), one in found.steps.items()
        ],
        empty="Aucun dossier décidé pendant cette période.",
    )


def step_label(step: str, *, urgent: bool) -> str:
    """A step, that of urgent requests apart."""
    return f"{STEP_LABELS[step]}, demandes urgentes" if urgent else STEP_LABELS[step]


def beside_table(found: Board) -> Table:
    """What calls for a word at the committee: second requests for pieces, and the law's silence."""
    again = [
        (f"Pièces redemandées : {AGAIN_REASONS[why].lower()}", count) for why, count in found.again.items()
    ]
    lines = [
        *(again or [("Pièces redemandées", 0)]),
        ("Droits ouverts par le silence de la caisse", found.accepted),
        ("Refus acquis par le silence de la caisse", found.rejected),
    ]
    return plain_table(
        "a-noter", "À noter sur la période", ["Fait", Column("Fois", is_number=True)], [(what, number(count)) for what, count in lines]
    )  # fmt: skip


def bounds_words() -> str:
    """Where the bands come from."""
    ends = ", ".join(str(bound) for bound in BOUNDS)
    return f"Les tranches s’arrêtent aux délais que les textes connaissent ({ends} jours)."


EXPORTED: Final = ("Partie", "Droit", "Demandes", "Mesure", "Valeur")


def lines(found: Board, side: Side) -> Iterator[tuple[str, ...]]:
    """Every figure of the board on a line of its own, plain numbers with a decimal comma."""
    for kind, counts in found.sent.items():
        for state, count in sorted(counts.items()):
            yield ("Transmis", *_kind(kind), state_label(state, side), str(count))
    yield ("En cours", "Tous", "Toutes", "En cours aujourd’hui", str(found.open))
    named = [(_kind(kind), one) for kind, one in found.delays.items()]
    for names, one in [*named, (("Tous", "Toutes"), found.whole)]:
        for measure, value in _measures(one):
            yield ("Délai total", *names, measure, value)
    for (step, urgent), one in found.steps.items():
        for measure, value in [
            ("Dossiers", str(one.count)),
            ("Moyenne", _plain(one.mean)),
            ("Médiane", _plain(one.median)),
        ]:
            yield (STEP_LABELS[step], "Tous", _urgency(urgent=urgent), measure, value)  # fmt: skip
    for why, count in found.again.items():
        yield ("Pièces redemandées", "Tous", "Toutes", AGAIN_REASONS[why], str(count))
    yield ("Silence de la caisse", "Tous", "Toutes", "Accords", str(found.accepted))
    yield ("Silence de la caisse", "Tous", "Toutes", "Refus", str(found.rejected))


def _kind(kind: Kind) -> tuple[str, str]:
    return right_label(kind[0]), _urgency(urgent=kind[1])


def _urgency(*, urgent: bool) -> str:
    return "Urgentes" if urgent else "Non urgentes"


def _measures(one: Distribution) -> Iterator[tuple[str, str]]:
    yield "Dossiers", str(one.count)
    yield "Moyenne", _plain(one.mean)
    for label, place in (("Premier quartile", 0), ("Médiane", 1), ("Troisième quartile", 2)):
        yield label, _plain(one.quartiles[place] if one.quartiles else None)
    for band in one.bands:
        yield band_label(band), str(band.count)
    for label, found in (("Engagement", one.promise), ("Délai de la loi", one.law)):
        yield f"{label} tenu", str(found.count)
        yield f"{label} compté", str(found.of)


def _plain(value: Fraction | float | None) -> str:
    return "" if value is None else f"{float(value):.2f}".replace(".", ",")


def sampled_words(size: int, population: int) -> str:
    """How many were drawn, of how many."""
    return f"{counted(size, 'dossier')} sur {number(population)}"
