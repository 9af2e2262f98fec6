"""What the parties do: services by trunk, commitments, delays, committees, indicators, axes and action sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from maillage.conventions.terms import OptionalClause
from maillage.conventions.terms.services import Service, Trunk
from maillage.conventions.terms.steering import Axis, Indicator
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, cadence_text, shown
from maillage.web.conventions.reading.words import word
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.typography import typeset


@dataclass(frozen=True, slots=True)
class AxisView:
    """An axis and its action sheets."""

    title: str
    aim: str
    table: Table


def option_words(clause: OptionalClause) -> str:
    """« retenu », « au choix des parties »: nothing when the text leaves no choice."""
    if not clause.optional:
        return ""
    if clause.chosen is None:
        return "au choix des parties"
    return "retenu" if clause.chosen else "écarté"


def services_tables(known: Known) -> list[Table]:
    """A table for each trunk, then one for the services that belong to none."""
    trunks: list[tuple[str, Trunk | None]] = [
        ("Tronc commun", Trunk.COMMON),
        ("Tronc optionnel", Trunk.OPTIONAL),
        ("Services", None),
    ]
    found = []
    for number, (caption, trunk) in enumerate(trunks, 1):
        services = [service for service in known.terms.services if service.trunk is trunk]
        if services:
            found.append(_services(f"services-{number}", caption, services, known))
    return found


def _services(name: str, caption: str, services: Sequence[Service], known: Known) -> Table:
    has_options = any(service.optional for service in services)
    columns = ["Service", "À la charge de", "Pour qui", "Article", *(["Choix"] if has_options else [])]
    rows = [
        (
            typeset(service.label),
            known.names.all(service.debtors) or "–",
            _entitled(service, known),
            article_words(service.article),
            *([option_words(service)] if has_options else []),
        )
        for service in services
    ]
    return card_table(name, caption, columns, rows)


def _entitled(service: Service, known: Known) -> str:
    if service.eligibility is None:
        return "–"
    known_items = (*service.eligibility.conditions, *service.eligibility.items)
    text = shown(known_items, known.names)
    at_least = service.eligibility.at_least
    return text if at_least is None else typeset(f"au moins {at_least} de ces situations : ") + text


def commitments_table(known: Known) -> Table:
    """One row per commitment: who owes what to whom, how often, what proves it."""
    columns = ["Engagement", "À la charge de", "Au bénéfice de", "Rythme", "Preuves admises", "Article"]
    rows = [
        (
            typeset(_with_option(one.what, one)),
            known.names.all(one.debtors),
            known.names.all(one.beneficiaries) or "–",
            cadence_text(one.cadence) or "–",
            shown(one.evidence, known.names) or "–",
            article_words(one.article),
        )
        for one in known.terms.commitments
    ]
    return card_table("engagements-table", counted(len(rows), "engagement"), columns, rows)


def _with_option(text: str, clause: OptionalClause) -> str:
    return f"{text} ({option_words(clause)})" if clause.optional else text


def clocks_table(known: Known) -> Table:
    """Promised delays: from which fact, binding or informative, with the readings where the text is silent."""
    columns = ["Délai", "Promis", "Compté depuis", "Nature", "Urgence", "Article"]
    rows = [
        (
            typeset(clock.label),
            shown(clock.promised, known.names) or "aucun nombre de jours",
            " ou ".join(dict.fromkeys(_start(variant.clause) for variant in clock.variants)),
            capfirst(word(clock.nature)),
            typeset(clock.urgency or ("urgent" if clock.urgent else "–")),
            article_words(clock.article),
        )
        for clock in known.terms.clocks
    ]
    return card_table("delais-table", counted(len(rows), "délai"), columns, rows)


def _start(clause: Any) -> str:
    return typeset(word(clause.start)) if clause.start is not None else "–"


def committees_table(known: Known) -> Table:
    """Bodies that meet: how often, who sits there, what for."""
    columns = ["Comité", "Niveau", "Rythme", "Membres", "Missions", "Article"]
    rows = [
        (
            typeset(one.name),
            word(one.level),
            cadence_text(one.cadence),
            known.names.all(one.members) or "–",
            shown(one.tasks, known.names) or "–",
            article_words(one.article),
        )
        for one in known.terms.committees
    ]
    return card_table("comites-table", counted(len(rows), "comité"), columns, rows)


def indicators_tables(known: Known) -> list[Table]:
    """The questions and counts shown to a committee, a table for each block of the text."""
    blocks: dict[str, list[Indicator]] = {}
    for indicator in known.terms.indicators:
        blocks.setdefault(indicator.block or "", []).append(indicator)
    return [
        _indicators(
            f"indicateurs-{number}",
            typeset(f"{block} : " if block else "") + counted(len(indicators), "indicateur"),
            indicators,
        )
        for number, (block, indicators) in enumerate(blocks.items(), 1)
    ]


def _indicators(name: str, caption: str, indicators: Sequence[Indicator]) -> Table:
    columns = ["Indicateur", "Réponse", "D’où vient le chiffre", "Règle de comptage", "Article"]
    rows = [
        (
            typeset(_with_option(one.label, one)),
            _answer(one),
            typeset(capfirst(word(one.source))),
            typeset(one.counting or "–"),
            article_words(one.article),
        )
        for one in indicators
    ]
    return card_table(name, caption, columns, rows)


def _answer(indicator: Indicator) -> str:
    text = word(indicator.answer)
    parts = [part.label for part in indicator.parts] + [choice.label for choice in indicator.choices]
    return typeset(f"{text} : {', '.join(parts)}") if parts else text


def axes_views(known: Known) -> list[AxisView]:
    """Axes, each with the table of its action sheets; what a sheet does not say is a blank."""
    return [_axis(number, axis, known) for number, axis in enumerate(known.terms.axes, 1)]


def _axis(number: int, axis: Axis, known: Known) -> AxisView:
    columns = ["Fiche", "Action", "Pilotes", "Partenaires", "Jalons", "Indicateurs"]
    rows = [
        (
            f"Fiche {sheet.number}",
            typeset(sheet.description),
            shown(sheet.leads, known.names),
            shown(sheet.partners, known.names),
            shown(sheet.milestones, known.names),
            shown(sheet.indicators, known.names),
        )
        for sheet in axis.sheets
    ]
    title = typeset(f"Axe {axis.number} : {axis.label}")
    caption = f"Fiches actions de l’axe {axis.number}"
    return AxisView(title, typeset(axis.aim or ""), card_table(f"axe-{number}", caption, columns, rows))
