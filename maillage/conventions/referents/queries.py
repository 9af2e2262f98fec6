"""The referents of a convention on a day, what is missing, and the letter that tells of a change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.referents.models import Referent
from maillage.conventions.terms.steering import ChangeFormality


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A party that has fewer referents than its text asks for, at one level; `article` says so."""

    party: str
    level: str
    expected: int
    present: int
    article: str
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferentLetter:
    """Plain data of the letter by which a party tells the others of a change of referent (S3 art. 4)."""

    convention_title: str
    article: str
    sender: str
    recipients: tuple[str, ...]
    level: str
    former_function: str
    function: str
    mailbox: str
    phone: str
    since: date


def history(known: LoadedConvention) -> tuple[Referent, ...]:
    """All tenures, those that run first, then the most recent."""
    rows = Referent.objects.filter(convention=known.row).order_by("party_key", "level", "-since", "-id")
    return tuple(sorted(rows, key=lambda row: row.until is not None))


def on_duty(known: LoadedConvention, on: date) -> tuple[Referent, ...]:
    """The tenures that run on that day."""
    return tuple(row for row in history(known) if row.since <= on and (row.until is None or row.until >= on))


def vacancies(known: LoadedConvention, on: date) -> tuple[Vacancy, ...]:
    """What the text expects and nobody holds (row B2); only for parties that have a body here."""
    present: dict[tuple[str, str], int] = {}
    for row in on_duty(known, on):
        present[row.party_key, row.level] = present.get((row.party_key, row.level), 0) + 1
    bodies = {party.key for party in known.signatories}
    missing = []
    for clause in known.terms(on).referents:
        here = present.get((clause.party, clause.level.value), 0)
        if clause.party in bodies and here < clause.minimum:
            functions = clause.functions if isinstance(clause.functions, tuple) else ()
            missing.append(
                Vacancy(clause.party, clause.level.value, clause.minimum, here, clause.article, functions)
            )
    return tuple(missing)


def formality_of(known: LoadedConvention, party: str, on: date) -> tuple[ChangeFormality, str]:
    """What a change of this party's referent needs, and the article: a letter in S3, mutual information elsewhere."""
    for clause in known.terms(on).referents:
        if clause.party == party:
            return clause.change, clause.article
    return ChangeFormality.NOT_STATED, ""


def letter(known: LoadedConvention, referent: UUID, on: date) -> ReferentLetter:
    """The data of the letter about one tenure. Raises Referent.DoesNotExist."""
    row = Referent.objects.get(pk=referent, convention=known.row)
    former = (
        Referent.objects.filter(
            convention=known.row, party_key=row.party_key, level=row.level, until__lt=row.since
        )
        .order_by("-until")
        .first()
    )
    sender = known.party(row.party_key)
    return ReferentLetter(
        convention_title=known.row.title,
        article=formality_of(known, row.party_key, on)[1],
        sender=sender.name if sender else row.party_key,
        recipients=tuple(party.name for party in known.signatories if party.key != row.party_key),
        level=row.level,
        former_function=former.function if former else "",
        function=row.function,
        mailbox=row.mailbox,
        phone=row.phone,
        since=row.since,
    )
