"""What was written on a sheet, in French: the facts of an entry, and what changed from one to the next."""

from collections.abc import Mapping
from typing import Final

from django.utils.text import capfirst

from maillage.steering.sheets.rules import LEAD, Entry, Gravity, Kind, Pace, Step
from maillage.web.presentation.dates import long_date

SLUGS: Final[Mapping[str, Kind]] = {
    "presentation": Kind.SHEET,
    "jalon": Kind.MILESTONE,
    "echange": Kind.EXCHANGE,
    "risque": Kind.RISK,
    "note": Kind.NOTE,
    "etude": Kind.STUDY,
}
"""The kinds that one adds from the page of a sheet, by the word of their address."""
TITLES: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.SHEET: ("Présenter la fiche", "Changer la présentation"),
    Kind.MILESTONE: ("Ajouter un jalon", "Changer un jalon"),
    Kind.EXCHANGE: ("Ajouter un échange de données", "Changer un échange de données"),
    Kind.DELIVERY: ("Noter une livraison", ""),
    Kind.RISK: ("Ajouter un risque", "Changer un risque"),
    Kind.NOTE: ("Écrire une note d’avancement", ""),
    Kind.STUDY: ("Demander une étude conjointe", "Changer une étude"),
}
"""What the page is called that adds one, and the page that says it anew."""
_TEXTS: Final = {
    Kind.SHEET: "titre",
    Kind.MILESTONE: "jalon",
    Kind.EXCHANGE: "ce qui est échangé",
    Kind.DELIVERY: "livré",
    Kind.RISK: "risque",
    Kind.NOTE: "note",
    Kind.STUDY: "demande",
}
_DAYS: Final = {Kind.MILESTONE: "échéance", Kind.EXCHANGE: "première livraison attendue le"}
_DETAILS: Final = {
    "partners": "partenaires",
    "indicators": "indicateurs",
    "supplier": "fourni par",
    "format": "format",
    "pace": "rythme",
    "legal_basis": "base légale",
    "gravity": "niveau",
    "answer": "réponse",
    "reference": "écrit qui le dit",
    "delivered": "données remises",
    "result": "résultat",
}
_LABELLED: Final[Mapping[str, type[Pace] | type[Gravity]]] = {"pace": Pace, "gravity": Gravity}


def facts(entry: Entry, names: Mapping[str, str]) -> dict[str, str]:
    """What an entry says, each thing under its name; what it does not say is left out."""
    said = entry.said
    found = {_TEXTS[entry.kind]: said.text}
    if said.step:
        found["état"] = said.step.label
    if said.day:
        found[_DAYS.get(entry.kind, "jour")] = long_date(said.day)
    if said.done_on:
        found["fait le"] = long_date(said.done_on)
    for name, text in said.detail.items():
        if name == "aggregates":
            found["agrégats seulement"] = "confirmé"
        elif text:
            found[_detail_name(name, names)] = _detail_value(name, text, names)
    return found


def changed(entry: Entry, before: Entry | None, names: Mapping[str, str]) -> str:
    """What an entry says that the one before it did not; all that it says where there is none."""
    now, then = facts(entry, names), facts(before, names) if before else {}
    parts = [
        f"{name} : {text}" if name not in then else f"{name} : {then[name]} → {text}"
        for name, text in now.items()
        if then.get(name) != text
    ]
    parts += [f"{name} : {text} → rien" for name, text in then.items() if name not in now]
    return " ; ".join(parts) or "rien n’a changé"


def act_words(entry: Entry, before: Entry | None) -> str:
    """What was done, as a heading of the history: « Jalon ajouté », « Étude conjointe : acceptée »."""
    label = capfirst(entry.kind.label)
    if entry.kind is Kind.STUDY and entry.said.step not in {None, Step.ASKED}:
        return f"{label} : {entry.said.step.label if entry.said.step else ''}"
    return f"{label}, changement" if before else label


def _detail_name(name: str, names: Mapping[str, str]) -> str:
    if name.startswith(LEAD):
        key = name.removeprefix(LEAD)
        return f"pilote, {names.get(key, key)}"
    return _DETAILS.get(name, name)


def _detail_value(name: str, text: str, names: Mapping[str, str]) -> str:
    if name in _LABELLED:
        return _LABELLED[name].of(text).label
    return names.get(text, text) if name == "supplier" else text
