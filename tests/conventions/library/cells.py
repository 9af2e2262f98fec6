"""Short ways to say what a convention of the library holds, for the tables of the tests."""

from typing import Any

from maillage.conventions import library
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.duration import AmendmentClause, Renewal, Term
from maillage.conventions.terms.flows import Flow, Roles
from maillage.conventions.terms.protection import ProtectionRegime

S0 = library.load("prado_maternite_2016")
S1 = library.load("cnsa_2016_2019")
S2 = library.load("hopital_pass_modele")
S3 = library.load("ccas_montbrison_2024")
S4 = library.load("croix_rouge_cadre_2021")
assert S4.local_template is not None
S4_LOCAL: Terms = S4.local_template
ALL = {"S0": S0, "S1": S1, "S2": S2, "S3": S3, "S4": S4}


def why(value: object) -> tuple[str, str | None] | object:
    """A blank as (reason, article); anything else as it is."""
    return (value.why.value, value.article) if isinstance(value, Blank) else value


def term(terms: Terms) -> Term:
    """The term, which the text gives."""
    assert isinstance(terms.term, Term)
    return terms.term


def lasting(terms: Terms) -> Any:
    """(length, last day, instrument) of the term."""
    clause = term(terms)
    return (str(clause.lasts) if clause.lasts else None, clause.ends_on, clause.ends_with)


def starting(terms: Terms) -> Any:
    """The start, and the names of the readings that the clause holds."""
    clause = term(terms)
    return (clause.starts, tuple(variant.name for variant in clause.variants if variant.name))


def renewing(terms: Terms) -> Any:
    """(mode, period, how many times, kinds of conditions) of the renewal."""
    clause = terms.renewal
    assert isinstance(clause, Renewal)
    conditions = tuple(condition.kind for condition in clause.conditions)
    return (clause.mode, str(clause.period) if clause.period else None, clause.times, conditions)


def exits(terms: Terms, kind: str) -> Any:
    """The exits of a kind."""
    assert isinstance(terms.exits, tuple)
    return [clause for clause in terms.exits if clause.kind == kind]


def exit_facts(terms: Terms, kind: str, *names: str) -> Any:
    """Fields of the single exit of a kind; empty when there is none."""
    found = exits(terms, kind)
    assert len(found) <= 1
    return tuple(_plain(getattr(found[0], name)) for name in names) if found else ()


def _plain(value: Any) -> Any:
    return str(value) if type(value).__name__ in {"Period", "Form"} else value


def amending(terms: Terms) -> Any:
    """(who signs, annexes included, names its changes, out of reach, by letter)."""
    clause = terms.amendment
    if isinstance(clause, Blank):
        return why(clause)
    assert isinstance(clause, AmendmentClause)
    return (
        clause.signed_by,
        clause.annexes_included,
        clause.names_changes,
        clause.untouchable,
        clause.by_letter,
    )


def regime(terms: Terms, key: str) -> ProtectionRegime:
    """The protection regime of a key."""
    return next(one for one in terms.protection if one.key == key)


def roles(value: Roles | Blank | None) -> Any:
    """(controllers, processors), or why it is unknown."""
    return (value.controllers, value.processors) if isinstance(value, Roles) else why(value)


def breach(one: ProtectionRegime) -> Any:
    """(delay, start, who is told, mutual, by its DPO), or why it is unknown."""
    value = one.breach
    if isinstance(value, Blank):
        return why(value)
    return (_text(value.within), value.start.value, value.notified, value.mutual, value.to_dpo)


def rights(one: ProtectionRegime) -> Any:
    """(addressees, to their DPO, channel, then relayed to), or why it is unknown."""
    value = one.rights_requests
    if isinstance(value, Blank):
        return why(value)
    return (value.addressees, value.to_dpo, value.channel.value, value.relayed_to)


def _text(value: object) -> Any:
    return why(value) if isinstance(value, Blank) else str(value)


def flow(terms: Terms, key: str) -> Flow:
    """The flow of a key."""
    return next(one for one in terms.flows if one.key == key)


def channels(one: Flow) -> Any:
    """(kind, words, through) of each channel, or why they are unknown."""
    if isinstance(one.channels, Blank):
        return why(one.channels)
    return tuple((channel.kind.value, channel.words, channel.through) for channel in one.channels)


def nominative_to(terms: Terms, recipient: str) -> list[str]:
    """The flows that carry persons' data to a recipient."""
    return [one.key for one in terms.flows if one.recipient == recipient and one.data == "nominative"]


__all__ = [
    "ALL", "S0", "S1", "S2", "S3", "S4", "S4_LOCAL", "amending", "breach", "channels", "exit_facts",
    "exits", "flow", "lasting", "nominative_to", "regime", "renewing", "rights", "roles", "starting", "term", "why",
]  # fmt: skip
