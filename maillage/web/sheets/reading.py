"""One action sheet: what the text says, who leads it, its milestones, exchanges, risks, notes, studies, and all that was written."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms import Blank
from maillage.organisations.roles import Permission
from maillage.steering.sheets.queries import Item, Sheet, one_sheet
from maillage.steering.sheets.rules import ANSWERS, BEFORE, LEAD, Entry, Gravity, Kind, Pace, Step
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.reading.values import Names, article_words, names_of, shown
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.components import Event, Fact, due_badge
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import page
from maillage.web.sheets.forms import STUDY_STEPS
from maillage.web.sheets.opening import above, may_write, reached_axes
from maillage.web.sheets.opening import names_of as parties_of
from maillage.web.sheets.words import TITLES, act_words, changed

_TONES: Final = {
    Step.DONE: Tone.GOOD,
    Step.STARTED: Tone.INFO,
    Step.RUNNING: Tone.INFO,
    Step.AGREED: Tone.GOOD,
    Step.CONCLUDED: Tone.GOOD,
    Step.REFUSED: Tone.LATE,
    Step.ASKED: Tone.SOON,
    Step.OPEN: Tone.SOON,
}
_GRAVITIES: Final = {Gravity.HIGH: Tone.LATE, Gravity.MEDIUM: Tone.SOON}


@page(permission=Permission.READ_CONVENTIONS)
def sheet(request: MemberRequest, convention: UUID, sheet: str) -> HttpResponse:
    """Everything of one sheet."""
    known, on = reached_axes(request, convention)
    found = one_sheet(known, sheet, on)
    if found is None:
        raise Http404
    clause, writer = found.clause, _Writer(known, found, on, may=may_write(request, known))
    title = f"Fiche {clause.number}"
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": above(known),
        "title": typeset(f"{title} : {found.title}" if found.title else title),
        "lead": typeset(clause.description),
        "facts": writer.facts(),
        "present_url": writer.present_url,
        "present_label": TITLES[Kind.SHEET][1 if found.presentation else 0],
        "sections": writer.sections(),
        "history": writer.history(),
    }
    return render(request, "sheets/sheet.html", context)


class _Writer:
    """Draws a sheet for one reader; `may`: she writes on it."""

    def __init__(self, known: LoadedConvention, sheet: Sheet, on: date, *, may: bool) -> None:
        self.known, self.sheet, self.on, self.may = known, sheet, on, may
        self.names = parties_of(known)

    @property
    def present_url(self) -> str:
        """Where the presentation is written, or said anew."""
        if not self.may:
            return ""
        presentation = self.sheet.presentation
        return self._change(presentation.id) if presentation else self._add("presentation")

    def facts(self) -> list[Fact]:
        """The presentation: what the parties wrote, beside what the text says where it says something."""
        clause, entry = self.sheet.clause, self.sheet.presentation
        detail = entry.said.detail if entry else {}
        text = names_of(self.known.readable(self.on), self.names)
        lines = [
            Fact(
                "Axe",
                typeset(f"{self.sheet.axis.number} : {self.sheet.axis.label}"),
                article_words(clause.article),
            ),
            *(
                Fact(f"Pilote, {name}", typeset(detail.get(f"{LEAD}{key}", "") or "À désigner"))
                for key, name in self.names.items()
            ),
            Fact("Pilotes selon le texte", self._said(clause.leads, text)),
            Fact("Partenaires", typeset(detail.get("partners", "")) or shown(clause.partners, text)),
            Fact("Jalons selon le texte", self._said(clause.milestones, text)),
            Fact("Indicateurs", typeset(detail.get("indicators", "")) or shown(clause.indicators, text)),
        ]
        return [line for line in lines if line.text]

    @staticmethod
    def _said(clause: object, text: Names) -> str:
        """What the text says; what it leaves open is asked where the parties write it."""
        return "" if isinstance(clause, Blank) else shown(clause, text)

    def sections(self) -> list[tuple[str, str, Table | None, str, str]]:
        """Name, heading, table, the page that adds one and its words; without an address for who only reads."""
        drawn = (
            ("jalon", "Jalons", Kind.MILESTONE, self._milestones),
            ("echange", "Échanges de données", Kind.EXCHANGE, self._exchanges),
            ("risque", "Risques", Kind.RISK, self._risks),
            ("etude", "Études conjointes", Kind.STUDY, self._studies),
            ("note", "Notes d’avancement", Kind.NOTE, self._notes),
        )
        return [
            (
                slug,
                heading,
                draw(items) if (items := self.sheet.of(kind)) else None,
                self._add(slug) if self.may else "",
                TITLES[kind][0],
            )
            for slug, heading, kind, draw in drawn
        ]

    def history(self) -> list[Event]:
        """All that was written, the newest first, each with what it changed."""
        before: dict[UUID, Entry] = {}
        lines = []
        for entry in reversed(self.sheet.history):
            former = None if entry.of else before.get(entry.item)
            before[entry.item] = entry
            who = self.names.get(entry.party, entry.party)
            when = long_instant(entry.at, self.known.zone)
            lines.append(
                Event(when, act_words(entry, former), who, typeset(changed(entry, former, self.names)))
            )
        return lines[::-1]

    def _milestones(self, items: Sequence[Item]) -> Table:
        ordered = sorted(items, key=lambda one: (one.newest.said.day is None, one.newest.said.day or self.on))
        rows = [
            (
                typeset(one.newest.said.text),
                self._when(one),
                self._state(one),
                self._links(one),
            )
            for one in ordered
        ]
        return card_table("jalons", counted(len(rows), "jalon"), ("Jalon", "Échéance", "État", "Suite"), rows)

    def _when(self, one: Item) -> str:
        said = one.newest.said
        if one.awaited:
            return due_cell(due_badge(one.awaited, self.on))
        return long_date(said.day) if said.day else "Sans date"

    def _exchanges(self, items: Sequence[Item]) -> Table:
        columns = ("Échange", "Rythme et format", "Prochaine livraison", "Dernière livraison", "Suite")
        rows = [
            (
                self._exchange(one),
                typeset(
                    ", ".join(
                        filter(
                            None,
                            (
                                Pace.of(one.newest.said.detail["pace"]).label,
                                one.newest.said.detail.get("format", ""),
                            ),
                        )
                    )
                ),
                due_cell(due_badge(one.awaited, self.on)) if one.awaited else self._state(one),
                self._delivered(one),
                self._links(one, deliver=True),
            )
            for one in items
        ]
        return card_table("echanges", counted(len(rows), "échange"), columns, rows)

    def _exchange(self, one: Item) -> SafeString:
        detail = one.newest.said.detail
        supplier = self.names.get(detail["supplier"], detail["supplier"])
        return format_html(
            '{}<span class="d-block small soft">{}</span>',
            typeset(one.newest.said.text),
            typeset(f"Fourni par : {supplier}. Base légale : {detail['legal_basis']}"),
        )

    def _delivered(self, one: Item) -> str:
        if not one.deliveries:
            return "Aucune"
        last = one.deliveries[0].said
        when = long_date(last.day) if last.day else ""
        more = f" ({counted(len(one.deliveries), 'livraison')})" if len(one.deliveries) > 1 else ""
        return typeset(f"{when} : {last.text}{more}")

    def _risks(self, items: Sequence[Item]) -> Table:
        rows = [
            (
                typeset(one.newest.said.text),
                self._gravity(one),
                typeset(one.newest.said.detail.get("answer", "")) or "–",
                self._state(one),
                self._links(one),
            )
            for one in items
        ]
        columns = ("Risque", "Niveau", "Réponse", "État", "Suite")
        return card_table("risques", counted(len(rows), "risque"), columns, rows)

    @staticmethod
    def _gravity(one: Item) -> SafeString:
        gravity = Gravity.of(one.newest.said.detail["gravity"])
        return state_cell(capfirst(gravity.label), _GRAVITIES.get(gravity, Tone.NEUTRAL))

    def _studies(self, items: Sequence[Item]) -> Table:
        rows = [
            (
                typeset(one.newest.said.text),
                typeset(
                    f"{self.names.get(one.first.party, one.first.party)}, {long_date(one.first.said.day or self.on)}"
                ),
                self._state(one),
                self._study(one),
                self._study_links(one),
            )
            for one in items
        ]
        columns = ("Étude", "Demandée par", "État", "Ce qui en est dit", "Suite")
        return card_table("etudes", counted(len(rows), "étude"), columns, rows)

    @staticmethod
    def _study(one: Item) -> str:
        detail = one.newest.said.detail
        labels = (
            ("reference", "Réponse écrite"),
            ("delivered", "Données, des agrégats"),
            ("result", "Résultat"),
        )
        return (
            typeset(" ; ".join(f"{label} : {detail[name]}" for name, label in labels if detail.get(name)))
            or "–"
        )

    def _notes(self, items: Sequence[Item]) -> Table:
        ordered = sorted(items, key=lambda one: one.newest.said.day or self.on, reverse=True)
        rows = [
            (
                long_date(one.newest.said.day or self.on),
                typeset(one.newest.said.text),
                self.names.get(one.newest.party, one.newest.party),
            )
            for one in ordered
        ]
        return card_table("notes", counted(len(rows), "note"), ("Jour", "Note", "Écrite par"), rows)

    @staticmethod
    def _state(one: Item) -> SafeString:
        said = one.newest.said
        label = said.step.label if said.step else ""
        badge = state_cell(
            capfirst(label), _TONES.get(said.step, Tone.NEUTRAL) if said.step else Tone.NEUTRAL
        )
        return format_html("{} {}", badge, long_date(said.done_on)) if said.done_on else badge

    def _links(self, one: Item, *, deliver: bool = False) -> str:
        if not self.may:
            return "–"
        what = one.newest.said.text
        pairs = [(self._change(one.newest.id), "Changer")]
        if deliver:
            pairs.insert(
                0, (reverse("sheets:deliver", args=[self.known.id, one.newest.item]), "Noter une livraison")
            )
        return _drawn([(url, label, what) for url, label in pairs])

    def _study_links(self, one: Item) -> str:
        """The steps that follow; the answer is that of a party that did not ask."""
        if not self.may:
            return "–"
        mine = self.known.mine.key if self.known.mine else ""
        found = [
            (reverse("sheets:step", args=[self.known.id, one.newest.id, slug]), label, one.newest.said.text)
            for slug, (step, _, label) in STUDY_STEPS.items()
            if BEFORE[step] is one.newest.said.step and not (step in ANSWERS and one.first.party == mine)
        ]
        if found:
            return _drawn(found)
        return "L’autre partie répond" if one.newest.said.step is Step.ASKED else "–"

    def _add(self, slug: str) -> str:
        return reverse("sheets:add", args=[self.known.id, self.sheet.clause.key, slug])

    def _change(self, entry: UUID) -> str:
        return reverse("sheets:change", args=[self.known.id, entry])


def _drawn(links: Sequence[tuple[str, str, str]]) -> SafeString:
    return format_html_join(
        " · ",
        '<a href="{}">{}<span class="visually-hidden"> : {}</span></a>',
        ((url, label, typeset(what)) for url, label, what in links),
    )
