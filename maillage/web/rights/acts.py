"""What the reader of an application may do next, the first act first. Its page draws it, with what was refused if anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.forms import CharField, Form
from django.urls import reverse

from maillage.core.states import allowed
from maillage.organisations.member import Member
from maillage.rights.declared.rights import Right, rights
from maillage.rights.policies import can_examine, can_speak_for_filer
from maillage.rights.queries import File, nothing_added
from maillage.rights.states import DECIDED, EXAMINED, TRANSITIONS, State
from maillage.web.presentation.components import Confirmation
from maillage.web.referrals.restricted import is_stopped, next_of
from maillage.web.rights.checklist import missing
from maillage.web.rights.forms import (
    AnswerForm,
    AskForm,
    CancelForm,
    CompleteForm,
    GrantForm,
    NotifyForm,
    PieceForm,
    ReceiveForm,
    RefuseForm,
    SentForm,
    WithdrawForm,
    initial_right,
)
from maillage.web.rights.words import next_words

Refused = Mapping[str, Form]
"""A form that was refused, by the name of its act."""
Act = tuple[Confirmation, Form]


@dataclass(frozen=True, slots=True)
class Acts:
    """The panel « La suite »: a sentence, the act that is awaited, then the others, each behind its button."""

    next: str
    first: Act | None
    others: Sequence[Act]
    piece: Form | None
    """The form that adds a piece; open where pieces are awaited."""
    piece_url: str
    piece_is_first: bool
    sent_url: str
    """Where the partner says that all that was asked is sent."""
    typed: Sequence[str]
    """What was typed in a form whose act is no longer possible: shown once more, to be copied."""
    is_late: bool


def acts_of(file: File, member: Member, on: date, refused: Refused) -> Acts:
    """What this member may do next with this application, on the caisse's own day."""
    application, case = file.application, file.participation.case
    acting = file.participation.frozen_since is None
    works, speaks = acting and can_examine(member, case), acting and can_speak_for_filer(member, case)
    declared = rights()[application.right]
    waits = any(row.answered_on is None for row in file.requests)
    acts = _of_the_caisse(file, declared, on, refused, waits=waits) if works else []
    says_sent = speaks and waits and application.closed_at is None
    empty_handed = says_sent and nothing_added(file.requests, file.pieces)
    if empty_handed:
        acts.append(_with(case.id, "sent", refused.get("sent") or SentForm()))
    if speaks:
        acts += [_act(case.id, verb, refused) for verb in ("withdraw", "cancel") if verb in _verbs(file)]
    is_first = bool(acts) and acts[0][1].__class__ in _AWAITED
    adds = (works or speaks) and application.closed_at is None
    awaited = [key for row in file.requests if row.answered_on is None for key in row.keys]
    piece = (refused.get("add_piece") or PieceForm(right=declared, asked=awaited)) if adds else None
    drawn = [piece, *(form for _, form in acts)]
    late = [form for form in refused.values() if form not in drawn]
    return Acts(
        next=next_of(file.participation, next_words(file.participation.role, application, waits=waits)),
        first=acts[0] if is_first else None,
        others=acts[1:] if is_first else acts,
        piece=piece,
        piece_url=reverse("rights:add_piece", args=[case.id]) if adds else "",
        piece_is_first=speaks and waits,
        sent_url=reverse("rights:answer", args=[case.id]) if says_sent and not empty_handed else "",
        typed=[text for form in late for text in _typed(form)],
        is_late=any(form.errors for form in late),
    )


_AWAITED: Final = (ReceiveForm, AnswerForm, NotifyForm)
"""Forms drawn open where they come first: nothing else is awaited."""


def _verbs(file: File) -> tuple[str, ...]:
    """The steps that its state allows, without those that go on with her data where she objected."""
    found = allowed(TRANSITIONS, file.application.state)
    return (
        tuple(one for one in found if one not in ("complete", "grant"))
        if is_stopped(file.participation)
        else found
    )


def _of_the_caisse(file: File, declared: Right, on: date, refused: Refused, *, waits: bool) -> list[Act]:
    """What the caisse may do: what is awaited first."""
    application, case, verbs = file.application, file.participation.case_id, _verbs(file)
    today = {"initial": {"on": on}}
    acts: list[Act] = []
    if "receive" in verbs:
        acts.append(_with(case, "receive", refused.get("receive") or ReceiveForm(**today)))
    if application.state in EXAMINED and waits and application.state == State.INCOMPLETE:
        acts.append(_with(case, "answer", refused.get("answer") or AnswerForm(**today)))
    if "complete" in verbs:
        acts.append(_with(case, "complete", refused.get("complete") or CompleteForm(**today)))
    if "grant" in verbs:
        filed = application.handed_on or application.received_on or on
        proposed = initial_right(declared, filed=filed, on=on)
        form = refused.get("grant") or GrantForm(choices=declared.may_open, initial=proposed)
        acts.append(_with(case, "grant", form))
    if application.state in EXAMINED and not waits and not is_stopped(file.participation):
        again = bool(file.requests)
        form = refused.get("ask") or AskForm(right=declared, is_again=again, missing=missing(file))
        acts.append(_with(case, "ask", form))
    if application.state in EXAMINED and waits and application.state != State.INCOMPLETE:
        acts.append(_with(case, "answer", refused.get("answer") or AnswerForm(**today)))
    if "refuse" in verbs:
        acts.append(_with(case, "refuse", refused.get("refuse") or RefuseForm(**today)))
    if application.state in DECIDED and application.notified_on is None:
        acts.append(_with(case, "notify", refused.get("notify") or NotifyForm(**today)))
    return acts


def _typed(form: Form) -> list[str]:
    """The words of a form, as they came."""
    written = [
        str(form[name].value() or "") for name, field in form.fields.items() if isinstance(field, CharField)
    ]
    return [text for text in written if text.strip()]


_TOLD: Final = "Le partenaire est prévenu, sans rien du contenu."
_LABELS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "receive": ("Enregistrer la réception", "Enregistrer la réception", (_TOLD,)),
    "complete": (
        "Le dossier est complet",
        "Noter qu’il est complet",
        ("La décision est attendue ; ses délais s’affichent des deux côtés.",),
    ),
    "ask": (
        "Demander ce qui manque",
        "Demander ces pièces",
        (
            _TOLD,
            "Si le dossier ne peut être jugé sans elles, le délai de la loi est suspendu jusqu’à leur arrivée.",
        ),
    ),
    "answer": (
        "Les pièces demandées sont arrivées",
        "Noter leur arrivée",
        ("Le dossier revient à l’examen.", _TOLD),
    ),
    "sent": (
        "Tout est envoyé",
        "Dire que tout est envoyé",
        (
            "Rien de ce qui est demandé n’a été ajouté ici depuis la demande.",
            "La caisse reprend l’examen : s’il manque encore quelque chose, elle devra le redemander.",
        ),
    ),
    "grant": (
        "Ouvrir le droit",
        "Ouvrir le droit",
        (_TOLD, "La décision ne se change plus ; il reste à prévenir la personne."),
    ),
    "refuse": (
        "Refuser la demande",
        "Refuser la demande",
        (
            _TOLD,
            "La décision ne se change plus ; il reste à prévenir la personne et à lui dire comment contester.",
        ),
    ),
    "notify": ("Personne prévenue", "Noter qu’elle est prévenue", ()),
    "withdraw": (
        "Retirer la demande",
        "Retirer la demande",
        (
            "La caisse est prévenue : elle n’en décide pas.",
            "Rien ne peut être repris : il faudrait une nouvelle demande.",
        ),
    ),
    "cancel": (
        "Annuler, envoyée par erreur",
        "Annuler la demande",
        ("La caisse est prévenue.", "La demande ne compte pas."),
    ),
}
_DANGEROUS: Final = frozenset({"refuse", "withdraw", "cancel"})
_FORMS: Final[Mapping[str, type[Form]]] = {"withdraw": WithdrawForm, "cancel": CancelForm}


def _act(case: UUID, verb: str, refused: Refused) -> Act:
    return _with(case, verb, refused.get(verb) or _FORMS[verb]())


def _with(case: UUID, verb: str, form: Form) -> Act:
    label, button, consequences = _LABELS[verb]
    return (
        Confirmation(
            label=label,
            action=reverse("rights:answer" if verb == "sent" else f"rights:{verb}", args=[case]),
            consequences=consequences,
            button=button,
            is_danger=verb in _DANGEROUS,
        ),
        form,
    )
