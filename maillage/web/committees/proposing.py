"""A local action proposed at the national level by the parties of its convention; and what is read of all of them there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.core.refusals import Refused
from maillage.indicators.campaigns.policies import can_open, is_national
from maillage.organisations.roles import Permission
from maillage.steering.local_actions import proposing
from maillage.steering.local_actions.models import LocalAction
from maillage.steering.local_actions.proposing import Above, Proposed, Received
from maillage.steering.local_actions.rules import Theme
from maillage.steering.local_actions.states import WORDS, State
from maillage.web.committees.forms import CHOOSE, NOBODY, long_text, short_text
from maillage.web.committees.local import THEMES, pages_above
from maillage.web.committees.opening import reached, steering
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.forms import TokenForm
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.one_form import one_form
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

STATES: Final = (State.ANALYSED, State.KEPT, State.ROLLED_OUT, State.REFUSED)
"""Where an action stands once it was proposed."""


class ProposeForm(TokenForm):
    """What the parties choose to say of an action at the national level."""

    framework = forms.ChoiceField(label="Texte national", widget=forms.RadioSelect, error_messages=CHOOSE)
    theme = forms.ChoiceField(
        label="Thème", choices=[("", "Choisissez"), *THEMES.items()], error_messages=CHOOSE
    )
    title = short_text("Intitulé, tel qu’il sera lu", longest=200, required=True)
    outcome = long_text(
        "Ce qu’il en est sorti, tel qu’il sera lu",
        f"{NOBODY} Aucun nombre de moins de onze personnes.",
        rows=4,
    )

    def __init__(
        self, data: Any = None, *, texts: Sequence[Above], initial: Mapping[str, object] | None = None
    ) -> None:
        known = [(str(one.id), typeset(one.title)) for one in texts]
        first = {"framework": known[0][0]} if len(known) == 1 else {}
        super().__init__(data, initial={**first, **(initial or {})})
        self.fields["framework"].choices = known  # type: ignore[attr-defined]  # a ChoiceField


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def propose(request: MemberRequest, local_action: UUID) -> HttpResponse:
    """Propose an action to a national text, in the words that will be read there."""
    row = _found(local_action)
    known = reached(request, row.convention_id)
    steering(request, known)
    texts = proposing.texts_above(known.id)
    if not texts or not proposing.may_be_proposed(row):
        messages.warning(request, proposing.NOT_YET if texts else proposing.NO_TEXT_ABOVE)
        return redirect("committees:local_actions", known.id)
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        texts=texts,
        initial={"title": row.title, "outcome": row.results[:1000]},
    )

    def act(values: dict[str, Any]) -> None:
        said = Proposed(UUID(values["framework"]), values["theme"], values["title"], values["outcome"])
        proposing.propose(
            action=row.pk, proposal_id=form.new_id(), said=said, by=acting_member(request), at=request.instant
        )

    if request.method == "POST" and acted(request, form, act, "Action proposée au niveau national."):
        return redirect("committees:local_actions", known.id)
    return one_form(
        request, form, title="Proposer au niveau national", button="Proposer", pages=pages_above(known),
        lead="L’organisme qui tient le texte national lira ces mots, où en est l’action et quel organisme la propose ; rien d’autre.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def take_back(request: MemberRequest, local_action: UUID) -> HttpResponse:
    """Take a proposal back: nothing of it is read at the national level any more."""
    row = _found(local_action)
    known = reached(request, row.convention_id)
    steering(request, known)
    try:
        proposing.take_back(action=row.pk, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, typeset(refused.message))
    else:
        messages.success(request, "Proposition retirée : elle n’est plus lue au niveau national.")
    return redirect("committees:local_actions", known.id)


def _found(local_action: UUID) -> LocalAction:
    row = LocalAction.objects.filter(pk=local_action).first()
    if row is None:
        raise Http404
    return row


@page(permission=Permission.WRITE_CONVENTIONS)
def national(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The local actions proposed to a national text, by theme; a state may be chosen."""
    known = reached(request, convention)
    if not can_open(acting_member(request), known):
        raise PermissionDenied("L’organisme qui tient un texte national lit ce qui lui est proposé.")
    if not is_national(known):
        messages.warning(request, "Seul un texte national reçoit des propositions.")
        return redirect("conventions:convention", known.id)
    found = proposing.received(known.id)
    chosen = request.GET.get("etat", "")
    known_states = {state.value for state in STATES}
    shown = [one for one in found if one.state == chosen] if chosen in known_states else found
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "title": "Actions locales proposées",
        "lead": typeset(known.row.title),
        "states": [
            (state, f"{WORDS[State(state)]} ({sum(one.state == state for one in found)})", state == chosen)
            for state in STATES
        ],
        "all_label": f"Toutes ({len(found)})",
        "is_all": shown is found,
        "here": reverse("committees:national", args=[known.id]),
        "tables": [_of_theme(theme, shown) for theme in Theme if any(one.theme == theme for one in shown)],
    }
    return render(request, "committees/national.html", context)


def _of_theme(theme: Theme, found: Sequence[Received]) -> Table:
    rows = [one for one in found if one.theme == theme]
    return plain_table(
        f"theme-{theme.value.replace('_', '-')}",
        typeset(f"{capfirst(theme.label)} : {counted(len(rows), 'action')}"),
        ["Action", "Ce qu’il en est sorti", "État", "Proposée par", "Le"],
        [
            (
                typeset(one.title),
                typeset(one.outcome),
                WORDS[State(one.state)],
                typeset(f"{one.body} ({one.departement})" if one.departement else one.body),
                short_date(one.at),
            )
            for one in rows
        ],
        stacks=True,
    )
