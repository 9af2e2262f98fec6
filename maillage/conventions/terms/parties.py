"""Who concludes the convention, who represents and signs for them, who is only told."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from stdnum.fr import siren, siret

from maillage.conventions.terms.base import Day, Frozen, Key, KeyedClause, Labelled, ShortText
from maillage.conventions.terms.blanks import Fillable


class BodyKind(Labelled):
    """Kinds of body; `other` takes its words from the party's name."""

    CNAM = "cnam", "Cnam"
    CPAM = "cpam", "CPAM"
    CCSS = "ccss", "CCSS"
    CGSS = "cgss", "CGSS"
    CARSAT = "carsat", "CARSAT"
    CRAMIF = "cramif", "CRAMIF"
    DRSM = "drsm", "DRSM"
    CNAF = "cnaf", "Cnaf"
    CAF = "caf", "CAF"
    CNAV = "cnav", "Cnav"
    CNSA = "cnsa", "CNSA"
    MSA = "msa", "MSA"
    MDPH = "mdph", "MDPH"
    ARS = "ars", "ARS"
    STATE = "state", "État"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    COMMUNE = "commune", "commune"
    CCAS = "ccas", "CCAS"
    CIAS = "cias", "CIAS"
    HOSPITAL = "hospital", "établissement de santé"
    HEALTH_CENTRE = "health_centre", "centre de santé"
    ASSOCIATION = "association", "association"
    MUTUAL = "mutual", "mutuelle"
    PENITENTIARY = "penitentiary", "administration pénitentiaire"
    SCHOOL = "school", "établissement d'enseignement"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    OTHER = "other", "autre organisme"


class RegistrationScheme(Labelled):
    """Registers in which a body has a number."""

    SIRET = "siret", "SIRET"
    SIREN = "siren", "SIREN"
    RNE = "rne", "RNE"
    FINESS = "finess", "FINESS"
    RNA = "rna", "RNA"


class Registration(Frozen):
    """A number in a register, its key checked where the register has one.

    A number that fails its key is refused unless `key_holds: false` says that the text prints it so: a
    convention is represented as signed, mistakes included.

    The Répertoire national des entreprises numbers companies by their SIREN (the key is checked as such).
    """

    scheme: RegistrationScheme
    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{6,14}$")]
    key_holds: bool = True

    @model_validator(mode="after")
    def _key(self) -> Self:
        checked = {
            RegistrationScheme.SIRET: siret.is_valid,
            RegistrationScheme.SIREN: siren.is_valid,
            RegistrationScheme.RNE: siren.is_valid,
        }.get(self.scheme)
        if checked is None:
            return self
        if checked(self.number) != self.key_holds:
            if self.key_holds:
                raise ValueError(
                    f"un {self.scheme.value.upper()} dont la clé est juste ; « {self.number} » ne l'est pas "
                    "(si le texte signé l'imprime ainsi, ajoutez `key_holds: false`)"
                )
            raise ValueError(f"`key_holds: true` : la clé de « {self.number} » est juste")
        return self


class Representative(Frozen):
    """Who represents a party: a function, never a person's name."""

    key: Key
    function: Fillable[ShortText]
    acts_for: Key | None = Field(default=None, description="Clé du représentant qui lui délègue")


class Structure(Frozen):
    """A part of a party that the convention covers; a structure may be covered without signing."""

    key: Key
    label: ShortText
    signs: bool = False
    concerned: bool = True


class Party(KeyedClause):
    """A body bound by the convention."""

    name: Fillable[ShortText]
    short_name: ShortText | None = None
    kind: Fillable[BodyKind]
    side: Key | None = Field(default=None, description="« d'une part », « d'autre part »")
    branch: ShortText | None = None
    address: Fillable[ShortText] | None = None
    registration: Fillable[Registration] | None = None
    representatives: tuple[Representative, ...] = ()
    structures: tuple[Structure, ...] = ()
    may_initiate: bool | None = None


class ThirdPartyRole(Labelled):
    """Why a body that does not sign is named."""

    INFORMED = "informed", "informé"
    NETWORK = "network", "réseau"
    SERVICE = "service", "service"
    COORDINATOR = "coordinator", "coordonnateur"
    TOOL = "tool", "outil"
    CONTROLLER = "controller", "responsable de traitement"


class ThirdParty(KeyedClause):
    """A body, a service or a tool that the convention names without it signing."""

    name: ShortText
    role: ThirdPartyRole
    kind: BodyKind | None = None
    of: Key | None = Field(default=None, description="Partie dont il relève")
    informed_of: tuple[ShortText, ...] = ()


class Signature(KeyedClause):
    """A signature found on the text: a fact, that the platform's own signatures never replace."""

    party: Key
    representative: Key
    on: Fillable[Day]
    at: dt.datetime | None = Field(default=None, description="Horodatage imprimé, avec son décalage")
    by_delegation: bool = False
    signatory: ShortText | None = Field(default=None, description="Fonction de qui signe par délégation")
    delegation: Fillable[ShortText] | None = Field(default=None, description="Acte de délégation")
    envelope: Fillable[ShortText] | None = None
