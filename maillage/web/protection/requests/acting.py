"""What whoever answers a request does: say who asks, look for her, pass it on, take longer, answer, refuse."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.rules import Identity
from maillage.cases.models import Participation
from maillage.catalogue.services import service_name
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.protection.requests import answering, correcting, receiving, rectifying, relaying
from maillage.protection.requests.answering import refusal_faults
from maillage.protection.requests.begun import Begun, begun_named, look, opens_all, require_begun
from maillage.protection.requests.correcting import corrected_since
from maillage.protection.requests.models import Rectification, RequestFile
from maillage.protection.requests.people import NEED, known_of
from maillage.protection.requests.queries import check_passed_on, parts_in, parts_of, person_of
from maillage.protection.requests.receiving import Found, who_asks
from maillage.referrals.references import reference
from maillage.web.conventions.writing.refusals import acted, place, place_rest
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.typography import typeset
from maillage.web.protection.requests.forms import (
    AskForm,
    CasesForm,
    ExtendForm,
    IdentifyForm,
    RectifyForm,
    RefuseForm,
    SearchForm,
    initial_of,
)
from maillage.web.protection.requests.opening import above, followed, is_id, show_form, to_request
from maillage.web.protection.requests.words import begun_words, corrected_words, target_words
from maillage.web.protection.words import zone_of
from maillage.web.referrals.identity.pages import LEAD, correcting_page
from maillage.web.rules import acting_member, page

_WHY: Final = "réponse à la demande de la personne"
_TOO_MANY: Final = (
    "Votre organisme a plus de brouillons qu’une recherche n’en ouvre : seuls les derniers enregistrés sont cherchés. Demandez aussi à"
    " vos collègues de regarder les plus anciens."
)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def identify(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Say, or put right, who asks."""
    file = followed(request, rights_request)
    passed = check_passed_on(file.request)
    form = IdentifyForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(who_asks(file, acting_member(request), why=_WHY), file.check_made),
        passed=passed[0] if passed else None,
    )

    def act(values: dict[str, Any]) -> None:
        receiving.identify(
            file=file, person=form.person(), check_made=values["check_made"], by=acting_member(request), at=request.instant
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Noté."):
        return to_request(file, "personne")
    return show_form(
        request, form, file, title="Qui demande", button="Enregistrer",
        lead="Ce que vous écrivez est chiffré : votre organisme seul le lit. Une vérification en proportion suffit.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def search(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Look for her in one's own cases; what is found is ticked on the same page."""
    file, member = followed(request, rights_request), acting_member(request)
    person = who_asks(file, member, why=_WHY)
    known = {"surname": person.surname, "birth_date": person.birth_date} if person else {}
    form = SearchForm(request.POST if request.method == "POST" else None, initial=known)
    found: list[Found] | None = None
    begun: list[Begun] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            typed = {"nir": values["nir"], "surname": values["surname"], "born": values["birth_date"]}
            found = receiving.search(file=file, **typed, by=member, at=request.instant)
            begun = look(file=file, **typed, by=member)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return to_request(file, "dossiers")
    ticked = [*(str(case) for case in file.cases), *file.begun]
    offered = [(str(one.part.case_id), _found_words(one)) for one in found or ()]
    offered += [(str(one.key), begun_words(one, zone_of(member))) for one in begun]
    more = {
        "too_many": "" if opens_all(member) else _TOO_MANY,
        "searched": found is not None,
        "cases_form": CasesForm(found=offered, ticked=ticked) if offered else None,
        "file": file,
    }
    return show_form(
        request, form, file, title="Chercher dans vos dossiers", button="Chercher", template="protection/request_search.html", more=more,
        lead="Par le nom et la date de naissance, ou par le numéro de sécurité sociale. Un dossier ouvert à l’instant se trouve une minute "
        "après.",
    )  # fmt: skip


def _found_words(one: Found) -> str:
    case = one.part.case
    who = (
        f"{one.identity.full_name}, né·e le {short_date(one.identity.birth_date)}"
        if one.identity
        else "identité illisible : la clé de ce dossier est détruite"
    )
    what = service_name(case.service, case.authorisation.label)
    since = short_date(one.part.since.date())
    return typeset(f"{reference(one.part.case_id)}, {what}, ouvert le {since} : {who}")


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def attach(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Say which cases are hers: those ticked, or none."""
    file, member = followed(request, rights_request), acting_member(request)
    said = request.POST.getlist("cases")
    posted = [UUID(one) for one in said if is_id(one)]
    mine = [str(part.case_id) for part in parts_in(member, posted)]
    mine += [str(one.key) for one in begun_named(member, said)]
    form = CasesForm(request.POST, found=[(one, one) for one in mine])

    def act(values: dict[str, Any]) -> None:
        cases = [UUID(one) for one in values["cases"] if is_id(one)]
        begun = require_begun(member, (one for one in values["cases"] if not is_id(one)))
        receiving.attach(file=file, cases=cases, begun=begun, by=member)

    if not acted(request, form, act, "Dossiers de la personne notés."):
        messages.warning(
            request,
            form.non_field_errors().as_text().removeprefix("* ") or "Choisissez des dossiers de la liste.",
        )
    return to_request(file, "dossiers")


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def ask(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Pass the request on to those that the conventions name."""
    file, member = followed(request, rights_request), acting_member(request)
    offered = relaying.targets(file, member, request.instant)
    done = {one.organisation_id for one in parts_of(file.request)}
    form = AskForm(
        request.POST if request.method == "POST" else None,
        offered=[(one.key, target_words(one)) for one in offered],
        ticked=[
            one.key for one in offered if one.must and one.body not in done and (one.shares or not file.cases)
        ],
        along=_along(file),
    )

    def act(values: dict[str, Any]) -> None:
        along = values.get("along", ())
        absent = relaying.ask(file=file, chosen=values["bodies"], along=along, by=member, at=request.instant)
        if absent:
            names = ", ".join(one.name for one in absent)
            messages.warning(
                request,
                f"{names} : personne n’y veille aux données sur Maillage. Transmettez la demande par courrier.",
            )

    if request.method == "POST" and acted(request, form, act, "Demande transmise."):
        return to_request(file, "parts")
    lead = (
        "Chacun répond pour ce qu’il garde. Il lit ce qui est demandé, la date, les dossiers auxquels vous prenez part tous les deux,"
        " comment et quel jour vous avez reconnu la personne, et ce que vous cochez ici d’elle ; rien de vos autres dossiers."
    )
    if not offered:
        lead = "Aucune de vos conventions ne nomme d’autre partie à qui transmettre cette demande."
    return show_form(
        request, form if offered else None, file, title="Transmettre la demande", button="Transmettre", lead=lead
    )  # fmt: skip


def _along(file: RequestFile) -> list[tuple[str, str]]:
    """What of who asks may go along, and what for."""
    person = person_of(file)
    found = known_of(person) if person else []
    return [(one.value, typeset(f"{one.label[0].upper()}{one.label[1:]}, {NEED[one]}")) for one in found]


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def extend(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Take two months more."""
    file = followed(request, rights_request)
    form = ExtendForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        answering.extend(
            request=file.request, reason=values["reason"], by=acting_member(request), at=request.instant
        )

    if request.method == "POST" and acted(
        request, form, act, "Délai prolongé : envoyez la lettre qui le dit à la personne."
    ):
        return to_request(file)
    return show_form(
        request, form, file, title="Prolonger le délai", button="Prolonger de deux mois",
        lead="Une seule fois, si la demande est complexe ou si elles sont nombreuses ; la personne en est informée dans le premier mois.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("POST",), fresh=True)
def answer(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Say that one's organisation answered her."""
    file = followed(request, rights_request)
    try:
        answering.answer(file=file, by=acting_member(request), at=request.instant)
    except (Refused, TransitionRefused) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Réponse notée. La lettre est prête à imprimer.")
    return to_request(file)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def refuse(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Refuse, with the ground."""
    file = followed(request, rights_request)
    form = RefuseForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        answering.refuse(
            file=file, ground=values["ground"], words=values["words"], by=acting_member(request), at=request.instant
        )  # fmt: skip

    if request.method == "POST":
        if acted(request, form, act, "Refus noté. La lettre dit comment aller à la CNIL."):
            return to_request(file)
        typed = form.cleaned_data
        place_rest(
            form, refusal_faults(typed.get("ground", ""), typed.get("words", ""), acting_member(request))
        )
    return show_form(
        request, form, file, title="Refuser la demande", button="Refuser",
        lead="Un refus se motive, et la lettre dit comment le contester (RGPD, article 12.4).",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def rectify(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Tell what was put right to each other organisation that received it."""
    file, member = followed(request, rights_request), acting_member(request)
    done_in, zone = corrected_since(file), zone_of(member)
    offered = [
        (str(part.case_id), typeset(_put_right(part.case_id, done_in.get(part.case_id, []), zone)))
        for part in parts_in(member, file.cases)
    ]
    form = RectifyForm(
        request.POST if request.method == "POST" else None, found=offered, ticked=[key for key, _ in offered]
    )
    form.fields["cases"].label, form.fields["cases"].help_text = "Dans quels dossiers ?", ""

    def act(values: dict[str, Any]) -> None:
        cases = [UUID(one) for one in values["cases"]]
        rectifying.propagate(file=file, cases=cases, what=values["what"], by=member)

    done = "Rectification transmise : leurs accusés de réception se suivent ici."
    if request.method == "POST" and acted(request, form, act, done):
        return to_request(file, "rectifications")
    return show_form(
        request, form, file, title="Transmettre une rectification", button="Transmettre",
        lead="Corrigez d’abord le dossier lui-même : une identité corrigée depuis cette demande est déjà dite aux autres. Dites ici ce qui"
        " est corrigé d’autre, ou dans le travail de tous les jours : ils sont prévenus sans délai, et disent quand ils l’ont reprise.",
    )  # fmt: skip


def _put_right(case: UUID, rows: Sequence[Correction], zone: ZoneInfo) -> str:
    """A case as one says what was put right in it."""
    said = " ".join(corrected_words(row, zone) for row in rows) or "rien n’y est corrigé sur Maillage."
    return f"{reference(case)} : {said}"


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True, while_frozen=True)
def correct(request: MemberRequest, rights_request: UUID, case: UUID) -> HttpResponse:
    """Put right the identity of one of her cases, restricted or not; nothing of what she wrote is filled in."""
    file, member = followed(request, rights_request), acting_member(request)
    try:
        part = correcting.part_to_correct(file, case, member)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown

    def act(right: Identity, seen: UUID | None) -> None:
        correcting.correct(file=file, part=part, corrected=right, seen=seen, by=member, at=request.instant)

    return correcting_page(
        request, part, act, why="demande de rectification de la personne", above=above(file),
        back=f"{above(file)[-1][1]}#dossiers", lead=f"Dossier {reference(case)}. {LEAD}",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def take_up(request: MemberRequest, rectification: UUID) -> HttpResponse:
    """Say that one's organisation put the same right."""
    try:
        rectifying.take_up(rectification=rectification, by=acting_member(request), at=request.instant)
    except Rectification.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, "Rectification reprise : l’organisme qui l’a transmise le sait.")
    return redirect("protection:requests")
