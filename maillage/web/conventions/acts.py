"""What a member may do from a convention's page: the addresses of the pages that write, where her rights and the state allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from maillage.conventions.flows.rules import authorised
from maillage.conventions.lifecycle import policies
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.states import State
from maillage.conventions.referents.policies import can_name
from maillage.conventions.solicitations.policies import can_ask
from maillage.conventions.solicitations.rules import open_to
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.thresholds.policies import can_set


@dataclass(frozen=True, slots=True)
class Act:
    """One link. `why` says in a sentence what it is for; `danger` that a page will first tell its effect."""

    label: str
    url: str
    why: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    label: str
    name: str
    why: str
    is_open: Callable[[Member, LoadedConvention], bool]


def _signs(member: Member, known: LoadedConvention) -> bool:
    mine = known.mine.key if known.mine else ""
    signed = {event.party for event in known.events if event.kind.value == "signed"}
    return policies.can_sign(member, known) and mine not in signed


def _signs_for_others(member: Member, known: LoadedConvention) -> bool:
    return policies.can_sign(member, known) and not _signs(member, known)


def _drafts(member: Member, known: LoadedConvention) -> bool:
    return policies.can_write(member, known.row) and known.row.state == State.DRAFT


def _rewrites(member: Member, known: LoadedConvention) -> bool:
    return policies.can_write(member, known.row) and known.row.state != State.DRAFT


def _fills(member: Member, known: LoadedConvention) -> bool:
    return policies.can_fill(member, known) and member.may(Permission.RECORD_DATA_ROLES)


def _says_roles(member: Member, known: LoadedConvention) -> bool:
    """Those who fill roles, and those who watch over the data of a party, once all have signed."""
    mine = known.mine
    speaks = member.may(Permission.RECORD_DATA_ROLES) or member.may(Permission.PROTECT_DATA)
    return speaks and mine is not None and mine.signs and known.row.state in policies.BINDING


def _binds(member: Member, known: LoadedConvention) -> bool:
    return policies.can_record(member, known) and known.row.state in policies.BINDING


def _solicits(member: Member, known: LoadedConvention) -> bool:
    runs = known.row.state == State.IN_FORCE
    mine = known.mine.key if known.mine else ""
    return runs and can_ask(member, known) and bool(open_to(known.base.referents, mine))


def _alerts(member: Member, known: LoadedConvention) -> bool:
    return can_set(member, known) and authorised(known.base) != ()


_WAYS: Final = (
    _Way("Continuer la rédaction", "write", "Le brouillon n’est vu que de votre organisme.", _drafts),
    _Way("Enregistrer la signature de votre organisme", "sign", "Le texte est proposé : votre organisme peut le signer.", _signs),
    _Way("Enregistrer une autre signature", "sign", "Celle d’une partie qui n’utilise pas Maillage.", _signs_for_others),
    _Way("Reprendre le texte", "write", "Le changer annule les signatures déjà données.", _rewrites),
    _Way("Enregistrer un fait", "record", "Renouvellement, lecture retenue, mise en demeure, dénonciation…", _binds),
    _Way("Compléter un blanc", "blanks", "Ce que le texte laisse ouvert, quand les parties l’ont décidé.", _fills),
    _Way("Voir qui est quoi", "data_roles", "Qui répond des données de chaque échange, et ce qui reste à dire.", _says_roles),
    _Way("Tenir les référents", "referents", "Ajouter, remplacer, prévenir les autres parties.", can_name),
    _Way("Solliciter un référent", "solicit", "Une information, le bon service, ou l’avancement d’une démarche.", _solicits),
    _Way("Fixer les seuils d’alerte", "thresholds", "À partir de combien de jours une orientation est en retard, ou bloquée.", _alerts),
    _Way("Tenir les obligations", "obligations", "Cocher, demander un accord, répondre, ouvrir une procédure.", policies.can_record),
    _Way("Suivre les engagements", "commitments", "Ce que chacun doit, pour quand, et ce qui montre que c’est tenu.", policies.can_record),
    _Way("Lier à d’autres textes", "relations", "Cadre mis en œuvre, convention précédente, outil externe.", policies.can_relate),
    _Way("Supprimer ce brouillon", "discard", "Aucun autre organisme ne l’a eu : il peut disparaître.", policies.can_discard),
    _Way("Avenants", "amendments", "Changer le texte signé, avec effet à une date.", _binds),
)  # fmt: skip


def acts_for(member: Member, known: LoadedConvention) -> list[Act]:
    """The acts that her role and the state allow, the most pressing first."""
    return [
        Act(way.label, reverse(f"conventions:{way.name}", args=[known.id]), way.why)
        for way in _WAYS
        if way.is_open(member, known)
    ]
