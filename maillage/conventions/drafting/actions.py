"""Writing a convention: start a draft, fill it, choose its options and the bodies behind its parties. Each step is saved."""

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec
from uuid import UUID

from django.db import connection, transaction
from pydantic import JsonValue

from maillage.conventions import library
from maillage.conventions.drafting.rules import body_changes, likely_party, may_stand_for, terms_kind
from maillage.conventions.drafting.seeing import Seen, stale, taken_back_unasked
from maillage.conventions.drafting.starting import carries_template, local_template
from maillage.conventions.drafting.writing import Written, described, rename_partners, write
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Relation, TermsVersion
from maillage.conventions.lifecycle.policies import can_draft, can_write
from maillage.conventions.lifecycle.recording import lock_and_load, new_row, require
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms import (
    Terms,
    TermsError,
    content_hash,
    dump_terms,
    load_terms,
    terms_data,
)
from maillage.conventions.terms.editing import Change, Operation, edit
from maillage.conventions.terms.filling import draw
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation

P = ParamSpec("P")


@transaction.atomic
def start_from_library(
    *,
    new_id: UUID,
    name: str,
    title: str,
    by: Member,
    at: datetime,
    my_party: str = "",
) -> Convention:
    """A draft drawn from a template of the library, or from the local template of a framework of the library.

    `new_id` was made when the form was shown: sending it twice gives one draft. `my_party` is the drafter's own party key; the
    likeliest is taken when it is empty. Raises `Refused` at `template` or `title`.
    """
    require(can_draft(by))
    if name not in library.names() or not carries_template(library.load(name)):
        raise Refused("Choisissez l’une des trames proposées.", "template")
    terms = _drawn(library.load(name), new_id, title)
    return _open(new_id=new_id, terms=terms, template=name, by=by, at=at, my_party=my_party)


@transaction.atomic
def start_under(
    *,
    new_id: UUID,
    framework: Convention,
    title: str,
    by: Member,
    at: datetime,
    my_party: str = "",
) -> Convention:
    """A draft drawn from the local template that a framework carries, tied to it. `framework` comes from `visible_to`."""
    require(can_draft(by))
    model = local_template(framework)
    if model is None:
        raise Refused("Cette convention ne porte pas de trame locale.", "template")
    terms = _drawn(model, new_id, title)
    convention = _open(new_id=new_id, terms=terms, template=model.id, by=by, at=at, my_party=my_party)
    if not Relation.objects.filter(convention=convention, kind="implements", target=framework).exists():
        key = next((one.key for one in terms.relations if one.kind.value == "implements"), "")
        Relation.objects.create(convention=convention, kind="implements", key=key, target=framework)
    return convention


@transaction.atomic
def start_from_yaml(
    *,
    new_id: UUID,
    content: bytes,
    by: Member,
    at: datetime,
    my_party: str = "",
    file_name: str = "",
) -> Convention:
    """A draft whose text is an uploaded YAML file, exactly; a text that bears its signatures is entered as it stands.

    Raises `Refused` at `file`, with each problem of the file: its line, its path and what was expected.
    """
    require(can_draft(by))
    terms = read_yaml(content, file_name)
    return _open(new_id=new_id, terms=terms, template="", by=by, at=at, my_party=my_party)


@transaction.atomic
def start_from_terms(
    *,
    new_id: UUID,
    terms: Terms,
    by: Member,
    at: datetime,
    my_party: str = "",
    template: str = "",
) -> Convention:
    """A draft whose text is given as Terms (the demonstration, imports)."""
    require(can_draft(by))
    return _open(new_id=new_id, terms=terms, template=template, by=by, at=at, my_party=my_party)


@transaction.atomic
def write_text(*, convention: Convention, terms: Terms, seen: Seen, by: Member, at: datetime) -> Written:
    """Replace the whole draft by the text that a page made of the one that it showed (`seen`).

    Raises `Refused` at `seen` when the text, its state or its signatures are no longer those of that page, and at `voids` when
    the writer was not asked, or did not agree, to take a proposed text back; a text that does not change refuses nothing.
    """
    known = _writable(convention, by)
    if content_hash(terms) != known.row.content_hash:
        check([stale(known, seen) or taken_back_unasked(known, seen)])
    return _write(known, terms, by, at)


@transaction.atomic
def choose_body(*, convention: Convention, key: str, organisation: UUID, by: Member, at: datetime) -> Written:
    """Say which organisation stands behind a party, and write its name, kind, address and SIRET where they are blank.

    It sees the draft from the proposal on, not before. Raises `Refused` at `party_<key>`.
    """
    known = _writable(convention, by)
    row = known.row
    field = f"party_{key}"
    party = next((one for one in known.base.parties if one.key == key), None)
    body = Organisation.objects.filter(pk=organisation).first()
    if row.state != State.DRAFT:
        raise Refused("Reprenez d’abord la proposition : les parties ont reçu ce texte.", field)
    if party is None or body is None:
        raise Refused("Choisissez un organisme de l’annuaire.", field)
    others = {known_key for known_key, value in row.chosen.items() if value == str(organisation)} - {key}
    if others and organisation != row.drafted_by_id:
        raise Refused(f"{body.short_name} est déjà la partie « {', '.join(others)} ».", field)
    if not may_stand_for(party, body.kind):
        raise Refused(f"Le texte attend un organisme d’une autre nature que {body.short_name}.", field)
    before = Organisation.objects.filter(pk=row.chosen.get(key)).first() if row.chosen.get(key) else None
    chosen = {k: v for k, v in row.chosen.items() if v != str(organisation)} | {key: str(organisation)}
    Convention.objects.filter(pk=row.pk).update(chosen=chosen)
    row.chosen = chosen
    if organisation == row.drafted_by_id:
        _admit(row, organisation, key, 0)
    changes = body_changes(party, _facts_of(body), _facts_of(before) if before else {})
    text = _edited(field, edit, known.base, *changes) if changes else known.base
    written = _write(known, text, by, at)
    if not written.changed:  # a new version has the list's columns written already
        rename_partners(row, text)
    return written


def export_yaml(convention: LoadedConvention) -> str:
    """The newest text as YAML; importing it gives the same text, with the same hash."""
    return dump_terms(convention.base)


def read_yaml(content: bytes, name: str = "") -> Terms:
    """The text of an uploaded file. Raises `Refused` at `file`, one fault for each problem, the first fifty, with its name."""
    try:
        return load_terms(content, name[:100] or "fichier")
    except TermsError as error:
        raise Refused.because([Fault(str(problem), "file") for problem in error.problems[:50]]) from error


def admit_bodies(known: LoadedConvention) -> None:
    """Make the chosen bodies parties: from here on they read the text (called by the proposal).

    Those of an earlier proposal are parties no more: the database took the text back from them with the proposal.
    """
    row = known.row
    for position, party in enumerate(known.base.parties):
        _admit(row, UUID(row.chosen[party.key]), party.key, position)


def _admit(convention: Convention, organisation: UUID, key: str, position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT admit_party(%s, %s, %s, %s, %s::smallint)",
            [convention.id, uuid7(), organisation, key, position],
        )


def _drawn(model: Terms, convention: UUID, title: str) -> Terms:
    title = title.strip()
    if not title or len(title) > 300:
        raise Refused("Donnez un intitulé de 300 caractères au plus.", "title")
    try:
        return draw(
            model, id=f"{(model.local_template or model).id}-{convention.hex[-8:]}"[:120], title=title
        )
    except TermsError as error:
        raise Refused("Cet intitulé contient un caractère qui n’est pas admis.", "title") from error


def _own_party(terms: Terms, given: str, by: Member) -> str:
    """The party that the drafter's organisation is: the one given, else the likely one."""
    key = given or likely_party(terms, by.organisation_kind)
    if key not in {party.key for party in terms.parties}:
        keys = ", ".join(f"« {party.key} »" for party in terms.parties)
        raise Refused(
            f"Ce texte n’a pas de partie « {key} ». Écrivez l’une des siennes : {keys}.", "my_party"
        )
    return key


def _open(
    *,
    new_id: UUID,
    terms: Terms,
    template: str,
    by: Member,
    at: datetime,
    my_party: str,
) -> Convention:
    known = Convention.objects.filter(pk=new_id, drafted_by=by.organisation).first()
    if known is not None:
        return known
    key = _own_party(terms, my_party, by)
    body = Organisation.objects.get(pk=by.organisation)
    text = described(terms, {key: body.short_name})
    digest = content_hash(terms)
    with new_row(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                new_id,
                text["title"],
                text["sort_title"],
                text["level"],
                template[:80],
                by.departement,
                text["partner_kind"],
                text["partners"],
                digest,
                uuid7(),
                key,
            ],
        )
    convention = Convention.objects.get(pk=new_id)
    TermsVersion.objects.create(
        convention=convention,
        number=1,
        terms=terms_data(terms),
        content_hash=digest,
        written_at=at,
        written_by=by.user,
    )
    party = next(one for one in terms.parties if one.key == key)
    changes = body_changes(party, _facts_of(body), {})
    if changes:
        write(convention=convention, terms=_edited("my_party", edit, terms, *changes), by=by, at=at)
    return convention


def _writable(convention: Convention, by: Member) -> LoadedConvention:
    require(
        by.organisation == convention.drafted_by_id and can_draft(by),
        "Seule la partie qui rédige écrit ce texte.",
    )
    known = lock_and_load(convention)
    if not can_write(by, known.row):
        raise Refused("Toutes les parties ont signé : le texte ne change plus que par avenant.")
    return known


def _write(known: LoadedConvention, terms: Terms, by: Member, at: datetime) -> Written:
    return write(convention=known.row, terms=terms, by=by, at=at)


def _change(path: str, value: JsonValue) -> Change:
    if not path or len(path) > 400:
        raise Refused("Ce champ n’existe pas dans le texte.", path[:400])
    return Change(operation=Operation.REPLACE, path=path, value=value)


def _edited(field: str, how: Callable[P, Terms], *arguments: P.args, **named: P.kwargs) -> Terms:
    """The text that an edition gives; what it refuses is said at the field."""
    try:
        return how(*arguments, **named)
    except TermsError as error:
        faults = [Fault(f"Attendu : {problem.expected}.", field) for problem in error.problems[:10]]
        raise Refused.because(faults) from error


def _facts_of(body: Organisation) -> dict[str, str]:
    return {
        "name": body.name,
        "short_name": body.short_name,
        "kind": terms_kind(body.kind),
        "address": " ".join(body.address.split()),
        "siret": body.siret,
    }
