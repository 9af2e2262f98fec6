"""Who may do what with a convention. Predicates: the rule in plain words is the docstring; no request, no clock."""

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.states import State
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission

WRITABLE = frozenset({State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED})
SIGNABLE = frozenset({State.PROPOSED, State.PARTLY_SIGNED})
BINDING = frozenset({State.SIGNED, State.IN_FORCE})


def can_draft(member: Member) -> bool:
    """Whoever writes conventions for her organisation may start one."""
    return member.may(Permission.WRITE_CONVENTIONS)


def can_write(member: Member, convention: Convention) -> bool:
    """The text is written by the organisation that started it, as long as not all have signed."""
    return _drafts(member, convention) and convention.state in WRITABLE


def can_propose(member: Member, convention: Convention) -> bool:
    """The organisation that drafts proposes its text to the parties."""
    return _drafts(member, convention) and convention.state == State.DRAFT


def can_take_back(member: Member, convention: Convention) -> bool:
    """The organisation that drafts may take back a text that nobody has signed yet."""
    return _drafts(member, convention) and convention.state == State.PROPOSED


def can_discard(member: Member, convention: LoadedConvention) -> bool:
    """The organisation that drafts may delete a draft that nobody else has ever had in hand."""
    return (
        can_propose(member, convention.row)
        and all(party.organisation == member.organisation for party in convention.parties)
        and not any(row.kind == RecordedKind.PROPOSED for row in convention.recorded)
    )


def can_sign(member: Member, convention: LoadedConvention) -> bool:
    """A party's signatory role records a signature while the text is proposed and not yet signed by all."""
    return (
        member.may(Permission.SIGN_CONVENTIONS)
        and _is_party(member, convention)
        and convention.row.state in SIGNABLE
    )


def can_record(member: Member, convention: LoadedConvention) -> bool:
    """A party's referent records what happens to a convention once all have signed, and what is learnt after its end."""
    return (
        member.may(Permission.WRITE_CONVENTIONS)
        and _is_party(member, convention)
        and convention.row.state not in WRITABLE
    )


def can_fill(member: Member, convention: LoadedConvention) -> bool:
    """Data protection blanks are filled after the signature by a party's DPO or referent; other blanks by its referent."""
    return (
        (member.may(Permission.RECORD_DATA_ROLES) or member.may(Permission.WRITE_CONVENTIONS))
        and _is_party(member, convention)
        and convention.row.state in BINDING
    )


def can_relate(member: Member, convention: LoadedConvention) -> bool:
    """A party's referent ties its convention to others and attaches what the ties ask for."""
    return member.may(Permission.WRITE_CONVENTIONS) and _is_party(member, convention)


def _drafts(member: Member, convention: Convention) -> bool:
    return member.may(Permission.WRITE_CONVENTIONS) and convention.drafted_by_id == member.organisation


def _is_party(member: Member, convention: LoadedConvention) -> bool:
    mine = convention.mine
    return mine is not None and mine.signs and mine.organisation == member.organisation
