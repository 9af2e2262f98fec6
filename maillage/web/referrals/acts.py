"""What the reader of a case may do next, the first act first. The page of a case draws it, with what was refused if anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.forms import CharField, Form
from django.urls import reverse

from maillage.beneficiaries.agreement import PROGRESS
from maillage.beneficiaries.queries import consent_of
from maillage.cases.models import Participation
from maillage.cases.queries import Kin
from maillage.core.states import allowed
from maillage.organisations.member import Member
from maillage.referrals.forwarding.queries import Destination
from maillage.referrals.history import Asked
from maillage.referrals.models import ContactAttempt
from maillage.referrals.policies import can_speak_for_sender, can_work
from maillage.referrals.queries import File
from maillage.referrals.references import reference
from maillage.referrals.rules import WAYS
from maillage.referrals.states import TRANSITIONS, WORKED, State
from maillage.referrals.withheld import is_withheld
from maillage.web.presentation.components import Confirmation, Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.act_words import BUTTONS, STOPS, TOLD, WORDS, confirmation, quiet
from maillage.web.referrals.ending_forms import OutcomesForm
from maillage.web.referrals.life import Side, is_over, next_words, side_of, standing_facts
from maillage.web.referrals.lineage import left_under_way, moving_on, opening, restarting
from maillage.web.referrals.own_forms import OwnForm
from maillage.web.referrals.restricted import is_stopped, next_of
from maillage.web.referrals.words import paragraphs, person_facts
from maillage.web.referrals.working_forms import (
    ActForm,
    AnswerForm,
    AskForm,
    CancelForm,
    ChoiceForm,
    ContactForm,
    PauseForm,
    RefuseForm,
    WithdrawForm,
)

Refused = Mapping[str, Form]
"""A form that was refused, by the name of its act; an answer's is the id of its question."""


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A question without an answer: what was asked, by whom and when; the form and where it is sent, for whoever answers."""

    text: str
    title: str
    form: Form | None
    url: str
    back_url: str = ""
    """Where whoever asked takes it back."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The panel « La suite »: a sentence, what to look at, the first act, then the others, each behind its button."""

    next: str
    facts: Sequence[Fact]
    questions: Sequence[ToAnswer]
    button: tuple[str, str] | None
    contact: ContactForm | None
    others: Sequence[tuple[Confirmation, Form]]
    typed: Sequence[str]
    """What was typed in a form whose act is no longer possible: shown once more, to be copied."""
    is_late: bool
    """Whether a form that was filled wrongly is of such an act: nobody has said so yet."""
    corrections: Sequence[tuple[str, str]] = ()
    """Attempts that may have been noted by error: what striking each says, its address."""
    links: Sequence[tuple[str, str]] = ()
    """Acts that have a page of their own: label, address."""


def _trying(file: File, on: date) -> ContactForm:
    return ContactForm.on(on, calls=not (file.identity and file.identity.do_not_call))


def acts_of(
    file: File,
    member: Member,
    on: date,
    refused: Refused,
    *,
    kin: Sequence[Kin] = (),
    where: Destination | None = None,
) -> Acts:
    """What this member may do next with this case; `kin` are the cases before and after it, `where` it was redirected."""
    part, referral, side = file.participation, file.referral, side_of(file.participation.role, member)
    acts = part.frozen_since is None
    works, speaks = acts and can_work(member, part.case), acts and can_speak_for_sender(member, part.case)
    over, verbs, is_worked = is_over(referral), _verbs(file), referral.state in WORKED
    uses = works and not is_stopped(part)
    calls_first = uses and referral.state == State.ACCEPTED and referral.contacted_on is None
    contact = (refused.get("contact") or _trying(file, on)) if uses and is_worked else None
    others: list[tuple[Confirmation, Form]] = []
    others += _working(file, verbs, refused, None if calls_first else contact) if works else []
    if (works or speaks) and consent_of(part.case) is not None:
        others += _agreeing(file, verbs, on, refused, kin, works=works)
    if speaks:
        others += [
            _stop(part.case_id, verb, side, refused) for verb in ("withdraw", "cancel") if verb in verbs
        ]
    questions = (
        [] if over else _questions(file, member, refused, answers=side if speaks else None, asks=works)
    )
    drawn: list[Form | None] = [contact, *(one.form for one in questions), *(form for _, form in others)]
    late = [
        form
        for form in refused.values()
        if form not in drawn and not (works and is_worked and isinstance(form, OwnForm))
    ]
    return Acts(
        next=next_of(part, next_words(side, referral, file.history) + left_under_way(file, member)),
        facts=_reaching(file) if calls_first else standing_facts(referral, file.history),
        questions=questions,
        button=_button(part.case_id, verbs)
        if works
        else restarting(file, member, kin, where)
        if acts
        else None,
        contact=contact if calls_first and isinstance(contact, ContactForm) else None,
        others=others,
        typed=[text for form in late for text in _typed(form)],
        is_late=any(form.errors for form in late),
        corrections=_corrections(file) if works and is_worked else [],
        links=[*(moving_on(file, verbs) if works else ()), *(opening(file, member) if acts else ())],
    )


def _questions(
    file: File, member: Member, refused: Refused, *, answers: Side | None, asks: bool
) -> list[ToAnswer]:
    """Those without an answer yet."""
    return [
        _to_answer(asked, member, refused, answers=answers, asks=asks) for asked in file.history.unanswered
    ]


def _working(
    file: File, verbs: set[str], refused: Refused, contact: Form | None
) -> list[tuple[Confirmation, Form]]:
    """What the caisse does with it; `contact` is drawn here where it does not come first."""
    part, is_worked = file.participation, file.referral.state in WORKED
    outcomes = [(_ending(part.case_id, verbs), _outcomes(file, refused))] if is_worked else []
    found = [*outcomes] if "close" in verbs else []
    found += [_act(part.case_id, verb, refused) for verb in ("pause", "refuse") if verb in verbs]
    found += [] if "close" in verbs else outcomes
    if contact is not None:
        found.append((confirmation(part.case_id, "contact"), contact))
    found = [(quiet(one), form) for one, form in found] if is_withheld(part.case) else found
    asks = is_worked and not is_stopped(part)
    return [*found, *([_act(part.case_id, "ask", refused)] if asks else [])]


_USING: Final = {"accept", "pause", "resume"}
"""Steps that go on with her data: none where she objected."""


def _verbs(file: File) -> set[str]:
    """The steps that its state allows, without those that use her data where she objected, nor those of which one side would not
    learn what it needs."""
    referral = file.referral
    verbs = set() if is_over(referral) else set(allowed(TRANSITIONS, referral.state))
    if referral.withheld and referral.state != State.SENT:
        verbs.discard("cancel")  # whether the caisse has answered is not told: she stops it instead
    if is_stopped(file.participation):
        verbs -= _USING
    if is_withheld(file.participation.case):
        verbs.discard("redirect")  # nobody would know that it is to be sent again
    return verbs


def _typed(form: Form) -> list[str]:
    """The words of a form, as they came."""
    written = [
        str(form[name].value() or "") for name, field in form.fields.items() if isinstance(field, CharField)
    ]
    return [text for text in written if text.strip()]


_WHO: Final = frozenset({"Nom", "Date de naissance", "Numéro de sécurité sociale"})


def _reaching(file: File) -> list[Fact]:
    """How to reach the person, where calling her is what comes next."""
    return [fact for fact in person_facts(file.identity) if fact.term not in _WHO] if file.identity else []


_CORRECTED: Final = 5
"""The last attempts: an older one is no slip any more."""


def _corrections(file: File) -> list[tuple[str, str]]:
    standing = [row for row in file.history.attempts if row.struck_at is None]
    return [(_slip(row), reverse("referrals:strike", args=[row.id])) for row in standing[-_CORRECTED:]]


def _slip(row: ContactAttempt) -> str:
    reached = "jointe" if row.reached else "non jointe"
    return f"Rayer l’essai du {long_date(row.day)}, {WAYS[row.way].lower()} ({reached})"


def _to_answer(
    asked: Asked, member: Member, refused: Refused, *, answers: Side | None, asks: bool
) -> ToAnswer:
    question, zone = str(asked.row.id), ZoneInfo(member.time_zone)
    form = (refused.get(question) or AnswerForm(auto_id=f"answer_{question}_%s")) if answers else None
    url = reverse("referrals:answer", args=[asked.row.id])
    asked_on = long_date(asked.row.asked_at.astimezone(zone).date())
    back_url = reverse("referrals:take_back", args=[asked.row.id]) if asks else ""
    return ToAnswer(paragraphs(asked.question), f"{_WHOSE[answers]}, le {asked_on}", form, url, back_url)


_WHOSE: Final[Mapping[Side | None, str]] = {
    Side.SENDER: "Question de la caisse",
    Side.FORWARDER: "Question du service",
    None: "Votre question",
}
"""Of a question without an answer: who asked, for whoever answers it; for the others, it is theirs."""


def _button(case: UUID, verbs: set[str]) -> tuple[str, str] | None:
    """The act of one click that this state waits for."""
    found = next((verb for verb in BUTTONS if verb in verbs), None)
    return None if found is None else (BUTTONS[found], reverse(f"referrals:{found}", args=[case]))


_FORMS: Final[Mapping[str, type[ActForm]]] = {
    "ask": AskForm,
    "pause": PauseForm,
    "refuse": RefuseForm,
    "withdraw": WithdrawForm,
    "cancel": CancelForm,
}


def _revoking(file: File, kin: Sequence[Kin], *, works: bool) -> Confirmation:
    """She takes back her agreement: what stops, and what this does not stop by itself."""
    found = confirmation(file.participation.case_id, "revoke")
    told = f"{TOLD}." if works else "L’organisme qui l’a reçue est prévenu : il n’appelle plus la personne."
    elsewhere = [
        f"Sa demande fut aussi transmise à {one.recipient} : demandez-lui si elle l’arrête aussi, sur le dossier transmis."
        for one in file.history.forwarded
        if works
    ]
    asked = [
        f"La demande de droit {reference(one.case)} continue : si elle l’arrête aussi, dites-le sur ce dossier-là."
        for one in kin
        if one.kind == "opened" and one.is_open
    ]
    return replace(found, consequences=(told, *found.consequences, *elsewhere, *asked))


def _agreeing(
    file: File, verbs: set[str], on: date, refused: Refused, kin: Sequence[Kin], *, works: bool
) -> list[tuple[Confirmation, Form]]:
    """What she agreed to, changed or taken back."""
    part = file.participation
    chosen = (_choosing(part.case_id, works=works), _choice(part, on, refused, works=works))
    return [chosen, (_revoking(file, kin, works=works), ActForm())] if "revoke" in verbs else [chosen]


def _choosing(case: UUID, *, works: bool) -> Confirmation:
    """She lets more or less return to the sender: what changes, in the words of whoever reads."""
    found = confirmation(case, "choose_progress")
    who = "l’organisme qui l’a orientée" if works else "votre organisme"
    label = found.label if works else "La personne change ce que vous saurez de la suite"
    return replace(found, label=label, consequences=[words.format(who=who) for words in found.consequences])


def _choice(part: Participation, on: date, refused: Refused, *, works: bool) -> Form:
    """The choice that does not count yet, proposed: nobody notes the same one again."""
    agreed = consent_of(part.case)
    other = next(key for key in PROGRESS if agreed is None or key != agreed.progress)
    form = refused.get(ChoiceForm.name) or ChoiceForm(initial={"progress": other, "said_on": on})
    if not works:
        form.fields["progress"].label = typeset("Que pourrez-vous savoir de la suite ?")
    return form


def _act(case: UUID, verb: str, refused: Refused) -> tuple[Confirmation, Form]:
    return confirmation(case, verb), refused.get(verb) or _FORMS[verb]()


def _stop(case: UUID, verb: str, side: Side, refused: Refused) -> tuple[Confirmation, Form]:
    found, form = _act(case, verb, refused)
    if side is Side.FORWARDER:
        label, button, told = STOPS[verb]
        found = replace(found, label=label, button=button, consequences=(told, *found.consequences[1:]))
    return found, form


def _outcomes(file: File, refused: Refused) -> Form:
    noted = file.history
    return refused.get("outcomes") or OutcomesForm(
        renunciations=noted.renunciations, rights=noted.rights, actions=file.own.open_actions
    )


def _ending(case: UUID, verbs: set[str]) -> Confirmation:
    """Noting what came of it, which is the last act where the referral may be closed, and a step where it may not yet."""
    if "close" not in verbs:
        return confirmation(case, "settle")
    other = (WORDS["settle"].button, reverse("referrals:settle", args=[case]))
    return replace(confirmation(case, "close"), other=other)
