"""Registered letters say the commitment, the delay, the day, and what may follow; what is unknown is left to fill."""

from datetime import date

from maillage.conventions.drafting.export.notices import Envelope, denunciation, formal_notice
from maillage.core.calendar import Period
from maillage.documents.composition import Letter, Paragraph
from maillage.documents.letters import REGISTERED, Correspondent, letter_pdf

ENVELOPE = Envelope(
    "Convention locale d'Exemple",
    Correspondent("CPAM d'Exemple", ("1 rue d'Exemple", "42000 Exemple")),
    Correspondent("CCAS de Villexemple"),
    date(2024, 11, 14),
    "9.4",
    "Saint-Étienne",
)


def words(written: Letter) -> str:
    return "\n".join(
        "".join(f"[{run.asked}]" if run.asked else run.text for run in block.line)
        for block in written.body
        if isinstance(block, Paragraph)
    ).replace("\u00a0", " ")


def test_a_formal_notice_names_the_commitment_the_delay_and_its_last_day() -> None:
    written = formal_notice(
        ENVELOPE,
        commitment="Former les référents",
        commitment_article="4",
        cure=Period(days=15),
        comply_by=date(2024, 11, 29),
    )
    said = words(written)
    assert written.sending == REGISTERED
    assert "Former les référents (article 4)" in said
    assert "dans un délai de 15 jours, soit au plus tard le 29 novembre 2024" in said
    assert "pourront résilier" in said
    assert "[Faits constatés, avec leurs dates]" in said
    assert written.signatory[1][0].asked == "Fonction du signataire"
    assert letter_pdf(written).startswith(b"%PDF-")


def test_a_denunciation_says_its_first_day_without_the_convention_or_leaves_it_to_fill() -> None:
    known = words(denunciation(ENVELOPE, notice=Period(months=2), effect=date(2017, 3, 1)))
    assert "Compte tenu du préavis de 2 mois, elle cessera de produire ses effets le 1er mars 2017." in known
    assert "[Date d’effet" in words(denunciation(ENVELOPE, notice=None, effect=None))
