"""Everything that one organisation holds about somebody, read in her cases there: opened because she asks, and journalled as such."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.beneficiaries.agreement import ANSWERS, HOW, PROGRESS
from maillage.beneficiaries.correcting import formers_of
from maillage.beneficiaries.models import Consent, Information
from maillage.beneficiaries.rules import LANGUAGES, MEANS, Identity, fields_words
from maillage.cases.models import Participation
from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS
from maillage.catalogue.services import service_name
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.solicitations.queries import words_for_her
from maillage.conventions.terms.criteria import Value
from maillage.conventions.terms.data_roles import regime_of
from maillage.documents.actions import describe
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.protection.breaches.reporting import reportable
from maillage.protection.requests.held import (
    HeldCase,
    Line,
    Section,
    lines,
    local,
    purpose_lines,
    said,
    sections,
)
from maillage.protection.requests.queries import parts_in
from maillage.protection.requests.receiving import day_of, read_identities
from maillage.referrals import queries as referrals
from maillage.referrals.ending.rules import CARE_ANSWERS, RIGHT_OUTCOMES
from maillage.referrals.ending.rules import RIGHTS as RIGHTS_FOLLOWED
from maillage.referrals.own.rules import ACTION_KINDS, HEADINGS
from maillage.referrals.references import reference
from maillage.referrals.rules import END_REASONS, MOTIVES, PAUSE_REASONS, WAYS
from maillage.referrals.states import SENDER_WORDS
from maillage.referrals.states import State as ReferralState
from maillage.rights import queries as applications
from maillage.rights.declared.rights import question, right_label, rights
from maillage.rights.rules import REFUSAL_REASONS
from maillage.rights.states import PARTNER_WORDS
from maillage.rights.states import State as ApplicationState
from maillage.secondments.models import Appointment
from maillage.secondments.states import WORDS as APPOINTMENT_WORDS
from maillage.secondments.states import State as AppointmentState

_WHY = "réponse à la demande d’accès de la personne"


def collect(cases: Sequence[UUID], *, by: Member, at: datetime) -> list[HeldCase]:
    """Her cases in one's organisation, the newest first, each with all that is kept of it. The caller has checked the role."""
    zone = ZoneInfo(by.time_zone)
    known = {one.id: one for one in reportable(by)}
    found = []
    for part in parts_in(by, cases):
        convention = known.get(part.convention_id)
        own = [*_own_sections(part, by, zone), _between_referents(part, by, zone), _formers(part, by, zone)]
        about = _purposes(part, convention, by, at)
        found.append(
            HeldCase(
                reference=reference(part.case_id),
                title=_service(part),
                convention=convention.row.title if convention else "",
                sections=sections(*own, _parties(part, zone), about),
                is_open=any(one.key == "identity" and one.lines for one in own),
            )
        )
    return found


def _own_sections(part: Participation, by: Member, zone: ZoneInfo) -> list[Section]:
    if part.kind == "referral":
        return _referral(part.case_id, by, zone)
    if part.kind == "application":
        return _application(part.case_id, by, zone)
    return _appointment(part, by, zone)


def _between_referents(part: Participation, by: Member, zone: ZoneInfo) -> Section:
    """What the referents of the parties asked each other about the progress of the case."""
    asked = [
        pair
        for row, words in words_for_her(by, part, why=_WHY)
        for pair in (
            (f"Question de {row.caller.name}, le {local(row.asked_at, zone)}", words.question),
            ("Réponse", words.answer),
        )
    ]
    return Section("referents", "Questions entre référents", lines(*asked))


def _parties(part: Participation, zone: ZoneInfo) -> Section:
    """Who has it: the two sides of the case; one's own organisation since when (GDPR art. 15.1 c)."""
    return Section(
        "recipients",
        "Qui a eu accès",
        lines(
            ("Envoyé par", part.case.sender.name),
            ("Reçu par", part.case.caisse.name),
            ("Ouvert le", local(part.case.opened_at, zone)),
        ),
    )


def _purposes(part: Participation, known: LoadedConvention | None, by: Member, at: datetime) -> Section:
    found: tuple[Line, ...] = ()
    if known is not None:
        text = known.readable(day_of(by, at))
        flow = next((one for one in text.flows if one.key == part.case.authorisation.flow_key), None)
        found = purpose_lines(regime_of(text, flow) if flow else None, _service(part), text)
    return Section("purposes", "Pourquoi, et combien de temps", found)


def _service(part: Participation) -> str:
    return service_name(part.case.service, part.case.authorisation.label)


def identity_section(known: Identity | None) -> Section:
    """Who she is, as it is kept."""
    if known is None:
        return Section("identity", "Identité", ())
    return Section("identity", "Identité", lines(*_identity_pairs(known).values()))


def _identity_pairs(known: Identity) -> dict[str, tuple[str, object]]:
    """Each field of an identity: its label, and what it says."""
    return {
        "surname": ("Nom", known.surname),
        "given_name": ("Prénom", known.given_name),
        "birth_date": ("Date de naissance", known.birth_date),
        "phone": ("Téléphone", known.phone),
        "email": ("Courriel", known.email),
        "other_way": ("Autre moyen de la joindre", known.other_way),
        "safe_time": ("Quand la joindre", known.safe_time),
        "nir": ("Numéro de sécurité sociale", known.nir),
        "language": ("Langue", LANGUAGES.get(known.language, known.language)),
        "do_not_call": ("Ne pas appeler", known.do_not_call or None),
        "representative": ("Représentée par", known.representative),
    }


def _formers(part: Participation, by: Member, zone: ZoneInfo) -> Section:
    """What the identity said before each correction: it is kept, so it is given; of the fields that were corrected alone."""
    found: tuple[Line, ...] = ()
    for one in formers_of(part, by=by, why=_WHY):
        row, said_before = one.row, _identity_pairs(one.identity) if one.identity else {}
        found += lines(
            (f"Corrigée le {local(row.corrected_at, zone)} par {row.organisation.name}", fields_words(row.fields)),
            *((f"Avant : {label.lower()}", value) for name, (label, value) in said_before.items() if name in row.fields),
        )  # fmt: skip
    return Section("former_identity", "Ce que l’identité disait avant d’être corrigée", found)


def _agreed(consent: Consent | None, told: Information | None, mandate: str = "") -> Section:
    found: tuple[Line, ...] = ()
    if told is not None:
        found += lines(("Informée le", told.given_on), ("Comment", MEANS.get(told.means, told.means)))
    if consent is not None:
        found += lines(
            ("Accord", ANSWERS.get(consent.answer, consent.answer)),
            ("Donné", HOW.get(consent.how, consent.how)),
            ("Ce qui revient à qui l’a envoyée", PROGRESS.get(consent.progress, consent.progress)),
            ("Mandat", mandate),
        )
    return Section("agreement", "Information et accord", found)


def fact_line(key: str, value: Value) -> Line:
    """A fact of the catalogue: its question, and the answer in words."""
    fact = FACTS[key]
    choices = dict(fact.choices)
    if isinstance(value, frozenset):
        return fact.question, said(tuple(choices.get(one, one) for one in value))
    return fact.question, choices[value] if isinstance(value, str) and value in choices else said(value)


def _referral(case: UUID, by: Member, zone: ZoneInfo) -> list[Section]:
    file = referrals.file_for_her(by, case, why=_WHY)
    row, history = file.referral, file.history
    situation = [("Motifs", tuple(MOTIVES.get(one, one) for one in row.motives)), ("Récit", file.narrative)]
    facts = tuple(fact_line(key, value) for key, value in file.kept.facts.items() if key in FACTS)
    renounced = tuple(
        (CARE.get(one.care, one.care), _care(one.reason, one.outcome)) for one in history.renunciations
    )
    reasons = {key: label for found in END_REASONS.values() for key, label in found.items()}
    return [
        identity_section(file.identity),
        Section("situation", "Situation", (*lines(*situation), *facts, *renounced, *_confirmed(file.kept.confirmed))),
        _agreed(getattr(row.case, "consent", None), file.information, file.mandate),
        Section(
            "course",
            "Ce qui s’est passé",
            lines(
                ("Envoyé le", local(row.sent_at, zone)),
                ("État", SENDER_WORDS[ReferralState(row.state)]),
                ("Reçu le", local(row.acknowledged_at, zone)),
                ("Accepté le", local(row.accepted_at, zone)),
                ("Contact le", row.contacted_on),
                ("Terminé le", local(row.closed_at, zone)),
                ("Raison de la fin", reasons.get(row.end_reason, row.end_reason)),
                ("Précisions", history.refusal_words),
                *(
                    (f"Essai du {said(one.day)}", f"{WAYS.get(one.way, one.way)} : {_reached(one.reached)}")
                    for one in history.attempts
                ),
                *(
                    (f"Pause du {said(one.began_on)}", PAUSE_REASONS.get(one.reason, one.reason))
                    for one in history.pauses
                ),
                *(("Transmis à", f"{one.recipient}, {one.service}") for one in history.forwarded),
                *(
                    (RIGHTS_FOLLOWED.get(one.right, one.right), RIGHT_OUTCOMES.get(one.outcome, one.outcome))
                    for one in history.rights
                ),
            ),
        ),
        _messages(file, by, case, zone),
        _own(file),
    ]  # fmt: skip


def _care(reason: str, outcome: str) -> str:
    words = RENUNCIATION_REASONS.get(reason, reason)
    return f"{words} ; {CARE_ANSWERS.get(outcome, outcome)}" if outcome else words


def _reached(reached: bool) -> str:
    return "jointe" if reached else "pas jointe"


def _confirmed(found: Sequence[str]) -> tuple[Line, ...]:
    return tuple(("Confirmé à l’envoi", one) for one in found)


def _messages(file: referrals.File, by: Member, case: UUID, zone: ZoneInfo) -> Section:
    """All questions, answers and messages, with the files that go with them, the oldest first."""
    threads = [file.thread]
    while (older := threads[0].older) is not None:
        threads.insert(0, referrals.file_for_her(by, case, messages_before=older, why=_WHY).thread)
    asked = [
        pair
        for one in file.history.questions
        for pair in ((f"Question du {local(one.row.asked_at, zone)}", one.question), ("Réponse", one.answer))
    ]
    written = [
        (
            f"{one.body}, le {local(one.at, zone)}",
            f"{one.text or ''}{f' [pièce jointe : {one.file.name}]' if one.file else ''}",
        )
        for thread in threads
        for one in thread.said
    ]
    return Section("messages", "Questions et messages", lines(*asked, *written))


def _own(file: referrals.File) -> Section:
    """What one's organisation wrote for itself."""
    assessed = [(HEADINGS[heading], words) for heading, words in file.own.texts.items()]
    planned = [
        (f"Action prévue pour le {said(one.row.due_on)}", f"{ACTION_KINDS.get(one.row.kind, one.row.kind)} {one.words}".strip())
        for one in file.own.plan
    ]  # fmt: skip
    return Section(
        "own_file", "Ce que notre organisme a noté pour son propre travail", lines(*assessed, *planned)
    )


def _application(case: UUID, by: Member, zone: ZoneInfo) -> list[Section]:
    file = applications.file_for_her(by, case, why=_WHY)
    row, declared = file.application, rights()[file.application.right]
    answered = [(question(key), value) for key, value in file.details.answers.items()]
    household = [
        ("Foyer", f"{one.given_name} {one.surname}, le {said(one.birth_date)}")
        for one in file.details.household
    ]
    return [
        identity_section(file.identity),
        Section(
            "situation",
            "Demande",
            lines(("Droit demandé", declared.label), *answered, *household, ("Précisions", file.details.words)),
        ),
        _agreed(file.consent, file.information),
        Section(
            "decision",
            "Ce qui s’est passé",
            lines(
                ("Envoyée le", local(row.sent_at, zone)),
                ("État", PARTNER_WORDS[ApplicationState(row.state)]),
                ("Reçue le", row.received_on),
                ("Complète le", row.complete_on),
                ("Décidée le", row.decided_on),
                ("Droit ouvert", right_label(row.opened) if row.opened else ""),
                ("Du", row.opens_on),
                ("Au", row.ends_on),
                ("Raison", REFUSAL_REASONS.get(row.end_reason, row.end_reason)),
                ("Précisions de la décision", file.words),
                *((f"Pièces demandées le {said(one.asked_on)}", file.asked.get(one.id, "")) for one in file.requests),
            ),
        ),
        _pieces(file, zone),
    ]  # fmt: skip


def _pieces(file: applications.File, zone: ZoneInfo) -> Section:
    """The list of the pieces; copies of them are given with the answer where she wants them."""
    labels = {one.key: one.label for one in rights()[file.application.right].pieces}
    found = (
        (
            labels.get(one.key, one.key),
            f"{describe(one.document).name}, ajoutée le {local(one.added_at, zone)}",
        )
        for one in file.pieces
    )
    return Section("pieces", "Pièces", lines(*found))


def _appointment(part: Participation, by: Member, zone: ZoneInfo) -> list[Section]:
    row = Appointment.objects.select_related("secondment").get(case_id=part.case_id)
    known = read_identities([part], by=by, why=_WHY).get(part.case_id)
    agent = User.objects.filter(pk=row.secondment.agent_id).values_list("full_name", flat=True).first()
    return [
        identity_section(known),
        Section(
            "appointment",
            "Rendez-vous",
            lines(
                ("Le", local(row.starts_at, zone)),
                ("Avec", agent),
                ("Lieu", row.secondment.place),
                ("État", APPOINTMENT_WORDS[AppointmentState(row.state)]),
                ("Suite", row.outcome),
            ),
        ),
    ]
