"""Where a national framework is applied, caisse by caisse, and why it is not (S4 art. 4, block « Signature de la convention »). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.editing import Change, apply
from maillage.conventions.terms.errors import TermsError
from maillage.conventions.terms.services import Item
from maillage.core.calendar import Period, add

KINDS: Final = ("cpam", "cgss", "ccss")
"""The caisses that sign local conventions: it is there that S4 has them signed (art. 7)."""
REVIEWED: Final = Period(months=12)
"""How long what a caisse said holds: S4 art. 4 asks it every year."""
SOON: Final = Period(days=30)
"""How long before its day a review is asked for."""
QUESTION: Final = "convention_absence"
"""The indicator of a framework whose choices are the reasons, where its text has it."""
UNDER_WAY_KEY: Final = "demarches_en_cours"
"""The reason that says that something is under way, whatever its words."""
REASONS: Final = (
    Item(key="aucune_demarche", label="Absence de démarche"),
    Item(key=UNDER_WAY_KEY, label="Démarches en cours"),
    Item(key="absence_reponse", label="Absence de réponse"),
    Item(key="refus_partenaire", label="Refus du partenaire"),
    Item(key="refus_cpam", label="Refus de la CPAM"),
    Item(key="partenaire_absent", label="Partenaire absent du territoire"),
    Item(key="convention_anterieure", label="Convention antérieure au cadre"),
)
"""Those of S4's sheet, in the words of no partner: for a framework whose text asks no such question."""


class Standing(Labelled):
    """Where a caisse stands with a framework, with the words shown; stored nowhere."""

    SIGNED = "signed", "Convention signée"
    UNDER_WAY = "under_way", "Démarches en cours"
    EXPLAINED = "explained", "Aucune convention, motif noté"
    SILENT = "silent", "Aucune convention, rien de noté"


class Echelon(Labelled):
    """Over what a local convention is concluded: one département, or several."""

    DEPARTEMENT = "departement", "départemental"
    REGION = "region", "régional"


@dataclass(frozen=True, slots=True)
class Concluded:
    """A local convention of a caisse, signed or in force: the day of its last signature, the départements whose caisses sign it."""

    signed_on: date | None
    departements: int

    @property
    def echelon(self) -> Echelon:
        """Regional where caisses of several départements sign it."""
        return Echelon.REGION if self.departements > 1 else Echelon.DEPARTEMENT


@dataclass(frozen=True, slots=True)
class Noted:
    """Why a caisse has none, as it noted it: the reason in the words of that day, the day that it is true of, a comment."""

    key: str
    label: str
    day: date
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A caisse and where it stands. `noted`: what it said, the newest first."""

    organisation: UUID
    name: str
    departement: str
    concluded: tuple[Concluded, ...] = ()
    noted: tuple[Noted, ...] = ()

    @property
    def standing(self) -> Standing:
        """A convention counts before anything that was noted."""
        if self.concluded:
            return Standing.SIGNED
        if not self.noted:
            return Standing.SILENT
        return Standing.UNDER_WAY if self.noted[0].key == UNDER_WAY_KEY else Standing.EXPLAINED

    @property
    def reason(self) -> Noted | None:
        """Why there is none, as last noted; None where there is one."""
        return self.noted[0] if self.noted and not self.concluded else None

    @property
    def since(self) -> date | None:
        """The day of the first of its conventions that still runs."""
        return min((one.signed_on for one in self.concluded if one.signed_on), default=None)

    def count(self, echelon: Echelon) -> int:
        """How many of its conventions are concluded at this level."""
        return sum(one.echelon is echelon for one in self.concluded)


def reasons_asked(
    indicators: Sequence[Mapping[str, Any]], changes: Iterable[tuple[date, Mapping[str, Any]]], on: date
) -> tuple[Item, ...]:
    """The reasons that a framework's text proposes on a day: its indicators as first written, and what avenants changed of them.

    A text that does not ask the question, or whose changes do not hold together, leaves S4's own, in the words of no partner.
    """
    data: dict[str, Any] = {"indicators": [dict(one) for one in indicators]}
    try:
        for effect, change in changes:
            if effect <= on:
                apply(data, Change.model_validate(change))
        asked: dict[str, Any] = next((one for one in data["indicators"] if one.get("key") == QUESTION), {})
        found = tuple(Item.model_validate(one) for one in asked.get("choices") or ())
    except (TermsError, ValidationError):
        return REASONS
    return found or REASONS


def review_due(line: Line, since: date | None, on: date) -> date | None:
    """The day by which a caisse says again why it has no convention, from `SOON` before it on: a year after what it said last.

    Where it never said anything, the last day on which a whole number of years has gone by since the framework took effect. None
    where a convention is signed, which says enough, and while nothing is due.
    """
    shown = add(on, SOON)
    if line.concluded:
        return None
    if line.noted:
        due = add(line.noted[0].day, REVIEWED)
        return due if due <= shown else None
    if since is None:
        return None
    years = max(shown.year - since.year, 0)
    passed = [add(since, Period().plus(REVIEWED, one)) for one in (years, years - 1) if one > 0]
    return next((one for one in passed if one <= shown), None)


def standings_count(lines: Iterable[Line]) -> Mapping[Standing, int]:
    """How many caisses stand where; each standing is there, 0 included."""
    found = Counter(line.standing for line in lines)
    return {one: found[one] for one in Standing}


def by_departement(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The caisses of each département, in its code's order; those without one are left out."""
    found: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda one: (one.departement, one.name)):
        if line.departement:
            found.setdefault(line.departement, []).append(line)
    return found


def furthest(lines: Iterable[Line]) -> Standing:
    """Where a département stands: as the caisse of it that is the furthest."""
    order = list(Standing)
    return min((line.standing for line in lines), key=order.index)
