"""The flows of a convention: a diagram, and for each who, by which way, under which roles, open or closed and why."""

from collections.abc import Collection
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from maillage.conventions.data_roles.queries import acceptances, standing_of
from maillage.conventions.data_roles.rules import Standing
from maillage.conventions.terms import PERSON, Blank
from maillage.conventions.terms.data_roles import roles_of
from maillage.conventions.terms.flows import ChannelKind, DataNature, Flow
from maillage.referrals.advising import ways_to_tell
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.life import Picture
from maillage.web.conventions.reading.papers import papers_of
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import article_words, channel_text, roles_text, shown
from maillage.web.conventions.reading.words import word
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.svg.flow_diagram import (
    FlowArrow,
    FlowData,
    FlowDiagram,
    FlowParty,
    flow_diagram,
)
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_DEFINITION: Final = (
    "Une flèche pleine porte des données nominatives, une flèche en tirets des chiffres sans nom ou rien. "
    "« Ouvert » se lit au jour d’aujourd’hui."
)


def exchanges(known: Known) -> Picture | None:
    """The diagram and its table; None when the text names no flow."""
    flows = known.terms.flows
    if not flows:
        return None
    ends = dict.fromkeys([party.key for party in known.terms.parties])
    used = {key for flow in flows for key in (flow.sender, flow.recipient)}
    others = [third.key for third in known.terms.third_parties if third.key in used]
    columns = [key for key in ends if key in used] + others + ([PERSON] if PERSON in used else [])
    unknown = sorted(used - set(columns))
    svg = flow_diagram(
        FlowDiagram(
            name="echanges-dessin",
            title="Qui échange quoi avec qui",
            parties=[FlowParty(key, typeset(known.names.of(key))) for key in (*columns, *unknown)],
            arrows=[
                FlowArrow(
                    flow.sender,
                    flow.recipient,
                    typeset(flow.label),
                    FlowData(flow.data.value),
                    _way(known, flow),
                )
                for flow in flows
            ],
        )
    )
    return Picture(svg, _DEFINITION, None)


def _way(known: Known, flow: Flow) -> str:
    if isinstance(flow.channels, Blank):
        return "voie à compléter"
    chosen = next((one for one in flow.channels if one.preferred), None) or next(iter(flow.channels), None)
    if chosen is None:
        return ""
    way = channel_text(chosen, known.names)
    return f"{word(flow.data)}, {way}" if flow.data is DataNature.NOMINATIVE else way


def exchanges_table(known: Known) -> Table:
    """The same flows, each with its service, its ways, its GDPR roles, and whether it is open today."""
    mine = known.convention.mine
    ways = ways_to_tell(known.terms, party=mine.key, on=known.on) if mine is not None and mine.signs else []
    told = {route.key for route in ways}
    given = acceptances([known.convention.id])
    blocked = {
        one.key
        for one in standing_of(known.convention, known.terms, given, on=known.on)
        if one.standing is Standing.BLOCKED
    }
    rows = [
        (
            _named(known, flow, told),
            f"{known.names.of(flow.sender)} → {known.names.of(flow.recipient)}",
            _state(known, flow, blocked),
            shown(flow.channels, known.names),
            _data(known, flow),
        )
        for flow in known.terms.flows
    ]
    columns = ["Échange", "De, vers", "Aujourd’hui", "Par quelle voie", "Données et rôles RGPD"]
    return card_table("echanges-table", counted(len(rows), "échange"), columns, rows)


def _named(known: Known, flow: Flow, told: Collection[str]) -> str:
    """The flow, its article, what is printed for it, and what one tells a person who takes it herself."""
    said = f"{typeset(flow.label)} ({article_words(flow.article)})"
    links = [
        (
            reverse("conventions:paper", args=[known.convention.id, flow.key, paper.slug]),
            f"{paper.label} (PDF)",
        )
        for paper in papers_of(flow)
    ]
    if f"flows.{flow.key}" in told:
        address = reverse("referrals:advise", args=[known.convention.id, f"flows.{flow.key}"])
        links.insert(0, (address, "Ce que l’on dit à la personne"))
    if not links:
        return said
    drawn = format_html_join(
        mark_safe("<br>"),
        '<a href="{}" rel="nofollow">{}</a>',
        ((address, typeset(label)) for address, label in links),
    )
    return format_html('{}<br><span class="small">{}</span>', said, drawn)


def _data(known: Known, flow: Flow) -> str:
    """What travels, then who answers for it."""
    what = capfirst(word(flow.data))
    if flow.data is not DataNature.NOMINATIVE:
        return what
    return format_html("{}\u00a0; {}", what, roles_text(roles_of(known.terms, flow), known.names))


def _state(known: Known, flow: Flow, blocked: Collection[str]) -> str:
    """Open or closed today, with the reason."""
    is_open, why = _is_open(known, flow)
    if is_open and flow.key in blocked:
        is_open, why = False, "les rôles RGPD ne sont pas renseignés"
    badge = state_cell("Ouvert" if is_open else "Fermé", Tone.GOOD if is_open else Tone.NEUTRAL)
    return format_html("{} {}", badge, typeset(why))


def _is_open(known: Known, flow: Flow) -> tuple[bool, str]:
    if not known.is_signed:
        return False, "la convention n’est pas signée par tous"
    if not known.facts.may_be_in_force:
        return False, "la convention n’est pas en vigueur"
    if not known.facts.is_in_force:
        return False, "les lectures du texte ne s’accordent pas sur la vigueur"
    if flow.optional and flow.chosen is not True:
        return False, "au choix des parties, qui ne l’ont pas retenu"
    return _by_its_ways(flow)


def _by_its_ways(flow: Flow) -> tuple[bool, str]:
    if isinstance(flow.channels, Blank):
        return False, "la voie reste à compléter"
    kinds = {channel.kind for channel in flow.channels}
    if kinds == {ChannelKind.TO_AGREE}:
        return False, "les parties doivent convenir de la voie"
    if ChannelKind.PLATFORM in kinds:
        return True, "se fait dans Maillage"
    return True, "se fait hors de Maillage, par la voie dite"
