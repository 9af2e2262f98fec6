"""Who may send what to whom, by which channel and under which role: no flow, no referral."""

from typing import Self

from pydantic import Field, model_validator

from maillage.conventions.terms.base import Frozen, Key, Labelled, OptionalClause, ShortText, Text
from maillage.conventions.terms.blanks import Fillable
from maillage.conventions.terms.services import Item


class DataNature(Labelled):
    """What the flow carries: persons' data, counts, or nothing at all (the person acts herself)."""

    NOMINATIVE = "nominative", "données nominatives"
    AGGREGATE = "aggregate", "données agrégées"
    NONE = "none", "aucune donnée"


class ChannelKind(Labelled):
    """Ways by which a flow goes."""

    PLATFORM = "platform", "Maillage"
    ESPACE_PARTENAIRES = "espace_partenaires", "Espace Partenaires"
    SECURE_SERVER = "secure_server", "serveur d'échange sécurisé"
    SECURE_EXTRANET = "secure_extranet", "extranet sécurisé"
    AIDANTS_CONNECT = "aidants_connect", "Aidants Connect"
    PAPER = "paper", "papier"
    POST = "post", "courrier"
    PHONE = "phone", "téléphone"
    AGENT = "agent", "par un agent"
    PERSON = "person", "la personne elle-même"
    E_MAIL_WITHOUT_PERSONAL_DATA = (
        "e_mail_without_personal_data",
        "adresse électronique, sans donnée personnelle",
    )
    TO_AGREE = "to_agree", "à convenir"


class Channel(Frozen):
    """One way: a phone call has its number and words to say, an agent the party or service passed through."""

    kind: ChannelKind
    number: ShortText | None = None
    words: ShortText | None = Field(default=None, description="Mots à dire au téléphone")
    through: Key | None = Field(default=None, description="Partie ou tiers par qui cela passe")
    preferred: bool = False
    description: ShortText | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is ChannelKind.PHONE and self.number is None:
            raise ValueError("`number` : le numéro à appeler")
        if self.kind is ChannelKind.AGENT and self.through is None:
            raise ValueError("`through` : la partie ou le tiers par qui cela passe")
        return self


class Roles(Frozen):
    """Roles under the GDPR for one flow or one regime (articles 4, 26 and 28 of the regulation)."""

    controllers: tuple[Key, ...] = Field(min_length=1)
    processors: tuple[Key, ...] = ()
    joint: bool = False

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        both = sorted(set(self.controllers) & set(self.processors))
        if both:
            raise ValueError("une partie responsable ou sous-traitante, pas les deux à la fois")
        return self


class Flow(OptionalClause):
    """An authorised exchange; sender and recipient are parties, third parties or `person`.

    `situations` limits the flow to categories that the text lists, one of which is enough; `data_fields` to data that it
    lists. `criteria` are conditions that the router reads, `conditions` words that people read and confirm. A flow with
    `rights` carries applications for them, and refers nobody.
    """

    label: ShortText
    sender: Key
    recipient: Key
    proposed_by: tuple[Key, ...] = Field(default=(), description="Qui propose cette voie à la personne")
    service: Key | None = None
    rights: tuple[Key, ...] = Field(default=(), description="Droits dont ce flux porte les demandes")
    data: DataNature
    data_fields: tuple[Key, ...] = ()
    channels: Fillable[tuple[Channel, ...]]
    roles: Fillable[Roles] | None = None
    situations: tuple[Item, ...] = ()
    conditions: tuple[ShortText, ...] = ()
    criteria: tuple[Item, ...] = ()
    forwards: Key | None = Field(default=None, description="Flux dont celui-ci transmet la suite")
    description: Text | None = None

    @property
    def carries_persons(self) -> bool:
        """Whether persons' data go by it; one that is left to the parties counts once they have chosen it."""
        return self.data is DataNature.NOMINATIVE and (not self.optional or self.chosen is True)
