"""What an e-mail says: a reference and a link. Whoever reads it over a shoulder learns nothing about anybody."""

from typing import Final

SUBJECT: Final = "Maillage : référence {reference}"
BODY: Final = """Bonjour,

Du nouveau vous attend dans Maillage.

Référence : {reference}
Lien : {link}

Ce message est envoyé par un automate à la boîte générique de votre organisme.
Pour votre sécurité, il ne contient aucune donnée : connectez-vous pour en savoir plus.
"""


def subject(reference: str) -> str:
    """The subject line."""
    return SUBJECT.format(reference=reference)


def body(reference: str, link: str) -> str:
    """The plain text of the message."""
    return BODY.format(reference=reference, link=link)
