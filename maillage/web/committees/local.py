"""The local actions of a convention: described, analysed after the first year, arbitrated, rolled out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.states import allowed
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.steering.committees.policies import can_steer
from maillage.steering.local_actions import actions as acts
from maillage.steering.local_actions.actions import Arbitration
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.local_actions.proposing import may_be_proposed, texts_above
from maillage.steering.local_actions.queries import actions_of, analysed_by, proposals_of
from maillage.steering.local_actions.rules import Theme
from maillage.steering.local_actions.states import TRANSITIONS, WORDS, State
from maillage.web.committees.forms import AnalyseForm, ArbitrateForm, DescribeForm, RollOutForm
from maillage.web.committees.opening import above, reached, steering
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.one_form import one_form
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

TITLE: Final = "Actions locales"
THEMES: Final = {theme.value: theme.label for theme in Theme}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a local action: what its page says, its form."""

    title: str
    button: str
    done: str
    form: Callable[[Any], forms.Form]


STEPS: Final = {
    "analyse": Step(
        "Analyser une action locale", "Enregistrer l’analyse", "Analyse enregistrée.", AnalyseForm
    ),
    "arbitrage": Step(
        "Noter l’arbitrage national", "Enregistrer l’arbitrage", "Arbitrage noté.", ArbitrateForm
    ),
    "deploiement": Step("Noter le déploiement", "Enregistrer", "Déploiement noté.", RollOutForm),
}
_NEXT: Final = {"analyse": "analyse", "keep": "arbitrage", "roll_out": "deploiement"}


@page(permission=Permission.READ_CONVENTIONS)
def actions(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The local actions of a convention and where each stands."""
    known, member = reached(request, convention), acting_member(request)
    may, on = can_steer(member, known), day_of(known.row, request.instant)
    due, proposed = analysed_by(known, on), proposals_of(known)
    has_text = bool(texts_above(known.id))
    context = {
        "breadcrumb": above(known),
        "convention": known.row,
        "lines": [
            _line(known, one, may=may) | _national(one, proposed.get(one.pk), may=may and has_text)
            for one in actions_of(known)
        ],
        "may": may,
        "lead": typeset(
            "Ce que les parties mènent en plus du texte, décrit puis analysé."
            + (
                f" L’analyse se fait à l’issue de la première année, depuis le {long_date(due)}."
                if due
                else ""
            )
        ),
    }
    return render(request, "committees/local_actions.html", context)


def _national(one: LocalAction, proposal: Proposal | None, *, may: bool) -> dict[str, Any]:
    """What is said of an action at the national level, and what its parties may do about it."""
    if proposal is not None:
        words = f"{proposal.title}. {proposal.outcome}"
        said = Fact("Proposée au niveau national", words, THEMES[proposal.theme])
        return {"proposed": [said], "take_back": one.pk if may else None}
    offered = may and may_be_proposed(one)
    return {"proposed": [], "propose": reverse("committees:proposal_new", args=[one.pk]) if offered else ""}


def _line(known: LoadedConvention, one: LocalAction, *, may: bool) -> dict[str, Any]:
    body = {party.organisation: party.short_name for party in known.signatories}
    facts = [
        Fact(
            "Description",
            one.description,
            f"{body.get(one.recorded_for_id, '')}, le {long_date(one.recorded_at, known.zone)}",
        )
    ]
    if one.results:
        facts += [Fact("Ce qui a été fait", one.done), Fact("Résultats", one.results)]
        facts.append(Fact("À généraliser selon les parties", "oui" if one.worth else "non"))
    if one.arbitrated_on:
        facts.append(Fact("Arbitrage", one.why, f"{one.arbiter}, le {long_date(one.arbitrated_on)}"))
    if one.rolled_out_on:
        facts.append(Fact("Déploiement", one.rollout, f"depuis le {long_date(one.rolled_out_on)}"))
    step = next((_NEXT[verb] for verb in allowed(TRANSITIONS, one.state) if verb in _NEXT), "")
    return {
        "title": one.title,
        "state": WORDS[State(one.state)],
        "facts": facts,
        "url": reverse("committees:local_action", args=[one.pk, step]) if step and may else "",
        "label": STEPS[step].title if step else "",
    }


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def describe(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Describe a local action."""
    known = reached(request, convention)
    steering(request, known)
    form = DescribeForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        acts.describe(
            convention=known.row, action_id=form.new_id(), title=values["title"], description=values["description"],
            by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Action décrite."):
        return redirect("committees:local_actions", known.id)
    return one_form(
        request, form, title="Décrire une action locale", button="Enregistrer", pages=pages_above(known),
        lead="Une initiative pour l’accès aux droits et aux soins, que votre convention laisse aux parties.",
    )  # fmt: skip


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def step(request: MemberRequest, local_action: UUID, step: str) -> HttpResponse:
    """Go on with a local action: analysis, arbitration, roll-out."""
    row = LocalAction.objects.filter(pk=local_action).first()
    if row is None or step not in STEPS:
        raise Http404
    known = reached(request, row.convention_id)
    steering(request, known)
    found = STEPS[step]
    form = found.form(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        _act(step, row, values, acting_member(request), request)

    if request.method == "POST" and acted(request, form, act, found.done):
        return redirect("committees:local_actions", known.id)
    return one_form(
        request,
        form,
        title=found.title,
        button=found.button,
        pages=pages_above(known),
        lead=typeset(row.title),
    )


def _act(step: str, row: LocalAction, values: dict[str, Any], by: Member, request: MemberRequest) -> None:
    at = request.instant
    if step == "analyse":
        worth = values["worth"] == "oui"
        acts.analyse(action=row.pk, done=values["done"], results=values["results"], worth=worth, by=by, at=at)
    elif step == "arbitrage":
        said = Arbitration(values["verdict"] == "retenue", values["arbiter"], values["day"], values["why"])
        acts.arbitrate(action=row.pk, said=said, by=by, at=at)
    else:
        acts.roll_out(action=row.pk, rollout=values["rollout"], day=values["day"], by=by, at=at)


def pages_above(known: LoadedConvention) -> list[tuple[str, str]]:
    """The pages above a page of one local action."""
    return [*above(known), (TITLE, reverse("committees:local_actions", args=[known.id]))]
