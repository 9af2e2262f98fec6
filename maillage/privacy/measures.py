"""The measures of security, declared once for records and assessments: what `docs/security.md` promises and tests. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """What is said to a data protection officer, and the lines of the table « What holds today » that it stands on."""

    words: str
    promises: tuple[str, ...]


MEASURES: Final = (
    Measure(
        "Chaque organisme ne lit que ce qui le concerne : la base de données refuse le reste, même si une page l’oublie.",
        ("Nobody reaches what is not theirs", "PostgreSQL refuses what the code forgets"),
    ),
    Measure(
        "Rien ne s’ouvre à qui n’a pas signé l’engagement de confidentialité et suivi une formation à la protection des données.",
        ("Nobody acts before she is bound and trained",),
    ),
    Measure(
        "Chacun agit par des rôles que l’administration de son organisme donne et retire, jamais les siens.",
        ("A colleague gives herself no role",),
    ),
    Measure(
        "La connexion demande un second facteur ; les mots de passe sont gardés en empreintes, les essais sont comptés et ralentis.",
        ("A stolen password is not enough", "Passwords are guessed slowly"),
    ),
    Measure(
        "Une session finit d’elle-même, et les actes sensibles redemandent qui agit.",
        ("A session is its owner’s, and ends", "What is sensitive asks again"),
    ),
    Measure(
        "Identités et récits sont chiffrés avant d’être écrits ; les messages envoyés au dehors ne portent qu’une référence et un lien.",
        ("Nothing personal leaks sideways",),
    ),
    Measure(
        "Les clés se renouvellent sans arrêter le service.",
        ("Each key is renewed while everybody works, and nothing is left under the former one",),
    ),
    Measure(
        "Chaque lecture et chaque acte est noté dans un journal enchaîné, scellé chaque jour hors de la base : une altération se voit.",
        ("The journal cannot be altered unseen",),
    ),
    Measure(
        "Ouvrir un dossier que l’on ne suit pas demande un motif, qui est gardé ; les lectures nombreuses sont signalées.",
        ("A curious colleague is seen",),
    ),
    Measure(
        "Les sauvegardes sont chiffrées, vérifiées entières, et ce qui fut effacé le reste après une restauration.",
        (
            "A backup is whole or is none, says nothing to a thief, and comes back with the erased erased",
            "What was destroyed stays destroyed after a restore",
        ),
    ),
    Measure(
        "Les pages n’appellent aucun autre site et ne se laissent ni encadrer ni garder par le navigateur.",
        ("Every answer is closed",),
    ),
    Measure(
        "Les fichiers reçus sont petits, reconnus par leur contenu, et un tableau exporté ne calcule rien.",
        (
            "A file of a case is a whole small document, for those who open the case",
            "A file of the journal, or of an import’s report, computes nothing",
        ),
    ),
    Measure(
        "Le service refuse de démarrer s’il n’est pas sûr, et ne sert que des composants choisis et vérifiés.",
        ("Production refuses to start when unsafe", "What runs is what was chosen"),
    ),
)
