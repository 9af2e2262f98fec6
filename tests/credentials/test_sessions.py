"""Sessions in the database: digests, closing, cleaning, constraints; identities at a provider."""

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.row_security import acting
from maillage.credentials.identities import link, owner_of
from maillage.credentials.models import Identity, OpenSession
from maillage.credentials.sessions import close, digest, forget_ended, sessions_of
from maillage.demo.cast import PASSWORD
from tests.credentials.people import ADVISER, LONG_AGO, WORKER, someone


def signed_in(address: str = WORKER) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    assert client.post("/connexion/", {"login": address, "password": PASSWORD}).status_code == 302
    return client


def key_of(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


def test_no_key_of_a_session_stands_in_the_database(fresh_database: DatabaseUrls) -> None:
    client = signed_in()
    with psycopg.connect(fresh_database.owner) as owner:
        rows = str(owner.execute("SELECT s::text FROM django_session s").fetchall())
        rows += str(owner.execute("SELECT o::text FROM credentials_opensession o").fetchall())
    assert digest(key_of(client)) in rows
    assert key_of(client) not in rows
    forged = Client()
    forged.cookies["sessionid"] = digest(key_of(client))
    assert forged.get("/").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_a_session_is_closed_by_its_owner_only() -> None:
    mine, other, hers = signed_in(), signed_in(), signed_in(ADVISER)
    user, adviser = someone(), someone(ADVISER)
    assert len(sessions_of(user)) == 2
    (row,) = sessions_of(adviser)
    assert close(user=user, session=row.id, except_key=key_of(mine)) == 0
    assert hers.get("/").status_code == 200
    assert close(user=user, session=None, except_key=key_of(mine)) == 1
    assert (mine.get("/").status_code, other.get("/").status_code) == (200, 302)


@pytest.mark.django_db
def test_signing_out_forgets_the_browser() -> None:
    client = signed_in()
    client.post("/deconnexion/")
    assert sessions_of(someone()) == []


def test_the_worker_forgets_sessions_that_ended_and_no_others(fresh_database: DatabaseUrls) -> None:
    ended, going_on = signed_in(), signed_in()
    with transaction.atomic(using="owner"):
        Session.objects.using("owner").filter(session_key=digest(key_of(ended))).update(expire_date=LONG_AGO)
    assert forget_ended(using="worker") == 1
    left = OpenSession.objects.using("owner").values_list("key", flat=True)
    assert list(left) == [digest(key_of(going_on))]
    assert not Session.objects.using("owner").filter(expire_date__lt=now()).exists()
    assert going_on.get("/").status_code == 200
    with pytest.raises(Exception, match="permission denied"), connections["worker"].cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")


@pytest.mark.django_db
def test_an_identity_names_one_account_for_ever() -> None:
    user, adviser = someone(), someone(ADVISER)
    issuer = "https://connexion.example.org"
    assert owner_of(issuer=issuer, subject="a") is None
    assert link(user=user, issuer=issuer, subject="a", at=now())
    assert owner_of(issuer=issuer, subject="a") == user.id
    assert owner_of(issuer="https://autre.example.org", subject="a") is None
    assert not link(user=user, issuer=issuer, subject="b", at=now())
    with pytest.raises(IntegrityError, match="identity_once"), transaction.atomic():
        link(user=adviser, issuer=issuer, subject="a", at=now())
    with acting(organisation=None, user=adviser.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM credentials_identity")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_database_keeps_what_a_session_and_an_identity_are() -> None:
    user = someone()
    with acting(organisation=None, user=user.id):
        with pytest.raises(IntegrityError, match="opensession_dates_ordered"), transaction.atomic():
            OpenSession.objects.create(user=user, key="k", opened_at=now(), seen_at=LONG_AGO)
        with pytest.raises(IntegrityError, match="identity_named"), transaction.atomic():
            Identity.objects.create(user=user, issuer="x", subject="", linked_at=now())
        Identity.objects.create(user=user, issuer="x", subject="1", linked_at=now())
        with pytest.raises(IntegrityError, match="identity_one_per_provider"), transaction.atomic():
            Identity.objects.create(user=user, issuer="x", subject="2", linked_at=now())
