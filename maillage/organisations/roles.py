"""Roles, declared: what each is called, what it is for, what it allows. Pages and documents derive from this table."""

from dataclasses import dataclass
from enum import StrEnum

from maillage.organisations.kinds import HEALTH_INSURANCE, BodyKind


class Permission(StrEnum):
    """One thing that someone may do in her organisation; value = English verb and noun, label in PERMISSION_LABELS."""

    READ_CONVENTIONS = "read_conventions"
    WRITE_CONVENTIONS = "write_conventions"
    SIGN_CONVENTIONS = "sign_conventions"
    SEND_REFERRALS = "send_referrals"
    WORK_REFERRALS = "work_referrals"
    READ_REFERRALS = "read_referrals"
    RECORD_DATA_ROLES = "record_data_roles"
    READ_JOURNAL = "read_journal"
    PROTECT_DATA = "protect_data"
    MANAGE_ORGANISATION = "manage_organisation"
    MANAGE_DIRECTORY = "manage_directory"


PERMISSION_LABELS: dict[Permission, str] = {
    Permission.READ_CONVENTIONS: "lire les conventions de son organisme",
    Permission.WRITE_CONVENTIONS: "rédiger, proposer et faire vivre une convention",
    Permission.SIGN_CONVENTIONS: "enregistrer la signature de son organisme",
    Permission.SEND_REFERRALS: "envoyer une orientation",
    Permission.WORK_REFERRALS: "accuser réception, contacter la personne, rediriger, transmettre, clôturer",
    Permission.READ_REFERRALS: "lire les orientations de son organisme",
    Permission.RECORD_DATA_ROLES: "renseigner les rôles RGPD et les blancs de protection des données",
    Permission.READ_JOURNAL: "lire le journal de son organisme",
    Permission.PROTECT_DATA: "suivre les violations de données et les autorisations d’en transmettre, répondre aux demandes des personnes",
    Permission.MANAGE_ORGANISATION: "tenir à jour la fiche et les membres de son organisme",
    Permission.MANAGE_DIRECTORY: "ouvrir, importer et fermer les organismes de l’annuaire",
}


EVERYWHERE = frozenset(BodyKind)
_CAISSES = HEALTH_INSURANCE - {BodyKind.CNAM}
_NATIONAL = frozenset(
    {
        BodyKind.CNAM,
        BodyKind.CNAF,
        BodyKind.CNAV,
        BodyKind.CNSA,
        BodyKind.MSA,
        BodyKind.STATE,
        BodyKind.ASSOCIATION,
        BodyKind.MUTUAL,
        BodyKind.FRANCE_TRAVAIL,
        BodyKind.OTHER,
    }
)


@dataclass(frozen=True)
class RoleDeclaration:
    """A role as it is shown: its French name, what it is for, its permissions, and the kinds of bodies that it suits."""

    label: str
    description: str
    permissions: frozenset[Permission]
    kinds: frozenset[BodyKind] = EVERYWHERE
    where: str = "tout organisme"


class Role(StrEnum):
    """The roles of the first stage."""

    PARTNER_WORKER = "partner_worker"
    CAISSE_ADVISER = "caisse_adviser"
    REFERENT = "referent"
    NATIONAL_REFERENT = "national_referent"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"
    DIRECTORY_MANAGER = "directory_manager"


_READER = frozenset({Permission.READ_CONVENTIONS})

ROLES: dict[Role, RoleDeclaration] = {
    Role.PARTNER_WORKER: RoleDeclaration(
        "Intervenant·e social·e",
        "Accueille les personnes chez le partenaire (service social, PASS, association) et les oriente vers l’Assurance Maladie.",
        _READER | {Permission.SEND_REFERRALS, Permission.READ_REFERRALS},
        EVERYWHERE - HEALTH_INSURANCE,
        "un partenaire, hors Assurance Maladie",
    ),
    Role.CAISSE_ADVISER: RoleDeclaration(
        "Conseiller·ère de la caisse",
        "Reçoit les orientations, contacte les personnes et clôture leur accompagnement.",
        _READER | {Permission.WORK_REFERRALS, Permission.READ_REFERRALS},
        _CAISSES,
        "une caisse ou un service de l’Assurance Maladie, hors Cnam",
    ),
    Role.REFERENT: RoleDeclaration(
        "Référent·e de convention",
        "Anime les conventions de son organisme : rédaction, signature, suivi, bilans.",
        _READER | {Permission.WRITE_CONVENTIONS, Permission.SIGN_CONVENTIONS, Permission.RECORD_DATA_ROLES},
    ),
    Role.NATIONAL_REFERENT: RoleDeclaration(
        "Référent·e national·e",
        "Anime la convention nationale et prend connaissance des conventions locales.",
        _READER | {Permission.WRITE_CONVENTIONS, Permission.SIGN_CONVENTIONS},
        _NATIONAL,
        "une tête de réseau : caisse nationale, État, association, mutuelle",
    ),
    Role.DPO: RoleDeclaration(
        "Délégué·e à la protection des données",
        "Veille aux données personnelles : rôles RGPD, journal, violations, droits des personnes.",
        _READER | {Permission.RECORD_DATA_ROLES, Permission.READ_JOURNAL, Permission.PROTECT_DATA},
    ),
    Role.ADMINISTRATOR: RoleDeclaration(
        "Administrateur·rice de l’organisme",
        "Tient à jour la fiche, les membres et leurs rôles ; suit les violations de données avec le délégué, ou sans lui.",
        _READER | {Permission.MANAGE_ORGANISATION, Permission.READ_JOURNAL, Permission.PROTECT_DATA},
    ),
    Role.DIRECTORY_MANAGER: RoleDeclaration(
        "Gestionnaire de l’annuaire",
        "Ouvre, importe et ferme les organismes de l’annuaire ; à la Cnam seulement.",
        _READER | {Permission.MANAGE_DIRECTORY},
        frozenset({BodyKind.CNAM}),
        "la Cnam",
    ),
}


def permissions_of(roles: frozenset[str]) -> frozenset[Permission]:
    """All that these roles allow together; an unknown role allows nothing."""
    return frozenset().union(*(ROLES[Role(role)].permissions for role in roles if role in ROLES))


def suits(role: str, kind: str) -> bool:
    """Whether a role may be given in a body of this kind; an unknown role suits nobody."""
    return role in ROLES and kind in ROLES[Role(role)].kinds


ROLE_CHOICES = [(role.value, declaration.label) for role, declaration in ROLES.items()]
