"""The few ways in which personal data are to be kept and destroyed, named once; `protection/destruction` does it at a term."""

from maillage.privacy.registry import Form, Personal, Subject

_TERM = "Jusqu’à la fin de la durée que fixe la convention (articles sur la protection des données) ; à compléter si elle ne la dit pas."
_KEYS = (
    "La clé de l’organisme pour cette convention est détruite : plus rien ne s’ouvre, sauvegardes comprises."
)
_JOURNAL = "Six à douze mois (recommandation de la CNIL sur la journalisation)."


def encrypted(why: str) -> Personal:
    """Of the person of a case, encrypted with the case's key."""
    return Personal(Subject.BENEFICIARY, why, _TERM, _KEYS, Form.ENCRYPTED)


def of_the_case(why: str) -> Personal:
    """Of the person of a case, in the clear because lists and counts need it: it names nobody without the identity."""
    return Personal(Subject.BENEFICIARY, why, _TERM, "La ligne est effacée avec le dossier.")


def who_acted(what: str) -> Personal:
    """The reference of the professional who did something."""
    return Personal(
        Subject.PROFESSIONAL,
        f"Savoir qui {what}.",
        "Aussi longtemps que ce qu’elle ou il a fait.",
        "La ligne est effacée avec ce dont elle parle.",
    )


def of_a_professional(why: str) -> Personal:
    """Of someone who works here."""
    return Personal(
        Subject.PROFESSIONAL,
        why,
        "Tant que la personne travaille pour l’un des organismes, puis 5 ans après le dernier contact.",
        "Ce qui la nomme est effacé par la tâche de chaque nuit ; ce qui en dépend reste, de personne.",
    )


def in_the_journal(why: str) -> Personal:
    """What the journal remembers: references, never values."""
    return Personal(Subject.PROFESSIONAL, why, _JOURNAL, "Les segments scellés du journal sont retirés.")
