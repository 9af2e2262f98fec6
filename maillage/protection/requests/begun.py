"""What colleagues began about her and did not send, or enrolled her in: found for her request alone, by whoever answers it, and given
with the rest.

Drafts and files in preparation are read by their authors, enrolments in PRADO by the caisse's advisers; a person's right to know goes
through that (GDPR art. 15), by this door only: a request under way, whatever matches her, each reading journalled
where it is and the search with the number of what it opened.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from maillage.audit.actions import record
from maillage.beneficiaries.rules import searched_as
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.protection.requests.begun_rules import (
    BegunKey,
    BegunKind,
    Written,
    day_in,
    keys_in,
    may_be,
    written_in,
)
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.receiving import require_follower, still_asked, who_asks
from maillage.referrals.begun import MOST as MOST_DRAFTS
from maillage.referrals.begun import BegunDraft, HeldEnrolment, drafts_about, enrolments_about
from maillage.referrals.models import Draft, Enrolment
from maillage.rights.begun import MOST as MOST_FILES
from maillage.rights.begun import MOST_TABLES, BegunFile, BegunLine, files_about, lines_about
from maillage.rights.models import ApplicationImport, Preparation

_SEARCHED: Final = "recherche pour une demande de la personne"
ANSWERED: Final = "réponse à la demande d’accès de la personne"
Item = BegunDraft | BegunFile | BegunLine | HeldEnrolment
_ROWS: Final[dict[BegunKind, tuple[type[Model], str, str]]] = {
    BegunKind.DRAFT: (Draft, "author", "updated_at"),
    BegunKind.PREPARATION: (Preparation, "author", "updated_at"),
    BegunKind.LINE: (ApplicationImport, "author", "uploaded_at"),
    BegunKind.ENROLMENT: (Enrolment, "opened_by", "changed_at"),
}
_MOST: Final[dict[type[Model], int]] = {
    Draft: MOST_DRAFTS,
    Preparation: MOST_FILES,
    ApplicationImport: MOST_TABLES,
    Enrolment: MOST_DRAFTS,
}
"""How many of each one search opens."""
_KINDS: Final[dict[type[Item], BegunKind]] = {
    BegunDraft: BegunKind.DRAFT,
    BegunFile: BegunKind.PREPARATION,
    HeldEnrolment: BegunKind.ENROLMENT,
}


@dataclass(frozen=True, slots=True)
class Begun:
    """One of them: which, who began it, when it was last saved, whom it is about as far as it is written, what it holds."""

    key: BegunKey
    author: str
    saved_at: datetime
    written: Written
    item: Item


def opens_all(by: Member) -> bool:
    """Whether one search opens all that one's organisation has of them."""
    return not any(
        model._default_manager.filter(organisation=by.organisation)[most : most + 1].exists()
        for model, most in _MOST.items()
    )


@transaction.atomic
def look(
    *, file: RequestFile, nir: str = "", surname: str = "", born: date | None = None, by: Member
) -> list[Begun]:
    """Those that may be hers, by what is typed and by who asks; nothing of either is kept, and nothing else is shown.

    Raises PermissionDenied, TransitionRefused once it is answered.
    """
    require_follower(by)
    still_asked(file)
    asker = who_asks(file, by, why=_SEARCHED)
    said = [searched_as(nir=nir, surname=surname, birth_date=born)]
    said += [searched_as(surname=asker.surname, birth_date=asker.birth_date)] if asker else []
    wanted = [{kind: values for kind, values in one.items() if kind != "name"} for one in said]
    drafts, opened = drafts_about(by=by, is_hers=lambda one: _is_hers(one, wanted), why=_SEARCHED)
    files, prepared = files_about(by=by, is_hers=lambda one: _is_hers(one, wanted), why=_SEARCHED)
    lines, tables = lines_about(by=by, is_hers=lambda one: _is_hers(one, wanted), why=_SEARCHED)
    enrolments, enrolled = enrolments_about(by=by, is_hers=lambda one: _is_hers(one, wanted), why=_SEARCHED)
    file.begun_searched = True
    file.save(update_fields=["begun_searched"])
    record(
        verb="request.search_begun", object_type="rights_request", object_ref=file.request_id, by=by.user,
        organisation=by.organisation, fields=("identity",),
        reason=f"{opened} brouillons, {prepared} dossiers en préparation, {tables} tableaux et {enrolled} inscriptions PRADO ouverts",
    )  # fmt: skip
    return _told([*drafts, *files, *lines, *enrolments])


def begun_in(by: Member, texts: Sequence[str], *, why: str) -> list[Begun]:
    """Those of one's own organisation that are still there among these keys, opened, each reading journalled."""
    keys = {kind: keys_in(texts, kind) for kind in BegunKind}
    chosen = {str(key) for found in keys.values() for key in found}
    ids = {kind: [key.id for key in found] for kind, found in keys.items()}
    found: list[Item] = []
    if ids[BegunKind.DRAFT]:
        found += drafts_about(by=by, is_hers=lambda _: True, why=why, ids=ids[BegunKind.DRAFT])[0]
    if ids[BegunKind.PREPARATION]:
        found += files_about(by=by, is_hers=lambda _: True, why=why, ids=ids[BegunKind.PREPARATION])[0]
    if ids[BegunKind.LINE]:
        found += lines_about(
            by=by, is_hers=lambda one: str(_key(one)) in chosen, why=why, tables=ids[BegunKind.LINE]
        )[0]
    if ids[BegunKind.ENROLMENT]:
        found += enrolments_about(by=by, is_hers=lambda _: True, why=why, ids=ids[BegunKind.ENROLMENT])[0]
    return _told(found)


@dataclass(frozen=True, slots=True)
class Named:
    """Which one, who began it, when it was last saved: nothing of what it holds."""

    key: BegunKey
    author: str
    saved_at: datetime


def begun_named(by: Member, texts: Sequence[str]) -> list[Named]:
    """Those of one's own organisation that are still there among these keys, unopened."""
    rows: dict[BegunKind, dict[UUID, tuple[UUID, datetime]]] = {}
    for kind, (model, author, saved) in _ROWS.items():
        ids = [key.id for key in keys_in(texts, kind)]
        own = model._default_manager.filter(organisation=by.organisation, pk__in=ids)
        found = own.values_list("pk", author, saved) if ids else ()
        rows[kind] = {pk: (who, at) for pk, who, at in found}
    names = _names({author for found in rows.values() for author, _ in found.values()})
    return [
        Named(key, names.get(known[0], ""), known[1])
        for kind in BegunKind
        for key in keys_in(texts, kind)
        if (known := rows[kind].get(key.id)) is not None
    ]


def require_begun(by: Member, texts: Iterable[str]) -> list[str]:
    """These keys, once each. Raises Refused at `cases` for what is no more there, or is not one's own."""
    wanted = sorted(set(texts))
    if {str(one.key) for one in begun_named(by, wanted)} != set(wanted):
        raise Refused("Choisissez des dossiers de la liste.", "cases")
    return wanted


def sent_since(texts: Sequence[str]) -> list[UUID]:
    """The ids under which what was begun may have been sent since: a case keeps that of its draft."""
    kinds = (BegunKind.DRAFT, BegunKind.PREPARATION)
    return [key.id for kind in kinds for key in keys_in(texts, kind)]


def _is_hers(item: Item, wanted: Sequence[Mapping[str, tuple[str, ...]]]) -> bool:
    return any(may_be(one, wanted) for one in _written(item))


def _written(item: Item) -> list[Written]:
    if isinstance(item, BegunLine):
        born = day_in(item.cell("birth_date"))
        return [Written(item.cell("surname"), item.cell("given_name"), born, item.cell("nir"))]
    if isinstance(item, HeldEnrolment):
        return [Written(item.mother.surname, item.mother.given_name, _birth_of(item.mother.facts))]
    return written_in(item.content.person, item.content.typed.get("person", {}))


def _birth_of(facts: Mapping[str, object]) -> date | None:
    """Her birth date, where the text asks it at the visit."""
    said = facts.get("birth_date")
    return said if isinstance(said, date) else None


def _key(item: Item) -> BegunKey:
    if isinstance(item, BegunLine):
        return BegunKey(BegunKind.LINE, item.table, item.line)
    return BegunKey(_KINDS[type(item)], item.id)


def _told(items: Sequence[Item]) -> list[Begun]:
    names = _names({one.author for one in items})
    return [
        Begun(_key(one), names.get(one.author, ""), one.updated_at, (_written(one) or [Written("")])[0], one)
        for one in items
    ]


def _names(people: Collection[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")) if people else {}
