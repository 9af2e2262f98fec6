"""One referral in a list, in the words of whoever received it or sent it, with what waits in it."""

from datetime import date

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.referrals.lists.queries import Line
from maillage.referrals.references import reference
from maillage.referrals.states import State
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.tables import Column, Row
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.life import Side, part_words, tone_of
from maillage.web.referrals.naming import service_of
from maillage.web.referrals.restricted import restriction


def line_columns(*, receives: bool) -> list[Column]:
    """The columns of a list of referrals."""
    return [
        Column("Personne"),
        Column("Référence"),
        Column("Service"),
        Column("Envoyée par" if receives else "Envoyée à"),
        Column("Reçue ou transmise le" if receives else "Envoyée le"),
        Column("État"),
    ]


def line_row(line: Line, *, receives: bool, on: date) -> Row:
    """One referral in a list."""
    part = line.participation
    # By this very caisse: it received another, and sent this one.
    forwarded = receives and part.role == "sender"
    side = Side.FORWARDER if forwarded else Side(part.role)
    other = part.case.sender if receives and not forwarded else part.case.caisse
    name = line.identity.full_name if line.identity else "Données détruites"
    if not line.is_open:
        name = "Dossier que vous ne suivez pas"
    return Row(
        (
            name,
            format_html('<span class="text-nowrap">{}</span>', reference(part.case_id)),
            service_of(part.case),
            f"Vous, à {other.short_name}" if forwarded else other.short_name,
            short_date(part.since),
            _state(line, side, on),
        ),
        url=reverse("referrals:case", args=[part.case_id]),
    )


def _state(line: Line, side: Side, on: date) -> SafeString:
    """Its state, after what presses and before what waits in it."""
    part = line.participation
    is_open = part.closed_at is None
    badges: list[SafeString] = []
    if part.urgent and is_open:
        badges.append(state_cell("Urgent", Tone.LATE))
    if part.late_on is not None and part.late_on <= on:
        badges.append(state_cell("En retard", Tone.LATE))
    badges += restriction(part)
    words = part_words(part, side)
    if part.state == State.PAUSED and part.due_on is not None:
        words += f", à revoir le {short_date(part.due_on)}"
    badges.append(state_cell(words, tone_of(part.state)))
    if line.is_forwarded:
        badges.append(state_cell("Transmise à un autre service", Tone.NEUTRAL))
    if line.is_asked:
        asked = "Question à laquelle répondre" if part.role == "sender" else "En attente d’une réponse"
        badges.append(state_cell(asked, Tone.SOON if part.role == "sender" else Tone.NEUTRAL))
    if line.is_unread:
        badges.append(state_cell("Message à lire", Tone.INFO))
    # One element: on a telephone the cell is a line of two columns.
    return format_html("<span>{}</span>", format_html_join(" ", "{}", ((badge,) for badge in badges)))
