"""The columns of a table of applications, the titles under which they come, and which of her columns is which of ours."""

from collections import abc
from dataclasses import dataclass
from typing import Final

from maillage.core.text import words_key
from maillage.rights.declared.rights import question, rights

DERIVED: Final = frozenset({"minor"})
"""Questions of a check-list that the birth date answers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing said of an application: its field, its French name, the titles that mean it (compared as `words_key`)."""

    field: str
    label: str
    titles: tuple[str, ...] = ()
    is_required: bool = False


_PERSON: Final = (
    Column("right", "droit", ("droit demande", "prestation", "prestation demandee", "type de demande", "type de droit", "demande"), True),
    Column("surname", "nom", ("nom de famille", "nom de naissance", "nom usuel", "nom du demandeur", "nom beneficiaire"), True),
    Column("given_name", "prénom", ("prenoms", "prenom du demandeur", "prenom beneficiaire"), True),
    Column("birth_date", "date de naissance", ("ne le", "nee le", "ne e le", "naissance", "date naissance", "ddn"), True),
    Column("handed_on", "date de dépôt", ("date depot", "depose le", "remis le", "date de remise", "date de la demande"), True),
    Column("handed_to", "remis à", ("lieu de depot", "depose a", "depose ou", "lieu de remise")),
    Column("reference", "référence", ("ref", "notre reference", "numero de dossier", "n de dossier", "no dossier", "numero dossier", "id")),
    Column("urgent", "urgent", ("urgence", "demande urgente", "dossier urgent")),
    Column("proof", "preuve d’urgence", ("justificatif d urgence", "preuve de l urgence", "motif d urgence", "type de preuve")),
    Column("phone", "téléphone", ("tel", "portable", "mobile", "numero de telephone", "telephone portable")),
    Column("email", "adresse électronique", ("courriel", "email", "e mail", "mail", "adresse mail", "adresse email")),
    Column("other_way", "autre façon de la joindre", ("autre contact", "autre moyen de contact", "contact", "adresse", "joindre")),
    Column("nir", "numéro de sécurité sociale", ("nir", "n de securite sociale", "no securite sociale", "securite sociale", "nss", "n ss")),
    Column("language", "langue", ("langue parlee", "langue comprise")),
)  # fmt: skip
_ASKED: Final = {
    "first_request": (
        "première demande",
        ("premiere demande d ame", "1ere demande", "primo demande", "1re demande"),
    ),
    "rsa": ("RSA", ("beneficiaire du rsa", "recoit le rsa")),
    "resources": ("ressources", ("a des ressources", "ressources declarees")),
    "no_home": ("sans domicile", ("sans domicile stable", "heberge", "hebergee", "sdf", "domiciliation")),
    "abroad": ("autre pays", ("a vecu a l etranger", "etranger", "autre pays l an dernier")),
    "working": ("travaille", ("travaille en france", "en emploi", "salarie")),
}
"""For each question of a check-list, the name of its column and other titles; the question itself is one."""


def _asked() -> tuple[Column, ...]:
    keys = dict.fromkeys(key for right in rights().values() for key in right.questions if key not in DERIVED)
    return tuple(Column(key, _ASKED[key][0], (*_ASKED[key][1], words_key(question(key)))) for key in keys)


_AMOUNT: Final = Column(
    "amount",
    "montant des ressources",
    ("montant ressources", "ressources annuelles", "ressources en euros", "ressources des douze derniers mois", "revenus",
     "revenus annuels", "montant annuel des ressources", "montant des revenus"),
)  # fmt: skip
COLUMNS: Final = (*_PERSON, *_asked(), _AMOUNT)
LABELS: Final = {column.field: column.label for column in COLUMNS}
_FIELDS: Final = {
    words_key(title): column.field for column in reversed(COLUMNS) for title in (*column.titles, column.label)
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which of her columns says which of our fields: the place of each field that has one."""

    places: abc.Mapping[str, int]

    def missing(self, *, given: abc.Collection[str] = ()) -> tuple[str, ...]:
        """The names of the columns without which no line can be read; `given` are the fields that are said for the whole table."""
        known = {*self.places, *given}
        return tuple(one.label for one in COLUMNS if one.is_required and one.field not in known)

    def ignored(self, header: abc.Sequence[str]) -> tuple[str, ...]:
        """The titles of the columns that say nothing here."""
        known = set(self.places.values())
        return tuple(title for place, title in enumerate(header) if title and place not in known)

    def remembered(self, header: abc.Sequence[str]) -> dict[str, str]:
        """The same by titles instead of places, for the next file: field by title; an empty field passes a column over."""
        fields = {place: field for field, place in self.places.items()}
        return {words_key(title): fields.get(place, "") for place, title in enumerate(header) if title}


def guessed(header: abc.Sequence[str], remembered: abc.Mapping[str, str] | None = None) -> Mapping:
    """What each column probably says: what was retained for its title last time, else what its title means.

    Of two columns that say the same, the first one counts.
    """
    fields = {**_FIELDS, **(remembered or {})}
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        field = fields.get(words_key(title), "")
        if field in LABELS:
            places.setdefault(field, place)
    return Mapping(places)


def known_titles(header: abc.Sequence[str]) -> int:
    """How many of these titles are known: by this the separator of a CSV is chosen."""
    return len(guessed(header).places)
