"""A contact of a contract who asks: found by what is typed, given what she gave, erased where nothing needs her; never a case."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from maillage.audit.models import Entry
from maillage.audit.verification import verify
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file
from maillage.protection.requests import receiving
from maillage.protection.requests.answering import answer
from maillage.protection.requests.contact_rules import Contact, Needed
from maillage.protection.requests.contacts import attach, contacts_in, search
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import held_for, letter_for, portable_for
from maillage.protection.requests.held import CONTACT_LABELS, machine_file, portable_cells, portable_file
from maillage.protection.requests.models import RequestFile, RightOutcome
from tests.days import today
from tests.protection.breaches.files import signed_framework
from tests.protection.requests.files import ASKER, CCAS_ADMIN, CPAM_DPO, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.protection.retention.test_erasing import of_the_ccas, rows
from tests.referrals.world import WORKER, member, send_referral, sign_convention
from tests.training.world import held, planned, register, teach, withdraw

RIGHTS = ("access", "portability", "erasure")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def given(fresh_database: object) -> None:
    """What commits, in a database of the test's own."""


def asked(by: str = CPAM_DPO, rights: tuple[str, ...] = RIGHTS) -> UUID:
    return received(by=by, subject="contact", rights=rights)


def found(request: UUID, words: str, by: str = CPAM_DPO) -> list[Contact]:
    with member(by) as someone:
        return search(file=file_of(request, someone), words=words, by=someone, at=now())


def noted(request: UUID, words: str, by: str = CPAM_DPO) -> list[Contact]:
    """All those that bear these words are her."""
    contacts = found(request, words, by)
    with member(by) as someone:
        attach(file=file_of(request, someone), contacts=[one.id for one in contacts], by=someone, at=now())
    return contacts


def decided(
    request: UUID, right: str, outcome: str = "granted", by: str = CPAM_DPO, **more: Any
) -> RightOutcome:
    with member(by) as someone:
        return decide(
            file=file_of(request, someone), right=right, outcome=outcome, by=someone, at=now(), **more
        )


def file_now(request: UUID, by: str = CPAM_DPO) -> RequestFile:
    with member(by) as someone:
        return file_of(request, someone)


def ended(request: UUID, by: str = CPAM_DPO) -> str:
    """Answered; the letter."""
    with member(by) as someone:
        answer(file=file_of(request, someone), by=someone, at=now())
        return said_in(letter_for(file_of(request, someone), by=someone, at=now()))


def test_a_former_referent_is_found_given_and_erased_and_the_letter_says_it() -> None:
    signed = sign_convention()
    gone = of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked()
    (contact,) = noted(request, "ancienne@")
    assert (contact.id, contact.needed, contact.mailbox) == (gone.pk, None, "ancienne@cpam.example.org")
    decided(request, "access")
    decided(request, "portability")
    done = decided(request, "erasure").done
    assert done == "Effacé : 1 référent d’une convention."
    assert rows("SELECT function, mailbox, phone FROM conventions_referent WHERE id = %s", gone.pk) == [
        ("Contact effacé", "", "—")
    ]
    assert file_now(request).contacts == []
    letter = ended(request)
    assert "vos coordonnées de contact sont effacées" in letter
    assert done in letter
    assert "aucun n’y correspond" not in letter
    assert file_now(request).state == "answered"
    with member(CPAM_DPO):
        (entry,) = Entry.objects.filter(verb="request.erase")
    assert (entry.reason, entry.object_ref) == ("1 contact", str(request))
    assert verify()[1] == []


def test_a_referent_on_duty_stays_until_somebody_succeeds_her() -> None:
    signed = sign_convention()
    serving = of_the_ccas(signed.id, None, "servante@cpam.example.org")
    request = asked(rights=("erasure",))
    (contact,) = noted(request, "servante")
    assert contact.needed is Needed.POST
    with pytest.raises(Refused, match="nommez d’abord qui lui succède"):
        decided(request, "erasure")
    assert rows("SELECT mailbox FROM conventions_referent WHERE id = %s", serving.pk) == [
        ("servante@cpam.example.org",)
    ]
    rows("UPDATE conventions_referent SET until = %s WHERE id = %s", today() - DAY, serving.pk)
    assert "Effacé" in decided(request, "erasure").done
    assert rows("SELECT mailbox FROM conventions_referent WHERE id = %s", serving.pk) == [("",)]


def test_what_still_serves_stays_with_its_ground_and_the_rest_goes() -> None:
    signed, other = sign_convention(), sign_convention()
    of_the_ccas(signed.id, today() - DAY, "partagee@cpam.example.org")
    of_the_ccas(other.id, None, "partagee@cpam.example.org")
    of_the_ccas(signed.id, today() - DAY, "seule@cpam.example.org")
    request = asked(rights=("erasure",))
    contacts = found(request, "@cpam.example.org")
    assert sorted(one.needed.value if one.needed else "" for one in contacts) == ["", "box", "post"]
    noted(request, "@cpam.example.org")
    done = decided(request, "erasure").done
    assert done.startswith("Effacé : 1 référent d’une convention. Gardé, référent d’une convention (")
    assert "RGPD, article 17.1 a" in done
    assert "cette adresse sert encore une fonction en cours" in done
    assert len(file_now(request).contacts) == 2
    letter = ended(request)
    assert "cette adresse sert encore" in letter
    assert "@cpam.example.org" not in letter


def test_somebody_of_a_training_goes_as_at_the_end_of_her_days() -> None:
    taught = teach()
    people: dict[str, UUID] = {}
    held(taught, (("Ondine Modèle", True),), known=people)
    later = planned(taught)
    place = register(later, "Aurore Exemple")
    request = asked(CCAS_ADMIN, ("erasure",))
    assert [one.name for one in found(request, "modele", CCAS_ADMIN)] == ["Ondine Modèle"]
    (waiting,) = found(request, "aurore", CCAS_ADMIN)
    assert waiting.needed is Needed.SESSION
    noted(request, "aurore", CCAS_ADMIN)
    with pytest.raises(Refused, match="désinscrivez-la d’abord"):
        decided(request, "erasure", by=CCAS_ADMIN)
    withdraw(place)
    with member(CCAS_ADMIN) as admin:
        attach(
            file=file_of(request, admin), contacts=[waiting.id, people["Ondine Modèle"]], by=admin, at=now()
        )
    presences = rows("SELECT count(*) FROM training_presence")
    assert decided(request, "erasure", by=CCAS_ADMIN).done == (
        "Effacé : 2 personnes inscrites à des formations."
    )
    assert rows("SELECT DISTINCT name, email, function FROM training_attendee") == [
        ("Personne effacée", "", "Contact effacé")
    ]
    assert rows("SELECT count(*) FROM training_presence") == presences
    assert found(request, "effacée", CCAS_ADMIN) == []


def test_what_is_given_is_given_before_it_is_erased() -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked()
    noted(request, "ancienne")
    with pytest.raises(Refused, match="accès, portabilité"):
        decided(request, "erasure")
    decided(request, "access")
    with pytest.raises(Refused, match="portabilité"):
        decided(request, "erasure")
    decided(request, "portability", "refused", ground="identity", words="Rien ne le montre.")
    assert decided(request, "erasure").done


def test_what_she_gave_is_read_back_from_both_files_and_is_not_all_that_is_held() -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked()
    (contact,) = noted(request, "ancienne")
    rows("UPDATE conventions_referent SET phone = '+33 4 77 00 00 00' WHERE id = %s", contact.id)
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        given = portable_for(file, by=officer, at=now())
        everything = machine_file(
            held_for(file, by=officer, at=now()), organisation="CPAM", reference="D-1", on=today()
        )
    opened = json.loads(portable_file(given, organisation="CPAM 42", reference="D-1", on=today()))
    assert opened["contacts"] == [
        {
            "nature": "référent d’une convention", "nom": "", "fonction": contact.function,
            "adresse_electronique": "ancienne@cpam.example.org", "telephone": "+33 4 77 00 00 00",
        }
    ]  # fmt: skip
    table = csv_file(CONTACT_LABELS, map(portable_cells, given)).decode("utf-8-sig")
    titles, line = csv.reader(io.StringIO(table), delimiter=";")
    assert dict(zip(titles, line, strict=True)) == {
        "Nature": "référent d’une convention", "Nom": "", "Fonction": contact.function,
        "Adresse électronique": "ancienne@cpam.example.org", "Téléphone": "0033 4 77 00 00 00",
    }  # fmt: skip
    (only,) = json.loads(everything)["dossiers"]
    assert (
        contact.about in only["rubriques"][0]["titre"]
    )  # the convention is ours, not hers: it is held, not given
    assert contact.about not in table + json.dumps(opened, ensure_ascii=False)


def test_portability_is_given_where_it_is_asked_and_not_refused() -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    for rights, words in ((("access",), "pas demandée"), (("portability",), "quels contacts")):
        request = asked(rights=rights)
        if rights == ("access",):
            noted(request, "ancienne")
        else:
            found(request, "ancienne")
        with member(CPAM_DPO) as officer, pytest.raises(Refused, match=words):
            portable_for(file_of(request, officer), by=officer, at=now())


def test_cases_are_never_erased_on_request() -> None:
    signed = sign_convention()
    case = send_referral(signed)
    request = received(by=CCAS_ADMIN, rights=("erasure",))
    with member(CCAS_ADMIN) as admin:
        hers = file_of(request, admin)
        receiving.search(file=hers, surname="Quintessence", born=ASKER.birth_date, by=admin, at=now())
        receiving.attach(file=hers, cases=[case], by=admin)
    with pytest.raises(Refused, match="Les dossiers ne s’effacent pas à la demande"):
        decided(request, "erasure", by=CCAS_ADMIN)
    file = file_now(request, CCAS_ADMIN).pk
    with member(CCAS_ADMIN), pytest.raises(DatabaseError), transaction.atomic():
        RequestFile.objects.filter(pk=file).update(contacts=[case])


def test_nobody_elses_contact_is_found_noted_or_erased() -> None:
    signed = sign_convention()
    gone = of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked(CCAS_ADMIN, ("erasure",))
    assert found(request, "ancienne", CCAS_ADMIN) == []
    with member(CCAS_ADMIN) as admin:
        assert contacts_in(admin, [gone.pk], now()) == []
        with pytest.raises(Refused, match="de la liste"):
            attach(file=file_of(request, admin), contacts=[gone.pk], by=admin, at=now())
        with pytest.raises(DatabaseError), transaction.atomic():
            RequestFile.objects.filter(pk=file_of(request, admin).pk).update(contacts=[gone.pk])
    own = asked()
    noted(own, "ancienne")
    theirs = file_now(own).pk
    with (
        member(CCAS_ADMIN),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM protection_erase_contacts(%s)", [theirs])
    assert rows("SELECT mailbox FROM conventions_referent") == [("ancienne@cpam.example.org",)]


@pytest.mark.parametrize("reason", ["unasked", "unknown", "answered"])
def test_the_database_erases_for_an_open_request_for_erasure_alone(reason: str) -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = received(
        by=CPAM_DPO, subject="contact", rights=("access",) if reason == "unasked" else ("erasure",),
        check_made="pending" if reason == "unknown" else "known",
    )  # fmt: skip
    noted(request, "ancienne")
    file = file_now(request)
    if reason == "answered":
        decided(request, "erasure", "refused", ground="legal", words="Un motif.")
        ended(request)
    with member(CPAM_DPO), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_erase_contacts(%s)", [file.pk])
    assert rows("SELECT mailbox FROM conventions_referent") == [("ancienne@cpam.example.org",)]


def test_too_little_typed_lists_nobody_and_a_worker_looks_for_nobody() -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked(WORKER, ("erasure",))
    for words in ("", "an", "  a "):
        with pytest.raises(Refused, match="au moins 3 lettres"):
            found(request, words, CCAS_ADMIN)
    with pytest.raises(PermissionDenied):
        found(request, "ancienne", WORKER)
    assert found(request, "100%", CCAS_ADMIN) == []


def test_nothing_found_is_no_answer_once_a_contact_is_hers() -> None:
    signed = sign_convention()
    of_the_ccas(signed.id, today() - DAY, "ancienne@cpam.example.org")
    request = asked(rights=("erasure",))
    noted(request, "ancienne")
    with pytest.raises(Refused, match="contacts sont les siens"):
        decided(request, "erasure", "nothing")
    other = asked(rights=("erasure",))
    found(other, "inconnue@")
    assert decided(other, "erasure", "nothing").done == ""
    assert "parmi les contacts que notre organisme garde" in ended(other)
    assert file_now(other).state == "nothing"


def test_a_search_asks_four_questions_however_many_it_finds(django_assert_num_queries: Any) -> None:
    signed = sign_convention()
    for number in range(3):
        of_the_ccas(signed.id, today() - DAY, f"ancienne{number}@cpam.example.org")
    request = asked()
    for words in ("ancienne1", "ancienne"):
        with member(CPAM_DPO) as officer:
            hers = [
                one.id for one in search(file=file_of(request, officer), words=words, by=officer, at=now())
            ]
            with django_assert_num_queries(3):
                assert len(contacts_in(officer, hers, now())) == len(hers) > 0


def test_any_right_of_a_contact_is_written_down_whatever_her_text_opens() -> None:
    signed_framework(now() - 3 * DAY, now())
    request = received(by="admin@cnam.example.org", subject="contact", rights=("erasure", "portability"))
    assert file_now(request, "admin@cnam.example.org").request.rights == ["erasure", "portability"]
    request = received(by=CCAS_ADMIN, subject="contact", rights=("erasure",))
    assert file_now(request, CCAS_ADMIN).request.rights == ["erasure"]
