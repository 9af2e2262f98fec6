"""The components and words of the interface, for templates: `{% load maillage %}`. See docs/interface.md."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from maillage.web.kept import kept_of
from maillage.web.presentation import dates, forms, glossary, numbers, rows, typography
from maillage.web.presentation.components import (
    Confirmation,
    Document,
    DueBadge,
    Event,
    Fact,
    Month,
    Quote,
    ReadingLine,
    Refusal,
    Step,
    Task,
    Tile,
)
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone

register = template.Library()

FIRST_TASKS: Final = 20
"""How many tasks are read at once: on a telephone, some two metres of paper; what is late comes first."""
_REFERENCE: Final = re.compile(r"\b(?:[A-Z]-[0-9A-F]{6}|(?=[0-9-]*[A-Z])[0-9A-Z]{4}-[0-9A-Z]{4})\b")
"""Such as « V-CFB5D8 » and « K7QM-3XTD »; « 2016-2019 » is no reference."""

register.filter("long_date", lambda value: dates.long_date(value) if value else "")
register.filter("short_date", lambda value: dates.short_date(value) if value else "")
register.filter("month_year", lambda value: dates.month_year(value) if value else "")
register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("siret", numbers.siret)
register.filter("within_quotes", typography.within_quotes)
register.filter("phone", numbers.phone)
register.filter("file_size", numbers.file_size)


@register.filter
def instant(value: datetime | None) -> str:
    """Return « 14 novembre 2024 à 9 h 05 », Paris time."""
    return dates.long_instant(value) if value else ""


@register.filter
def typeset(text: object) -> str:
    """Return the text with its French spaces and apostrophes; markup is left alone, words alone stay as safe as they were."""
    if not isinstance(text, SafeString):
        return typography.typeset(str(text))
    # Words written in a template come as safe, and are words all the same.
    return text if {"<", "&"} & set(text) else mark_safe(typography.typeset(text))  # noqa: S308 - was safe, no markup


@register.filter
def unbroken(text: str) -> SafeString:
    """Return the text, escaped, each reference, « V-CFB5D8 » or « K7QM-3XTD », kept on one line: it is read out over the telephone."""
    kept = _REFERENCE.sub(r'<span class="text-nowrap">\g<0></span>', conditional_escape(text))
    return mark_safe(kept)  # noqa: S308 - escaped above


@register.filter
def counted(count: int, words: str) -> str:
    """Return « 3 conventions » for `{{ 3|counted:"convention,conventions" }}`."""
    singular, _, several = words.partition(",")
    return numbers.counted(count, singular, several or None)


@register.filter
def explained(text: str) -> SafeString:
    """Return the text, the first occurrence of each known acronym explained on hover."""
    return mark_safe(glossary.explained(text))  # noqa: S308 - the glossary escapes the text


@register.simple_tag
def acronym(word: str) -> SafeString:
    """Return the acronym with its meaning on hover."""
    return mark_safe(glossary.acronym(word))  # noqa: S308 - the glossary escapes the word


@register.inclusion_tag("components/page_header.html")
def page_header(
    title: str,
    lead: str = "",
    breadcrumb: Sequence[tuple[str, str]] = (),
    state: str = "",
    tone: str = Tone.NEUTRAL,
) -> dict[str, object]:
    """Draw the heading of a page, under the pages above it."""
    return {"title": title, "lead": lead, "breadcrumb": breadcrumb, "state": state, "tone": tone}


@register.inclusion_tag("components/flash.html")
def flash(text: str, tone: str = Tone.INFO) -> dict[str, object]:
    """Draw one message inside a page."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/kept.html")
def kept(data: str, fact: date | datetime | None = None) -> dict[str, object]:
    """Draw until when data of a class are kept, counted from a fact if it is known, and who says so."""
    return {"text": kept_of(data, fact)}


@register.inclusion_tag("components/due_badge.html")
def due_badge(badge: DueBadge) -> dict[str, object]:
    """Draw a due date that explains itself."""
    return {"badge": badge}


@register.inclusion_tag("components/state_badge.html")
def state_badge(text: str, tone: str = Tone.NEUTRAL) -> dict[str, object]:
    """Draw a state in words."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/readings.html")
def readings(lines: Sequence[ReadingLine]) -> dict[str, object]:
    """Draw what each reading of an ambiguous clause would give."""
    return {"lines": lines, "has_retained": any(line.retained for line in lines)}


@register.inclusion_tag("components/blank.html")
def blank(label: str, article: str = "") -> dict[str, object]:
    """Draw what a text leaves open as a place to fill."""
    return {"label": label, "article": article}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", action_label: str = "", action_url: str = ""
) -> dict[str, object]:
    """Draw what stands in place of an empty list."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("components/data_table.html")
def data_table(table: Table) -> dict[str, object]:
    """Draw a table with its caption, its sort links and its pages."""
    return {"table": table, "body": rows.rows_markup(table)}


@register.inclusion_tag("components/filter_form.html")
def filter_form(
    form: BaseForm,
    reset_url: str,
    target: str = "",
    title: str = "Filtrer la liste",
    is_open: bool | None = None,
) -> dict[str, object]:
    """Draw the filters of a list, read from the address: open when one is set, and where the page is wide unless `is_open` says no."""
    is_set = any(bound.value() not in (None, "", False, [], bound.initial) for bound in form.visible_fields())
    return {
        "form": form,
        "reset_url": reset_url,
        "target": target,
        "title": title,
        "is_open": is_set if is_open is None else is_open,
        "opens_wide": is_open is None,
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Draw a form field with its label, help and errors."""
    kind = forms.field_kind(bound)
    is_group = kind == "choices"
    return {
        "field": bound,
        "kind": kind,
        "widget": "" if is_group else forms.field_widget(bound),
        "choices": forms.choice_boxes(bound) if is_group else (),
        "described_by": forms.described_by(bound),
    }


@register.inclusion_tag("components/small_form.html")
def small_form(form: BaseForm, button: str, back: str) -> dict[str, object]:
    """Draw one form for one act: its fields, the button that sends it, where one gives up."""
    return {"form": form, "button": button, "back": back}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, object]:
    """Draw the error summary of a form, then its fields in their order."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """Draw the list of a form's errors, each a link to its field; nothing when there is none."""
    errors = forms.error_lines(form)
    title = "Une réponse est à corriger" if len(errors) == 1 else f"{len(errors)} réponses sont à corriger"
    return {"errors": errors, "title": title, "name": f"{form.prefix or 'formulaire'}-erreurs"}


@register.inclusion_tag("components/steps.html")
def steps(steps: Sequence[Step]) -> dict[str, object]:
    """Draw where one stands in a long form."""
    ranks = (rank for rank, step in enumerate(steps, 1) if step.state == "current")
    position = next(ranks, 1)
    return {"steps": steps, "position": position, "current": steps[position - 1].label}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, object]:
    """Draw what happened and what is to come, in the order given."""
    return {"events": events}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Sequence[Task]) -> dict[str, object]:
    """Draw « À faire »: one task a line, with the rule behind its date; the first ones, and the others folded under them."""
    later = tasks[FIRST_TASKS:]
    return {
        "tasks": tasks[:FIRST_TASKS],
        "later": later,
        "many": f"Voir {numbers.counted(len(later), 'autre tâche', 'autres tâches')}",
    }


@register.inclusion_tag("components/definition_list.html")
def definition_list(facts: Sequence[Fact | tuple[str, str]]) -> dict[str, object]:
    """Draw facts as terms and texts."""
    return {"facts": [fact if isinstance(fact, Fact) else Fact(*fact) for fact in facts]}


@register.inclusion_tag("components/confirm_block.html")
def confirm_block(confirmation: Confirmation, form: BaseForm | None = None) -> dict[str, object]:
    """Draw a button that opens what the act entails, and the button that does it."""
    return {"confirmation": confirmation, "form": form}


@register.inclusion_tag("components/post_button.html")
def post_button(
    label: str, action: str, style: str = "primary", hidden: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Draw an act of one click, posted."""
    return {"label": label, "action": action, "style": style, "hidden": hidden or {}}


@register.inclusion_tag("components/refusal_panel.html")
def refusal_panel(refusal: Refusal) -> dict[str, object]:
    """Draw why something is closed, what would open it and whom to call."""
    return {"refusal": refusal}


@register.inclusion_tag("components/document_list.html")
def document_list(documents: Sequence[Document]) -> dict[str, object]:
    """Draw documents with what identifies them."""
    return {"documents": documents}


@register.inclusion_tag("components/clause_quote.html")
def clause_quote(quote: Quote) -> dict[str, object]:
    """Draw the words of a clause with their article."""
    return {"quote": quote}


@register.inclusion_tag("components/stat_tiles.html")
def stat_tiles(tiles: Sequence[Tile]) -> dict[str, object]:
    """Draw figures, each with its definition."""
    return {"tiles": tiles}


@register.inclusion_tag("components/year_strip.html")
def year_strip(months: Sequence[Month], label: str = "Les douze mois qui viennent") -> dict[str, object]:
    """Draw twelve months with what falls in each."""
    return {"months": months, "label": label}


@register.inclusion_tag("components/picture.html")
def picture(
    name: str, title: str, svg: str, definition: str = "", table: Table | None = None
) -> dict[str, object]:
    """Draw an SVG of presentation.svg, with the same facts as a table."""
    # The functions of presentation.svg escape every text they are given.
    return {"name": name, "title": title, "svg": mark_safe(svg), "definition": definition, "table": table}  # noqa: S308


@register.inclusion_tag("components/progress.html")
def progress(name: str, label: str, done: int = 0, total: int = 0, url: str = "") -> dict[str, object]:
    """Draw the progress of a long work, renewed by htmx while it lasts."""
    return {"name": name, "label": label, "done": done, "total": total, "url": url}


@register.inclusion_tag("components/sections_nav.html")
def sections_nav(sections: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Draw the table of contents of a long page."""
    return {"sections": sections}
