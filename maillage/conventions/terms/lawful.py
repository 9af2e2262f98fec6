"""On which basis of article 6.1 of the GDPR a clause of protection rests: a value that the text states, else one that its words name.

Texts that were signed before the value was asked hold words alone. They are recognised here and nowhere else, in the text of the day;
the signed bytes stay as they are. Words that name no basis (a law, a code of practice) leave a blank, which an officer fills.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from maillage.conventions.terms.blanks import Blank, BlankReason, Expectation
from maillage.conventions.terms.protection import LawfulBasis, ProtectionRegime

if TYPE_CHECKING:
    from maillage.conventions.terms.terms import Terms

ASKED: Final = "Base légale du traitement (RGPD, article 6.1)"
_BEFORE: Final = r"(?:(?:l[ea]|les|une?|respect d’une|exécution d’une|poursuite d’un) |l’)?"
_WORDS: Final = {
    LawfulBasis.CONSENT: re.compile(f"{_BEFORE}consentement(?: de | du | des |$)"),
    LawfulBasis.CONTRACT: re.compile(
        f"{_BEFORE}(?:exécution|réalisation) d[’u] ?(?:un |présent )?contrat$|contrat$"
    ),
    LawfulBasis.LEGAL_OBLIGATION: re.compile(f"{_BEFORE}obligations? légales?$"),
    LawfulBasis.VITAL_INTERESTS: re.compile(
        f"{_BEFORE}(?:sauvegarde des )?intérêts vitaux(?: de | du | des |$)"
    ),
    LawfulBasis.PUBLIC_TASK: re.compile(f"{_BEFORE}missions? d’intérêt public$"),
    LawfulBasis.LEGITIMATE_INTERESTS: re.compile(f"{_BEFORE}intérêts? légitimes?(?: de | du | des |$)"),
}
"""Whole clauses alone: « contrat d’objectifs » or « hors consentement » name no basis, and are asked."""
_LETTER: Final = re.compile(r"\b6[ .,]*(?:paragraphe *)?1[ .,(]*([a-f])\b")


def named_by(words: Iterable[str]) -> tuple[LawfulBasis, ...]:
    """The bases that a text names, by the letter of the article or in the words of the regulation, in the order of the letters."""
    plain = [" ".join(one.casefold().replace("'", "’").split()) for one in words]
    letters = {letter for one in plain for letter in _LETTER.findall(one)}
    return tuple(
        basis
        for basis in LawfulBasis
        if basis.letter in letters or any(_WORDS[basis].match(one) for one in plain)
    )


def basis_of(regime: ProtectionRegime) -> tuple[LawfulBasis, ...] | Blank:
    """What the clause states; else what its words name; else the blank."""
    if regime.lawful_bases is not None:
        return regime.lawful_bases
    return named_by(regime.legal_basis) or Blank(
        blank=f"base_{regime.key}"[:80],
        asked=ASKED,
        why=BlankReason.SILENT,
        expects=Expectation.LIST,
        article=regime.article,
    )


def stated(terms: "Terms") -> "Terms":
    """The text with a basis, or its blank, in each clause that has none."""
    if all(one.lawful_bases is not None for one in terms.protection):
        return terms
    return terms.model_copy(
        update={
            "protection": tuple(
                one.model_copy(update={"lawful_bases": basis_of(one)}) for one in terms.protection
            )
        }
    )


def as_signed(regime: ProtectionRegime) -> ProtectionRegime:
    """The clause without a basis that its own words already say: what was only recognised is no change of the text."""
    bare = regime.model_copy(update={"lawful_bases": None})
    return bare if regime.lawful_bases == basis_of(bare) else regime


def contradicted(regime: ProtectionRegime) -> tuple[LawfulBasis, ...]:
    """The bases that the words name and that the clause does not state."""
    if regime.lawful_bases is None or isinstance(regime.lawful_bases, Blank):
        return ()
    return tuple(one for one in named_by(regime.legal_basis) if one not in regime.lawful_bases)
