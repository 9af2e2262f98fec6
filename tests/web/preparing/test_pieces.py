"""The step of the pieces: a check-list that adapts, uploads that are refused without losing a word, the handing over, removal."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.documents import uploading
from maillage.organisations.people.leaving import Away, record_absence
from maillage.rights.models import PreparedPiece
from tests.days import today
from tests.documents.builders import pdf
from tests.exchange.test_attachments import EICAR, SVG
from tests.referrals.world import READER, member
from tests.rights.world import ADVISER, PASS, STRANGER, Signed, prepare
from tests.tiers import spread
from tests.web.preparing.conftest import COLLEAGUE, HOME, Signs, at, begun, colleague, kept, plain

SAID = "Hospitalisée depuis lundi."


def french(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def ame(signed: Signed, **held: Any) -> UUID:
    """A first request of AME with nothing but its right and answers."""
    answers = {"first_request": True, "minor": False, "resources": False}
    return begun(**{"authorisation": signed.authorisation().id, "right": "ame", "answers": answers, **held})


def adds(client: Client, made: UUID, content: bytes | None = None, **said: Any) -> str:
    """The page after a piece was added, or refused."""
    file = SimpleUploadedFile("scan.pdf", pdf() if content is None else content)
    sent = {"token": str(uuid7()), "key": "identity", "file": file, "words": SAID, "ajouter": "1", **said}
    return plain(
        client.post(at(made, "pieces"), {name: value for name, value in sent.items() if value is not None})
    )


@pytest.mark.parametrize(("given", "other"), [("photo", "file"), ("file", "photo")])
def test_what_is_wrong_with_a_photo_is_said_at_the_photo(
    signed: Signed, as_: Signs, given: str, other: str
) -> None:
    sent = {"token": str(uuid7()), "key": "identity", given: SimpleUploadedFile("b.png", SVG), "ajouter": "1"}
    page = plain(as_(PASS).post(at(ame(signed), "pieces"), sent))
    assert f"#id_{given}" in page
    assert f"#id_{other}" not in page


def test_the_check_list_adapts_to_the_answers(signed: Signed, as_: Signs) -> None:
    page = plain(as_(PASS).get(at(ame(signed), "pieces")))
    for label, standing in (
        ("Une pièce d’identité de chaque personne", "Manque"),
        ("Une preuve de présence en France", "Manque"),
        ("L’attestation de la personne qui l’héberge", "Peut-être"),
        ("Les ressources des douze derniers mois", "Pas nécessaire"),
        ("Une photo récente", "À joindre si possible"),
    ):
        assert standing in page[page.index(label) :].split("</li>")[0], label
    assert "Un seul de ces documents suffit" in page
    assert "Source : décret 54-883" in page
    assert 'capture="environment"' in page
    assert "n’en donne qu’aux dossiers complets à leur réception" in page


def test_a_piece_added_is_there_with_its_dates_and_what_else_was_typed_stays(
    signed: Signed, as_: Signs
) -> None:
    client, made = as_(PASS), ame(signed)
    soon = today() + timedelta(days=10)
    page = adds(client, made, dated_on=french(today()), valid_until=french(soon))
    for said in ("Pièce ajoutée", "scan.pdf", "valable jusqu’au", "Bientôt périmée", f"{SAID}</textarea>"):
        assert said in page, said
    assert "field-error" not in page
    assert f'value="{french(soon)}"' not in page  # those of the next piece are to be typed
    gone = adds(client, made, key="form", valid_until=french(today() - timedelta(days=1)))
    assert "Périmée depuis" in gone
    assert kept(made).there == {"identity", "form"}


def test_the_same_form_sent_twice_adds_one_piece(signed: Signed, as_: Signs) -> None:
    client, made, token = as_(PASS), ame(signed), str(uuid7())
    for _ in range(2):
        adds(client, made, token=token)
    assert len(kept(made).pieces) == 1
    other = ame(signed)
    adds(client, other, token=token)
    assert len(kept(other).pieces) == 1


@pytest.mark.parametrize(
    ("content", "said", "message"),
    spread(
        [
            (SVG, {}, "Ce fichier est une image SVG"),
            (pdf(b"(" + EICAR + b")"), {}, "EICAR"),
            (pdf()[:-40], {}, "Le PDF est incomplet"),
            (b"", {}, "Ce fichier est vide"),
            (b"%PDF-" + bytes(10_500_000), {}, "dépasse 10 Mo"),
            (None, {"file": None}, "Choisissez un fichier, ou prenez une photo"),
            (None, {"key": ""}, "Dites quelle pièce c’est"),
            (None, {"key": "tax"}, "Choisissez une réponse de la liste"),
            (None, {"dated_on": french(today() + timedelta(days=2))}, "Cette date est dans l’avenir"),
            (
                None,
                {"dated_on": "14/11/2024", "valid_until": "13/11/2024"},
                "ne cesse pas de valoir avant sa date",
            ),
            (None, {"valid_until": "bientôt"}, "Écrivez une date qui existe"),
        ],
        4,
    ),
)
def test_a_refused_piece_is_said_at_its_field_and_loses_nothing_of_what_was_typed(
    signed: Signed, as_: Signs, content: bytes | None, said: dict[str, Any], message: str
) -> None:
    client, made = as_(PASS), ame(signed)
    typed = {"dated_on": "02/03/2026", **said}
    page = adds(client, made, content, **typed)
    again = plain(client.get(at(made, "pieces")))
    assert message in page
    assert page.count('class="field-error"') == 1  # of the rest of the step nothing is to be corrected yet
    for shown in (page, again):
        assert f"{SAID}</textarea>" in shown
        assert f'value="{typed["dated_on"]}"' in shown
    with member(PASS):
        assert not PreparedPiece.objects.exists()


def test_a_request_too_large_to_be_read_is_said_at_the_file(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "_MOST_READ", 1_000)
    assert "dépasse 10 Mo" in adds(as_(PASS), ame(signed), bytes(5_000))


def test_a_file_chosen_is_added_also_when_one_goes_on_or_back(signed: Signed, as_: Signs) -> None:
    client, made = (
        as_(PASS),
        ame(signed, answers={"first_request": False, "minor": True, "resources": False, "no_home": False}),
    )
    sent = {
        "token": str(uuid7()),
        "key": "identity",
        "file": SimpleUploadedFile("a.pdf", pdf()),
        "retour": "1",
    }
    assert client.post(at(made, "pieces"), sent)["Location"].endswith("/personne/")
    sent = {"token": str(uuid7()), "key": "form", "photo": SimpleUploadedFile("b.pdf", pdf())}
    assert client.post(at(made, "pieces"), sent)["Location"].endswith("/information/")
    assert kept(made).there == {"form", "identity"}


def test_a_first_request_says_where_and_when_it_was_handed_over(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), ame(signed)
    place = at(made, "pieces")
    page = plain(client.get(place))
    assert "L’envoyer d’ici n’est pas un dépôt" in page
    assert "dans les 8 jours" in page
    refused = plain(client.post(place, {"goes_incomplete": "on"}))
    assert "Dites quand et à qui elle fut remise" in refused
    tomorrow = french(today() + timedelta(days=1))
    refused = plain(
        client.post(place, {"goes_incomplete": "on", "handed_on": tomorrow, "handed_to": "hospital"})
    )
    assert "notez la remise une fois qu’elle a eu lieu" in refused
    assert f'value="{tomorrow}"' in refused
    assert "Écrivez la date de la remise" in plain(client.post(place, {"handed_to": "hospital"}))
    handed = {"goes_incomplete": "on", "handed_on": french(today()), "handed_to": "hospital"}
    assert client.post(place, handed)["Location"].endswith("/information/")
    preview = plain(client.get(at(made, "apercu")))
    assert "À transmettre au plus tard" in preview
    assert "Dans 8 jours" in preview
    assert "Envoyé sans les pièces qui manquent" in preview


def test_a_renewal_asks_no_handing_over(signed: Signed, as_: Signs) -> None:
    made = ame(signed, answers={"first_request": False})
    assert 'name="handed_on"' not in plain(as_(PASS).get(at(made, "pieces")))


def test_pieces_of_a_right_chosen_before_are_said(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), ame(signed)
    adds(client, made, key="presence")
    client.post(at(made, "droit"), {"authorisation": str(signed.authorisation().id), "right": "c2s"})
    assert "Pièces d’un autre droit" in plain(client.get(at(made, "pieces")))


def test_a_piece_is_taken_away_once_that_is_confirmed(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), ame(signed)
    adds(client, made)
    (piece,) = kept(made).pieces
    sure = client.post(at(made, "pieces"), {"words": "Autre chose.", "retirer": str(piece.id)})
    assert sure["Location"] == f"{HOME}{made}/pieces/{piece.id}/retrait/"
    assert "Une pièce d’identité de chaque personne" in plain(client.get(sure["Location"]))
    page = plain(client.post(sure["Location"], follow=True))
    assert "Pièce retirée" in page
    assert "Autre chose.</textarea>" in page
    assert kept(made).pieces == ()
    again = client.post(at(made, "pieces"), {"retirer": str(piece.id)})
    assert again["Location"] == at(made, "pieces")


@pytest.mark.security
@pytest.mark.parametrize("tail", ["", "retrait/"])
def test_a_piece_opens_to_its_author_and_to_whoever_replaces_her(
    signed: Signed, as_: Signs, tail: str
) -> None:
    made = prepare(signed)
    piece = kept(made).pieces[0]
    place = f"{HOME}{made}/pieces/{piece.id}/{tail}"
    assert Client().get(place)["Location"].startswith("/connexion/")
    for address, status in ((STRANGER, 404), (READER, 403), (ADVISER, 403)):
        assert as_(address).get(place).status_code == status, address
    other = colleague(as_)
    assert other.get(place).status_code == 404
    assert other.get(place.replace(str(piece.id), str(uuid7()))).status_code == 404
    assert as_(PASS).get(place.replace(str(made), str(prepare(signed)))).status_code == 404
    with member(COLLEAGUE) as colleague_:
        replacement = colleague_.user
    with member(PASS) as worker:
        record_absence(person=worker.user, away=Away(today(), today(), replacement), by=worker, at=now())
    for client in (as_(PASS), other):
        got = client.get(place)
        assert got.status_code == 200
        if not tail:
            assert b"".join(getattr(got, "streaming_content")).startswith(b"%PDF-")  # noqa: B009 - as a stream
            assert got.headers["Cache-Control"] == "no-store, private"
            assert "attachment" in got.headers["Content-Disposition"]
