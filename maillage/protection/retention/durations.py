"""How long an organisation keeps the files of closed cases that no convention ends: its own durations, dated, with a reason. Pure.

Sources: GDPR art. 5.1.e (no longer than needed), 30.1.f (the delays for erasure are in the record of processing). The text's terms
come first, then the law, then these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from maillage.conventions.terms import Terms
from maillage.core.calendar import DAY, Period
from maillage.core.refusals import Fault
from maillage.protection.retention.rules import DataClass, Rule, Source, rule_for

NOTICE: Final = Period(days=30)
"""Between the day on which a duration is fixed and the first case that goes by it: time to see an error, and to hold cases back."""
LONGEST: Final = 300
"""Characters of a reason."""
MOST_MONTHS: Final = 1200
CLOSING: Final = "la clôture du dossier"
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"referral": "orientations", "application": "demandes de droits", "appointment": "rendez-vous"}
)
"""What a case may be, as a duration of its own is said for it."""


@dataclass(frozen=True, slots=True)
class Duration:
    """What an organisation stated on a day for one scope: of one convention, else of one kind of cases, else of all; `months` None where
    it withdrew what it had fixed."""

    id: UUID
    months: int | None
    reason: str
    on: date
    convention: UUID | None = None
    kind: str = ""

    @property
    def scope(self) -> tuple[UUID | None, str]:
        """What it is about: of several about the same, the newest counts."""
        return self.convention, self.kind


Durations = Mapping[tuple[UUID | None, str], Duration]
"""What runs, by scope."""


def running(stated: Iterable[Duration]) -> Durations:
    """Of what was stated, oldest first, the newest of each scope, without those that were withdrawn."""
    newest = {one.scope: one for one in stated}
    return {scope: one for scope, one in newest.items() if one.months is not None}


def duration_for(found: Durations, convention: UUID, kind: str) -> Duration | None:
    """The one that rules the cases of a kind under a convention: the most precise."""
    scopes = ((convention, ""), (None, kind), (None, ""))
    return next((found[scope] for scope in scopes if scope in found), None)


def rule_of(one: Duration) -> Rule:
    """A duration as a rule: from the closing, and not before its notice has run."""
    period = Period(months=one.months) if one.months else None
    return Rule(period, CLOSING, Source.OWN, one.reason, not_before=one.on + timedelta(days=NOTICE.days))


def case_rule(terms: Terms, *, party: str, flow: str, convention: UUID, kind: str, found: Durations) -> Rule:
    """How long a party keeps a closed case: as its convention says, else as the party itself fixed, else as long as nothing ends it.

    What the text leaves blank is still told.
    """
    said = rule_for(DataClass.CASE, terms, party=party, flow=flow)
    if said.source is Source.TERMS:
        return said
    own = duration_for(found, convention, kind)
    return replace(rule_of(own), blank=said.blank) if own else said


def counted_from(rule: Rule, closed: date | None, ended: date | None) -> date | None:
    """The fact from which a case counts: its closing, or the last day of its convention where the text counts from that.

    None while it is not known: the case is open, or its convention runs.
    """
    if closed is None or rule.duration is None:
        return None
    if "convention" in rule.start.casefold():
        return max(closed, ended) if ended else None
    return closed


def passed(rule: Rule, on: date, departement: str = "") -> date | None:
    """The newest fact whose data are kept no longer on a day; None where nothing goes yet.

    As `until`, asked the other way round: of all facts up to it the data go, of none after it.
    """
    length = rule.duration
    if length is None or (rule.not_before is not None and rule.not_before >= on):
        return None
    kept = on  # a fact of `on` itself is kept that day at least
    gone = on - timedelta(days=31 * length.months + length.days + 3 * length.working_days + 31)
    while kept - gone > DAY:
        middle = gone + (kept - gone) // 2
        until = rule.until(middle, departement)
        if until is not None and until < on:
            gone = middle
        else:
            kept = middle
    return gone


def duration_faults(
    *, months: int | None, reason: str, convention: UUID | None, kind: str
) -> list[Fault | None]:
    """What is wrong with a duration that somebody fixes, at its field."""
    return [
        None
        if months is not None and 1 <= months <= MOST_MONTHS
        else Fault(f"Écrivez un nombre de mois, de 1 à {MOST_MONTHS}.", "months"),
        reason_fault(reason),
        Fault("Choisissez une convention, ou une sorte de dossiers : pas les deux.", "scope")
        if convention and kind
        else None,
        Fault("Choisissez dans la liste.", "scope") if kind and kind not in KINDS else None,
    ]


def reason_fault(reason: str) -> Fault | None:
    """What is wrong with the reason of a duration, or of its withdrawal."""
    if not reason.strip():
        return Fault("Dites d’après quoi : votre référentiel, une décision, un texte.", "reason")
    if len(reason.strip()) > LONGEST:
        return Fault(f"Écrivez {LONGEST} caractères au plus.", "reason")
    return None
