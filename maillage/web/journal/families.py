"""Verbs of the journal that share a beginning, in words: what was done of an obligation, of keys, of a table, of a year."""

from typing import Final

OBLIGATIONS: Final[dict[str, str]] = {
    "ticked": "A coché une obligation",
    "asked": "A demandé un accord",
    "approved": "A donné un accord",
    "refused": "A refusé un accord",
    "opened": "A ouvert un point à suivre",
    "closed": "A clos un point à suivre",
}
EVIDENCE: Final[dict[str, str]] = {
    "cancelled": "A retiré une preuve d’un engagement",
    "noted": "A noté une preuve d’un engagement",
}
YEARS: Final[dict[str, str]] = {
    "answered": "A répondu à des questions de l’année",
    "submitted": "A transmis la fiche d’une année",
    "given_back": "A rendu la main sur la fiche d’une année",
    "reopened": "A ouvert de nouveau la fiche d’une année",
    "validated": "A validé la fiche d’une année",
}
CAMPAIGNS: Final[dict[str, str]] = {
    "opened": "A ouvert une campagne annuelle",
    "moved": "A changé la date ou les rappels d’une campagne annuelle",
    "reminded": "A rappelé une campagne annuelle aux conventions sans fiche transmise",
    "closed": "A clos une campagne annuelle",
}
KEYS: Final[dict[str, str]] = {
    "forget_pair": "Ancienne paire de clés retirée",
    "forget_stored": "Ancienne clé d’une convention retirée",
    "renew_pair": "Paire de clés renouvelée",
    "renew_stored": "Clé d’une convention renouvelée",
}
DIRECTORY: Final[dict[str, str]] = {
    "abandon": "A laissé un import d’annuaire sans suite",
    "apply": "Import d’annuaire appliqué",
    "confirm": "A confirmé un import d’annuaire",
    "mailbox_add": "A ajouté une boîte à l’annuaire",
    "mailbox_change": "A modifié une boîte de l’annuaire",
    "mailbox_withdraw": "A retiré une boîte de l’annuaire",
    "offer_add": "A ajouté un service à l’annuaire",
    "offer_change": "A modifié un service de l’annuaire",
    "offer_withdraw": "A retiré un service de l’annuaire",
    "refuse": "Fichier d’annuaire refusé",
    "rehearse": "Import d’annuaire essayé",
}
TABLES: Final[dict[str, str]] = {
    "abandon": "A abandonné un tableau de dossiers, détruit aussitôt",
    "bring": "A déposé un tableau de dossiers",
    "confirm": "A confirmé l’import d’un tableau de dossiers",
    "expire": "Tableau de dossiers détruit : durée de conservation passée",
    "export": "A téléchargé les lignes à corriger d’un tableau",
    "finish": "Tableau de dossiers importé",
    "forget": "A détruit les lignes à corriger d’un tableau",
    "name": "A dit ce que sont les colonnes d’un tableau",
    "open": "A ouvert un tableau de dossiers",
    "read": "Tableau de dossiers lu",
    "refuse": "Tableau de dossiers refusé et détruit",
    "rehearse": "Import d’un tableau de dossiers essayé",
    "see_wrong": "A lu les lignes à corriger d’un tableau",
}
COMMITTEES: Final[dict[str, str]] = {
    "analyse": "A noté l’analyse d’une action locale",
    "arbitrate": "A noté l’arbitrage d’une action locale",
    "cancel": "A annulé une réunion de comité",
    "close": "Compte rendu validé par toutes les parties : réunion close",
    "confirm": "A confirmé une décision prise sans quorum",
    "convene": "A convoqué un comité",
    "decide": "A noté une décision d’un comité",
    "describe": "A décrit une action locale",
    "drop": "A abandonné une décision d’un comité",
    "finish": "A noté qu’une décision est faite",
    "hold": "A noté qu’un comité s’est tenu",
    "pack": "A figé le dossier d’une réunion",
    "plan": "A prévu une réunion de comité",
    "propose": "A proposé une action locale au niveau national",
    "read": "A lu une réunion de comité",
    "remark": "A écrit à un comité",
    "roll_out": "A noté le déploiement d’une action locale",
    "take_back": "A retiré une action locale proposée au niveau national",
    "validate": "A validé le compte rendu d’une réunion",
    "withdraw": "A retiré ce qu’elle ou il avait écrit à un comité",
    "write": "A écrit le compte rendu d’une réunion",
}
BREACHES: Final[dict[str, str]] = {
    "acknowledge": "A accusé réception d’une violation de données",
    "agree": "A donné son accord sur une violation de données",
    "close": "A clos une violation de données",
    "export": "A téléchargé le registre des violations",
    "extent": "A mis à jour l’étendue d’une violation de données",
    "filed": "A noté la notification d’une violation à la CNIL",
    "join": "A joint deux signalements d’une violation de données",
    "know": "A corrigé depuis quand une violation est connue",
    "measure": "A noté une mesure prise après une violation",
    "note": "A ajouté au dossier d’une violation de données",
    "persons_told": "A noté l’information des personnes après une violation",
    "propose": "A proposé une décision sur une violation de données",
    "reach": "A cherché l’étendue d’une violation dans le journal",
    "read": "A lu une violation de données",
    "readings": "A téléchargé les dossiers touchés par une violation",
    "report": "A signalé une violation de données",
    "tell": "A noté qu’une partie est prévenue d’une violation",
    "touch": "A ajouté des conventions touchées par une violation",
}
DESTRUCTIONS: Final[dict[str, str]] = {
    "countersign": "A contresigné un certificat de destruction",
    "done": "Données détruites au terme d’une convention",
    "set": "A fixé le jour d’une destruction au terme",
}
RECORDS: Final[dict[str, str]] = {
    "evidence": "A préparé le dossier de preuves d’une convention",
    "export": "A téléchargé une version du registre des traitements",
    "keep": "Version du registre des traitements gardée",
    "read": "A lu le registre des traitements",
}
DURATIONS: Final[dict[str, str]] = {
    "state": "A fixé combien de temps garder les dossiers clos",
    "withdraw": "A retiré une durée de conservation des dossiers clos",
}
RETENTIONS: Final[dict[str, str]] = {
    "erase": "Données effacées à la fin de leur durée de conservation",
}
IMPACTS: Final[dict[str, str]] = {
    "answer": "A répondu à une demande d’une analyse d’impact",
    "ask": "A demandé une contribution à une analyse d’impact",
    "open": "A ouvert une version d’une analyse d’impact",
    "print": "A imprimé une analyse d’impact, ou une demande qu’elle contient",
    "read": "A lu une analyse d’impact",
    "risk": "A décrit un risque dans une analyse d’impact",
    "validate": "A validé une analyse d’impact",
    "withdraw": "N’attend plus une contribution à une analyse d’impact",
    "write": "A écrit dans une analyse d’impact",
}
REQUESTS: Final[dict[str, str]] = {
    "answer": "A répondu à la demande d’une personne sur ses données",
    "ask": "A transmis la demande d’une personne à d’autres organismes",
    "attach": "A dit quels dossiers, ou quels contacts, sont ceux d’une personne qui demande",
    "decide": "A répondu à l’un des droits qu’une personne demande",
    "draw": "A préparé ce qui est gardé sur une personne qui demande",
    "erase": "A effacé les contacts d’une personne qui le demande",
    "extend": "A prolongé le délai d’une demande",
    "identify": "A dit qui demande, et comment on l’a reconnue",
    "lift": "A levé une limitation, après en avoir informé la personne",
    "lift_objection": "A levé une opposition : la personne a changé d’avis",
    "print": "A imprimé une lettre à une personne qui demande",
    "read": "A lu une demande d’une personne sur ses données",
    "read_passed": "A lu qui demande, transmis par l’organisme qui a reçu la demande",
    "receive": "A noté une demande d’une personne sur ses données",
    "rectify": "A transmis une rectification à ceux qui ont reçu les données",
    "refuse": "A refusé la demande d’une personne sur ses données",
    "search": "A cherché dans ses dossiers, ou ses contacts, une personne qui demande",
    "search_begun": "A cherché une personne qui demande dans les brouillons, les dossiers en préparation et les inscriptions PRADO",
    "take_up": "A repris une rectification dans un dossier commun",
}
TRANSFERS: Final[dict[str, str]] = {
    "ask": "A demandé l’autorisation de transmettre des données",
    "grant": "A autorisé à transmettre des données",
    "leaves_own": "A exporté des données pour l’usage de son organisme",
    "leaves_sent": "A exporté des données pour un organisme autorisé",
    "leaves_stopped": "A demandé un export pour un organisme sans autorisation : refusé",
    "read": "A lu une demande d’autorisation de transmettre des données",
    "refuse": "A refusé d’autoriser à transmettre des données",
    "withdraw": "A retiré une autorisation de transmettre des données",
}
CREDITS: Final[dict[str, str]] = {
    "envelope_opened": "A ouvert une enveloppe de crédits",
    "figure_corrected": "A corrigé un chiffre de crédits",
    "figure_given": "A donné un chiffre de crédits",
    "measure_logged": "A noté une mesure de régulation",
    "table_imported": "A importé des chiffres de crédits",
}
PROVISIONS: Final[dict[str, str]] = {
    "actual_told": "A noté le réalisé d’une provision",
    "corrected": "A corrigé les paiements d’une provision",
    "drawn": "A estimé une provision",
}
SHEETS: Final[dict[str, str]] = {
    "changed": "A changé une fiche action",
    "written": "A écrit sur une fiche action",
}
