"""Campaigns in tables: all of them, who has answered, what was published, question by question or region by region."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.terms.parties import BodyKind
from maillage.indicators.campaigns.models import Campaign, CampaignReminder
from maillage.indicators.campaigns.queries import Answering
from maillage.indicators.campaigns.rules import ZONE, next_reminder
from maillage.indicators.campaigns.states import WORDS
from maillage.indicators.campaigns.states import State as CampaignState
from maillage.indicators.consolidated.protecting import ALL, NATION
from maillage.indicators.consolidated.reading import Line
from maillage.indicators.sheets.states import WORDS as SHEET_WORDS
from maillage.indicators.sheets.states import State
from maillage.organisations.territories import regions
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, plain_table
from maillage.web.presentation.typography import typeset

EXPORTED: Final = ("Territoire", "Réseau", "Bloc", "Question", "Réponse", "Détail", "Règle de comptage", "Article")  # fmt: skip
NOT_BEGUN: Final = "Pas commencée"
_KINDS: Final = {kind.value: kind.label for kind in BodyKind}


def network_words(code: str) -> str:
    """A network of partners in words."""
    return "tous les réseaux" if code == ALL else _KINDS.get(code, "autres partenaires")


def territory_words(code: str) -> str:
    """The country or a region in words; a caisse is named by whoever knows it."""
    if code == NATION:
        return "France entière"
    found = regions().get(code)
    return found.name if found else "Hors région"


def listed_table(rows: Sequence[Campaign]) -> Table:
    """All campaigns, the last year first."""
    drawn = [
        (
            str(one.year),
            typeset(one.title),
            typeset(one.opened_for.short_name),
            WORDS[CampaignState(one.state)],
            short_date(one.due_on),
        )
        for one in rows
    ]
    table = plain_table(
        "campagnes",
        counted(len(rows), "campagne"),
        ["Année", "Texte", "Ouverte par", "État", "Réponses attendues pour le"],
        drawn,
        empty="Aucune campagne n’est ouverte.",
        stacks=True,
    )
    urls = [reverse("indicators:campaign", args=[one.id]) for one in rows]
    linked = [Row(row.cells, url) for row, url in zip(table.rows, urls, strict=True)]
    return Table(table.name, table.caption, table.headings, linked, empty=table.empty, stacks=table.stacks)


def progress_table(rows: Sequence[Answering]) -> Table:
    """Where each convention stands; nothing of what its sheet says."""
    done = sum(one.state == State.VALIDATED for one in rows)
    return plain_table(
        "avancement",
        typeset(f"{counted(done, 'fiche validée', 'fiches validées')} sur {len(rows)}"),
        ["Département", "Caisse", "Convention", "Réseau", "Fiche", "Depuis le"],
        [
            (
                one.departement,
                typeset(one.caisse),
                typeset(one.title),
                network_words(one.network),
                SHEET_WORDS[State(one.state)] if one.state else NOT_BEGUN,
                short_date(one.since.date()) if one.since else "–",
            )
            for one in rows
        ],
        empty="Aucune convention ne met ce texte en œuvre cette année-là.",
        stacks=True,
    )


def reminders_table(
    campaign: Campaign, left: Sequence[CampaignReminder], planned: Sequence[date], on: date
) -> Table:
    """Each reminder in its order: to how many conventions it left, when it will, or that it did not."""
    known = {one.on: one for one in left}
    is_open = campaign.state == CampaignState.OPEN
    upcoming = next_reminder(planned, known.keys(), campaign.due_on, on) if is_open else None
    return plain_table(
        "rappels",
        typeset(f"Prochain rappel le {long_date(upcoming)}" if upcoming else "Aucun rappel à venir"),
        ["Rappel du", "Où il en est"],
        [
            (short_date(day), typeset(_reminded(campaign, known.get(day), day, on)))
            for day in sorted({*planned, *known})
        ],
        empty="Cette campagne ne rappelle personne.",
        stacks=True,
    )


def _reminded(campaign: Campaign, left: CampaignReminder | None, day: date, on: date) -> str:
    if left is not None:
        told = counted(left.conventions, "convention")
        return f"Parti le {short_date(left.sent_at.astimezone(ZONE).date())}, à {told} sans fiche transmise"
    if campaign.state != CampaignState.OPEN or day < on:
        return "Pas parti"
    return "À venir"


def lines_tables(found: Sequence[Line]) -> list[Table]:
    """The answers under the headings of the text."""
    blocks: dict[str, list[Line]] = {}
    for one in found:
        blocks.setdefault(one.block, []).append(one)
    return [
        plain_table(
            f"reponses-{number}",
            typeset(block or "Indicateurs"),
            ["Question", Column("Réponse", is_number=True), "Règle de comptage"],
            [
                (
                    typeset(one.label),
                    typeset(f"{one.text} ({one.detail})" if one.detail else one.text),
                    typeset(" ".join(filter(None, (one.rule, capfirst(article_words(one.article)))))),
                )
                for one in lines
            ],
            stacks=True,
        )
        for number, (block, lines) in enumerate(blocks.items(), 1)
    ]


def exported(territory: str, network: str, found: Sequence[Line]) -> list[tuple[str, ...]]:
    """The same answers, one a line, under `EXPORTED`."""
    return [
        (
            territory_words(territory),
            network_words(network),
            one.block,
            one.label,
            one.text,
            one.detail,
            one.rule,
            one.article,
        )
        for one in found
    ]
