"""What stands in a cell of a table besides plain text: a state, a due date, a link. Made in Python, for long lists."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.web.presentation.components import DueBadge
from maillage.web.presentation.tones import Tone


def state_cell(text: str, tone: Tone = Tone.NEUTRAL) -> SafeString:
    """Return a state badge."""
    return format_html('<span class="badge-state tone-{}">{}</span>', tone, text)


def due_cell(badge: DueBadge) -> SafeString:
    """Return a due date in words; why it is so is said on the page that the row leads to."""
    return format_html(
        '<span class="due-plain tone-{}">{}<span>· {}</span></span>', badge.tone, badge.text, badge.date_text
    )


def link_cell(text: str, url: str) -> SafeString:
    """Return a link, for a column other than the first (the row itself links the first one)."""
    return format_html('<a href="{}">{}</a>', url, text)
