"""What the letters say: each day in words, what silence means, all that misses at once, how a refusal is contested."""

from dataclasses import replace
from datetime import date

import pytest

from maillage.core.calendar import Period
from maillage.documents.composition import Letter, Listing, Paragraph
from maillage.documents.letters import Correspondent, letter_pdf
from maillage.rights.clocks.law import Legal, Silence
from maillage.rights.declared.rights import rights
from maillage.rights.letters.appeals import appeal_for, appeals
from maillage.rights.letters.writing import (
    SHORT_LONGEST,
    About,
    Granted,
    acknowledgement,
    granted,
    refused,
    request_for_pieces,
    short_text,
)

ABOUT = About(
    Correspondent("CPAM de la Loire", ("5 rue de l’Exemple", "42000 Exemple")),
    "droits@cpam.example.org",
    Correspondent("PALISSANDRE Eudoxie"),
    "Complémentaire santé solidaire (C2S)",
    "K7QM-3XTD",
    date(2026, 6, 2),
    "Exemple",
)
LAW = Legal(date(2026, 8, 3), Silence.ACCEPTANCE, "CSS, art. L861-5")
TAX = rights()["c2s"].piece("tax")


def words(written: Letter) -> str:
    """All that the body of a letter says."""
    found = []
    for block in written.body:
        if isinstance(block, Paragraph):
            found.append("".join(run.text for run in block.line))
        elif isinstance(block, Listing):
            found += ["".join(run.text for run in item) for item in block.items]
    return " ".join(found).replace("\u00a0", " ").replace("\u202f", " ")


def test_an_acknowledgement_says_the_day_the_service_and_what_silence_means() -> None:
    said = words(acknowledgement(ABOUT, received=date(2026, 6, 1), law=LAW))
    for expected in (
        "reçu votre demande le 1er juin 2026",
        "le 3 août 2026 au plus tard, notre silence vaut accord",
        "demander une attestation",
        "droits@cpam.example.org",
        "K7QM-3XTD",
    ):
        assert expected in said
    assert "il nous manque" not in said


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (replace(LAW, silence=Silence.REJECTION), "notre silence vaut refus : vous pourrez alors contester"),
        (replace(LAW, due=None), "Le délai de la loi ne court pas"),
        (Legal(None, None, "aucun"), "Aucun texte ne fixe de délai"),
    ],
)
def test_silence_is_said_as_the_law_has_it(law: Legal, expected: str) -> None:
    assert expected in words(acknowledgement(ABOUT, received=date(2026, 6, 1), law=law))


def test_what_misses_is_named_at_once_with_what_is_enough_and_until_when() -> None:
    identity = rights()["ame"].piece("identity")
    said = words(
        request_for_pieces(ABOUT, pieces=[TAX, identity], until=date(2026, 6, 22), words="Recto et verso.")
    )
    assert TAX.label in said
    assert "Passeport ; ou Carte d’identité" in said
    assert "avant le 22 juin 2026" in said
    assert "Recto et verso." in said
    assert "suspendu" in said


def test_what_is_not_indispensable_suspends_nothing() -> None:
    photos = rights()["ame"].piece("photos")
    assert "suspendu" not in words(request_for_pieces(ABOUT, pieces=[photos], until=None))


def test_an_accord_says_from_when_to_when_and_what_it_covers() -> None:
    decision = Granted("C2S sans participation", date(2026, 6, 1), date(2027, 5, 31), date(2026, 4, 10))
    said = words(granted(ABOUT, decision))
    assert "du 1er juin 2026 au 31 mai 2027" in said
    assert "depuis le 10 avril 2026 sont pris en charge" in said


def test_silence_that_accepts_is_attested() -> None:
    decision = Granted("C2S sans participation", date(2026, 8, 4), lapsed_after=date(2026, 8, 3))
    written = granted(ABOUT, decision)
    assert "attestation" in written.subject
    assert "notre silence jusqu’au 3 août 2026 vaut accord" in words(written)


def test_a_refusal_says_why_and_how_it_is_contested() -> None:
    said = words(refused(ABOUT, reason="Les ressources dépassent le plafond", appeal=appeal_for("puma")))
    for expected in (
        "les ressources dépassent le plafond",
        "commission de recours amiable",
        "dans les 2 mois",
        "pôle social",
    ):
        assert expected in said


def test_a_refusal_of_the_ame_is_contested_before_the_caisse_then_before_the_administrative_judge() -> None:
    """CASF, art. L134-2: a prior appeal to the author of the decision."""
    said = words(refused(ABOUT, reason="La résidence n’est pas établie", appeal=appeal_for("ame")))
    assert "auprès de la caisse elle-même, dans les 2 mois" in said
    assert "puis, si elle la maintient, devant le tribunal administratif" in said


def test_what_no_official_page_says_is_marked() -> None:
    assert {one.rights: one.then for one in appeals() if one.unverified} == {
        ("ame",): "le tribunal administratif"
    }


def test_each_declared_right_has_its_way_of_appeal_once() -> None:
    named = [right for one in appeals() for right in one.rights]
    assert sorted(named) == sorted(rights())
    assert {one.within for one in appeals()} == {Period(months=2)}


def test_a_short_text_says_nothing_of_whom_nor_of_what() -> None:
    said = short_text(
        "Caisse primaire d’assurance maladie de la Loire-Atlantique et des environs", "K7QM-3XTD"
    )
    assert len(said) <= SHORT_LONGEST
    assert not {"droit", "C2S", "AME", "PALISSANDRE", "santé"} & set(said.split())


def test_a_letter_is_drawn() -> None:
    written = acknowledgement(ABOUT, received=date(2026, 6, 1), law=LAW, missing=[TAX])
    assert written.addressee == ("PALISSANDRE Eudoxie",)
    assert letter_pdf(written).startswith(b"%PDF-")
