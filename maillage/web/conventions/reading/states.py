"""The state of a convention in words: in a list, and for whoever reads its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.text import capfirst

from maillage.conventions.lifecycle.states import EndKind, State
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP

EXPIRING_FOR: Final = timedelta(days=120)
_TONES: Final = {
    State.DRAFT: Tone.NEUTRAL,
    State.PROPOSED: Tone.INFO,
    State.PARTLY_SIGNED: Tone.INFO,
    State.SIGNED: Tone.INFO,
    State.IN_FORCE: Tone.GOOD,
    State.ENDED: Tone.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as it is shown."""

    text: str
    tone: Tone


DISPUTED: Final = Badge(f"En{NBSP}vigueur selon une lecture, à{NBSP}trancher", Tone.SOON)


def state_badge(
    state: str, end_kind: str, ends_on: date | None, on: date, *, is_disputed: bool = False
) -> Badge:
    """« En vigueur », « Terminée : dénoncée », « En vigueur, terme proche » in the last 120 days of a term.

    While the readings of the text disagree it is not said to be in force: the parties have to settle it.
    """
    known = State(state)
    if is_disputed:
        return DISPUTED
    text = capfirst(known.label).replace(" ", NBSP)
    if known is State.ENDED and end_kind:
        return Badge(f"{text} : {EndKind(end_kind).label}", _TONES[known])
    if known is State.IN_FORCE and ends_on is not None and on <= ends_on <= on + EXPIRING_FOR:
        return Badge(f"{text}, terme proche", Tone.SOON)
    return Badge(text, _TONES[known])


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the words: the state, the reader's own part, who has not signed yet, the known days.

    `outlooks` has each reading's words, first day no longer in force, next renewal and whether the end has come, where
    the readings disagree.
    """

    state: State
    role: str
    is_reader_only: bool
    i_signed: bool
    awaited: Sequence[str]
    starts: date | None
    out_from: date | None
    ends: date | None
    renews: bool
    end_kind: EndKind | None
    is_disputed: bool = False
    outlooks: Sequence[tuple[str, date | None, date | None, bool]] = ()


def said_for(standing: Standing) -> str:
    """The state as this reader must understand it, with what comes next, in two sentences at most."""
    if standing.role == "informed":
        return f"Cette convention est portée à la connaissance de votre organisme : vous la lisez sans y être partie. {_life(standing)}"
    return _BEFORE.get(standing.state, _life)(standing)


def _draft(_: Standing) -> str:
    return (
        "Votre organisme rédige ce texte ; les autres parties ne le voient pas. "
        "Ensuite : remplir les blancs, puis le proposer."
    )


def _proposed(standing: Standing) -> str:
    awaited = _listed(standing.awaited)
    if not standing.i_signed and not standing.is_reader_only:
        return "Ce texte vous est proposé : relisez-le, puis enregistrez la signature de votre organisme."
    if not standing.i_signed:
        return f"Ce texte est proposé à votre organisme. Signatures attendues : {awaited}."
    return f"Votre organisme a signé. Signatures encore attendues : {awaited}."


def _life(standing: Standing) -> str:
    if standing.is_disputed:
        return (
            f"Selon la lecture du texte, elle est en vigueur ou déjà terminée. {_each_reading(standing)} "
            "Ensuite : dire quelle lecture les parties retiennent ; d’ici là, ses échanges restent fermés."
        )
    if standing.state in {State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED}:
        return f"Elle n’est pas encore signée par tous : {_listed(standing.awaited)}."
    if standing.state is State.SIGNED:
        starts = (
            f"Elle prend effet le {long_date(standing.starts)}"
            if standing.starts
            else "Sa prise d’effet n’est pas connue"
        )
        return f"Toutes les parties ont signé. {starts} ; ses échanges s’ouvrent ce jour-là."
    if standing.state is State.ENDED:
        how = standing.end_kind.label if standing.end_kind else "terminée"
        return (
            f"Cette convention est {how} : plus aucun nouvel échange ne s’ouvre ; ce qui lui survit reste dû."
        )
    return f"Elle est en vigueur : ses échanges sont ouverts. {_next(standing)}"


def _next(standing: Standing) -> str:
    if standing.outlooks:
        return f"Ce qui suit dépend de la lecture du texte. {_each_reading(standing)}"
    if standing.out_from is not None:
        return f"Sa fin est connue : dernier jour le {long_date(standing.out_from - timedelta(days=1))}."
    if standing.ends is not None and standing.renews:
        return f"Son terme en cours finit le {long_date(standing.ends)} ; elle se renouvelle ensuite si personne ne s’y oppose."
    if standing.ends is not None:
        return f"Son terme finit le {long_date(standing.ends)}."
    return "La fin du terme en cours n’est pas connue : voir les dates ci-dessous."


def _each_reading(standing: Standing) -> str:
    each = " ; ".join(_under(*one) for one in standing.outlooks)
    return f"{each[:1].upper()}{each[1:]}." if each else ""


def _under(reading: str, out: date | None, renews: date | None, is_over: bool) -> str:
    """What one reading says of what follows."""
    if out is not None:
        verb = "a pris fin" if is_over else "finit"
        said = f"elle {verb}, dernier jour le {long_date(out - timedelta(days=1))}"
    elif renews is not None:
        said = f"elle se renouvelle le {long_date(renews)}"
    else:
        said = "elle continue, sans fin connue"
    return f"selon « {reading} », {said}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "aucune"


_BEFORE: Final = {State.DRAFT: _draft, State.PROPOSED: _proposed, State.PARTLY_SIGNED: _proposed}
