"""The whole record of an organisation, from its texts of the day and the registry of personal data. Pure: no query, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maillage.core.text import sort_key
from maillage.privacy.categories import CATEGORIES, Category, held
from maillage.privacy.measures import MEASURES
from maillage.privacy.registry import Declaration
from maillage.protection.records.reading import Text, entries
from maillage.protection.records.rules import Entry, Field, Line, Part, Record


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation, as the directory has it."""

    name: str
    address: str = ""
    siret: str = ""
    mailbox: str = ""
    phone: str = ""


def generate(body: Body, texts: Iterable[Text], declared: Mapping[str, Mapping[str, Declaration]]) -> Record:
    """The record of the day. The order of the texts does not count."""
    ordered = sorted(texts, key=lambda one: (sort_key(one.title), one.id))
    kinds = ", ".join(f"{one.title[:1].lower()}{one.title[1:]}" for one in CATEGORIES if not one.own)
    platform = (f"{kinds} ; le détail est plus bas",)
    found = [entry for text in ordered for entry in entries(text, platform)]
    own = [_own(one, declared) for one in CATEGORIES if one.own]
    kept = [_on_cases(one, declared) for one in CATEGORIES if not one.own and ordered]
    return Record(_head(body), (*found, *kept, *own), tuple(one.words for one in MEASURES))


def _head(body: Body) -> tuple[Field, ...]:
    contact = tuple(Line(one) for one in (body.mailbox, body.phone) if one)
    asked = Line("à compléter sur la fiche de l’organisme", asked=True)
    return (
        Field("name", "Organisme", (Line(body.name),)),
        Field("address", "Adresse", (Line(body.address) if body.address else asked,)),
        *((Field("siret", "SIRET", (Line(body.siret),)),) if body.siret else ()),
        Field("contact", "Contact", contact or (asked,)),
        Field(
            "dpo",
            "Délégué à la protection des données",
            (Line("celui que chaque traitement nomme, ci-dessous"),),
        ),
    )


def _own(category: Category, declared: Mapping[str, Mapping[str, Declaration]]) -> Entry:
    """What an organisation holds for itself on the platform: the registry's words, by category."""
    return Entry(f"maillage/{category.key}", Part.OWN, category.title, "", _declared(category, declared))


def _on_cases(category: Category, declared: Mapping[str, Mapping[str, Declaration]]) -> Entry:
    """What the platform keeps of the cases of conventions: each convention's entry says for whom and how long."""
    title = f"Dossiers des conventions, {category.title[:1].lower()}{category.title[1:]}"
    return Entry(f"maillage/{category.key}", Part.OWN, title, "", _declared(category, declared))


def _declared(category: Category, declared: Mapping[str, Mapping[str, Declaration]]) -> tuple[Field, ...]:
    found = held(category, declared)
    recipients = (
        "L’organisme lui-même, et les organismes auxquels la convention ou l’annuaire donne à lire"
        if category.own
        else "Les organismes qui prennent part au dossier"
    )
    return (
        Field("purposes", "Finalités", _lines(found.why)),
        Field("persons", "Catégories de personnes", _lines(found.subjects)),
        Field("data", "Catégories de données", (Line(category.data),)),
        Field("recipients", "Destinataires", (Line(recipients),)),
        Field(
            "transfers",
            "Transferts hors de l’Union européenne",
            (Line("à dire par qui héberge la plateforme", asked=True),),
        ),
        Field("retention", "Délais prévus pour l’effacement", _lines(found.kept)),
        Field("destruction", "Comment elles sont détruites", _lines(found.destroyed)),
        Field("security", "Sous quelle forme", _lines(found.forms)),
    )


def _lines(words: Iterable[str]) -> tuple[Line, ...]:
    return tuple(Line(one.removesuffix(".")) for one in words)
