"""Protection of personal data: one regime per scope, since a convention may have several."""

from pydantic import Field

from maillage.conventions.terms.base import Article, Frozen, Key, KeyedClause, Labelled, ShortText, Text
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.duration import PeriodField
from maillage.conventions.terms.flows import Roles


class BreachStart(Labelled):
    """The fact from which the delay of a breach notice counts."""

    SUSPICION = "suspicion", "dès la suspicion"
    BREACH = "breach", "dès la violation"
    NOT_STATED = "not_stated", "non précisé"


class Breach(Frozen):
    """Whom a suspected breach is told, and within how long; `mutual`: the parties tell each other."""

    article: Article
    within: Fillable[PeriodField]
    start: BreachStart
    notifies: tuple[Key, ...] = ()
    notified: tuple[Key, ...] = ()
    to_dpo: bool = False
    mutual: bool = False
    follow_up: ShortText | None = None
    decides: Fillable[tuple[Key, ...]] | None = None
    documented: bool = False


class RightsChannel(Labelled):
    """How a person writes to exercise her rights."""

    POST = "post", "par courrier"
    E_MAIL = "e_mail", "par voie électronique"
    NOT_STATED = "not_stated", "non précisé"


class DataRight(Labelled):
    """Rights of the persons named by a text (GDPR, articles 15 to 21)."""

    ACCESS = "access", "accès"
    RECTIFICATION = "rectification", "rectification"
    ERASURE = "erasure", "effacement"
    RESTRICTION = "restriction", "limitation"
    OBJECTION = "objection", "opposition"
    PORTABILITY = "portability", "portabilité"


class RightsRequests(Frozen):
    """Where the requests of persons go: each addressee its own controller, or the DPO of one of them."""

    article: Article
    addressees: tuple[Key, ...] = Field(min_length=1)
    to_dpo: bool = False
    channel: RightsChannel = RightsChannel.NOT_STATED
    contact: Fillable[ShortText] | None = None
    rights: tuple[DataRight, ...] = ()
    relayed_to: tuple[Key, ...] = Field(default=(), description="Partie dont le DPO est ensuite contacté")
    rectification_relayed: ShortText | None = Field(default=None, description="« sans délai »…")


class LawfulBasis(Labelled):
    """On what a processing may rest (GDPR, article 6.1, in the order of its letters)."""

    CONSENT = "consent", "consentement"
    CONTRACT = "contract", "contrat"
    LEGAL_OBLIGATION = "legal_obligation", "obligation légale"
    VITAL_INTERESTS = "vital_interests", "sauvegarde des intérêts vitaux"
    PUBLIC_TASK = "public_task", "mission d’intérêt public"
    LEGITIMATE_INTERESTS = "legitimate_interests", "intérêt légitime"

    @property
    def letter(self) -> str:
        """That of the article."""
        return "abcdef"[list(LawfulBasis).index(self)]

    @property
    def words(self) -> str:
        """« intérêt légitime (RGPD, article 6.1 f) »."""
        return f"{self.label} (RGPD, article 6.1\u00a0{self.letter})"


class Destruction(Frozen):
    """What is destroyed at the end, and by whom."""

    article: Article
    by: tuple[Key, ...] = Field(min_length=1)
    what: ShortText
    when: ShortText
    notice: PeriodField | None = Field(
        default=None, description="Délai entre la fin et la destruction, si le texte en donne un"
    )


class Retention(Frozen):
    """How long data are kept, from which fact."""

    article: Article
    delay: PeriodField
    start: ShortText


class ImpactAssessment(Frozen):
    """Who leads the DPIA (EIVP), who helps."""

    article: Article
    led_by: tuple[Key, ...] = Field(min_length=1)
    helped_by: tuple[Key, ...] = ()


class SubProcessing(Frozen):
    """Whether a processor may call on another."""

    article: Article
    prior_authorisation_by: tuple[Key, ...] = Field(min_length=1)
    same_obligations: bool = True
    fully_liable: tuple[Key, ...] = ()


class OutsideUnion(Frozen):
    """Whether data leave the European Union, and with which guarantees (GDPR, articles 30.1 e and 44 to 49)."""

    article: Article
    where: ShortText = Field(description="Les pays, ou « aucun »")
    guarantees: ShortText | None = Field(
        default=None, description="Décision d’adéquation, clauses contractuelles types…"
    )


class Dpo(Frozen):
    """The data protection officer of a party: an address, never a name."""

    party: Key
    contact: Fillable[ShortText]


class Information(Frozen):
    """Who tells the persons what becomes of their data (GDPR, articles 12 to 14)."""

    article: Article
    by: tuple[Key, ...] = Field(min_length=1)
    when: ShortText
    content: ShortText | None = None


class ProtectionDuty(Frozen):
    """A duty of the regime that the other fields do not hold."""

    key: Key
    article: Article
    debtors: tuple[Key, ...] = Field(min_length=1)
    what: Text


class ProtectionRegime(KeyedClause):
    """What protects the data of one scope of the convention. Any part may be a blank, shown as such.

    Absent parts (`None`) do not apply to the scope; a part on which the text is silent is a blank.
    """

    scope: ShortText
    flows: tuple[Key, ...] = Field(
        default=(), description="Flux que le régime couvre ; vide : tous ceux de sa portée"
    )
    legal_basis: tuple[ShortText, ...] = Field(default=(), description="Les mots du texte")
    lawful_bases: Fillable[tuple[LawfulBasis, ...]] | None = Field(
        default=None, description="Bases de l’article 6.1 du RGPD"
    )
    nominative_data: Fillable[bool] = Field(default=True, description="Peuvent-elles circuler ?")
    roles: Fillable[Roles]
    purpose: Text | None = None
    dpos: Fillable[tuple[Dpo, ...]] | None = None
    breach: Fillable[Breach]
    rights_requests: Fillable[RightsRequests]
    information: Fillable[Information] | None = None
    retention: Fillable[Retention] | None = None
    destruction: Fillable[Destruction] | None = None
    impact_assessment: Fillable[ImpactAssessment] | None = None
    sub_processing: Fillable[SubProcessing] | None = None
    outside_union: Fillable[OutsideUnion] | None = None
    channels: Fillable[ShortText] | None = None
    duties: tuple[ProtectionDuty, ...] = ()
