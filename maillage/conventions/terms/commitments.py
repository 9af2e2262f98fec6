"""What each party owes: one clause each, with its cadence or due rule and what proves it done."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from maillage.conventions.terms.base import Frozen, Key, Labelled, OptionalClause, ShortText, Text
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.duration import PeriodField


class CommitmentKind(Labelled):
    """What a commitment is about."""

    INFORMATION = "information", "information"
    TRAINING = "training", "formation"
    ACCESS_TO_RIGHTS = "access_to_rights", "accès aux droits"
    ACCESS_TO_CARE = "access_to_care", "accès aux soins"
    CONTACT = "contact", "relations entre les parties"
    COMMUNICATION = "communication", "communication"
    MONITORING = "monitoring", "suivi"
    PROTECTION = "protection", "protection des données"
    PAYMENT = "payment", "versement"


class TrainingTheme(Labelled):
    """What a session is about: the seven modules that article 1 of the Croix-Rouge’s framework names (S4)."""

    RIGHTS = "rights", "accès aux droits de base et complémentaires"
    CARE_PATHWAY = "care_pathway", "parcours de soins"
    RENUNCIATION = "renunciation", "lutte contre le renoncement aux soins"
    PREVENTION = "prevention", "prévention en santé"
    SOCIAL_SERVICE = "social_service", "missions du service social"
    SOCIAL_ACTION = "social_action", "actions sanitaires et sociales"
    ONLINE_SERVICES = "online_services", "services en ligne"


class Rhythm(Labelled):
    """How often something is owed."""

    ONCE = "once", "une fois"
    CONTINUOUS = "continuous", "en continu"
    ON_EVENT = "on_event", "à chaque fois"
    ON_OPPORTUNITY = "on_opportunity", "quand l'occasion se présente"
    WEEKLY = "weekly", "chaque semaine"
    MONTHLY = "monthly", "chaque mois"
    QUARTERLY = "quarterly", "chaque trimestre"
    HALF_YEARLY = "half_yearly", "chaque semestre"
    YEARLY = "yearly", "chaque année"


class CountedAnswer(Labelled):
    """What Maillage counts of the referrals that a party receives, where a text promises to answer them within a delay."""

    ACKNOWLEDGED = "acknowledged", "accusés de réception donnés à temps"
    CONTACTED = "contacted", "personnes contactées à temps"


DayOfYear = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Month = Annotated[int, Field(ge=1, le=12)]
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Cadence(Frozen):
    """A rhythm, with the days (`MM-DD`) or months that the text gives; `within` counts from `event`."""

    rhythm: Fillable[Rhythm]
    days: tuple[DayOfYear, ...] = ()
    months: tuple[Month, ...] = ()
    event: ShortText | None = None
    within: Fillable[PeriodField] | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for day in self.days:
            month, number = int(day[:2]), int(day[3:])
            if number > _DAYS_IN_MONTH[month - 1]:
                raise ValueError(f"un jour de l'année « MM-JJ » qui existe ; « {day} » n'existe pas")
        if self.rhythm is Rhythm.ON_EVENT and self.event is None:
            raise ValueError("`event` : l'événement qui fait naître l'engagement")
        if self.within is not None and self.event is None:
            raise ValueError("`event` : ce dont le délai `within` part")
        return self


class Amount(Frozen):
    """Money owed by a commitment, in euro cents."""

    cents: int = Field(ge=0)
    per: ShortText | None = None


class Commitment(OptionalClause):
    """One line of the commitment register; beneficiaries are parties, third parties or `person`."""

    debtors: tuple[Key, ...] = Field(min_length=1)
    beneficiaries: tuple[Key, ...] = ()
    what: Text
    kind: CommitmentKind
    cadence: Cadence | None = None
    evidence: tuple[ShortText, ...] = ()
    session_themes: tuple[TrainingTheme, ...] = Field(
        default=(),
        description="Thèmes des séances de formation qui montrent qu'il est tenu ; aucun : aucune séance ne le montre",
    )
    support_kinds: tuple[Key, ...] = Field(
        default=(),
        description="Natures des supports dont la publication montre qu'il est tenu ; aucune : aucun support ne le montre",
    )
    support_services: tuple[Key, ...] = Field(
        default=(),
        description="Services dont parle un tel support, un suffit ; aucun : quel que soit le service",
    )
    counted_answer: CountedAnswer | None = Field(
        default=None,
        description="Ce que Maillage compte des orientations reçues, pour montrer qu'il est tenu",
    )
    services: tuple[Key, ...] = ()
    terms_of_use: Fillable[Text] | None = Field(
        default=None, description="Modalités que le texte laisse à définir"
    )
    conditional_on: ShortText | None = Field(default=None, description="« selon les ressources »…")
    amount: Fillable[Amount] | None = None

    @model_validator(mode="after")
    def _shown_by_something(self) -> Self:
        if self.support_services and not self.support_kinds:
            raise ValueError("`support_kinds` : les natures des supports qui le montrent")
        if self.counted_answer is None:
            return self
        if self.cadence is None or self.cadence.rhythm is not Rhythm.ON_EVENT:
            raise ValueError("`cadence` : « on_event », puisque chaque orientation reçue est à répondre")
        if self.counted_answer is CountedAnswer.CONTACTED and self.cadence.within is None:
            raise ValueError("`cadence.within` : le délai pour contacter la personne, ou son blanc")
        return self
