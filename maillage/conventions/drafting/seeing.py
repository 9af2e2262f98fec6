"""What a page had shown of a draft when someone wrote on it: another tab, or another person, may have acted meanwhile."""

from dataclasses import dataclass

from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.states import State
from maillage.core.refusals import Fault

_MEANWHILE = {
    State.PROPOSED: "proposé aux parties",
    State.PARTLY_SIGNED: "proposé aux parties et signé",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """`stamp` of the text that the page showed, and whether the writer agreed there to take it back from the parties."""

    stamp: str
    takes_back: bool = False


def stamp(known: LoadedConvention) -> str:
    """The state, the number of signatures and the hash of the text: what an answer given on a page relies upon."""
    return f"{known.row.state}.{len(signed_by(known))}.{known.row.content_hash}"


def signed_by(known: LoadedConvention) -> tuple[str, ...]:
    """The keys of the parties whose signature holds."""
    return tuple(event.party or "" for event in known.events if event.kind is EventKind.SIGNED)


def stale(known: LoadedConvention, seen: Seen) -> Fault | None:
    """Whether the page showed something older than what is there now."""
    if seen.stamp == stamp(known):
        return None
    state, _, rest = seen.stamp.partition(".")
    signatures, now = rest.partition(".")[0], State(known.row.state)
    what = "enregistré ailleurs (un autre onglet, une autre personne)"
    if now in _MEANWHILE and (state, signatures) != (known.row.state, str(len(signed_by(known)))):
        what = _MEANWHILE[now]
    elif state in _MEANWHILE and now is State.DRAFT:
        what = "repris des parties"
    return Fault(
        f"Ce texte a été {what} entre-temps : rien n’est enregistré. Ce que vous avez saisi est ci-dessous ; relisez, puis "
        "enregistrez de nouveau.",
        "seen",
    )


def taken_back_unasked(known: LoadedConvention, seen: Seen) -> Fault | None:
    """A proposed text is taken back from the parties, and their signatures voided, only by someone who says so."""
    if known.row.state == State.DRAFT or seen.takes_back:
        return None
    return Fault(
        "Cochez cette case pour changer le texte proposé ; sans elle, rien n’est enregistré.", "voids"
    )
