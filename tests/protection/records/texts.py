"""Texts of the library as those of an organisation, for the record of processing."""

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.protection.records.reading import Text
from maillage.referrals.paper.naming import names_of

S2, S3 = "hopital_pass_modele", "ccas_montbrison_2024"


def text(
    name: str = S3,
    party: str = "ccas",
    *,
    terms: Terms | None = None,
    number: str = "1",
    title: str = "Convention",
) -> Text:
    """A text seen from one of its parties."""
    found = terms or library.load(name)
    return Text(number, title, "En vigueur depuis le 14/11/2024", found, party, names_of(found), {})
