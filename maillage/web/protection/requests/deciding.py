"""One answer for each right that was asked, and the lifting of what was restricted or stopped."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst

from maillage.conventions.terms.protection import DataRight
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.requests import objecting, restricting
from maillage.protection.requests.basis import Basis, bases_of
from maillage.protection.requests.contact_keeping import kept_words
from maillage.protection.requests.contacts import contacts_in
from maillage.protection.requests.deciding import answer_faults, undecided
from maillage.protection.requests.deciding import decide as note
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.queries import ways_of
from maillage.protection.requests.rules import Ground, Outcome, Subject, open_rights, right_to_object
from maillage.protection.requests.states import State
from maillage.referrals.references import reference
from maillage.web.conventions.writing.refusals import acted, place_rest
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.protection.requests.contacts import contact_words
from maillage.web.protection.requests.decision_forms import DecideForm, LiftForm, LiftObjectionForm
from maillage.web.protection.requests.opening import followed, show_form, to_request, today
from maillage.web.rules import acting_member, page

_WHAT = {
    DataRight.ACCESS: "Accorder : la lettre est jointe à ce que vous gardez sur elle.",
    DataRight.RECTIFICATION: "Accorder : corrigez d’abord l’identité dans chacun de ses dossiers depuis la page de la demande, les autres"
    " en sont aussitôt prévenus ; pour un dossier où rien n’était à corriger, dites pourquoi dans les précisions. Ce qui est corrigé"
    " ailleurs se transmet depuis la même page ; tant que ceux qui ont reçu ces données ne sont pas prévenus, elle ne s’accorde pas.",
    DataRight.RESTRICTION: "Accorder limite aussitôt tous ses dossiers cochés : les deux côtés les lisent, personne n’y écrit plus,"
    " jusqu’à la levée. L’autre organisme est prévenu sans délai, avec un accusé de réception. Une destruction au terme attend la levée.",
    DataRight.OBJECTION: "Accorder termine aussitôt ses dossiers cochés qui sont encore ouverts, et l’autre organisme en est prévenu."
    " Ensuite, votre organisme ne peut plus rien envoyer sur elle pour les mêmes services aux mêmes organismes, jusqu’à ce que"
    " l’opposition soit levée. Ce que votre organisme ne peut pas terminer d’ici vous est nommé, et rien n’est alors fait."
    " Sans dossier, ou au-delà, cochez les envois auxquels elle s’oppose : seul de quoi la reconnaître est gardé, chiffré, jusqu’à"
    " la levée.",
    DataRight.ERASURE: "Accorder efface aussitôt ses contacts cochés qui ne servent plus, comme à la fin de leur durée : une présence à"
    " une séance compte toujours, mais de personne. On ne revient pas en arrière : si elle demande aussi ses données, remettez-les d’abord."
    " La lettre dit ce qui est effacé, et ce qui reste.",
    DataRight.PORTABILITY: "Accorder : remettez-lui le fichier (JSON ou CSV) de la page de la demande. Il dit ce qu’elle a donné"
    " d’elle comme contact, pas tout ce qui est gardé.",
}


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def decide(request: MemberRequest, rights_request: UUID, right: str) -> HttpResponse:
    """Grant, refuse with its ground, or say that nothing was found, for one right."""
    file = followed(request, rights_request)
    asked = next((one for one in map(DataRight.of, file.request.rights) if one.value == right), None)
    if asked is None:
        raise Http404
    if request.method == "GET" and (file.state != State.ASKED or asked not in undecided(file)):
        return to_request(file, "reponses")
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        right=asked,
        flows=_flows(request, asked),
        initial=_refused(request, file, asked),
    )

    def act(values: dict[str, Any]) -> None:
        note(
            file=file, right=right, outcome=values["outcome"], ground=values["ground"], words=values["words"],
            restriction=values.get("restriction", ""), flows=values.get("flows", ()), by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST":
        if acted(request, form, act, f"Réponse notée : {asked.label}."):
            return to_request(file, "reponses")
        _say_all(form, file, asked, acting_member(request))
    template, more = _beside(request, file, asked)
    return show_form(
        request, form, file, title=f"Répondre : {asked.label}", button="Noter cette réponse", lead=typeset(_lead(request, file, asked)),
        template=template, more=more,
    )  # fmt: skip


def _say_all(form: DecideForm, file: RequestFile, asked: DataRight, by: Member) -> None:
    """What else is wrong with an answer of which the form refused something."""
    typed = form.cleaned_data
    place_rest(
        form,
        answer_faults(
            file=file, right=asked, outcome=typed.get("outcome", ""), ground=typed.get("ground", ""), words=typed.get("words", ""),
            restriction=typed.get("restriction", ""), flows=typed.get("flows", ()), by=by,
        ),
    )  # fmt: skip


def _lead(request: MemberRequest, file: RequestFile, asked: DataRight) -> str:
    """What granting does; first, for a right that no text of one's organisation opens for her, that it is answered by a refusal."""
    opened = open_rights(
        (way for _, way in ways_of(acting_member(request), today(request))), file.request.subject
    )
    if asked in opened:
        return _WHAT[asked]
    said = _NO_TEXT_OF_CONTACT if file.request.subject == Subject.CONTACT else _NO_TEXT
    return f"{said} {_WHAT[asked]}"


def _refused(request: MemberRequest, file: RequestFile, asked: DataRight) -> dict[str, str]:
    """Of a contact to whom no text opens this right: its refusal, with its ground and until when she is kept, to be read again."""
    member = acting_member(request)
    opened = open_rights((way for _, way in ways_of(member, today(request))), file.request.subject)
    if asked in opened or file.request.subject != Subject.CONTACT:
        return {}
    kept = kept_words(contacts_in(member, file.contacts, request.instant), by=member, at=request.instant)
    return {"outcome": Outcome.REFUSED.value, "ground": Ground.NOT_HELD.value, "words": kept}


_NO_TEXT_OF_CONTACT = (
    "Aucune de vos conventions n’ouvre ce droit à un contact de contrat : le refus est préparé plus bas, avec jusqu’à quand ses coordonnées"
    " sont gardées et selon quelle règle ; relisez-le avant de le noter. Cherchez d’abord ses contacts. Vous pouvez aussi accorder."
)
_NO_TEXT = (
    "Aucune de vos conventions n’ouvre ce droit à une personne accompagnée : sauf ce qui suit, refusez, avec le motif"
    " « ce droit n’est pas ouvert pour ces données » et pourquoi ; la lettre le dit avec son article."
)


def _flows(request: MemberRequest, asked: DataRight) -> list[tuple[str, str]]:
    """To what she may object beside her cases."""
    if asked is not DataRight.OBJECTION:
        return []
    return [
        (
            one.key,
            typeset(f"{one.label}, à {one.name}" if one.is_sent else f"{one.label}, reçu de {one.name}"),
        )
        for one in objecting.flows_open(acting_member(request), request.instant)
    ]


def _beside(request: MemberRequest, file: RequestFile, asked: DataRight) -> tuple[str, dict[str, Any]]:
    """What one reads before answering this right: the template, and what it draws."""
    if asked is DataRight.ERASURE:
        return "protection/request_erasure.html", _erased(file, request)
    if asked is DataRight.OBJECTION:
        return "protection/decide_objection.html", {"bases": _bases(request, file)}
    return "one_form.html", {}


def _erased(file: RequestFile, request: MemberRequest) -> dict[str, Any]:
    """What granting an erasure would erase, and what stays."""
    hers = contacts_in(acting_member(request), file.contacts, request.instant)
    return {
        "goes": [contact_words(one) for one in hers if one.needed is None],
        "stays": [(contact_words(one), one.why_needed) for one in hers if one.needed is not None],
        "file": file,
    }


def _bases(request: MemberRequest, file: RequestFile) -> list[Fact]:
    """What each text gives as its legal basis, and whether she may object there."""
    return [
        Fact(
            typeset(f"{one.service}, {one.title}"),
            typeset(_said(one)),
            _whether(one, may_say=acting_member(request).may(Permission.RECORD_DATA_ROLES)),
        )
        for one in bases_of(file.cases, by=acting_member(request), at=request.instant)
    ]


def _said(one: Basis) -> str:
    """The bases that the clause states, then its own words."""
    stated = [basis.words for basis in one.bases or ()]
    return " ; ".join([*stated, *one.said]) or "Aucune base légale n’y est dite"


def _whether(one: Basis, *, may_say: bool) -> str:
    """Whether she may object, and where the basis is said when it still has to be."""
    words = capfirst(typeset(right_to_object(one.bases)))
    if one.fill is None or not may_say:
        return words
    convention, path = one.fill
    url = f"{reverse('conventions:fill', args=[convention])}?{urlencode({'chemin': path})}"
    return format_html('{} <a href="{}" rel="nofollow">Dire la base légale</a>', words, url)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def lift(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Lift the restriction of some of her cases, once she was told."""
    file, member = followed(request, rights_request), acting_member(request)
    rows = restricting.restrictions_of(file, member)
    offered = [
        (str(row.case_id), typeset(f"{reference(row.case_id)}, limité le {long_date(row.since.date())}"))
        for row in rows
    ]
    form = LiftForm(request.POST if request.method == "POST" else None, found=offered, on=today(request))

    def act(values: dict[str, Any]) -> None:
        restricting.lift(
            file=file, cases=[UUID(one) for one in values["cases"]], why=values["why"], told_on=values["told_on"],
            told_how=values["told_how"], by=member, at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(
        request, form, act, "Limitation levée : l’autre organisme est prévenu."
    ):
        return to_request(file, "limitations")
    lead = "La personne est informée avant que la limitation soit levée (RGPD, article 18.3) : envoyez-lui d’abord la lettre préparée."
    if not rows:
        lead = "Aucun de ses dossiers n’est limité par votre organisme."
    return show_form(
        request, form if rows else None, file, title="Lever la limitation", button="Lever la limitation", lead=lead
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def lift_objection(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Lift her objection, since she changed her mind."""
    file, member = followed(request, rights_request), acting_member(request)
    stands = bool(objecting.objections_of(file, member))
    form = LiftObjectionForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        objecting.lift(file=file, why=values["why"], by=member, at=request.instant)

    done = (
        "Opposition levée : votre organisme peut de nouveau envoyer une demande pour elle, si elle le veut."
    )
    if request.method == "POST" and acted(request, form, act, done):
        return to_request(file, "oppositions")
    lead = "Seulement si la personne a changé d’avis, et l’a dit. Ses anciens dossiers restent terminés."
    if not stands:
        lead = "Aucune opposition n’est en cours pour cette demande."
    return show_form(
        request, form if stands else None, file, title="Lever l’opposition", button="Lever l’opposition", lead=lead
    )  # fmt: skip
