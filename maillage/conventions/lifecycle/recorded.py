"""Kinds of the facts that rows hold, with their words; some have no effect on dates and never reach the rules."""

from enum import StrEnum


class RecordedKind(StrEnum):
    """What an `Event` row tells. Those that the rules know bear the same value as `events.EventKind`."""

    PROPOSED = "proposed"
    TAKEN_BACK = "taken_back"
    TEXT_CHANGED = "text_changed"
    DENUNCIATION = "denunciation"
    FORMAL_NOTICE = "formal_notice"
    COMPLIED = "complied"
    TERMINATED = "terminated"
    ENDED_BY_AGREEMENT = "ended_by_agreement"
    RENEWAL_OPPOSED = "renewal_opposed"
    RENEWED = "renewed"
    EVALUATION_SHARED = "evaluation_shared"
    READING_RETAINED = "reading_retained"
    SUPERSEDED = "superseded"
    EXTERNAL_END = "external_end"
    BLANK_FILLED = "blank_filled"
    OPTION_CHOSEN = "option_chosen"
    PREDECESSOR_REPORT = "predecessor_report"
    FRAMEWORK_INFORMED = "framework_informed"
    REFERENT_CHANGED = "referent_changed"
    COMMITTEE_HELD = "committee_held"

    @property
    def label(self) -> str:
        """The French words of the history."""
        return _LABELS[self]


_LABELS: dict[RecordedKind, str] = {
    RecordedKind.PROPOSED: "proposition aux parties",
    RecordedKind.TAKEN_BACK: "proposition reprise par la partie qui rédige",
    RecordedKind.TEXT_CHANGED: "modification du texte, signatures annulées",
    RecordedKind.DENUNCIATION: "dénonciation",
    RecordedKind.FORMAL_NOTICE: "mise en demeure",
    RecordedKind.COMPLIED: "mise en conformité",
    RecordedKind.TERMINATED: "décision de résiliation",
    RecordedKind.ENDED_BY_AGREEMENT: "fin d’un commun accord",
    RecordedKind.RENEWAL_OPPOSED: "opposition au renouvellement",
    RecordedKind.RENEWED: "renouvellement constaté",
    RecordedKind.EVALUATION_SHARED: "évaluation partagée",
    RecordedKind.READING_RETAINED: "lecture retenue par les parties",
    RecordedKind.SUPERSEDED: "remplacement par une autre convention",
    RecordedKind.EXTERNAL_END: "fin de l’instrument lié",
    RecordedKind.BLANK_FILLED: "blanc complété par les parties",
    RecordedKind.OPTION_CHOSEN: "choix sur une clause optionnelle",
    RecordedKind.PREDECESSOR_REPORT: "bilan de la convention précédente",
    RecordedKind.FRAMEWORK_INFORMED: "portée à la connaissance des référents nationaux",
    RecordedKind.REFERENT_CHANGED: "changement de référent",
    RecordedKind.COMMITTEE_HELD: "réunion d’un comité",
}
