"""Under what an organisation may file applications now, with the text that says what is promised and how urgency is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.conventions.terms import Terms
from maillage.conventions.terms.clocks import Clock
from maillage.organisations.kinds import with_article
from maillage.organisations.member import Member
from maillage.referrals.routes import DataRoles, data_roles
from maillage.rights.clocks.promise import Promise, promise_of, urgent_clock
from maillage.rights.declared.rights import Right, rights
from maillage.rights.filing import authorisations
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.typography import typeset


@dataclass(frozen=True, slots=True)
class Opening:
    """An authorisation that is open now, and its convention as it reads today."""

    row: Authorisation
    title: str
    terms: Terms

    @property
    def rights(self) -> tuple[Right, ...]:
        """The rights that may be asked under it, in the order of their file; not those that do not exist where the caisse is."""
        here = self.row.recipient.departement
        return tuple(
            one for key, one in rights().items() if key in self.row.rights and here not in one.not_in
        )

    @property
    def caisse(self) -> str:
        """« la CPAM de la Loire »."""
        return with_article(self.row.recipient.name, self.row.recipient.kind)

    @property
    def roles(self) -> DataRoles:
        """Who answers for the data of the file, as the text says or leaves blank."""
        return data_roles(self.terms, self.row.flow_key)

    def urgent_clock(self, right: str) -> Clock | None:
        """What the text says of urgency for a right; None where it says nothing."""
        return urgent_clock(self.terms, right)

    def promise(self, right: str, *, urgent: bool = False) -> Promise:
        """The delay that the text promises for a right; the ordinary one where it has no urgent variant."""
        return promise_of(self.terms, right, urgent=urgent and self.urgent_clock(right) is not None)


def openings_of(member: Member, *, on: date) -> list[Opening]:
    """All of them, in the order of their caisses; eight queries, one where there is none."""
    rows = authorisations(member)
    if not rows:
        return []
    wanted = conventions_visible_to(member).filter(id__in={row.convention_id for row in rows})
    read = {one.row.id: one for one in load_all(wanted)}
    return [
        Opening(row, read[row.convention_id].row.title, read[row.convention_id].readable(on))
        for row in rows
        if row.convention_id in read
    ]


def promise_words(promise: Promise) -> str:
    """What is promised, in a sentence, with its article."""
    article = article_words(promise.article) if promise.article else ""
    if not promise.readings:
        return typeset(f"La convention ne donne aucun nombre de jours{f' ({article})' if article else ''}.")
    first = promise.readings[0]
    if not any(one.binds for one in promise.readings):
        return typeset(f"Pour information : {first.period.label()} en moyenne ({article}).")
    if promise.whole:
        return typeset(
            f"{capfirst(first.period.label())} au plus ({article}), si le dossier est complet à sa réception."
        )
    return typeset(f"{capfirst(first.period.label())} au plus ({article}){_counted(promise)}.")


def _counted(promise: Promise) -> str:
    if len(promise.readings) == 1:
        return f", comptés de la {promise.readings[0].start.label}"
    return (
        f". Le texte se lit de plusieurs façons : {_either(promise)}. Maillage retient la date la plus proche"
    )


def _either(promise: Promise) -> str:
    return " ; ".join(one.text for one in promise.readings)


def sent_incomplete_words(promise: Promise) -> str:
    """What it entails to send a file without indispensable pieces."""
    asked = "La caisse vous demandera ces pièces, et le délai de la loi s’arrête en les attendant."
    if not promise.whole:
        return asked
    return typeset(
        f"{asked} Ce dossier n’aura pas de délai promis : la convention n’en donne qu’aux dossiers complets à leur réception "
        f"({article_words(promise.article)})."
    )


def proofs_of(openings: Sequence[Opening]) -> dict[str, tuple[str, str]]:
    """Every proof of urgency that one of these texts admits, by its key: its name, its articles."""
    return {
        one.key: (one.label, article_words(one.article or clock.article))
        for opening in openings
        for right in opening.rights
        if (clock := opening.urgent_clock(right.key)) is not None
        for one in clock.proofs
    }


def urgency_words(openings: Sequence[Opening]) -> list[str]:
    """What urgent means, right by right, in the words of the texts, with what is then promised."""
    found = [
        typeset(f"{right.label} : {(clock.urgency or 'demande urgente').rstrip('.')}. {promised}")
        for opening in openings
        for right in opening.rights
        if (clock := opening.urgent_clock(right.key)) is not None
        for promised in [promise_words(opening.promise(right.key, urgent=True))]
    ]
    return list(dict.fromkeys(found))
