"""What happened to a convention, as recorded facts. They may come in any order; none is ever corrected in
place.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """Kinds of recorded facts."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    TEXT_CHANGED = "text_changed"
    DENUNCIATION_SENT = "denunciation_sent"
    DENUNCIATION_PRESENTED = "denunciation_presented"
    DENUNCIATION_RECEIVED = "denunciation_received"
    FORMAL_NOTICE_SENT = "formal_notice_sent"
    FORMAL_NOTICE_PRESENTED = "formal_notice_presented"
    FORMAL_NOTICE_RECEIVED = "formal_notice_received"
    COMPLIED = "complied"
    TERMINATED = "terminated"
    ENDED_BY_AGREEMENT = "ended_by_agreement"
    RENEWAL_OPPOSED = "renewal_opposed"
    RENEWED = "renewed"
    EVALUATION_SHARED = "evaluation_shared"
    READING_RETAINED = "reading_retained"
    SUPERSEDED = "superseded"
    EXTERNAL_END = "external_end"
    AMENDED = "amended"

    @property
    def label(self) -> str:
        """The French words of the history and of the time line."""
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of `on`. The rest says whose it is and what its document states.

    - `party`: who signed, denounces, warns, decides or opposes; for `complied`, who put itself right.
    Unset: all the signatories, or nobody in particular.
    - `addressee`: whom a letter is for, one event for each; unset: all of them on that day.
    - `clause`: « term », « renewal » or the name of an exit; with `reading` for a retained reading.
    - `effect`: the first day no longer in force that a decision or a successor states.
    - `until`: the last day in force that a renewal or an external instrument states.
    - `detail`: French words, references or proofs, never read by the rules.
    """

    kind: EventKind
    on: date
    party: str | None = None
    addressee: str | None = None
    clause: str | None = None
    reading: str | None = None
    effect: date | None = None
    until: date | None = None
    detail: str = ""


_LABELS = {
    EventKind.PROPOSED: "proposition aux parties",
    EventKind.SIGNED: "signature",
    EventKind.TEXT_CHANGED: "modification du texte (signatures annulées)",
    EventKind.DENUNCIATION_SENT: "dénonciation envoyée",
    EventKind.DENUNCIATION_PRESENTED: "dénonciation présentée",
    EventKind.DENUNCIATION_RECEIVED: "dénonciation reçue",
    EventKind.FORMAL_NOTICE_SENT: "mise en demeure envoyée",
    EventKind.FORMAL_NOTICE_PRESENTED: "mise en demeure présentée",
    EventKind.FORMAL_NOTICE_RECEIVED: "mise en demeure reçue",
    EventKind.COMPLIED: "mise en conformité",
    EventKind.TERMINATED: "décision de résiliation",
    EventKind.ENDED_BY_AGREEMENT: "fin d'un commun accord",
    EventKind.RENEWAL_OPPOSED: "opposition au renouvellement",
    EventKind.RENEWED: "renouvellement constaté",
    EventKind.EVALUATION_SHARED: "évaluation partagée",
    EventKind.READING_RETAINED: "lecture retenue par les parties",
    EventKind.SUPERSEDED: "remplacement par une autre convention",
    EventKind.EXTERNAL_END: "fin de l'instrument lié",
    EventKind.AMENDED: "avenant",
}
