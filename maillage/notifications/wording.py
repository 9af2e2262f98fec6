"""What an e-mail says: a reference and a link. Whoever reads it over a shoulder learns nothing about anybody."""

from typing import Final

SUBJECT: Final = "Maillage : référence {reference}"
BODY: Final = """Bonjour,

Du nouveau vous attend dans Maillage.

Référence : {reference}
Lien : {link}

Ce message est envoyé par un automate à une boîte générique de votre organisme.
Pour votre sécurité, il ne contient aucune donnée : connectez-vous pour en savoir plus.
"""
INVITATION: Final = """Bonjour,

Une personne qui travaille avec vous vous invite dans Maillage, la plateforme des conventions de l’Assurance Maladie.

Référence : {reference}
Votre lien personnel : {link}

Il sert une seule fois, pendant quatorze jours. Ne le transmettez pas. Si vous n’attendiez pas cette invitation,
n’ouvrez pas le lien : rien ne se passera.

Ce message est envoyé par un automate. Pour votre sécurité, il ne dit ni de quel organisme ni de quel rôle il s’agit :
le lien vous le dira.
"""
ACCOUNT: Final = """Bonjour,

Un changement vient d’être fait, ou un usage anormal empêché, sur votre compte Maillage.

Si c’est vous, il n’y a rien à faire. Si ce n’est pas vous :
- par le lien ci-dessous, ouvrez les sessions de votre compte, et fermez celles que vous ne reconnaissez pas ;
- changez votre mot de passe, et revoyez vos seconds facteurs ;
- prévenez tout de suite la personne qui administre Maillage dans votre organisme. Faites-le aussi si vous ne pouvez plus entrer.

Référence : {reference}
Lien : {link}

Ce message est envoyé par un automate, à l’adresse de votre compte. Pour votre sécurité, il ne dit pas ce qui a changé, et ne
demande ni code ni mot de passe : n’en donnez jamais en réponse.
"""

DIGEST_SUBJECT: Final = "Maillage : {waiting}"
DIGEST: Final = """Bonjour,

{waiting} dans Maillage : les vôtres, et ceux que personne ne suit encore.

Lien : {link}

Ce récapitulatif part une fois par jour au plus, les jours ouvrés, à l’adresse de votre compte. Vous choisissez vos e-mails dans le
menu de votre nom, « Mes e-mails ». Pour votre sécurité, ce message ne contient aucune donnée : connectez-vous pour en savoir plus.
"""
BOX_SUBJECT: Final = "Maillage : du nouveau sur {cases}"
BOX: Final = """Bonjour,

Il y a du nouveau sur {cases} de votre organisme dans Maillage.

Lien : {link}

Ce récapitulatif part une fois par jour au plus, les jours ouvrés, à une boîte générique de votre organisme ; ce qui est urgent part
aussitôt. Pour votre sécurité, il ne contient aucune donnée : connectez-vous pour en savoir plus.
"""
URGENT_SUBJECT: Final = "Maillage : urgent, référence {reference}"
URGENT: Final = """Bonjour,

Du nouveau vous attend dans Maillage, sur un dossier urgent.

Référence : {reference}
Lien : {link}

Ce message est envoyé par un automate, à l’adresse de votre compte. Vous choisissez vos e-mails dans le menu de votre nom, « Mes
e-mails ». Pour votre sécurité, ce message ne contient aucune donnée : connectez-vous pour en savoir plus.
"""


def subject(reference: str) -> str:
    """The subject line."""
    return SUBJECT.format(reference=reference)


def body(reference: str, link: str) -> str:
    """The plain text of the message."""
    return BODY.format(reference=reference, link=link)


def account(reference: str, link: str) -> str:
    """The plain text of the message to a person about what opens her own account."""
    return ACCOUNT.format(reference=reference, link=link)


def _waiting(cases: int) -> str:
    return f"{cases} dossiers vous attendent" if cases > 1 else "1 dossier vous attend"


def digest_subject(cases: int) -> str:
    """« 3 dossiers vous attendent »."""
    return DIGEST_SUBJECT.format(waiting=_waiting(cases))


def digest(cases: int, link: str) -> str:
    """The plain text of the summary of the day: a number, and the way to « À faire »."""
    return DIGEST.format(waiting=_waiting(cases), link=link)


def _cases(number: int) -> str:
    return f"{number} dossiers ou conventions" if number > 1 else "1 dossier ou convention"


def box_subject(cases: int) -> str:
    """« du nouveau sur 3 dossiers ou conventions »."""
    return BOX_SUBJECT.format(cases=_cases(cases))


def box(cases: int, link: str) -> str:
    """The plain text of the summary of the day to an organisation's box."""
    return BOX.format(cases=_cases(cases), link=link)


def urgent_subject(reference: str) -> str:
    """The subject line of what does not wait for the summary of the day."""
    return URGENT_SUBJECT.format(reference=reference)


def urgent(reference: str, link: str) -> str:
    """The plain text of the message to a person about an urgent case."""
    return URGENT.format(reference=reference, link=link)


def invitation(reference: str, link: str) -> str:
    """The plain text of the message to somebody who may have no account yet."""
    return INVITATION.format(reference=reference, link=link)
