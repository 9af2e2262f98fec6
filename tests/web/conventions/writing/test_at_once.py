"""Two people at the same instant: one acts, the other is told; in real transactions, on real threads."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import Client

from maillage.conventions.signatures.models import Signature
from maillage.core.clock import now
from maillage.organisations.models import User
from tests.conventions.people import CARSAT, CPAM, S3, member, proposed
from tests.days import PARIS
from tests.web.conventions.writing.conftest import hidden, plain

TODAY = now().astimezone(PARIS)
BACKEND = "maillage.web.accounts.backend.ClosedBackend"


def browser(address: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=address), backend=BACKEND)
    return client


def ready_to_sign(person: Client, convention: UUID) -> dict[str, str]:
    page = person.get(f"/conventions/{convention}/signature/")
    return {
        "token": hidden(page, "token"),
        "seen_hash": hidden(page, "seen_hash"),
        "signed_on": TODAY.strftime("%d/%m/%Y"),
        "function": "Directrice",
    }


def at_once(convention: UUID, forms: list[tuple[Client, dict[str, str]]]) -> list[str]:
    """What each is answered when all press the button together."""
    together, said = threading.Barrier(len(forms)), [""] * len(forms)

    def press(rank: int, person: Client, form: dict[str, str]) -> None:
        try:
            together.wait(timeout=20)
            answer: Any = person.post(f"/conventions/{convention}/signature/", form, follow=True)
            said[rank] = plain(answer)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(rank, *form)) for rank, form in enumerate(forms)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def held(convention: UUID) -> list[str]:
    with member(CPAM, TODAY):
        rows = Signature.objects.filter(convention=convention, voided_at=None)
        return sorted(rows.values_list("party_key", flat=True))


def test_of_two_people_who_sign_for_one_party_one_signs_and_the_other_is_told(fresh_database: object) -> None:
    new = proposed(S3, TODAY - timedelta(days=5))
    people = [browser(CPAM) for _ in range(3)]
    said = at_once(new, [(person, ready_to_sign(person, new)) for person in people])
    assert sum("Signature de CPAM 42 enregistrée" in page for page in said) == 1
    assert sum("Cette partie a déjà signé ce texte" in page for page in said) == 2
    assert held(new) == ["cpam"]


def test_two_parties_who_sign_together_both_sign(fresh_database: object) -> None:
    new = proposed(S3, TODAY - timedelta(days=5))
    people = [browser(CPAM), browser(CARSAT)]
    said = at_once(new, [(person, ready_to_sign(person, new)) for person in people])
    assert all("enregistrée" in page for page in said)
    assert held(new) == ["carsat", "cpam"]


def test_one_form_pressed_many_times_at_once_signs_once(fresh_database: object) -> None:
    new = proposed(S3, TODAY - timedelta(days=5))
    person = browser(CPAM)
    form = ready_to_sign(person, new)
    said = at_once(new, [(browser(CPAM), form) for _ in range(4)])
    assert all("Signature de CPAM 42 enregistrée" in page for page in said)
    assert held(new) == ["cpam"]
