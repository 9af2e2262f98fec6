"""When a signature may be recorded, and on which day. Pure: faults in French, each at its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from maillage.conventions.terms import Terms
from maillage.core.calendar import french
from maillage.core.refusals import Fault


@dataclass(frozen=True, slots=True)
class Deed:
    """What is said of a signature: its day, the signatory's function (never a name), its delegation, its documents."""

    signed_on: date
    function: str
    by_delegation: bool = False
    has_delegation_document: bool = False
    has_document: bool = False
    own: bool = True


def faults_of(
    deed: Deed, *, written_on: date, printed: date | None, outside: bool, on: date
) -> Iterator[Fault]:
    """What is wrong with it. `written_on` is the day of the text, `on` today where the caisse is.

    A text signed outside the platform (`outside`) bears its own days: `printed` is this party's, when it can be read.
    """
    if not deed.function.strip() or len(deed.function) > 200:
        yield Fault("Indiquez la fonction de la personne qui signe, en 200 caractères au plus.", "function")
    if deed.signed_on > on:
        yield Fault("Une signature ne peut pas être datée de l’avenir.", "signed_on")
    elif printed is not None and deed.signed_on != printed:
        yield Fault(f"Le texte porte la date du {french(printed)} pour cette partie.", "signed_on")
    elif not outside and deed.signed_on < written_on:
        yield Fault(
            f"Cette date précède le document : le texte à signer est du {french(written_on)}.", "signed_on"
        )
    if deed.by_delegation and not deed.has_delegation_document:
        yield Fault("Joignez l’acte de délégation.", "delegation_document")
    if not deed.own and not deed.has_document:
        yield Fault(
            "La signature d’une autre partie s’enregistre avec le document signé : joignez-le.", "document"
        )


def printed_day(terms: Terms, party: str) -> date | None:
    """The day that the text itself gives for this party's signature, if it bears one that can be read."""
    days = [found.on for found in terms.signatures if found.party == party]
    return next((day for day in days if isinstance(day, date)), None)


def signs_itself(body: str) -> str:
    """Why nobody else records this body's signature, and whom to ask."""
    return (
        f"{body} signe dans Maillage : quelqu’un de cet organisme peut le faire. Demandez-lui sa signature ; une autre "
        "partie ne l’enregistre pas à sa place."
    )
