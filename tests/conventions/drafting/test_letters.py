"""Letters filled from the text and from the days: the effect that the rules give, and a blank where readings disagree."""

from datetime import date

import pytest

from maillage.conventions.drafting.letters import Correspondence, denunciation_letter, notice_letter
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.registered import Letter as Sent
from maillage.documents.composition import Letter
from maillage.documents.letters import REGISTERED, Correspondent, letter_pdf
from tests.conventions.drafting.test_notices import words
from tests.conventions.people import CPAM, S2, S3, instant, member, seen, signed

pytestmark = pytest.mark.django_db
LATER = instant("2025-01-15")


def correspondence(name: str, addressee: str, day: date, clause: str) -> Correspondence:
    new = signed(name)
    with member(CPAM, LATER) as referent:
        known = load(seen(referent, new))
        bodies = {
            party.key: Correspondent(party.name, (f"1 rue de {party.key}",)) for party in known.signatories
        }
        return Correspondence(known, known.terms(day), "cpam", addressee, day, clause, bodies)


def test_a_formal_notice_says_the_commitment_its_article_and_the_delay_of_the_text() -> None:
    day = date(2025, 1, 14)
    letter = correspondence(S3, "ccas", day, "formal_notice")
    written = notice_letter(letter, Sent("ccas", day), "bilan_annuel", "Aucune réunion depuis 2024")
    said = words(written)
    assert "(article 4)" in said
    assert "dans un délai de 15 jours" in said
    assert "en application de l’article 9.4" in said
    assert "Aucune réunion depuis 2024" in said
    assert written.sending == REGISTERED
    assert written.addressee[1] == "1 rue de ccas"
    assert letter_pdf(written).startswith(b"%PDF-")


def test_a_denunciation_leaves_its_effect_to_fill_while_the_readings_disagree() -> None:
    day = date(2025, 1, 14)
    sent = [Sent("carsat", day), Sent("hospital", day)]
    early = denunciation_letter(correspondence(S2, "hospital", day, "anniversary_denunciation"), sent)
    assert "[Date d’effet" in words(early)
    day = date(2025, 8, 14)
    sent = [Sent("carsat", day), Sent("hospital", day)]
    inside = denunciation_letter(correspondence(S2, "hospital", day, "anniversary_denunciation"), sent)
    assert "En application de l’article 9 de la convention" in words(inside)
    assert "cessera de produire ses effets le 14 novembre 2025" in words(inside), "both readings say so"
    day = date(2025, 9, 14)
    sent = [Sent("carsat", day), Sent("hospital", day)]
    late = denunciation_letter(correspondence(S2, "hospital", day, "anniversary_denunciation"), sent)
    assert "[Date d’effet" in words(late), "too late for one reading, inside the window of the other"


def test_a_text_without_denunciation_is_denounced_at_its_term() -> None:
    day = date(2025, 1, 14)
    written: Letter = denunciation_letter(
        correspondence(S3, "ccas", day, ""), [Sent("ccas", day), Sent("carsat", day)]
    )
    assert "Nous vous notifions notre décision de dénoncer la convention" in words(written)
    assert "cessera de produire ses effets le 14 novembre 2025" in words(written)
