"""The graph of conventions: ties to others and to texts outside, and the facts that they ask for (rows A4-A6, A10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import RELATION_KINDS, Convention, Relation
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.policies import BINDING, WRITABLE, can_relate
from maillage.conventions.lifecycle.queries import parties, visible_to
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import (
    already_kept,
    day_of,
    keep,
    lock_and_load,
    new_row,
    not_in_the_future,
    not_too_early,
    own_id,
    require,
)
from maillage.conventions.lifecycle.telling import (
    Fact,
    Recorded,
    again,
    document_fault,
    keep_fact,
    note_fault,
)
from maillage.conventions.terms import Terms
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Tie:
    """One arrow of the graph as shown; `id` is that of the row behind it, None when only the text states it.

    `target` is None for a text outside, or for a convention that the reader does not open; `recorded` is the reference
    recorded for it. With `incoming` the other convention names this one.
    """

    id: UUID | None
    kind: str
    key: str
    text: str
    target: UUID | None = None
    target_title: str = ""
    document: UUID | None = None
    article: str = ""
    recorded: str = ""
    incoming: bool = False


def ties(member: Member, known: LoadedConvention, terms: Terms) -> tuple[Tie, ...]:
    """The ties that the text (`terms`) states, completed by those recorded; then the conventions that name this one."""
    rows = list(Relation.objects.filter(convention=known.row).order_by("kind", "id"))
    reverse = list(Relation.objects.filter(target=known.row).order_by("convention__sort_title", "id"))
    named = {row.target_id for row in rows if row.target_id}
    seen = named | {row.convention_id for row in reverse}
    titles = dict(visible_to(member).filter(pk__in=seen).order_by("id").values_list("id", "title"))
    above = {} if named <= titles.keys() else dict(texts_above())
    by_key = {row.key: row for row in rows if row.key}
    found = []
    for clause in terms.relations:
        row = by_key.pop(clause.key, None)
        said = Tie(None, clause.kind.value, clause.key, clause.name, article=clause.article)
        found.append(_tie(row, said, titles, above))
    used = {tie.id for tie in found}
    found += [
        _tie(row, Tie(None, row.kind, row.key, ""), titles, above) for row in rows if row.pk not in used
    ]
    found += [
        Tie(row.pk, row.kind, row.key, "", row.convention_id, titles[row.convention_id], incoming=True)
        for row in reverse
        if row.convention_id in titles
    ]
    return tuple(found)


def texts_above() -> list[tuple[UUID, str]]:
    """The national texts, signed, that a body above the acting one has signed: it may apply them, and reads their titles only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, title FROM conventions_above()")
        return list(cursor.fetchall())


@transaction.atomic
def relate(
    *,
    convention: Convention,
    kind: str,
    by: Member,
    at: datetime,
    target: UUID | None = None,
    text: str = "",
    key: str = "",
    document: UUID | None = None,
    relation_id: UUID | None = None,
) -> Relation:
    """Tie the convention to another that the member sees or to one of `texts_above` (`target`), or to a text outside (`text`).

    `key` is that of the relation in the text, when it is one that the text states. A signed convention that turns out to
    apply a framework is brought to its knowledge (row A7). Raises `Refused` at `kind`, `target`, `text` or `document`.
    """
    known = lock_and_load(convention)
    require(can_relate(by, known))
    relation_id = own_id(relation_id, by) if relation_id else uuid7()
    if (kept := Relation.objects.filter(pk=relation_id, convention=known.row).first()) is not None:
        return kept
    check(
        [
            None if kind in RELATION_KINDS else Fault("Choisissez un lien.", "kind"),
            _target_fault(known.row, kind, target, by),
            _text_fault(target, text),
            document_fault(document),
        ]
    )
    with new_row():
        row = Relation.objects.create(
            id=relation_id,
            convention=known.row,
            kind=kind,
            key=key,
            target_id=target,
            text=text.strip(),
            document_id=document,
        )
    record(
        verb="convention.relate",
        object_type="relation",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    if kind == "implements" and target is not None and known.row.state in BINDING:
        inform_framework(convention=known.row, by=by, at=at)
    return row


@transaction.atomic
def unrelate(*, convention: Convention, relation: UUID, by: Member) -> None:
    """Take back a tie that is wrong; one already taken back stays so. What the text itself states is not touched.

    Bodies that were informed because of it only do not read the convention any more.
    """
    known = lock_and_load(convention)
    require(can_relate(by, known))
    row = Relation.objects.filter(pk=relation, convention=known.row).first()
    if row is None:
        return
    row.delete()
    record(
        verb="convention.unrelate",
        object_type="relation",
        object_ref=relation,
        by=by.user,
        organisation=by.organisation,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT leave_framework(%s)", [known.id])


def inform_framework(*, convention: Convention, by: Member, at: datetime) -> None:
    """Bring a signed local convention to the knowledge of its framework's national referents (S4 art. 7, row A7)."""
    if not Relation.objects.filter(convention=convention, kind="implements", target__isnull=False).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT inform_framework(%s)", [convention.id])
        told = cursor.fetchone()
    informed = [row for row in parties([convention.id])[convention.id] if not row.signs]
    if told and told[0]:
        keep(
            convention=convention,
            kind=RecordedKind.FRAMEWORK_INFORMED,
            day=day_of(convention, at),
            by=by,
            at=at,
            detail={"informed": [str(row.organisation) for row in informed]},
        )
        tell(
            "convention_informed",
            convention=convention.id,
            to=[row.organisation for row in informed],
            fact="signed",
            on=day_of(convention, at),
        )


@transaction.atomic
def attach_predecessor_report(
    *,
    convention: Convention,
    relation: str,
    day: date,
    by: Member,
    at: datetime,
    document: UUID | None = None,
    note: str = "",
    fact_id: UUID | None = None,
) -> Recorded:
    """Attach the bilan of the convention that this one succeeds (S1 art. 1, row A6).

    `relation` is the key of a `succeeds` relation of the text, or the id of a recorded one. May be attached before the
    signature. Raises `Refused` at `relation`, `day`, `document` or `note`.
    """
    known = lock_and_load(convention)
    require(can_relate(by, known))
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    check(
        [
            None
            if relation in _successions(known, on)
            else Fault("Choisissez la convention précédente.", "relation"),
            not_in_the_future(day, on, "day"),
            document_fault(
                document,
                needed="" if note.strip() else "Joignez le bilan, ou citez-le dans « Précision ».",
            ),
            note_fault(note),
        ]
    )
    detail = {"relation": relation, "note": note}
    fact = Fact(RecordedKind.PREDECESSOR_REPORT, day, "", detail, document, fact_id)
    if known.row.state in WRITABLE:
        event = keep(
            convention=known.row,
            kind=fact.kind,
            day=day,
            by=by,
            at=at,
            detail=detail,
            document=document,
            fact_id=fact_id,
        )
        return Recorded(event, known.facts(on))
    return keep_fact(known, fact, by=by, at=at)


@transaction.atomic
def record_external_end(
    *,
    convention: Convention,
    day: date,
    until: date,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record the end of the instrument on which the term is aligned (S1 art. 4: the COG): `until` is its last day (row A10).

    Raises `Refused` when the text follows no other instrument, or at `day`, `until`, `document`, `note`.
    """
    known = lock_and_load(convention)
    require(can_relate(by, known))
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    if known.row.state in WRITABLE:
        raise Refused("Cette convention n’est pas encore signée par toutes les parties.")
    on = day_of(known.row, at)
    if getattr(known.terms(on).term, "ends_with", None) is None:
        raise Refused("Le terme de cette convention ne suit aucun autre instrument.")
    kind = RecordedKind.EXTERNAL_END
    check(
        [
            not_in_the_future(day, on, "day"),
            not_too_early(known, kind, day, on),
            document_fault(document),
            note_fault(note),
        ]
    )
    detail = {"until": until.isoformat(), "note": note}
    return keep_fact(known, Fact(kind, day, "", detail, document, fact_id), by=by, at=at)


def _target_fault(convention: Convention, kind: str, target: UUID | None, by: Member) -> Fault | None:
    if target is None:
        return None
    if target == convention.id:
        return Fault("Une convention ne se lie pas à elle-même.", "target")
    if not visible_to(by).filter(pk=target).exists() and target not in dict(texts_above()):
        return Fault("Choisissez l’une des conventions proposées.", "target")
    if Relation.objects.filter(convention=convention, kind=kind, target=target).exists():
        return Fault("Ce lien est déjà enregistré.", "target")
    return None


def _text_fault(target: UUID | None, text: str) -> Fault | None:
    if target is not None and text.strip():
        return Fault("Choisissez une convention, ou nommez un texte : pas les deux.", "text")
    if target is not None or (text.strip() and len(text) <= 300):
        return None
    return Fault("Choisissez une convention, ou nommez le texte en 300 caractères au plus.", "text")


def _successions(known: LoadedConvention, on: date) -> set[str]:
    """The conventions that this one succeeds: keys of the text's relations, ids of those recorded."""
    stated = {one.key for one in known.terms(on).relations if one.kind.value == "succeeds"}
    rows = Relation.objects.filter(convention=known.row, kind="succeeds").values_list("id", flat=True)
    return stated | {str(pk) for pk in rows}


def _tie(row: Relation | None, said: Tie, titles: dict[UUID, str], above: dict[UUID, str]) -> Tie:
    """A tie as the text or the row says it, with what the row adds; a convention that the reader does not see has no name.

    Nor a page: a text of the network has its name alone.
    """
    if row is None:
        return said
    target = row.target_id if row.target_id in titles else None
    return replace(
        said,
        id=row.pk,
        text=said.text or row.text or above.get(row.target_id or row.pk, ""),
        recorded=row.text,
        target=target,
        target_title=titles[target] if target else "",
        document=row.document_id,
    )
