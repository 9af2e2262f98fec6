"""Authorising a page: session, account, memberships of the day with what lets her act; against the same page open to anybody."""

from django.db import connections
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from benchmarks.database import Bench
from benchmarks.measure import Line, by_turns, statements_of
from maillage.demo.directory import load_directory
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.organisations.undertaking import current_text
from maillage.web.middleware import MemberRequest
from maillage.web.rules import page

RUNS = 40
PEOPLE = 50_000
WORKER = "deux@example.org"  # two employers: the harder case


@page(permission=Permission.SEND_REFERRALS)
def guarded(request: MemberRequest) -> HttpResponse:  # noqa: ARG001 - a view takes one
    """Nothing but its rule."""
    return HttpResponse()


@page(anonymous=True)
def open_to_all(request: MemberRequest) -> HttpResponse:  # noqa: ARG001 - the same
    """The same without one."""
    return HttpResponse()


urlpatterns = [path("garde/", guarded), path("libre/", open_to_all)]


def fill(people: int) -> None:
    """The demonstration's directory, and that many people more, each with a role, an undertaking and a training."""
    load_directory(using="owner")
    text = current_text()
    with connections["owner"].cursor() as cursor:
        for table in ("user", "membership", "undertaking", "training"):
            cursor.execute(f"ALTER TABLE organisations_{table} DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO organisations_user (id, email, full_name, password, is_active)"
            " SELECT gen_random_uuid(), 'p' || n || '@example.org', 'Personne Exemple', '!', true FROM generate_series(1, %s) n",
            [people],
        )
        one = "(SELECT id FROM organisations_organisation ORDER BY id LIMIT 1)"
        whom = "FROM organisations_user WHERE password = '!'"
        cursor.execute(
            "INSERT INTO organisations_membership (id, user_id, organisation_id, role, since)"
            f" SELECT gen_random_uuid(), id, {one}, 'partner_worker', '2020-01-01' {whom}"
        )
        cursor.execute(
            "INSERT INTO organisations_undertaking (id, user_id, organisation_id, version, text_hash)"
            f" SELECT gen_random_uuid(), id, {one}, %s, %s {whom}",
            [text.version, text.text_hash],
        )
        cursor.execute(
            "INSERT INTO organisations_training (id, user_id, organisation_id, done_on, title)"
            f" SELECT gen_random_uuid(), id, {one}, '2024-01-01', 'RGPD' {whom}"
        )
        for table in ("user", "membership", "undertaking", "training"):
            cursor.execute(f"ALTER TABLE organisations_{table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE organisations_{table}")


def lines(bench: Bench, database: str) -> list[Line]:
    """How many queries a page's rule costs, and how much CPU of the web process."""
    bench.point_at(database)
    client, nobody = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=WORKER))

    def get() -> None:
        assert client.get("/garde/").status_code == 200

    def bare() -> None:
        assert nobody.get("/libre/").status_code == 200

    with override_settings(ROOT_URLCONF="benchmarks.authorisation"):
        get()
        bare()
        queries = len(statements_of(get)) - len(statements_of(bare))
        whole, without = by_turns(get, bare, runs=RUNS)
    detail = f"{whole * 1000:.2f} ms la page vide, {without * 1000:.2f} ms sans règle"
    return [
        Line("autorisation d’une page : requêtes", float(queries), 3.0, "below"),
        Line("autorisation d’une page : ms de CPU", (whole - without) * 1000, 2.0, "below", detail),
    ]
