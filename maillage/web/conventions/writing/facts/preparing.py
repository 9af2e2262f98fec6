"""Letters to print: from what is typed in the form of a denunciation or a formal notice, and from what was recorded."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.conventions.drafting.letters import Correspondence, denunciation_letter, notice_letter
from maillage.conventions.lifecycle.exits import is_denunciation
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.models import Delivery, Event
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.registered import Letter, exits_of
from maillage.conventions.terms import Terms
from maillage.conventions.terms.duration import FormalNotice
from maillage.documents.composition import Letter as Written
from maillage.documents.letters import Correspondent, letter_pdf
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.facts.forms import DenunciationForm, FactForm, NoticeForm
from maillage.web.conventions.writing.facts.scene import Scene
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import page


def offered(scene: Scene, form: FactForm) -> list[tuple[str, str]]:
    """The letters that a form can prepare: one to each other party, or one to the party put on notice."""
    if isinstance(form, DenunciationForm):
        return [(key, f"Préparer la lettre à {scene.names.of(key)} (PDF)") for key, _ in scene.others]
    return [("", "Préparer la lettre (PDF)")] if isinstance(form, NoticeForm) else []


def prepared(scene: Scene, form: FactForm, key: str) -> HttpResponse | None:
    """The letter that this form describes so far; None when its form now says what is missing first."""
    form.is_valid()
    values = getattr(form, "cleaned_data", {})
    if isinstance(form, DenunciationForm):
        return _denunciation(scene, form, values, key)
    if isinstance(form, NoticeForm):
        return _notice(scene, form, values)
    raise Http404


def _denunciation(
    scene: Scene, form: DenunciationForm, values: dict[str, Any], key: str
) -> HttpResponse | None:
    if key not in dict(scene.others):
        raise Http404
    clause = values.get("clause", "")
    if "clause" in form.fields and not clause:
        _keep_only(form, "clause")
        return None
    named = clause or next((one.name for one in exits_of(scene.text) if is_denunciation(one)), "")
    sent = [
        Letter(
            other,
            values.get(f"sent_on_{other}") or scene.on,
            values.get(f"presented_on_{other}"),
            values.get(f"received_on_{other}"),
        )
        for other, _ in scene.others
    ]
    day = next(one.sent_on for one in sent if one.addressee == key)
    return _answer(denunciation_letter(_correspondence(scene, key, day, named), sent))


def _notice(scene: Scene, form: NoticeForm, values: dict[str, Any]) -> HttpResponse | None:
    addressee, _, commitment = str(values.get("commitment", "")).partition("|")
    if not commitment:
        _keep_only(form, "commitment")
        return None
    day = values.get("sent_on") or scene.on
    sent = Letter(addressee, day, values.get("presented_on"), values.get("received_on"))
    named = next(one.name for one in exits_of(scene.text) if isinstance(one, FormalNotice))
    written = _correspondence(scene, addressee, day, named)
    return _answer(notice_letter(written, sent, commitment, str(values.get("note", ""))))


def _keep_only(form: FactForm, name: str) -> None:
    """A letter may be prepared before the rest is known: only what it lacks is asked for."""
    for other in [one for one in form.errors if one != name]:
        del form.errors[other]
    if name not in form.errors:
        form.add_error(name, typeset("Choisissez d’abord : la lettre le dit."))


@page(permission=Permission.WRITE_CONVENTIONS)
def letter_of(request: MemberRequest, convention: UUID, delivery: UUID) -> HttpResponse:
    """The letter of a recorded denunciation or formal notice, to one addressee."""
    known = reached(request, convention)
    signing_party(known)
    for event in known.recorded:
        sent = list(event.deliveries.all())
        found = next((one for one in sent if one.pk == delivery), None)
        if found is not None and (written := _recorded(known, event, sent, found)) is not None:
            return _answer(written)
    raise Http404


def _recorded(known: LoadedConvention, event: Event, sent: list[Delivery], found: Delivery) -> Written | None:
    addressee, sender = found.addressee_key, event.party_key
    if known.party(addressee) is None or known.party(sender) is None:
        return None
    terms = known.terms(event.day)
    written = Correspondence(
        known=known,
        terms=terms,
        sender=sender,
        addressee=addressee,
        written_on=found.sent_on,
        clause=str(event.detail.get("clause") or ""),
        bodies=_bodies(known, terms),
    )
    letters = [Letter(one.addressee_key, one.sent_on, one.presented_on, one.received_on) for one in sent]
    if event.kind == RecordedKind.DENUNCIATION:
        return denunciation_letter(written, letters)
    commitment = str(event.detail.get("commitment") or "")
    own = next(one for one in letters if one.addressee == addressee)
    if commitment not in {one.key for one in (*terms.commitments, *terms.obligations)}:
        return None
    return notice_letter(written, own, commitment, str(event.detail.get("note", "")))


def _correspondence(scene: Scene, addressee: str, day: date, clause: str) -> Correspondence:
    return Correspondence(
        known=scene.known,
        terms=scene.text,
        sender=scene.mine,
        addressee=addressee,
        written_on=day,
        clause=clause,
        bodies=_bodies(scene.known, scene.text),
    )


def _bodies(known: LoadedConvention, terms: Terms) -> dict[str, Correspondent]:
    """Each party with its address: that of the directory, else that of the text."""
    rows = Organisation.objects.in_bulk([party.organisation for party in known.signatories])
    stated = {party.key: party.address for party in terms.parties}

    def body(party: PartyRow) -> Correspondent:
        address = stated.get(party.key)
        said = rows[party.organisation].address or (address if isinstance(address, str) else "")
        return Correspondent(party.name, tuple(line.strip() for line in said.splitlines() if line.strip()))

    return {party.key: body(party) for party in known.signatories}


def _answer(written: Written) -> HttpResponse:
    answer = HttpResponse(letter_pdf(written), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="lettre.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
