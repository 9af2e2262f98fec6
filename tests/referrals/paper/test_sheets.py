"""What is printed for a flow: it says what the text says, asks what the route needs, and names nobody."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from maillage.beneficiaries.agreement import PROGRESS
from maillage.conventions.terms import Terms
from maillage.conventions.terms.flows import Flow
from maillage.documents.composition import Choices, Run, Sheet
from maillage.documents.rendering import render_pdf
from maillage.referrals.paper.card import phone_card, phone_of, spaced
from maillage.referrals.paper.form import blank_form
from maillage.referrals.paper.notice import easy_notice, notice
from tests.conventions.library.cells import ALL, S2, S3, S4_LOCAL

NBSP = "\u00a0"


def flow(terms: Terms, key: str) -> Flow:
    return next(one for one in terms.flows if one.key == key)


def words_of(value: object) -> Iterator[str]:
    """Every text of a sheet, in its order; a place to fill says what it asks."""
    if isinstance(value, Run):
        yield value.text or f"[{value.asked}]"
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from words_of(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in {"kind", "style", "code"}:
                yield from words_of(getattr(value, field.name))


def said(sheet: Sheet) -> str:
    return " ".join(words_of(sheet)).replace(NBSP, " ").replace("\u202f", " ")


def notice_of(terms: Terms, key: str) -> str:
    return said(notice(terms, flow(terms, key), sender="le CCAS", recipient="la CPAM de la Loire"))


def test_the_notice_says_who_receives_and_leaves_to_fill_what_a_missing_annex_would_say() -> None:
    text = notice_of(S3, "orientation_misas")
    assert "parle de votre situation à la CPAM de la Loire" in text
    assert "Mission accompagnement santé" in text
    assert "[Rôles des parties au regard du RGPD pour les détections]" in text
    assert "Vous pouvez refuser" in text
    assert "CNIL" in text


def test_the_notice_names_the_controllers_where_the_text_does() -> None:
    text = notice_of(S4_LOCAL, "orientation_misas")
    assert "Responsable de vos données : CPAM." in text
    assert "Pour son compte : Croix-Rouge française." in text
    assert "délégué à la protection des données" in text


def test_the_easy_notice_is_made_of_short_sentences_in_large_letters() -> None:
    sheet = easy_notice(S3, flow(S3, "orientation_misas"), sender="CCAS", recipient="la CPAM de la Loire")
    assert sheet.large
    sentences = [
        sentence for part in sheet.parts for text in words_of(part.blocks) for sentence in text.split(". ")
    ]
    assert max(len(sentence.split()) for sentence in sentences) <= 16
    for hard in ("RGPD", "traitement", "responsable"):
        assert hard not in " ".join(sentences).replace("[", "").split("À remplir")[0].split("écrivez à")[0]


def test_the_form_asks_the_motives_and_conditions_of_the_text_and_nothing_of_another() -> None:
    ssam = said(blank_form(S2, flow(S2, "orientation_ssam"), sender="Hôpital", recipient="CARSAT"))
    assert "Situations (1 au moins)" in ssam
    assert "6. Soins nécessaires empêchés" in ssam
    assert "Ce qui ne permet pas cette orientation" in ssam
    misas = said(blank_form(S2, flow(S2, "orientation_misas"), sender="Hôpital", recipient="CPAM"))
    assert "Perdu dans les démarches en ligne" in misas
    assert "sectorisation psychiatrique" not in misas
    for form in (ssam, misas):
        assert "Numéro de sécurité sociale (jamais obligatoire)" in form
        assert "Ne pas laisser de message" in form


def test_nothing_is_ticked_on_a_blank_form() -> None:
    sheet = blank_form(S2, flow(S2, "orientation_misas"), sender="Hôpital", recipient="CPAM")
    boxes = [block for part in sheet.parts for block in part.blocks if isinstance(block, Choices)]
    assert boxes
    assert not any(block.ticked for block in boxes)


def test_the_card_gives_the_number_the_words_and_when() -> None:
    ssam = said(phone_card(S3, flow(S3, "appel_ssam")))
    assert "La personne appelle elle-même" in ssam
    assert "1. Composer le 36 46" in ssam
    assert "2. Dire, à voix haute : « service social »" in ssam
    urgent = said(phone_card(S4_LOCAL, flow(S4_LOCAL, "urgence_partenaire")))
    assert "Vous appelez" in urgent
    assert "« Urgence partenaire »" in urgent
    assert "Situation de soins imminents" in urgent


def test_a_flow_that_no_telephone_carries_has_no_card() -> None:
    assert phone_of(flow(S3, "orientation_misas")) is None
    with pytest.raises(ValueError, match="orientation_misas"):
        phone_card(S3, flow(S3, "orientation_misas"))


@pytest.mark.parametrize(
    ("number", "shown"),
    [("3646", "36 46"), ("0123456789", "01 23 45 67 89"), ("112", "112"), ("+33 1", "+33 1")],
)
def test_a_number_is_written_as_it_is_said(number: str, shown: str) -> None:
    assert spaced(number).replace(NBSP, " ") == shown


@pytest.mark.parametrize("name", ALL)
def test_every_flow_of_the_five_texts_can_be_composed(name: str) -> None:
    terms = ALL[name]
    for one in terms.flows:
        for sheet in (
            notice(terms, one, sender="A", recipient="B"),
            easy_notice(terms, one, sender="A", recipient="B"),
            blank_form(terms, one, sender="A", recipient="B"),
        ):
            assert sheet.title
            assert terms.title.split()[0] in sheet.reference


def test_a_form_with_its_square_code_is_a_tagged_pdf() -> None:
    code = ("101", "010", "111")
    sheet = blank_form(
        S3,
        flow(S3, "orientation_misas"),
        sender="CCAS",
        recipient="CPAM",
        code=code,
        code_label="maillage.example.org",
    )
    drawn = render_pdf("sheet", sheet.as_data())
    assert drawn.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in drawn
    assert len(render_pdf("sheet", {**sheet.as_data(), "code": []})) < len(drawn)


def test_the_foot_of_each_sheet_says_where_it_is_written_as_the_text_does() -> None:
    assert said(phone_card(S4_LOCAL, flow(S4_LOCAL, "urgence_partenaire"))).count("article") == 0
    assert "annexe 2" in said(phone_card(S4_LOCAL, flow(S4_LOCAL, "urgence_partenaire")))
    assert "article 3" in said(phone_card(S3, flow(S3, "appel_ssam")))


def test_the_notice_says_in_plain_words_what_the_data_are_for_whatever_the_text_says() -> None:
    text = notice_of(S4_LOCAL, "orientation_misas")
    assert "À vous accompagner : Dispositifs d’accès aux soins" in text
    assert "Les mots de la convention : « La seule finalité prévue par la convention »." in text


def test_the_blank_form_asks_all_that_is_asked_when_it_is_keyed_in() -> None:
    text = said(blank_form(S3, flow(S3, "orientation_misas"), sender="le CCAS", recipient="la CPAM"))
    assert all(words in text for words in PROGRESS.values())
    assert "Qui la représente, si elle est mineure ou protégée" in text
