"""The avenants of a convention: what each changes, from when, and who has signed it."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.html import format_html, format_html_join

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.terms import Operation
from maillage.web.conventions.reading.fields import SECTIONS, SINGLES, field_name
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.tables import card_table
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset

_STATES: Final = {
    "draft": ("Brouillon", Tone.NEUTRAL),
    "proposed": ("Proposé", Tone.INFO),
    "partly_signed": ("Partiellement signé", Tone.INFO),
    "signed": ("Signé", Tone.GOOD),
    "abandoned": ("Abandonné", Tone.NEUTRAL),
}
_VERBS: Final = {Operation.REPLACE: "remplace", Operation.ADD: "ajoute", Operation.REMOVE: "retire"}


def avenants_table(known: Known, rows: Sequence[Amendment]) -> Table:
    """The newest first; the text at a date tells what they give together."""
    columns = ["Avenant", "État", "Effet", "Ce qu’il change", "Signatures"]
    lines = [
        (
            typeset(f"N° {row.number} : {row.title}"),
            state_cell(*_STATES.get(row.state, (row.state, Tone.NEUTRAL))),
            short_date(row.effect_on),
            _changes(known, row.changes),
            _signed(known, row),
        )
        for row in rows
    ]
    return card_table("avenants-table", counted(len(lines), "avenant"), columns, lines)


def _changes(known: Known, changes: Sequence[dict[str, Any]]) -> str:
    return format_html_join("", "<div>{}</div>", ((_change(known, change),) for change in changes))


def _change(known: Known, change: dict[str, Any]) -> str:
    """« remplace : Durée », « ajoute : Engagements »: the clause touched, by its name where it has one."""
    path = str(change.get("path", ""))
    section, _, rest = path.partition("[")
    section, _, field = section.partition(".") if not rest else (section, "", "")
    key, _, tail = rest.partition("]")
    word = SECTIONS[section][1] if section in SECTIONS else SINGLES.get(section, field_name(section))
    where = f" « {known.names.of(key)} »" if key in known.names.known else ""
    last = field or tail.rpartition(".")[2]
    what = f", {field_name(last).lower()}" if last and last.isidentifier() else ""
    verb = next((said for verb, said in _VERBS.items() if verb.value == change.get("operation")), "change")
    return typeset(f"{verb} : {word}{where}{what}")


def _signed(known: Known, row: Amendment) -> str:
    signed = {one.party_key: one for one in row.signatures.all() if one.voided_at is None}
    told = [
        f"{known.names.of(party.key)} le {short_date(signed[party.key].signed_on)}"
        if party.key in signed
        else f"{known.names.of(party.key)} : attendue"
        for party in known.terms.parties
    ]
    return format_html("{}", ", ".join(told)) if row.state != "draft" else "–"
