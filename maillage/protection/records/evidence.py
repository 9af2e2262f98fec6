"""What shows that an organisation keeps its obligations under a convention, as files: what it may see itself, no case, nobody helped.

A new kind of evidence is one more function of `SECTIONS`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.french import date_in_words
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.organisations.member import Member
from maillage.organisations.people.queries import Colleague, colleagues
from maillage.organisations.roles import ROLES, Role
from maillage.protection.authorisations.models import TransferAnswer
from maillage.protection.authorisations.queries import transfers
from maillage.protection.authorisations.queries import visible_to as visible_transfers
from maillage.protection.authorisations.rules import Kind
from maillage.protection.breaches.models import Breach, BreachNotice
from maillage.protection.breaches.notifications import reference as breach_reference
from maillage.protection.breaches.queries import known_now, newest_extents
from maillage.protection.breaches.rules import DataKind, Nature
from maillage.protection.breaches.states import WORDS as BREACH_WORDS
from maillage.protection.breaches.states import State as BreachState
from maillage.protection.destruction.queries import of_convention
from maillage.protection.destruction.states import WORDS as DESTRUCTION_WORDS
from maillage.protection.destruction.states import State as DestructionState
from maillage.protection.policies import can_follow
from maillage.protection.records.audits import audits
from maillage.protection.records.drawing import Named, record_pdf
from maillage.protection.records.folder import Asked, File, book, document
from maillage.protection.records.journal_state import journal_state
from maillage.protection.records.queries import record_of
from maillage.protection.records.rules import Record
from maillage.protection.records.signed import texts


def provable(member: Member) -> QuerySet[Convention]:
    """The conventions in force or ended that her organisation signs, by title, for whoever watches over its data."""
    rows = Convention.objects.filter(
        parties__organisation=member.organisation,
        parties__role__in=["drafter", "signatory"],
        state__in=["in_force", "ended"],
    ).order_by("sort_title", "id")
    return rows if can_follow(member) else rows.none()


def files(asked: Asked) -> Iterator[File]:
    """Every file of the folder, one after the other: none is held longer than it takes to write it. Raises RenderingFailed."""
    for section in SECTIONS:
        yield from section(asked)


def _people(asked: Asked) -> Iterator[File]:
    """Who may act in one's own organisation, bound and trained since when; a number for each other party."""
    everyone = [one for one in colleagues(asked.member, on=day_of(asked.known.row, asked.at)) if one.current]
    mine = [_person(one) for one in everyone]
    bound = [
        (
            one.user.full_name,
            one.undertaking.version,
            asked.day(one.undertaking.signed_at),
            one.undertaking.text_hash,
        )
        for one in everyone
        if one.undertaking is not None
    ]
    trained = [
        (one.user.full_name, f"{done.done_on:%d/%m/%Y}", done.title)
        for one in everyone
        for done in one.trainings
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation, people FROM protection_people(%s)", [asked.known.id])
        counts = dict(cursor.fetchall())
    others = [
        (party.name, str(counts.get(party.organisation, 0)))
        for party in asked.known.signatories
        if party.organisation != asked.member.organisation
    ]
    yield book(
        "personnes-autorisees.xlsx",
        "Personnes autorisées de l’organisme, engagements de confidentialité, formations ; nombre de personnes des autres parties",
        ("Personnes autorisées", ("Personne", "Rôles", "Depuis le", "Peut agir aujourd’hui"), list(mine)),
        ("Engagements", ("Personne", "Version", "Signé le", "Empreinte du texte"), list(bound)),
        ("Formations", ("Personne", "Suivie le", "Formation"), list(trained)),
        ("Autres parties", ("Partie", "Personnes qui ont un rôle"), list(others)),
    )


def _person(one: Colleague) -> Sequence[str]:
    roles = ", ".join(ROLES[Role(row.role)].label for row in one.current)
    since = min(row.since for row in one.current)
    return (one.user.full_name, roles, f"{since:%d/%m/%Y}", "oui" if one.may_act else "non")


def _journal(asked: Asked) -> Iterator[File]:
    """Whether the journal holds, its anchors, how many acts of each kind; then what an audit would begin with."""
    state = journal_state(asked.member.organisation, asked.at, asked.zone)
    verified: list[Sequence[str]] = [
        ("Vérifié le", f"{asked.at.astimezone(asked.zone):%d/%m/%Y}"),
        ("Entrées lues", str(state.entries)),
        ("Voies", str(state.lanes)),
        ("Résultat", "Aucune altération" if not state.faults else "Altération trouvée"),
        *(("Constat", one) for one in state.report),
        *([("Clé publique des ancres", state.key)] if state.key else []),
    ]
    anchors = [(str(one.number), asked.day(one.at), one.digest) for one in state.anchors]
    counts = [
        (*asked.say(one.verb, one.object_type), str(one.count), asked.day(one.first), asked.day(one.last))
        for one in state.counts
    ]
    yield book(
        "journal.xlsx",
        "État du journal des accès de l’organisme : vérification, ancres, actes par nature",
        ("Vérification", ("Quoi", "Constat"), verified),
        ("Ancres", ("Ancre", "Scellée le", "Empreinte du fichier"), list(anchors)),
        ("Actes", ("Acte", "Sur quoi", "Nombre", "Premier", "Dernier"), list(counts)),
    )
    yield from audits(asked, state)


def _breaches(asked: Asked) -> Iterator[File]:
    """The register of breaches, those of this convention."""
    told = BreachNotice.objects.filter(convention=asked.known.row).values("breach_id")
    found = Breach.objects.filter(pk__in=told, parties__organisation=asked.member.organisation)
    breaches = list(found.select_related("organisation").order_by("recorded_at", "id"))
    extents = newest_extents(breaches)
    rows = [
        (
            breach_reference(one.pk), asked.day(one.noticed_at), asked.day(one.recorded_at), one.organisation.name, one.what,
            " ; ".join(Nature.of(nature).label for nature in known_now(one, extents).natures),
            ", ".join(DataKind.of(kind).label for kind in known_now(one, extents).data),
            BREACH_WORDS[BreachState(one.state)], one.lessons,
        )
        for one in breaches
    ]  # fmt: skip
    head = (
        "Référence",
        "Constatée le",
        "Signalée le",
        "Par",
        "Faits",
        "Nature",
        "Données",
        "État",
        "Enseignements",
    )
    yield book(
        "violations.xlsx", "Registre des violations de cette convention", ("Violations", head, list(rows))
    )


def _authorisations(asked: Asked) -> Iterator[File]:
    """What was asked before data went to a sub-processor or somebody else, who answered what."""
    found = transfers(visible_transfers(asked.member).filter(convention=asked.known.row), asked.at)
    rows = [
        (
            one.row.organisation.name,
            f"{one.row.body} ({one.row.country})",
            Kind.of(one.row.kind).label,
            one.row.data,
            one.row.purpose,
            one.row.guarantees,
            one.row.article,
            one.standing.state.label,
            asked.day(one.row.recorded_at),
            f"{one.standing.last_day:%d/%m/%Y}" if one.standing.last_day and one.answers else "",
            " ; ".join(_answered(answer, asked) for answer in one.answers) or "Aucune réponse à ce jour",
        )
        for one in found
    ]
    head = (
        "Demandée par", "Pour", "Nature", "Données", "Finalité", "Garanties", "Article", "État", "Demandée le",
        "Dernier jour", "Réponses",
    )  # fmt: skip
    yield book(
        "autorisations.xlsx",
        "Autorisations de sous-traiter ou de transmettre demandées sous cette convention, et leurs réponses",
        ("Autorisations", head, list(rows)),
    )


def _answered(answer: TransferAnswer, asked: Asked) -> str:
    said = "autorise" if answer.granted else "refuse"
    words = f" : {answer.words}" if answer.words else ""
    return f"{answer.organisation.name} {said}, {asked.day(answer.recorded_at)}{words}"


def _destructions(asked: Asked) -> Iterator[File]:
    """What became of each party's data, and the sealed certificates."""
    found = of_convention(asked.known.id, asked.member)
    rows = [
        (
            one.organisation.name,
            DESTRUCTION_WORDS[DestructionState(one.state)],
            one.why,
            asked.day(one.finished_at),
        )
        for one in found
    ]
    head = ("Partie", "Sort des données", "Pourquoi", "Détruites le")
    yield book("destructions.xlsx", "Sort des données au terme", ("Destructions", head, list(rows)))
    keys = {party.organisation: party.key for party in asked.known.signatories}
    for one in found:
        kept = (
            documents_visible_to(asked.member).filter(pk=one.certificate_id).first()
            if one.certificate_id
            else None
        )
        if kept is not None:
            name = f"certificats/destruction-{keys.get(one.organisation_id, 'partie')}"
            yield document(name, f"Certificat de destruction, {one.organisation.name}", kept)


def _record(asked: Asked) -> Iterator[File]:
    """The processings of this convention, as the record of the day says them."""
    whole = record_of(asked.member.organisation, asked.at)
    entries = tuple(one for one in whole.entries if one.convention == str(asked.known.id))
    day = date_in_words(asked.at.astimezone(asked.zone).date())
    named = Named(asked.member.organisation_name, f"Traitements d’une convention, établi le {day}")
    drawn = record_pdf(Record(whole.head, entries, whole.measures), named)
    yield File("registre-des-traitements.pdf", "Traitements de cette convention (RGPD, article 30)", [drawn])


SECTIONS: Final[tuple[Callable[[Asked], Iterator[File]], ...]] = (
    texts,
    _people,
    _journal,
    _breaches,
    _authorisations,
    _destructions,
    _record,
)
