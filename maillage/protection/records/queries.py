"""The record of the day, read from the conventions and the directory; its versions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.calendar import Period
from maillage.core.french import date_in_words
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.privacy.register import declarations
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.states import State
from maillage.protection.policies import can_follow
from maillage.protection.records.generating import Body, generate
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.reading import Text
from maillage.protection.records.rules import Record
from maillage.protection.retention.durations import CLOSING, KINDS, Duration, Durations, duration_for
from maillage.protection.retention.keeping import durations_of
from maillage.referrals.paper.naming import names_of


def visible_to(member: Member) -> QuerySet[RecordVersion]:
    """The versions of her organisation's record, the latest first, for whoever follows it."""
    rows = RecordVersion.objects.filter(organisation=member.organisation).order_by("-number")
    return rows if can_follow(member) else rows.none()


def record_of(organisation: UUID, at: datetime) -> Record:
    """The record of the organisation that acts, as its texts and the registry say it at this instant."""
    row = Organisation.objects.get(pk=organisation)
    body = Body(row.name, row.address, row.siret, row.mailbox, row.phone)
    return generate(body, texts(load_all(_processed(organisation)), at), declarations())


def _processed(organisation: UUID) -> QuerySet[Convention]:
    """In force, or ended with data that are still there; a body that was only informed processes nothing."""
    gone = Destruction.objects.filter(organisation=organisation, state=State.DONE).values("convention_id")
    rows = Convention.objects.filter(
        parties__organisation=organisation,
        parties__role__in=["drafter", "signatory"],
        state__in=["in_force", "ended"],
    )
    return rows.exclude(pk__in=gone).order_by("id")


def texts(found: Iterable[LoadedConvention], at: datetime) -> list[Text]:
    """Each as the acting organisation's own, its text consolidated on the day that it is there."""
    known = [one for one in found if one.mine is not None and one.mine.signs]
    bodies = Organisation.objects.filter(
        pk__in={party.organisation for one in known for party in one.parties}
    )
    contacts = {
        row.pk: ", ".join(part for part in (" ".join(row.address.split()), row.mailbox) if part)
        for row in bodies
    }
    own = durations_of(known[0].mine.organisation) if known and known[0].mine else {}
    return [_text(one, contacts, at, own) for one in known]


def _text(known: LoadedConvention, contacts: dict[UUID, str], at: datetime, own: Durations) -> Text:
    terms = known.readable(day_of(known.row, at))
    return Text(
        id=str(known.id),
        title=known.row.title,
        situation=_situation(known.row),
        terms=terms,
        party=known.mine.key if known.mine else "",
        names={**names_of(terms), **{party.key: party.name for party in known.signatories}},
        contacts={party.key: contacts.get(party.organisation, "") for party in known.signatories},
        own=_own(known.id, own),
    )


def _own(convention: UUID, own: Durations) -> tuple[str, ...]:
    """What the organisation fixed for the closed cases of a convention, one line for each kind where they differ."""
    found = {kind: one for kind in KINDS if (one := duration_for(own, convention, kind))}
    if len(set(found.values())) == 1 and len(found) == len(KINDS):
        return (_words(next(iter(found.values()))),)
    return tuple(f"{KINDS[kind]} : {_words(one)}" for kind, one in found.items())


def _words(one: Duration) -> str:
    return f"{Period(months=one.months or 0).label()} après {CLOSING} (durée fixée par l’organisme : {one.reason})"


def _situation(row: Convention) -> str:
    if row.state == "ended":
        return "Finie ; données gardées ou à détruire comme le texte le dit"
    since = f" depuis le {date_in_words(row.starts_on)}" if row.starts_on else ""
    until = f", terme le {date_in_words(row.ends_on)}" if row.ends_on else ""
    return f"En vigueur{since}{until}"
