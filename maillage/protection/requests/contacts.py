"""Somebody as a contact of a contract: found in one's own organisation by what is typed, noted on the file, given, erased (GDPR 17, 20).

Her cases and her rights' files are not erased on request: a legal task or the convention's own duration keeps them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.rules import posts
from maillage.conventions.terms.base import article_named
from maillage.core.refusals import Refused, check
from maillage.core.text import sort_key
from maillage.organisations.member import Member
from maillage.protection.requests.contact_rules import (
    Contact,
    ContactKind,
    Needed,
    contact_search_fault,
    erased_words,
)
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.receiving import (
    day_of,
    looked_for,
    require_follower,
    require_searched,
    still_asked,
)
from maillage.protection.requests.saying import tell_journal
from maillage.training.models import Attendee

MOST: Final = 20
"""Contacts shown of each kind: whoever looks for one person types enough to find her."""
ERASED: Final = ("Contact effacé", "Personne effacée")


def contacts_in(by: Member, chosen: Collection[UUID], at: datetime) -> list[Contact]:
    """Those of one's own organisation among these, with why each still serves; referents first, then by name."""
    ids = list(chosen)
    return _told(_referents(by, Q(pk__in=ids)), _attendees(by, Q(pk__in=ids)), by, at) if ids else []


@transaction.atomic
def search(*, file: RequestFile, words: str, by: Member, at: datetime) -> list[Contact]:
    """The contacts of one's own organisation that bear these words, to be compared; nothing of what was typed is kept.

    Raises PermissionDenied, TransitionRefused once it is answered, Refused at `words`.
    """
    require_follower(by)
    still_asked(file)
    check([contact_search_fault(words)])
    typed = words.strip()
    found = _told(
        _referents(by, Q(function__icontains=typed) | Q(mailbox__icontains=typed))[:MOST],
        _attendees(by, Q(sort_name__contains=sort_key(typed)) | Q(email__icontains=typed))[:MOST],
        by,
        at,
    )
    looked_for(file, at)
    tell_journal("search", file.request_id, by, fields=("contacts",))
    return found


@transaction.atomic
def attach(*, file: RequestFile, contacts: Sequence[UUID], by: Member, at: datetime) -> RequestFile:
    """Say which contacts of one's organisation are her, once she was looked for; none is an answer too.

    Raises PermissionDenied, TransitionRefused, Refused at `contacts`, or until she was looked for.
    """
    require_follower(by)
    wanted = sorted(set(contacts))
    if {one.id for one in contacts_in(by, wanted, at)} != set(wanted):
        raise Refused("Choisissez des contacts de la liste.", "contacts")
    still_asked(file)
    require_searched(file)
    file.contacts = wanted
    file.save(update_fields=["contacts"])
    tell_journal("attach", file.request_id, by, fields=("contacts",))
    return file


def erase(*, file: RequestFile, by: Member, at: datetime) -> str:
    """Erase her contacts that nothing needs any more, as at the end of their days; what was done and what stays, in words.

    Raises Refused at `outcome` where all of them still serve.
    """
    kept = [one for one in contacts_in(by, file.contacts, at) if one.needed]
    if len(kept) == len(file.contacts):
        why = " ; ".join(f"{one.function} ({one.about}) : {one.why_needed}" for one in kept)
        raise Refused(
            f"Ces contacts sont encore nécessaires : {why}. Faites-le, ou refusez avec ce motif.",
            "outcome",
            "RGPD, article 17.1 a",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, gone FROM protection_erase_contacts(%s)", [file.pk])
        gone = {ContactKind.of(kind): int(number) for kind, number in cursor.fetchall()}
    file.refresh_from_db(fields=["contacts"])
    number = sum(gone.values())
    record(
        verb="request.erase", object_type="rights_request", object_ref=file.request_id, by=by.user, organisation=by.organisation,
        fields=("contacts",), reason=f"{number} contact{'s' * (number > 1)}",
    )  # fmt: skip
    return erased_words(gone, kept)


def _referents(by: Member, found: Q) -> QuerySet[Referent]:
    rows = Referent.objects.filter(found, organisation=by.organisation).exclude(function__in=ERASED)
    return rows.select_related("convention").order_by("function", "-since", "id")


def _attendees(by: Member, found: Q) -> QuerySet[Attendee]:
    rows = Attendee.objects.filter(found, organisation=by.organisation).exclude(name__in=ERASED)
    return rows.order_by("sort_name", "id")


def _told(
    referents: Iterable[Referent], attendees: Iterable[Attendee], by: Member, at: datetime
) -> list[Contact]:
    rows = list(referents)
    found = [_referent(row) for row in rows] + [_attendee(row) for row in attendees]
    needed = _needed([one.id for one in found])
    found = [replace(one, needed=needed.get(one.id)) for one in found]
    posted = [row for row in rows if needed.get(row.pk) is Needed.POST]
    articles = dict(_articles(posted, by, at)) if posted else {}
    return [replace(one, article=articles.get(one.id, "")) for one in found]


def _referent(row: Referent) -> Contact:
    return Contact(
        row.pk, ContactKind.REFERENT, "", row.function, row.mailbox, row.phone, row.convention.title
    )


def _attendee(row: Attendee) -> Contact:
    return Contact(
        row.pk, ContactKind.ATTENDEE, row.name, row.function, row.email, "", "formations suivies ou à suivre"
    )


def _needed(ids: Sequence[UUID]) -> dict[UUID, Needed]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, needed FROM protection_contacts_needed(%s)", [list(ids)])
        return {contact: Needed.of(why) for contact, why in cursor.fetchall()}


def _articles(rows: Sequence[Referent], by: Member, at: datetime) -> Iterator[tuple[UUID, str]]:
    """Of each tenure that runs, the article of its text that demands it."""
    on = day_of(by, at)
    for known in load_all(Convention.objects.filter(pk__in={row.convention_id for row in rows})):
        demanded = {
            (post.party, post.level): post.article
            for post in posts(known.readable(on).referents)
            if post.expected
        }
        for row in rows:
            article = demanded.get((row.party_key, row.level)) if row.convention_id == known.row.pk else None
            if article is not None:
                yield row.pk, article_named(article) or "son texte"
