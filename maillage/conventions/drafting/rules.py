"""Rules of writing: which party the drafter is, what must be known before a proposal, what a body may stand for. Pure."""

from collections.abc import Mapping
from typing import Final

from maillage.conventions.terms import Blank, BlankReason, Terms
from maillage.conventions.terms.base import KeyedClause
from maillage.conventions.terms.editing import Change, Operation
from maillage.conventions.terms.overview import BlankAt, ClauseAt, blanks, undecided
from maillage.conventions.terms.parties import BodyKind as TermsKind
from maillage.conventions.terms.parties import Party
from maillage.organisations.kinds import is_health_insurance

# Overseas one body does the work of several (CGSS), and a CIAS is the CCAS of several communes.
_SAME_WORK: Final = (
    frozenset({"cpam", "ccss", "cgss", "cssm"}),
    frozenset({"carsat", "cramif", "cgss", "cssm"}),
    frozenset({"ccas", "cias"}),
)
_TEMPLATE: Final = "local_template"


def signed_outside(terms: Terms) -> bool:
    """Whether the text bears its signatures: it was concluded on paper and is entered as it stands."""
    return bool(terms.signatures)


def left_to_fill(terms: Terms) -> tuple[BlankAt, ...]:
    """The blanks that stop a proposal: those that the template leaves to the parties.

    What a missing annex would say, what the text never says and what cannot be read stay blanks, shown as such. A text
    already signed outside is entered with the blanks that its parties left.
    """
    if signed_outside(terms):
        return ()
    waiting = tuple(f"{clause.path}." for clause in undecided(terms))
    return tuple(
        found
        for found in blanks(terms)
        if found.blank.why is BlankReason.TEMPLATE
        and not found.path.startswith(_TEMPLATE)
        and not found.path.startswith(waiting)
    )


def left_to_choose(terms: Terms) -> tuple[ClauseAt, ...]:
    """The optional clauses on which nothing is decided; they stop a proposal like blanks do."""
    if signed_outside(terms):
        return ()
    return tuple(found for found in undecided(terms) if not found.path.startswith(_TEMPLATE))


def said_by(clause: KeyedClause) -> str:
    """The clause in a few words: what it says of itself, else its key."""
    said = next(
        (
            value
            for name in ("label", "what", "text", "name", "title")
            if isinstance(value := getattr(clause, name, None), str)
        ),
        clause.key.replace("_", " "),
    )
    return said[:1].upper() + said[1:]


def likely_party(terms: Terms, kind: str) -> str:
    """The party that a body of this kind most likely is: the first of its kind, else of its side, else the first."""
    for party in terms.parties:
        if not isinstance(party.kind, Blank) and party.kind.value == kind:
            return party.key
    for party in terms.parties:
        if may_stand_for(party, kind) and is_health_insurance(kind) == _is_health_insurance(party):
            return party.key
    return terms.parties[0].key


def may_stand_for(party: Party, kind: str) -> bool:
    """Whether a body of this kind may be behind the party: its kind, one that does the same work, or one proposed."""
    if isinstance(party.kind, Blank):
        return not party.kind.among or any(_same_work(kind, one) for one in party.kind.among)
    return party.kind is TermsKind.OTHER or _same_work(kind, party.kind.value)


def _same_work(one: str, other: str) -> bool:
    return one == other or any({one, other} <= bodies for bodies in _SAME_WORK)


def _is_health_insurance(party: Party) -> bool:
    kinds = party.kind.among if isinstance(party.kind, Blank) else (party.kind.value,)
    return any(is_health_insurance(kind) for kind in kinds)


def body_changes(party: Party, body: Mapping[str, str], previous: Mapping[str, str]) -> list[Change]:
    """The changes that write a body's name, kind, address and SIRET where the text leaves them blank.

    What a body chosen before had written is replaced too; what the text itself says is left alone, but for the short name of a
    party without a name: « CPAM / CCSS / CGSS » names nobody.
    """
    changes: list[Change] = []
    unnamed = isinstance(party.name, Blank) or party.name == previous.get("name")
    if unnamed and body.get("short_name") and party.short_name:
        changes.append(_replace(party.key, "short_name", body["short_name"]))
    for field in ("name", "kind", "address"):
        here = getattr(party, field)
        value = getattr(here, "value", here)
        if body.get(field) and (
            isinstance(here, Blank) or (value is not None and value == previous.get(field))
        ):
            changes.append(_replace(party.key, field, body[field]))
    registration = party.registration
    written = getattr(registration, "number", None)
    if body.get("siret") and (
        registration is None or isinstance(registration, Blank) or written == previous.get("siret")
    ):
        changes.append(_replace(party.key, "registration", {"scheme": "siret", "number": body["siret"]}))
    return changes


def _replace(key: str, field: str, value: str | dict[str, str]) -> Change:
    return Change(operation=Operation.REPLACE, path=f"parties[{key}].{field}", value=value)


def terms_kind(kind: str) -> str:
    """The kind as convention files name it; bodies that they do not list are « other »."""
    return kind if kind in {one.value for one in TermsKind} else TermsKind.OTHER.value
