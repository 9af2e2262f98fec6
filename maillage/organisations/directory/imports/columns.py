"""The columns that an import knows, with the titles under which files bring them. Data, and the reading of a first line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maillage.core.text import words_key


@dataclass(frozen=True, slots=True)
class Column:
    """One thing said of an organisation: its key, its French name, the titles that mean it (the first ones win)."""

    key: str
    label: str
    titles: tuple[str, ...]
    is_required: bool = False


COLUMNS: Final = (
    Column(
        "kind",
        "nature",
        ("nature", "type", "kind", "categorie", "type organisme", "nature organisme", "type de structure"),
        is_required=True,
    ),
    Column(
        "name",
        "nom",
        (
            "nom", "name", "libelle", "raison sociale", "denomination", "intitule", "nom organisme", "nom de l organisme",
            "nom structure", "nom de la structure", "libelle cnam", "libelle organisme",
        ),
        is_required=True,
    ),
    Column("short_name", "nom court", ("nom court", "short name", "sigle", "nom abrege", "libelle court", "acronyme")),
    Column("siret", "SIRET", ("siret", "numero siret", "n siret", "no siret", "siret organisme")),
    Column("code", "code", ("code caisse", "code organisme", "code", "identifiant", "code structure", "numero caisse", "external code")),
    Column("finess", "FINESS", ("finess", "numero finess", "n finess", "finess geographique", "finess et")),
    Column("address", "adresse", ("adresse", "address", "adresse postale", "voie", "rue", "adresse complete")),
    Column("postal_code", "code postal", ("code postal", "cp", "postal code")),
    Column("commune", "commune", ("code commune", "code insee", "insee", "commune", "ville", "city", "localite")),
    Column("departement", "département", ("code departement", "dep", "numero departement", "departement", "dept")),
    Column("territory", "territoire", ("territoire", "territory", "zones", "territoire servi", "perimetre", "ressort")),
    Column("parent", "rattachement", ("rattachement", "parent", "siret parent", "organisme de rattachement", "tete de reseau", "siege")),
    Column(
        "mailbox",
        "boîte générique",
        (
            "boite generique", "mailbox", "courriel", "email", "e mail", "mail", "adresse electronique", "boite",
            "boite mail", "bal",
        ),
    ),
    Column("phone", "téléphone", ("telephone", "phone", "tel", "numero de telephone")),
)  # fmt: skip
LABELS: Final = {column.key: column.label for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Headings:
    """The first line of a file: where each column stands, what was not understood, what is missing."""

    cells: tuple[str, ...]
    places: dict[str, int]
    ignored: tuple[str, ...]
    faults: tuple[str, ...]


def read_headings(cells: Sequence[str]) -> Headings:
    """Recognise the titles of a first line, accents, capitals and punctuation ignored."""
    keys = [words_key(cell) for cell in cells]
    places: dict[str, int] = {}
    faults = []
    for column in COLUMNS:
        found = [at for title in column.titles for at, key in enumerate(keys) if key == title]
        if found:
            places[column.key] = found[0]
            if keys.count(keys[found[0]]) > 1:
                faults.append(f"Deux colonnes portent le titre « {cells[found[0]].strip()} ».")
        elif column.is_required:
            faults.append(
                f"Il manque la colonne « {column.label} ». Titres compris : {', '.join(column.titles[:6])}."
            )
    if faults:
        shown = ", ".join(f"« {cell.strip()[:40]} »" for cell in cells[:20]) or "aucun"
        faults.append(f"Titres trouvés à la première ligne : {shown}.")
    known = set(places.values())
    ignored = tuple(cell.strip() for at, cell in enumerate(cells) if at not in known and cell.strip())
    return Headings(tuple(cells), places, ignored, tuple(faults))
