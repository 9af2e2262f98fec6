"""What the controllers decide together, and the end of a file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse

from maillage.core.french import typeset
from maillage.core.refusals import Fault, Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.protection.breaches import deciding
from maillage.protection.breaches.deciding import Words
from maillage.protection.breaches.models import Breach, BreachDecision
from maillage.protection.breaches.queries import decisions_of, parties_of
from maillage.protection.breaches.rules import Decision
from maillage.protection.breaches.states import State
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.protection.forms import CloseForm, DecideForm
from maillage.web.protection.opening import followed, show_form, to_breach
from maillage.web.rules import acting_member, page


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def propose(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Propose what follows; the last decision is the starting point."""
    row = followed(request, breach)
    form = DecideForm(request.POST if request.method == "POST" else None, initial=_last(decisions_of(row)))

    def act(values: dict[str, Any]) -> None:
        if values["is_breach"] == "oui":
            _answered(values)
        said = Decision(
            is_breach=values["is_breach"] == "oui",
            tells_authority=values["is_breach"] == "oui" and values["authority"] == "oui",
            tells_persons=values["is_breach"] == "oui" and values["persons"] == "oui",
        )
        words = Words(*(values[name] for name in Words.__dataclass_fields__))
        deciding.propose(
            breach=row, decision_id=form.new_id(), said=said, words=words, by=acting_member(request), at=request.instant
        )  # fmt: skip

    done = "Décision proposée : elle vaut dès que tous ceux qui décident ont donné leur accord."
    if request.method == "POST" and acted(request, form, act, done):
        return to_breach(row, "decision")
    return show_form(
        request, form, row, title="Décider de la suite", button="Proposer cette décision",
        lead="Qui répond du traitement décide. Toutes les parties de ce dossier lisent ce que vous écrivez : ne nommez aucune personne.",
    )  # fmt: skip


def _answered(values: dict[str, Any]) -> None:
    """A breach is told or not, which is said. Raises Refused at what has no answer."""
    left = [Fault("Choisissez une réponse.", name) for name in ("authority", "persons") if not values[name]]
    if left:
        raise Refused.because(left)


def _last(found: list[BreachDecision]) -> dict[str, object]:
    if not found:
        return {}
    one = found[0]
    given: dict[str, object] = {name: getattr(one, name) for name in Words.__dataclass_fields__}
    answers = {"is_breach": one.is_breach, "authority": one.tells_authority, "persons": one.tells_persons}
    return given | {name: "oui" if said else "non" for name, said in answers.items()}


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def agree(request: MemberRequest, breach_decision: UUID) -> HttpResponse:
    """Agree for one's organisation."""
    found = BreachDecision.objects.filter(pk=breach_decision).select_related("breach").first()
    if found is None:
        raise Http404
    row = followed(request, found.breach_id)
    try:
        deciding.agree(decision=found, by=acting_member(request), at=request.instant)
    except (Refused, TransitionRefused) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Accord donné.")
    return to_breach(row, "decision")


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def close(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Close the file, with what it teaches."""
    row = followed(request, breach)
    if request.method == "GET" and (said := _not_yet(row)):
        return show_form(request, None, row, title="Clore le dossier", button="", lead=typeset(said))
    form = CloseForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        deciding.close(breach=row, lessons=values["lessons"], by=acting_member(request), at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Dossier clos : il reste au registre."):
        return to_breach(row)
    return show_form(
        request, form, row, title="Clore le dossier", button="Clore",
        lead="Le dossier reste au registre, avec ce qu’il apprend (RGPD, article 33.5).",
    )  # fmt: skip


def _not_yet(row: Breach) -> str:
    """Why this file is not closed from here, said before anything is typed."""
    if row.joined_to_id is not None:
        return "Ce signalement est joint à un autre : c’est le dossier commun qui se clôt."
    if row.state == State.CLOSED:
        return "Ce dossier est déjà clos : il reste au registre."
    return deciding.left_before_closing(row, parties_of(row.pk))
