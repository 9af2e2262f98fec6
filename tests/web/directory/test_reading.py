"""The directory as people read it: the list, a sheet, a commune; what each costs."""

import re

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from maillage.core.row_security import acting
from maillage.organisations.models import Organisation
from tests.web.directory.conftest import ADMIN, MANAGER, STRANGER, WORKER, Signs, plain, sign

LIST, SAINT_ETIENNE, MONTBRISON = "/annuaire/", "/annuaire/commune/42218/", "/annuaire/commune/42147/"


def sheet(short_name: str) -> str:
    return f"/annuaire/organisme/{Organisation.objects.get(short_name=short_name).id}/"


@pytest.mark.parametrize(
    ("asked", "seen", "unseen"),
    [
        ({}, "CPAM de la Loire", "—"),
        ({"texte": "cpam loir"}, "CPAM de la Loire", "CCAS de Montbrison"),
        ({"texte": "HÔPITAL"}, "Aucun organisme ne répond", "CCAS de Montbrison"),
        ({"texte": "264 210 295"}, "Aucun organisme ne répond", "CPAM"),
        ({"texte": "26421029500020"}, "CCAS de Montbrison", "CPAM de la Loire"),
        ({"texte": "'; DROP TABLE x; --"}, "Aucun organisme ne répond", "CCAS de Montbrison"),
        ({"texte": "()&|!:*"}, "Aucun organisme ne répond", "CCAS de Montbrison"),
        ({"nature": "pass"}, "PASS du Centre hospitalier", "CCAS de Montbrison"),
        ({"departement": "Puy-de-Dôme"}, "CCAS de Villexemple", "CCAS de Montbrison"),
        ({"departement": "Nulle part"}, "Écrivez un département", "—"),
        ({"commune": "Saint-Étienne"}, "CPAM de la Loire", "CCAS de Montbrison"),
        ({"commune": "Montbrison"}, "CCAS de Montbrison", "CCAS de Villexemple"),
        ({"commune": "Saint-Denis"}, "Plusieurs communes portent ce nom", "—"),
        ({"service": "ame"}, "Centre hospitalier d’Exemple", "CCAS de Montbrison"),
        ({"page": "x"}, "CPAM de la Loire", "—"),
    ],
)
def test_the_list_finds_what_is_asked(as_: Signs, asked: dict[str, str], seen: str, unseen: str) -> None:
    answer = as_(WORKER).get(LIST, asked)
    table = plain(answer).partition('id="organismes"')[2]
    assert answer.status_code == 200
    assert seen in plain(answer)
    assert unseen not in table


def test_everybody_signed_in_reads_and_only_the_manager_sees_what_she_manages(as_: Signs) -> None:
    for address in (ADMIN, WORKER, STRANGER, MANAGER):
        page = plain(as_(address).get(LIST))
        assert "CCAS de Villexemple" in page
        assert ("Importer un fichier" in page) == (address == MANAGER)
        page = plain(as_(address).get(sheet("CPAM 42")))
        assert ("J’assure que cette fiche est à jour" in page) == (address == ADMIN)


def test_the_list_costs_the_same_whatever_it_holds(as_: Signs) -> None:
    client = as_(WORKER)
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, {"texte": "c", "commune": "Montbrison", "service": "ame"})
    control = ("SAVEPOINT", "RELEASE")
    assert len([one for one in captured.captured_queries if not one["sql"].startswith(control)]) == 4


def test_a_commune_is_found_without_javascript_and_suggested_with_it(as_: Signs) -> None:
    client = as_(WORKER)
    answer = client.get("/annuaire/communes/", {"q": "montbrison"})
    assert answer.status_code == 200  # there is one in the Drôme too
    assert MONTBRISON in answer.content.decode()
    answer = client.get("/annuaire/communes/", {"q": "42147"})
    assert (answer.status_code, answer["Location"]) == (302, MONTBRISON)
    fragment = client.get("/annuaire/communes/", {"q": "saint-et"}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert SAINT_ETIENNE in fragment.content.decode()
    assert "D’autres communes" in plain(fragment)
    assert "D’autres communes" not in plain(client.get("/annuaire/communes/", {"q": "montbris"}))
    for many in (
        client.get("/annuaire/communes/", {"q": "montb"}),
        client.get("/annuaire/communes/", {"q": "montb"}, headers={"HX-Request": "true"}),
    ):
        assert plain(many).count("/annuaire/commune/") == 20
        assert "D’autres communes commencent ainsi : écrivez la suite du nom" in plain(many)
    assert "Aucune commune ne commence ainsi" in plain(client.get("/annuaire/communes/", {"q": "zzzz"}))


def test_who_serves_a_commune_is_answered_for_each_service(as_: Signs) -> None:
    page = plain(as_(WORKER).get(MONTBRISON))
    for words in (
        "Aide médicale de l’État (",
        "Accueil de Saint-Étienne",
        "sur rendez-vous",
        "Sinon",  # the hospital is the alternative
        "Bureau des entrées, hall principal",
        "Une preuve de plus de trois mois de présence",
        "Mission accompagnement santé",
        "Domiciliation",
        "À vérifier avant de s’y fier",  # C2S was assured too long ago
        "CPAM de la Loire",
    ):
        assert words in page
    assert "Domiciliation</h2>" not in plain(as_(WORKER).get(SAINT_ETIENNE))  # that CCAS serves Montbrison


def test_the_regional_prado_box_comes_before_the_local_correspondents(as_: Signs) -> None:
    north, south = plain(as_(WORKER).get(MONTBRISON)), plain(as_(WORKER).get(SAINT_ETIENNE))
    region = "prado-region@carsat.example.org"
    assert north.index(region) < north.index("prado-nord@cpam.example.org")
    assert south.index(region) < south.index("prado-sud@cpam.example.org")
    assert "prado-sud@" not in north
    elsewhere = plain(as_(WORKER).get("/annuaire/commune/75110/"))
    assert "prado" not in elsewhere.partition("<main")[2]


def test_a_departement_and_an_arrondissement_are_places_too_and_nonsense_is_not(as_: Signs) -> None:
    client = as_(WORKER)
    assert "Loire (42)" in plain(client.get("/annuaire/commune/42/"))
    assert "toute la France" in plain(client.get("/annuaire/commune/69381/"))
    for code in ("99999", "R84", "FR", "x"):
        assert client.get(f"/annuaire/commune/{code}/").status_code == 404


def test_a_sheet_tells_whom_it_serves_and_how_that_is_known(as_: Signs) -> None:
    client = as_(WORKER)
    assert "celui de son département, faute d’un territoire déclaré" in plain(client.get(sheet("CPAM 42")))
    assert "région Auvergne-Rhône-Alpes" in plain(client.get(sheet("CARSAT RA")))
    assert "celui de sa commune" in plain(client.get(sheet("CCAS")))
    assert "celle de Paris" in plain(client.get(sheet("CCAS")))
    hospital = plain(client.get(sheet("CH d’Exemple")))
    assert "PASS du Centre hospitalier d’Exemple" in hospital
    assert "Personne n’a encore assuré ces informations" in hospital
    assert "Rattaché à" in plain(client.get(sheet("PASS d’Exemple")))


def test_a_sheet_names_whom_it_depends_on_up_to_its_head(fresh_database: object) -> None:
    hospital = Organisation.objects.get(short_name="CH d’Exemple")
    owned = Organisation.objects.using("owner")
    owned.filter(id=hospital.id).update(parent=owned.get(short_name="Croix-Rouge"))
    page = plain(sign(WORKER).get(sheet("PASS d’Exemple")))
    said = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert "Rattaché à Centre hospitalier d’Exemple, puis Croix-Rouge française" in said


def test_the_search_uses_its_indexes_under_row_security(fresh_database: object) -> None:
    """Fifty thousand rows make the planner choose; benchmarks/directory.py measures the page."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_organisation DISABLE TRIGGER journal")
        cursor.execute(
            "INSERT INTO organisations_organisation (id, kind, name, short_name, sort_name, siret, address, departement,"
            " time_zone, mailbox, phone, commune) SELECT gen_random_uuid(), 'ccas', 'Body ' || n, 'b', 'body ' || n, '', '',"
            " '63', 'Europe/Paris', '', '', lpad((63000 + n % 400)::text, 5, '0') FROM generate_series(1, 20000) n"
        )
        cursor.execute("VACUUM ANALYZE organisations_organisation")
    words = "words @@ '''17'':*'::tsquery AND closed_on IS NULL ORDER BY sort_name, id LIMIT 51"
    zones = "covers && '{42147,42,R84,FR}'::varchar[] AND closed_on IS NULL ORDER BY sort_name, id LIMIT 51"
    with transaction.atomic(), acting(organisation=Organisation.objects.get(short_name="CCAS").id):
        for condition in (words, zones, "closed_on IS NULL ORDER BY sort_name, id LIMIT 51"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN SELECT id, name FROM organisations_organisation WHERE {condition}")  # noqa: S608
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
