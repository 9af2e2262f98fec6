"""The registered letter of a denunciation or of a formal notice, filled from the text and from what is known of its days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from maillage.conventions.drafting.export.notices import Envelope, denunciation, formal_notice
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.letters import DENUNCIATION, FORMAL_NOTICE
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.registered import Letter as Sent
from maillage.conventions.lifecycle.registered import exits_of, owed_by
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.terms import Terms
from maillage.conventions.terms.duration import Denunciation, ExitClause, Form, FormalNotice
from maillage.core.calendar import DAY, Period
from maillage.documents.composition import Letter
from maillage.documents.letters import REGISTERED, Correspondent

_SENDINGS = {Form.LETTER: "", Form.ELECTRONIC: "Par voie électronique"}


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One letter to write: from whom (`sender`, a party's key), to whom, on which day, under which exit of the text.

    `clause` is empty where the text gives no such way out. `bodies` are the parties as an envelope names them.
    """

    known: LoadedConvention
    terms: Terms
    sender: str
    addressee: str
    written_on: date
    clause: str
    bodies: Mapping[str, Correspondent] = field(default_factory=dict)

    @property
    def exit(self) -> ExitClause | None:
        """The exit of the text."""
        return next((one for one in exits_of(self.terms) if one.name == self.clause), None)


def denunciation_letter(letter: Correspondence, sent: Sequence[Sent]) -> Letter:
    """« Dénonciation » to one addressee. Its effect is what the rules give once all the letters (`sent`) are on their way.

    The effect is left to fill where the readings of the text disagree, or where it counts from a day not known yet.
    """
    clause = letter.exit
    notice = clause.notice if isinstance(clause, Denunciation) and isinstance(clause.notice, Period) else None
    told = _facts(letter, DENUNCIATION.values(), list(_letters(letter, sent, tuple(DENUNCIATION.values()))))
    return denunciation(_envelope(letter, clause), notice=notice, effect=_effect(letter, told))


def notice_letter(letter: Correspondence, sent: Sent, commitment: str, facts_found: str = "") -> Letter:
    """« Mise en demeure » to a party, for a commitment that it owes (`commitment`, its key); says the last day to comply."""
    clause = letter.exit
    cure = clause.cure if isinstance(clause, FormalNotice) and isinstance(clause.cure, Period) else None
    told = _facts(
        letter, FORMAL_NOTICE.values(), list(_letters(letter, [sent], tuple(FORMAL_NOTICE.values())))
    )
    after = _agreed(row.first_day for each in told.each() for row in each.exits if row.name == letter.clause)
    articles = {one.key: one.article for one in (*letter.terms.commitments, *letter.terms.obligations)}
    return formal_notice(
        _envelope(letter, clause),
        commitment=owed_by(letter.terms, letter.addressee)[commitment],
        commitment_article=articles[commitment],
        cure=cure,
        comply_by=after - DAY if after else None,
        facts=facts_found,
    )


def _envelope(letter: Correspondence, clause: ExitClause | None) -> Envelope:
    return Envelope(
        convention=letter.known.row.title,
        sender=letter.bodies[letter.sender],
        addressee=letter.bodies[letter.addressee],
        written_on=letter.written_on,
        article=clause.article if clause else "",
        sending=_SENDINGS.get(clause.form, REGISTERED) if clause and clause.form else REGISTERED,
    )


def _letters(letter: Correspondence, sent: Sequence[Sent], kinds: Sequence[EventKind]) -> Iterable[Event]:
    for one in sent:
        for kind, day in zip(kinds, (one.sent_on, one.presented_on, one.received_on), strict=True):
            if day is not None:
                yield Event(
                    kind, day, party=letter.sender, addressee=one.addressee, clause=letter.clause or None
                )


def _facts(letter: Correspondence, kinds: Iterable[EventKind], sent: Sequence[Event]) -> Facts:
    """What the convention is once these letters have left, as if no other of their kind ever had."""
    others = [event for event in letter.known.events if event.kind not in set(kinds)]
    on = max([letter.written_on, *(event.on for event in sent)])
    return facts(letter.terms, [*others, *sent], on, letter.known.departement)


def _effect(letter: Correspondence, told: Facts) -> date | None:
    if not letter.clause:
        return _agreed(each.out_from for each in told.each())
    return _agreed(row.effect for each in told.each() for row in each.exits if row.name == letter.clause)


def _agreed(days: Iterable[date | None]) -> date | None:
    """The day that every reading gives."""
    found = set(days)
    return found.pop() if len(found) == 1 else None
