"""Until when a contact is kept and by which rule, in words: the ground of a refusal where no text opens what she asks (GDPR 12.4, 17.3)."""

from collections.abc import Sequence
from datetime import datetime

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.referents.models import Referent
from maillage.core.calendar import french
from maillage.organisations.member import Member
from maillage.protection.requests.contact_rules import Contact, ContactKind
from maillage.protection.requests.receiving import day_of
from maillage.protection.requests.rules import LONGEST
from maillage.protection.retention.rules import DataClass, Rule, rule_for

_MORE = " D’autres coordonnées suivent la même règle."


def kept_words(found: Sequence[Contact], *, by: Member, at: datetime) -> str:
    """Of each contact that is hers, how long it is kept, from what, who says so; nobody is named. Nothing without a contact."""
    on = day_of(by, at)
    rows = {
        row.pk: row
        for row in Referent.objects.filter(pk__in=[one.id for one in found], organisation=by.organisation)
    }
    ids = {row.convention_id for row in rows.values()}
    texts = (
        {known.row.pk: known.readable(on) for known in load_all(Convention.objects.filter(pk__in=ids))}
        if ids
        else {}
    )
    said = []
    for one in found:
        row = rows.get(one.id)
        if one.kind is ContactKind.REFERENT and row is not None:
            rule = rule_for(DataClass.REFERENT, texts.get(row.convention_id), party=row.party_key)
            said.append(_kept(one, rule, row))
        else:
            said.append(_kept(one, rule_for(DataClass.ATTENDEE), None))
    words, left = "", list(dict.fromkeys(said))
    while left and len(words) + len(left[0]) < LONGEST - len(_MORE):
        words += f" {left.pop(0)}"
    return (words + (_MORE if left else "")).strip()


def _kept(one: Contact, rule: Rule, row: Referent | None) -> str:
    """« Coordonnées de référent … : gardées 5 ans après le dernier contact, soit jusqu’au … au plus tôt (…). »"""
    long = f"{rule.duration.label()} après {rule.start}" if rule.duration else rule.start
    ended = rule.until(row.until) if row is not None else None
    day = f", soit jusqu’au {french(ended)} au plus tôt" if ended else ""
    running = ", et tant que cette fonction court" if row is not None and row.until is None else ""
    return f"Coordonnées de {one.kind.label} ({one.about}) : gardées {long}{day}{running} ({rule.source.label} : {rule.reference})."
