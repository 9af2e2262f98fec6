"""The referents of a convention: named, replaced, ended, each change told to the other parties by a letter; never an avenant."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.referents import actions, queries, training
from maillage.conventions.referents.letter import ReferentChange, change_pdf
from maillage.conventions.referents.models import Referent, ReferentTraining
from maillage.conventions.referents.policies import can_name
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.steering import Territory
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.letters import Correspondent
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.forms import CHOOSE
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import distance, long_date
from maillage.web.presentation.days import DayField
from maillage.web.rules import acting_member, page

_LEVELS: Final = {one.value: one.label for one in Territory}


class TenureForm(forms.Form):
    """A function and how to reach it."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    function = forms.CharField(
        label="Fonction", max_length=200, help_text="Une fonction, jamais un nom : « Référente partenariats ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez la fonction.", "max_length": "Écrivez 200 caractères au plus."},
    )  # fmt: skip
    level = forms.ChoiceField(
        label="Niveau", choices=list(_LEVELS.items()), widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    mailbox = forms.CharField(
        label="Boîte générique", required=False, max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=60, help_text="Une adresse ou un téléphone, au moins.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "class": "short-input"}),
    )  # fmt: skip
    since = DayField(label="À partir du")

    def tenure(self, **given: Any) -> actions.Tenure:
        """The tenure, as actions take it."""
        values = dict(self.cleaned_data)
        return actions.Tenure(referent_id=values.pop("token"), **values, **given)


class ChangeForm(TenureForm):
    """The successor, at the same level, and until when both are reachable."""

    level = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    handover_until = DayField(
        label="Passage de relais jusqu’au", required=False,
        help_text="Jusqu’à ce jour inclus, les deux sont joignables et chaque avis leur parvient à tous deux.",
    )  # fmt: skip


class TrainingForm(forms.Form):
    """A training: a day, a subject, an organiser."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    trained_on = DayField(label="Formé le")
    subject = forms.CharField(
        label="Sur quoi", max_length=200,
        help_text="Les autres structures, leur fonctionnement, leurs spécificités. Aucun nom de personne.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez sur quoi portait la formation.", "max_length": "Écrivez 200 caractères au plus."},
    )  # fmt: skip
    organiser = forms.CharField(
        label="Organisée par", max_length=200, help_text="Un organisme ou un service : « CARSAT, service social ».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez qui organisait la formation.", "max_length": "Écrivez 200 caractères au plus."},
    )  # fmt: skip

    def training(self) -> training.Training:
        """The training, as the action takes it."""
        values = dict(self.cleaned_data)
        return training.Training(training_id=values.pop("token"), **values)


class EndForm(forms.Form):
    """The last day."""

    until = DayField(label="Dernier jour de la fonction")


class ToldForm(forms.Form):
    """The day on which the others were told."""

    told_on = DayField(label="Les autres parties ont été prévenues le")


@page(permission=Permission.WRITE_CONVENTIONS)
def referents(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Who is referent, who was, what is vacant."""
    known = named(request, convention)
    on = day_of(known.row, request.instant)
    mine = known.mine.key if known.mine else ""
    formality, article = queries.formality_of(known, mine, on)
    names = {party.key: party.name for party in known.signatories}
    rows = queries.history(known)
    now = queries.standing(known, rows, on)
    to_train = {one.referent: one.due_on for one in now.untrained}
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "tenures": [_line(known, row, names, on, to_train.get(row.pk)) for row in rows],
        "vacancies": _missing(now, names, on),
        "formality": formality.label,
        "article": article_named(article) if article else "",
    }
    return render(request, "conventions/writing/referents.html", context)


def _missing(now: queries.Standing, names: dict[str, str], on: date) -> list[str]:
    """What is empty and since when, then what will be within 30 days."""
    lines = []
    for one in now.vacant:
        where = f"{names[one.post.party]}, niveau {_LEVELS[one.post.level]}"
        said = f"{where} : {one.missing} à nommer depuis le {long_date(one.since)} ({article_named(one.post.article)})"
        lines.append(said if on >= one.alarm_on else f"{said}, au plus tard le {long_date(one.alarm_on)}")
    lines += [
        f"{names[one.post.party]}, niveau {_LEVELS[one.post.level]} : personne de nommé à partir du {long_date(one.on)}"
        for one in now.coming
        if one.warning_on <= on
    ]
    return lines


def _line(
    known: LoadedConvention, row: Referent, names: dict[str, str], on: date, due: date | None
) -> dict[str, Any]:
    mine = known.mine.key if known.mine else ""
    own = row.party_key == mine
    over = row.until is not None and row.until < on
    relay = queries.handover(row)
    about = "Lettre de fin de fonction à" if queries.leaves_nobody(row) else "Lettre à"
    return {
        "row": row,
        "party": names.get(row.party_key, row.party_key),
        "level": _LEVELS[row.level],
        "own": own,
        "is_over": over,
        "is_to_come": row.since > on,
        "relay": f"Passage de relais avec « {row.succeeds.function} » jusqu’au {long_date(relay)} : les avis vont aux deux."
        if row.succeeds and relay and relay >= on
        else "",
        "trainings": [_training(known, row, one, on, own=own) for one in row.trainings.all()],
        "to_train": _to_train(due, on),
        "is_late": due is not None and due < on,
        "is_given_up": row.is_given_up,
        "may_plan": own and not row.is_given_up and (row.since > on or (row.until is not None and not over)),
        "may_change": own and not over and not row.is_given_up and not hasattr(row, "successor"),
        "may_end": own and row.until is None,
        "letters": [
            (f"{about} {name}", reverse("conventions:referent_letter", args=[known.id, row.pk, key]))
            for key, name in names.items()
            if own and key != mine and not row.is_given_up
        ],
    }


def _to_train(due: date | None, on: date) -> str:
    if due is None:
        return ""
    return f"à former depuis le {long_date(due)}" if due < on else f"à former d’ici au {long_date(due)}"


def _training(
    known: LoadedConvention, row: Referent, one: ReferentTraining, on: date, *, own: bool
) -> dict[str, Any]:
    said = f"Formé le {long_date(one.trained_on)} ({distance(one.trained_on, on)}) : {one.subject}, par {one.organiser}"
    struck = (
        f"retirée le {long_date(one.withdrawn_at.astimezone(known.zone).date())}, notée par erreur"
        if one.withdrawn_at
        else ""
    )
    args = [known.id, row.pk, one.pk]
    withdraw = own and not struck
    return {
        "said": said,
        "struck": struck,
        "withdraw_url": reverse("conventions:referent_training_withdraw", args=args) if withdraw else "",
    }


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def add(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Name a referent of one's own organisation."""
    known = named(request, convention)
    form = TenureForm(request.POST or None, initial=_new(request, known))

    def act() -> None:
        actions.name_referent(
            convention=known.row, tenure=form.tenure(), by=acting_member(request), at=request.instant
        )

    done = "Référent nommé. Les autres parties sont prévenues ici ; le texte peut demander une lettre."
    return _form(request, known, form, act, ("Nommer un référent", "Votre organisme nomme les siens.", done))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def change(request: MemberRequest, convention: UUID, referent: UUID) -> HttpResponse:
    """Replace a referent from a day on; the former's tenure ends the day before."""
    known = named(request, convention)
    row = own(known, referent)
    given = {**_new(request, known), "mailbox": row.mailbox, "phone": row.phone}
    form = ChangeForm(request.POST or None, initial=given)

    def act() -> None:
        actions.change_referent(
            convention=known.row, referent=row.pk, tenure=form.tenure(level=row.level), by=acting_member(request),
            at=request.instant,
        )  # fmt: skip

    ends = f", jusqu’au {long_date(row.until)}" if row.until else ""
    lead = f"Remplace : {row.function}, niveau {_LEVELS[row.level]}, depuis le {long_date(row.since)}{ends}. Sans avenant."
    done = "Référent remplacé. Adressez la lettre aux autres parties, puis notez le jour où elle est partie."
    return _form(request, known, form, act, ("Remplacer un référent", lead, done))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def end(request: MemberRequest, convention: UUID, referent: UUID) -> HttpResponse:
    """End a tenure without a successor."""
    known = named(request, convention)
    row = own(known, referent)
    form = EndForm(request.POST or None)

    def act() -> None:
        actions.end_tenure(
            convention=known.row, referent=row.pk, by=acting_member(request), at=request.instant, **form.cleaned_data
        )  # fmt: skip

    lead = f"{row.function}. La place sera vacante tant qu’aucun successeur n’est nommé."
    done = "Fin enregistrée. Les autres parties sont prévenues ici ; le texte peut demander une lettre, prête ci-dessous."
    return _form(request, known, form, act, ("Mettre fin à une fonction de référent", lead, done))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def told(request: MemberRequest, convention: UUID, referent: UUID) -> HttpResponse:
    """Note the day on which the other parties were told."""
    known = named(request, convention)
    row = own(known, referent)
    form = ToldForm(request.POST or None, initial={"told_on": row.told_on})

    def act() -> None:
        actions.tell_parties(
            convention=known.row, referent=row.pk, by=acting_member(request), at=request.instant, **form.cleaned_data
        )  # fmt: skip

    lead = f"{row.function}, depuis le {long_date(row.since)}."
    return _form(
        request, known, form, act, ("Noter que les parties sont prévenues", lead, "Jour enregistré.")
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def train(request: MemberRequest, convention: UUID, referent: UUID) -> HttpResponse:
    """Note a training of one's own referent."""
    known = named(request, convention)
    row = own(known, referent)
    form = TrainingForm(request.POST or None, initial={"token": uuid7()})

    def act() -> None:
        training.note_training(
            convention=known.row, referent=row.pk, training=form.training(), by=acting_member(request), at=request.instant
        )  # fmt: skip

    lead = f"{row.function}, depuis le {long_date(row.since)}."
    return _form(request, known, form, act, ("Noter une formation du référent", lead, "Formation notée."))


@page(permission=Permission.WRITE_CONVENTIONS)
def letter(request: MemberRequest, convention: UUID, referent: UUID, key: str) -> HttpResponse:
    """The letter that tells one party of a referent, as a PDF."""
    known = named(request, convention)
    row = own(known, referent)
    addressee = known.party(key)
    if addressee is None or known.mine is None:
        raise Http404
    on = day_of(known.row, request.instant)
    plain = queries.letter(known, row.pk, on)
    sender, receiver = _correspondents(known.mine, addressee)
    change = ReferentChange(
        convention=plain.convention_title, article=plain.article, sender=sender, addressee=receiver,
        level=_LEVELS[plain.level], function=plain.function, since=plain.since, written_on=on,
        mailbox=plain.mailbox, phone=plain.phone, former_function=plain.former_function, handover_until=plain.handover_until,
        ends_on=plain.ends_on,
    )  # fmt: skip
    answer = HttpResponse(change_pdf(change), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="lettre-referent.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _correspondents(sender: PartyRow, addressee: PartyRow) -> tuple[Correspondent, Correspondent]:
    bodies = Organisation.objects.in_bulk([sender.organisation, addressee.organisation])
    found = [
        Correspondent(party.name, tuple(bodies[party.organisation].address.splitlines()))
        for party in (sender, addressee)
    ]
    return found[0], found[1]


def named(request: MemberRequest, convention: UUID) -> LoadedConvention:
    """The convention, for who names referents. Raises Http404, PermissionDenied."""
    known = reached(request, convention)
    signing_party(known)
    if not can_name(acting_member(request), known):
        raise PermissionDenied("Votre rôle ne permet pas de nommer les référents.")
    return known


def own(known: LoadedConvention, referent: UUID) -> Referent:
    """A referent of this convention; those of others are not changed here."""
    row = Referent.objects.filter(pk=referent, convention=known.row).first()
    if row is None:
        raise Http404
    if known.mine is None or row.organisation_id != known.mine.organisation:
        raise PermissionDenied("Ce référent est celui d’une autre partie : c’est à elle de le changer.")
    return row


def _new(request: MemberRequest, known: LoadedConvention) -> dict[str, Any]:
    return {"token": uuid7(), "level": Territory.LOCAL.value, "since": day_of(known.row, request.instant)}


def _form(
    request: MemberRequest,
    known: LoadedConvention,
    form: forms.Form,
    act: Callable[[], None],
    said: tuple[str, str, str],
) -> HttpResponse:
    """One form, one act: its title, its lead, and what is said once it is done."""
    title, lead, done = said
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, done)
            return redirect("conventions:referents", known.id)
    above = [*breadcrumb(known), ("Référents", reverse("conventions:referents", args=[known.id]))]
    context = {"form": form, "title": title, "lead": lead, "breadcrumb": above, "back": above[-1][1]}
    return render(request, "one_form.html", context)
