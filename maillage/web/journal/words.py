"""The journal in words: what was done, to what, which fields. A verb without words fails tests/web/journal/test_words.py."""

from functools import cache
from typing import Final

from django.apps import apps
from django.db.models import Model
from django.urls import get_resolver
from django.utils.text import capfirst

from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.web.journal.families import (
    BREACHES,
    CAMPAIGNS,
    COMMITTEES,
    CREDITS,
    DESTRUCTIONS,
    DIRECTORY,
    DURATIONS,
    EVIDENCE,
    IMPACTS,
    KEYS,
    OBLIGATIONS,
    PROVISIONS,
    RECORDS,
    REQUESTS,
    RETENTIONS,
    SHEETS,
    TABLES,
    TRANSFERS,
    YEARS,
)
from maillage.web.journal.objects import OBJECTS, PAGES

VERBS: Final[dict[str, str]] = {
    "absence.cancel": "A annulé une absence",
    "absence.record": "A noté une absence et qui remplace",
    "accept": "A accepté une orientation",
    "add_piece": "A ajouté une pièce à un dossier de droits",
    "account.choose_emails": "A choisi les e-mails qu’elle ou il reçoit",
    "account.change_password": "A changé son mot de passe",
    "account.open": "A ouvert un compte",
    "account.reopen": "A rouvert un compte, avec un mot de passe qui sert une fois",
    "acknowledge": "A accusé réception d’une orientation",
    "alert": "Signalement : beaucoup de dossiers ouverts en un jour",
    "answer": "A répondu à une question sur une orientation",
    "appointment.book": "A pris un rendez-vous avec un agent délégué",
    "advise": "A compté un conseil donné, sans nom",
    "appointment.cancel": "A annulé un rendez-vous",
    "appointment.hold": "A noté un rendez-vous tenu",
    "appointment.miss": "A noté une absence à un rendez-vous",
    "appointment.move": "A déplacé un rendez-vous",
    "assess": "A enregistré un bilan des droits et des besoins",
    "ask": "A posé une question sur une orientation",
    "bilan_exported": "A exporté le bilan d’une convention",
    "bilan_read": "A lu le bilan d’une convention",
    "board_exported": "A exporté le suivi des dossiers de droits d’une convention",
    "board_read": "A lu le suivi des dossiers de droits d’une convention",
    "calendar_address_made": "A créé l’adresse de son calendrier",
    "calendar_address_revoked": "A fermé l’adresse de son calendrier",
    "calendar_feed_read": "Lecture du calendrier par son adresse",
    "calendar_read": "A lu le calendrier",
    "cancel": "A annulé une orientation envoyée par erreur",
    "cdr.consult": "A inscrit une consultation CDR",
    "cdr.grant": "A ouvert un accès CDR",
    "cdr.revoke": "A retiré un accès CDR",
    "close": "A clôturé un accompagnement",
    "complete": "A noté qu’un dossier de droits est complet",
    "confirmation_failed": "N’a pas confirmé que c’était bien elle ou lui",
    "consult": "A consulté un dossier sans le suivre",
    "correct": "A corrigé l’identité de la personne d’un dossier",
    "contact": "A noté un essai de contact avec la personne",
    "convention.amendment_abandoned": "A abandonné un avenant",
    "convention.amendment_changed": "A modifié un avenant",
    "convention.amendment_drafted": "A commencé un avenant",
    "convention.amendment_proposed": "A proposé un avenant",
    "convention.delivery": "A noté le trajet d’un courrier",
    "convention.deployment_noted": "A noté pourquoi aucune convention locale n’est signée",
    "convention.discard": "A supprimé un brouillon de convention",
    "convention.flow_accepted": "A accepté qu’un flux commence sans que ses rôles RGPD soient renseignés",
    "convention.flow_acceptance_withdrawn": "A retiré l’accord de commencer un flux sans rôles RGPD",
    "convention.referent_given_up": "A annulé l’arrivée prévue d’un référent",
    "convention.referent_replanned": "A déplacé la fin ou l’arrivée prévue d’un référent",
    "convention.referent_training_withdrawn": "A retiré une formation de référent notée par erreur",
    "convention.referent_trained": "A noté la formation d’un référent",
    "convention.referent_told": "A prévenu les parties d’un changement de référent",
    "message": "A écrit à l’autre organisme d’un dossier",
    "note": "A écrit dans la boîte d’une convention",
    "pause": "A mis un accompagnement en pause",
    "referent_answer": "A répondu à la sollicitation d’un référent",
    "referent_read": "A lu une sollicitation à propos d’un dossier",
    "referent_withdraw": "A retiré sa sollicitation d’un référent",
    "referent_solicit": "A sollicité un référent d’une autre partie",
    "convention.relate": "A lié une convention à une autre",
    "convention.renewed": "Renouvellement constaté",
    "convention.sign": "A enregistré une signature",
    "convention.unrelate": "A retiré un lien entre conventions",
    "convention.write": "A écrit dans le texte d’une convention",
    "convention_exported": "A exporté une convention",
    "convention_read": "A lu une convention",
    "delete": "Ligne supprimée",
    "denied": "Accès refusé",
    "deployment_exported": "A exporté le déploiement d’un cadre",
    "deployment_read": "A lu le déploiement d’un cadre",
    "difference_read": "A comparé deux textes",
    "directory.deposit": "A déposé un fichier d’annuaire",
    "directory.import": "A importé un fichier d’annuaire",
    "discard": "A supprimé un brouillon d’orientation",
    "document_read": "A lu un document",
    "document_shared": "A partagé un document",
    "document_stored": "A déposé un document",
    "draw": "A tiré l’échantillon aléatoire de dossiers de droits",
    "end_action": "A dit comment une action du plan a pris fin",
    "export": "A exporté le texte d’une convention",
    "factor.add": "A ajouté un second facteur",
    "factor.copied": "Une clé de sécurité semble copiée : refusée",
    "factor.remove": "A retiré un second facteur",
    "file": "A envoyé un dossier de droits à la caisse",
    "freeze": "A limité un dossier : il se lit, rien ne s’y fait",
    "follow": "Suit désormais un dossier",
    "grant": "A ouvert un droit",
    "hand_over": "A confié un dossier",
    "hand_over.undo": "A annulé la remise d’un dossier",
    "identity.link": "A relié son compte à un fournisseur d’identité",
    "insert": "Ligne ajoutée",
    "invitation.accept": "A accepté une invitation",
    "invitation.revoke": "A retiré une invitation",
    "invitation.send": "A invité quelqu’un",
    "journal_exported": "A exporté le journal",
    "journal_pruned": "Journal élagué : durée de conservation passée",
    "journal_read": "A lu le journal",
    "keys_unavailable": "N’a pas pu ouvrir ni enregistrer : magasin de clés indisponible",
    "lapse": "Le délai de la loi est passé sans décision sur un dossier de droits",
    "list_read": "A lu la liste des conventions",
    "look_at": "A examiné un signalement",
    "membership.end": "A mis fin à un rôle",
    "membership.give": "A donné un rôle",
    "membership.open": "A donné un rôle en ouvrant un compte",
    "failed_messages_forgotten": "Messages abandonnés depuis longtemps, jamais partis, retirés de la file",
    "messages_forgotten": "Messages envoyés depuis longtemps, retirés de la file",
    "notify": "A noté que la personne est prévenue d’une décision",
    "organisation.assure": "A assuré que la fiche est à jour",
    "organisation.change_sheet": "A modifié la fiche de l’organisme",
    "organisation.close": "A fermé un organisme",
    "organisation.open": "A ouvert un organisme",
    "organisation.reopen": "A rouvert un organisme",
    "plan": "A prévu une action du plan",
    "paper.drop": "A retiré une feuille à saisir",
    "paper.key_in": "A commencé à saisir une feuille",
    "paper.receive": "A mis une feuille dans la file à saisir",
    "prepare_right": "A commencé un dossier de droits depuis une orientation",
    "prado.answer": "A noté la réponse d’une assurée à PRADO",
    "prado.correct": "A corrigé ce qui était noté d’une inscription à PRADO",
    "prado.midwife": "A noté la sage-femme qu’une assurée a choisie",
    "prado.open": "A ouvert une inscription à PRADO",
    "prado.present": "A noté la présentation de PRADO",
    "prado.read": "A ouvert une inscription à PRADO pour la lire",
    "print": "A imprimé une lettre d’un dossier de droits",
    "prado.read_list": "A lu la liste des inscriptions à PRADO",
    "prado.visit": "A noté une visite en maternité",
    "read": "A ouvert une orientation",
    "read_list": "A lu la liste des orientations",
    "receive": "A enregistré la réception d’un dossier de droits",
    "expire": "Une orientation a expiré sans accusé de réception",
    "forward": "A transmis un dossier à un autre service",
    "redirect": "A redirigé une orientation vers un autre service",
    "refuse": "A refusé une orientation",
    "restart": "A repris une orientation pour la faire repartir",
    "revoke": "A noté que la personne retire son accord",
    "referral.print": "A imprimé une orientation",
    "resume": "A repris un accompagnement",
    "search": "A cherché une personne",
    "second_factor_failed": "Second facteur refusé",
    "send": "A envoyé une orientation",
    "secondment.add_permanence": "A ajouté une permanence",
    "secondment.arrange": "A changé une mise à disposition",
    "secondment.end_permanence": "A mis fin à une permanence",
    "secondment.set_up": "A mis un agent à disposition",
    "support.amend": "A modifié un support",
    "support.create": "A ajouté un support",
    "support.discard": "A abandonné une version d’un support",
    "support.prepare": "A préparé une version d’un support",
    "support.prolong": "A changé la fin de validité d’un support",
    "support.publish": "A publié une version d’un support",
    "support.stock": "A noté un mouvement du stock d’un support",
    "support.threshold": "A réglé le seuil d’un stock",
    "support.withdraw": "A retiré une version d’un support",
    "session.close": "A fermé une session",
    "set_thresholds": "A fixé les seuils d’alerte d’une convention",
    "settle": "A noté ce qu’il en est de soins ou de droits",
    "signed_in": "S’est connecté·e",
    "signed_out": "S’est déconnecté·e",
    "sign_in_failed": "Connexion refusée",
    "text_read": "A lu le texte d’une convention",
    "threshold": "A changé le seuil d’alerte",
    "threshold_crossed": "Des orientations ont dépassé un seuil d’alerte de leur convention",
    "training.add_module": "A ajouté un module de formation",
    "training.cancel": "A annulé une séance de formation",
    "training.change": "A changé une séance de formation",
    "training.change_module": "A changé un module de formation",
    "training.change_person": "A changé le nom ou la fonction d’une personne inscrite",
    "training.correct": "A corrigé la feuille d’une séance de formation",
    "training.plan": "A prévu une séance de formation",
    "training.print_certificate": "A imprimé des attestations de présence",
    "training.print_sheet": "A imprimé une feuille d’émargement",
    "training.record": "A daté une formation RGPD",
    "training.register": "A inscrit quelqu’un à une séance de formation",
    "training.sign_off": "A signé la feuille d’une séance de formation",
    "training.withdraw": "A désinscrit quelqu’un d’une séance de formation",
    "training.withdraw_module": "A retiré un module de formation",
    "undertaking.sign": "A signé l’engagement de confidentialité",
    "unfreeze": "A levé la limitation d’un dossier",
    "unfollow": "Ne suit plus un dossier",
    "update": "Ligne modifiée",
    "strike": "A rayé un essai de contact noté par erreur",
    "take_up_correction": "A repris de son côté une identité corrigée",
    "take_back": "A retiré une question posée sur une orientation",
    "choose_progress": "A noté un nouveau choix de la personne sur ce qui revient à qui l’oriente",
    "withdraw": "A arrêté une orientation",
}
OF_OBJECTS: Final[dict[str, dict[str, str]]] = {
    "application": {
        "answer": "A noté que les pièces demandées sont là",
        "ask": "A demandé des pièces pour un dossier de droits",
        "cancel": "A annulé un dossier de droits envoyé par erreur",
        "read": "A ouvert un dossier de droits",
        "read_list": "A lu la liste des dossiers de droits",
        "refuse": "A refusé une demande de droits",
        "search": "A cherché une demande de droits déjà en cours",
        "withdraw": "A retiré une demande de droits",
    },
    "application_draft": {
        "discard": "A supprimé un dossier de droits en préparation",
        "read": "A ouvert un dossier de droits en préparation",
    },
}
"""Verbs that say something else of these objects than of a referral."""
FAMILIES: Final[dict[str, dict[str, str]]] = {
    "breach.": BREACHES,
    "request.": REQUESTS,
    "committee.": COMMITTEES,
    "convention.": {
        kind.value: f"A enregistré sur une convention : {kind.label}"
        for kind in RecordedKind
        if f"convention.{kind.value}" not in VERBS
    },
    "convention.evidence_": EVIDENCE,
    "year.": YEARS,
    "campaign.": CAMPAIGNS,
    "convention.obligation_": OBLIGATIONS,
    "credits.": CREDITS,
    "destruction.": DESTRUCTIONS,
    "record.": RECORDS,
    "duration.": DURATIONS,
    "retention.": RETENTIONS,
    "directory.": DIRECTORY,
    "impact.": IMPACTS,
    "keys.": KEYS,
    "provision.": PROVISIONS,
    "sheet.": SHEETS,
    "table.": TABLES,
    "transfer.": TRANSFERS,
}
REFUSALS: Final[dict[str, str]] = {
    "403": "rôle qui ne le permet pas",
    "404": "introuvable, ou pas ouvert",
    "503": "clés indisponibles",
}
FIELDS: Final[dict[str, str]] = {
    "details": "situation et mots du dossier",
    "former_identity": "identité d’avant correction",
    "identity": "identité",
    "narrative": "récit",
    "situation": "situation",
    "nir": "NIR",
    "surname": "nom",
    "birth_date": "date de naissance",
    "cases_per_day": "seuil",
    "position": "rang",
    "previous": "précédent",
    "state": "état",
}
_METHODS: Final = {"GET": "lecture", "HEAD": "lecture", "POST": "envoi"}
_ENDS: Final = {"_at": "quand", "_by": "par qui", "_on": "quel jour"}


def all_verbs() -> dict[str, str]:
    """Every verb with its words, those of the families too."""
    families = {f"{start}{kind}": words for start, kinds in FAMILIES.items() for kind, words in kinds.items()}
    return {**families, **VERBS}


def filter_words() -> dict[str, str]:
    """The verbs as the filter offers them: one that says something else of other objects says all that it finds."""
    found = all_verbs()
    for verb in found:
        others = [said[verb] for said in OF_OBJECTS.values() if verb in said]
        found[verb] = " ; ".join([found[verb], *(words[0].lower() + words[1:] for words in others)])
    return found


def verb_words(verb: str, object_type: str = "") -> str:
    """What was done, in a sentence; a verb of another version is shown as it is."""
    return OF_OBJECTS.get(object_type, {}).get(verb) or all_verbs().get(verb, verb)


@cache
def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def object_words(object_type: str) -> str:
    """What it was done to: a thing of the rooms, a table, or the page whose access was refused."""
    if object_type in OBJECTS:
        return OBJECTS[object_type]
    if object_type in _models():
        return str(_models()[object_type]._meta.verbose_name)
    room, colon, _ = object_type.partition(":")
    if colon:
        return PAGES.get(room, object_type)
    return "page" if object_type in get_resolver().reverse_dict else object_type


def reason_words(reason: str) -> str:
    """Why, as it was written; a page that was refused has its method and its status there."""
    method, _, status = reason.partition(" ")
    if method not in _METHODS or status not in REFUSALS:
        return reason
    return f"{_METHODS[method]} : {REFUSALS[status]} ({status})"


def field_words(object_type: str, fields: str) -> str:
    """The names of fields, in French where they have one; never their values."""
    model = _models().get(object_type)
    labels = {field.column: str(field.verbose_name) for field in model._meta.concrete_fields} if model else {}
    words = [_field(name, labels.get(name, "")) for name in fields.split(",") if name]
    return capfirst(", ".join(dict.fromkeys(words)))


def _field(name: str, label: str) -> str:
    """A name that Django made up from the column is English: said by what it ends with."""
    if name in FIELDS:
        return FIELDS[name]
    if label and label != name.removesuffix("_id").replace("_", " "):
        return label
    return _ENDS.get(name[-3:], name)
