"""An objection is a right where the processing rests on a public task or a legitimate interest: the texts say, the answer may refuse."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.terms.protection import DataRight
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.answering import answer
from maillage.protection.requests.basis import bases_of
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import letter_for
from maillage.protection.requests.rules import Ground, grounds, letters_of, right_to_object
from tests.protection.requests.files import CCAS_ADMIN, attached, file_of, received
from tests.referrals.world import Signed, member, send_referral, sign_convention
from tests.secondments import world as secondments

pytestmark = pytest.mark.security


@pytest.mark.parametrize(
    ("said", "letters", "words"),
    [
        (("Réalisation d'un contrat", "Intérêt légitime", "Article 6 du RGPD"), "bf", "est ouvert"),
        (("RGPD, article 6.1 e",), "e", "est ouvert"),
        (("Mission  d'intérêt public",), "e", "est ouvert"),
        (("Article 6, paragraphe 1, c) du RGPD",), "c", "pas de droit d’opposition"),
        (("Obligation légale",), "c", "pas de droit d’opposition"),
        (("Consentement de la personne",), "a", "retirer son accord"),
        (
            ("Règlement (UE) 2016/679", "Loi n° 78-17 du 6 janvier 1978 modifiée"),
            "",
            "ne dit pas quelle base",
        ),
        ((), "", "ne donne pas de base légale"),
    ],
)
def test_what_a_text_gives_says_whether_she_may_object(
    said: tuple[str, ...], letters: str, words: str
) -> None:
    assert letters_of(said) == frozenset(letters)
    assert words in right_to_object(said)


@given(st.lists(st.text(max_size=60), max_size=4), st.sampled_from("abcdef"))
def test_any_text_is_read_and_a_letter_is_found_wherever_it_stands(said: list[str], letter: str) -> None:
    assert letters_of(said) <= set("abcdef")
    assert letter in letters_of([*said, f"RGPD, art. 6.1.{letter}"])
    assert right_to_object(said)


@pytest.mark.parametrize("right", list(DataRight))
def test_the_basis_is_a_reason_against_an_objection_alone(right: DataRight) -> None:
    assert (Ground.BASIS in grounds(right)) is (right is DataRight.OBJECTION)
    assert (Ground.PUBLIC_TASK in grounds(right)) is (right is not DataRight.OBJECTION)
    assert Ground.BASIS not in grounds()


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def test_each_text_says_its_own_once_however_many_cases(signed: Signed) -> None:
    cases = [send_referral(signed), send_referral(signed), secondments.book(secondments.lend())]
    with member(CCAS_ADMIN) as admin:
        found = bases_of(cases, by=admin, at=now())
        of_all = bases_of([], by=admin, at=now())
        assert set(found) <= set(of_all), "without a case, all that may be sent or received today"
    assert len(found) == 2
    said = {word for one in found for word in one.said}
    assert "Règlement (UE) 2016/679" in said
    assert all(one.title and one.service for one in found)


def test_it_is_refused_on_that_ground_and_the_letter_says_the_article(signed: Signed) -> None:
    request: UUID = attached(received(rights=("objection", "restriction")), send_referral(signed))
    words = "Elle peut retirer son accord."
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        with pytest.raises(Refused) as refused:
            decide(
                file=file,
                right="restriction",
                outcome="refused",
                ground="basis",
                words=words,
                by=admin,
                at=now(),
            )
        assert refused.value.field == "ground"
        decide(
            file=file, right="objection", outcome="refused", ground="basis", words=words, by=admin, at=now()
        )
        decide(
            file=file,
            right="restriction",
            outcome="refused",
            ground="excessive",
            words=words,
            by=admin,
            at=now(),
        )
        written = str(letter_for(answer(file=file, by=admin, at=now()), by=admin, at=now()))
    assert "21.1" in written
    assert words in written.replace("\u00a0", " ")
