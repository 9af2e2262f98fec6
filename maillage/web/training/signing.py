"""Signing a session off, correcting it, and the papers of a session."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.audit.actions import record
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.documents.actions import store_upload
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.documents.composition import Sheet
from maillage.documents.rendering import render_pdf
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.training import papers, queries, signing_off
from maillage.training.models import Presence, Session
from maillage.training.papers import About
from maillage.training.rules import Audience
from maillage.training.states import Place, State
from maillage.web.conventions.writing.uploads import rebind, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.refusals import place
from maillage.web.rules import acting_member, page
from maillage.web.serving import download
from maillage.web.training import words
from maillage.web.training.calendar import session_calendar
from maillage.web.training.forms import SignOffForm
from maillage.web.training.organising import organised
from maillage.web.training.reading import ABOVE, session_or_404


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def sign_off(request: MemberRequest, session: UUID) -> HttpResponse:
    """Who came. Once signed, the same page corrects, with the reason."""
    member, row = acting_member(request), organised(request, session)
    back = reverse("training:session", args=[session])
    if row.state == State.CANCELLED or request.instant < row.ends_at:
        messages.info(
            request, signing_off.OVER if row.state == State.PLANNED else "Cette séance est annulée."
        )
        return redirect(back)
    form = _sign_off_form(request, row, member)
    if request.method == "POST" and form.is_valid() and _keep_sheet(request, form, member):
        try:
            _signed(form, row, member, request)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return redirect(back)
        else:
            messages.success(request, "Feuille signée. Les attestations peuvent être téléchargées.")
            return redirect(back)
    show_kept(request, form)
    corrects = row.state == State.HELD
    context = {
        "form": form,
        "title": "Corriger la feuille" if corrects else "Signer la feuille",
        "lead": words.dated(row),
        "breadcrumb": [*ABOVE, (words.titled(row), back)],
        "back": back,
        "corrects": corrects,
        "marks": form.marks(),
        "lines": form.lines(),
        "for_publics": Audience.PUBLIC in row.module.audiences,
    }
    return render(request, "training/sign_off.html", context)


def _sign_off_form(request: MemberRequest, row: Session, member: Member) -> SignOffForm:
    places = [one for one in queries.places(member, row) if one.state == Place.REGISTERED]
    signed = queries.sign_offs(row)
    given: dict[str, object] = {}
    if signed:
        last = {one.attendee_id: one for one in queries.presences(member, signed[-1])}
        for one in places:
            known = last.pop(one.attendee_id, None)
            if known is not None:
                given[signing_off.mark_field(one.id)] = "yes" if known.outcome in queries.CAME else "no"
        given["publics"] = signed[-1].publics or None
        for line, left in enumerate(last.values()):
            given |= {
                f"seat_{line}": f"{left.partner_id}.{left.convention_id or ''}",
                f"attendee_{line}": str(left.attendee_id),
            }
    data = request.POST if request.method == "POST" else None
    return SignOffForm(
        data,
        request.FILES or None,
        places=places,
        seats=queries.seats(member, row),
        people=queries.known_people(member),
        corrects=row.state == State.HELD,
        initial=given,
    )


def _signed(form: SignOffForm, row: Session, member: Member, request: MemberRequest) -> None:
    if row.state == State.HELD:
        signing_off.correct(
            token=form.new_id(),
            session=row,
            sheet=form.sheet(),
            reason=form.cleaned_data["reason"],
            by=member,
            at=request.instant,
        )
    else:
        signing_off.sign_off(
            token=form.new_id(), session=row, sheet=form.sheet(), by=member, at=request.instant
        )


def _keep_sheet(request: MemberRequest, form: SignOffForm, member: Member) -> bool:
    """Keep the signed sheet, for the organiser alone: it bears everybody's names. False when it is refused, which its field says."""
    file = form.cleaned_data.get("document")
    if not file:
        return True
    try:
        stored = store_upload(
            file=file, organisation=member.organisation, readers=[], by=member, at=request.instant
        )
    except Refused as refused:
        place(form, refused)
        return False
    form.cleaned_data["document_kept"] = stored.id
    rebind(form, document_kept=str(stored.id))
    return True


@page(permission=Permission.WRITE_CONVENTIONS)
def signed_sheet(request: MemberRequest, session: UUID) -> HttpResponse:
    """The signed sheet, as it was last deposited."""
    row = organised(request, session)
    ids = [one.document_id for one in queries.sign_offs(row) if one.document_id]
    document = documents_visible_to(acting_member(request)).filter(id=ids[-1]).first() if ids else None
    if document is None:
        raise Http404
    return download(document, by=acting_member(request))


@page(permission=Permission.WRITE_CONVENTIONS)
def sheet(request: MemberRequest, session: UUID) -> HttpResponse:
    """The attendance sheet to print: names, room to sign, spare lines."""
    member, row = acting_member(request), organised(request, session)
    places = [one for one in queries.places(member, row) if one.state == Place.REGISTERED]
    drawn = papers.attendance_sheet(_about(row), places)
    return _pdf(request, row, drawn, "emargement", "training.print_sheet")


@page(permission=Permission.READ_CONVENTIONS)
def certificate(request: MemberRequest, presence: UUID) -> HttpResponse:
    """That one person followed a session, by its last sign-off."""
    try:
        found = queries.attested(acting_member(request), presence)
    except Presence.DoesNotExist as unknown:
        raise Http404 from unknown
    row = session_or_404(request, found.sign_off.session_id)
    return _pdf(
        request, row, papers.certificate(_about(row), found), "attestation", "training.print_certificate"
    )


@page(permission=Permission.READ_CONVENTIONS)
def certificates(request: MemberRequest, session: UUID) -> HttpResponse:
    """The same of all the people of one's organisation; for the organiser, of everybody's."""
    member, row = acting_member(request), session_or_404(request, session)
    signed = queries.sign_offs(row)
    came = (
        [one for one in queries.presences(member, signed[-1]) if one.outcome in queries.CAME]
        if signed
        else []
    )
    if not came:
        messages.info(request, "Personne de votre organisme n’a suivi cette séance.")
        return redirect("training:session", session)
    return _pdf(
        request, row, papers.certificates(_about(row), came), "attestations", "training.print_certificate"
    )


@page(permission=Permission.READ_CONVENTIONS)
def calendar(request: MemberRequest, session: UUID) -> HttpResponse:
    """The session as a file for any calendar."""
    row = session_or_404(request, session)
    site = f"{request.scheme}://{request.get_host()}"
    answer = HttpResponse(
        session_calendar(row, site=site, at=request.instant), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="seance.ics"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _about(row: Session) -> About:
    return About(row, row.organiser.name)


def _pdf(request: MemberRequest, row: Session, drawn: Sheet, name: str, verb: str) -> HttpResponse:
    """The PDF; names of professionals leave the platform, which the journal says."""
    member = acting_member(request)
    record(
        verb=verb,
        object_type="training_session",
        object_ref=row.id,
        by=member.user,
        organisation=member.organisation,
    )
    answer = HttpResponse(render_pdf("sheet", drawn.as_data()), content_type="application/pdf")
    day = row.starts_at.astimezone(queries.zone_of(row)).date()
    answer["Content-Disposition"] = f'inline; filename="{name}-{day.isoformat()}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
