"""Kinds of bodies that sign conventions or are named by them (row A1). The same values in files, rows and pages."""

from enum import StrEnum


class BodyKind(StrEnum):
    """Kinds of body; `other` takes its words from the body's name."""

    CNAM = "cnam"
    CPAM = "cpam"
    CCSS = "ccss"
    CGSS = "cgss"
    CSSM = "cssm"
    CARSAT = "carsat"
    CRAMIF = "cramif"
    DRSM = "drsm"
    CES = "ces"
    CNAF = "cnaf"
    CAF = "caf"
    CNAV = "cnav"
    CNSA = "cnsa"
    MSA = "msa"
    MDPH = "mdph"
    ARS = "ars"
    STATE = "state"
    DEPARTEMENT = "departement"
    REGION = "region"
    COMMUNE = "commune"
    CCAS = "ccas"
    CIAS = "cias"
    HOSPITAL = "hospital"
    PASS = "pass"  # noqa: S105 - a hospital's unit, no password
    HEALTH_CENTRE = "health_centre"
    ASSOCIATION = "association"
    MUTUAL = "mutual"
    PENITENTIARY = "penitentiary"
    SCHOOL = "school"
    FRANCE_TRAVAIL = "france_travail"
    MISSION_LOCALE = "mission_locale"
    FRANCE_SERVICES = "france_services"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words shown."""
        return _LABELS.get(self, self.value.upper())


_LABELS: dict[BodyKind, str] = {
    BodyKind.CNAM: "Cnam",
    BodyKind.CES: "Centre d’examens de santé",
    BodyKind.CNAF: "Cnaf",
    BodyKind.CNAV: "Cnav",
    BodyKind.STATE: "État",
    BodyKind.DEPARTEMENT: "Département",
    BodyKind.REGION: "Région",
    BodyKind.COMMUNE: "Commune",
    BodyKind.HOSPITAL: "Établissement de santé",
    BodyKind.PASS: "PASS",
    BodyKind.HEALTH_CENTRE: "Centre de santé",
    BodyKind.ASSOCIATION: "Association",
    BodyKind.MUTUAL: "Mutuelle",
    BodyKind.PENITENTIARY: "Établissement pénitentiaire",
    BodyKind.SCHOOL: "Établissement d’enseignement",
    BodyKind.FRANCE_TRAVAIL: "France Travail",
    BodyKind.MISSION_LOCALE: "Mission locale",
    BodyKind.FRANCE_SERVICES: "France services",
    BodyKind.OTHER: "Autre organisme",
}

KIND_CHOICES = [(kind.value, kind.label) for kind in BodyKind]

HEALTH_INSURANCE = frozenset(
    {
        BodyKind.CNAM,
        BodyKind.CPAM,
        BodyKind.CCSS,
        BodyKind.CGSS,
        BodyKind.CSSM,
        BodyKind.CARSAT,
        BodyKind.CRAMIF,
        BodyKind.DRSM,
        BodyKind.CES,
    }
)

# Those whose territory is the whole country, unless they say otherwise.
NATIONAL = frozenset({BodyKind.CNAM, BodyKind.CNAF, BodyKind.CNAV, BodyKind.CNSA})
# Those that serve their commune, not the whole département.
MUNICIPAL = frozenset({BodyKind.COMMUNE, BodyKind.CCAS})


def is_health_insurance(kind: str) -> bool:
    """Whether this kind of body belongs to Assurance Maladie."""
    return kind in HEALTH_INSURANCE


def with_article(name: str, kind: str) -> str:
    """A body in a sentence: « la CPAM de la Loire » ; bodies other than caisses keep their bare name."""
    return f"la {name}" if is_health_insurance(kind) and kind != BodyKind.CES else name
