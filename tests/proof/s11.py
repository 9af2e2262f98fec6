"""S11 at full size: what is said of people is searched for in everything that leaves the platform beside the page that was asked.

A try is one request, by one person to one address in one way (as a page, as a fragment, while the page breaks once everything
was read, with a person's words typed in its form), whose headers, title, links, error page, file and log lines are searched; or
one e-mail, searched whole. The journal, the outbox, the queue and the database server's log are searched after each unit.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, connections, transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.core.clock import now, today
from maillage.core.database.testing import TestCluster
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.notifications.sending import send_waiting
from maillage.referrals import actions, outcomes, questions, working
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.queries import referral_of
from maillage.web.middleware import PARIS
from tests.architecture.test_pages import Address
from tests.proof.canaries import Canary, hits
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.answering import Answer
from tests.security.leaks import FILES, Log, everything_logged, in_a_file, kept, sideways, words_of
from tests.security.reach import Visitor, probed, url_of, written_rule
from tests.security.worlds import World, build, member

ADDRESSES = probed()
ADVISER = "conseil@cpam.example.org"
SENDERS, EACH = 12, 140  # four messages each


def _typed(world: World) -> dict[str, str]:
    """A person's words, under every name that a form of ours may give them."""
    person = world.person
    said = {
        "surname": person.surname, "given_name": person.given_name, "phone": str(person.phone),
        "birth_date": person.birth_date.strftime("%d/%m/%Y"), "q": person.surname,
    }  # fmt: skip
    sentence = f"{person.surname} {person.given_name}, {person.phone}"
    return said | dict.fromkeys(
        ("narrative", "reason", "motive", "note", "function", "text", "title", "what", "login"), sentence
    )


class Searcher:
    """Asks as everybody, and searches what comes back."""

    def __init__(self, browsers: Visitor, log: Log, tally: Tally) -> None:
        self.browsers, self.log, self.tally = browsers, log, tally
        self.words = [word for world in browsers.worlds.values() for word in words_of(world)]

    def ask(self, client: Any, method: str, url: str, what: str, **more: Any) -> None:
        """One request, rolled back."""
        with transaction.atomic():
            answered = client.post(url, **more) if method == "POST" else client.get(url, **more)
            answer = Answer.of(answered)
            transaction.set_rollback(True)
        self.tally.tried += 1
        self.tally.controls += answer.status == 200 and any(word in answer.body for word in self.words)
        found = self.log.named(self.words)
        if "data" not in more or not _shows_again(answer):
            found += sideways(answer, self.words)
        if answer.headers.get("Content-Type", "").startswith(FILES):
            content = b"".join(answered.streaming_content) if answered.streaming else answered.content
            found += in_a_file(content, self.words)
        self.tally.violations += [f"{method} {what}: {one}" for one in found]


def _shows_again(answer: Answer) -> bool:
    """A refused form gives what was typed back to who typed it."""
    return answer.status == 403


def _breaks(*_: Any, **__: Any) -> None:
    raise RuntimeError("broken once everything was read")


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_nothing_personal_is_beside_a_page(
    *, address: Address, browsers: Visitor, cluster: TestCluster, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:  # fmt: skip
    here = browsers.worlds["here"]
    assert browsers.clients[ADVISER].post(f"/orientations/{here.ids['case']}/suivi/").status_code == 302
    methods = written_rule(address).methods
    clients = {"anonymous": browsers.anonymous, **browsers.clients}
    with everything_logged() as log:
        search = Searcher(browsers, log, tally)
        for relation, arguments in browsers.objects(address):
            url = url_of(address, arguments)
            for (who, client), method in product(clients.items(), methods):
                what = f"{address.name} {relation} by {who}"
                search.ask(client, method, url, what)
                search.ask(client, method, url, f"{what} as a fragment", headers={"HX-Request": "true"})
                if method == "POST":
                    search.ask(client, method, url, f"{what}, typed", data=_typed(here))
                if method == "GET":
                    with monkeypatch.context() as patch:
                        patch.setattr("maillage.web.context.shell", _breaks)
                        search.ask(client, method, url, f"{what} while it breaks")
    bodies = {name for world in browsers.worlds.values() for name in world.parties.values()}
    read, found = kept(bodies, search.words)
    assert read
    server = cluster.place.log.read_text(errors="replace")
    tally.violations += found + [f"the server's log: {word}" for word in search.words if word in server]


@pytest.fixture
def own_database(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of this unit's own."""
    with own_clone(cluster, database_template, django_db_blocker, "s11"):
        yield


def _follow_through(canary: Canary, authorisation: Authorisation, sender: str) -> None:
    """One person sent, received, contacted and closed: a message at each step."""
    with member(sender) as worker:
        content = Content(
            authorisation=authorisation.id,
            person=Identity(
                surname=canary.surname, given_name=canary.surname[::-1], birth_date=date(1984, 2, 28), phone=canary.phone,
                email=f"{canary.surname}@example.org", other_way=f"chez {canary.surname}", nir=canary.nir,
            ),
            situation=Situation(("cost",), f"{canary.surname} ne peut pas avancer les frais, {canary.phone}"),
            precisions=Precisions({"received_here": True}),
            told=Told(today(PARIS), "oral", recipient_named=True),
            agreement=Agreement("agreed", "all", "oral"),
        )  # fmt: skip
        case = actions.send(
            draft=begin(token=uuid7(), content=content, by=worker, at=now()), by=worker, at=now()
        )
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        known: dict[str, Any] = {"referral": referral, "by": adviser, "at": now()}
        tried = working.Tried(uuid7(), today(PARIS), "call", reached=True)
        working.acknowledge(**known)
        working.accept(**known)
        working.contact(tried=tried, **known)
        questions.ask(question_id=uuid7(), text=f"{canary.surname} est-elle née un 28 ?", **known)
        outcomes.close(noted=outcomes.Noted(rights={"c2s": "opened"}), **known)


@pytest.mark.parametrize("number", range(SENDERS))
def test_an_e_mail_names_nobody(number: int, own_database: None, tally: Tally) -> None:
    here, _ = build()
    with transaction.atomic(), acting(organisation=here.bodies["ccas"]):
        authorisation = Authorisation.objects.get(id=here.ids["authorisation"])
    with everything_logged() as log:
        for canary in map(Canary, range(number * EACH, (number + 1) * EACH)):
            _follow_through(canary, authorisation, here.worker)
        with connections["owner"].cursor() as cursor:
            # Each leaves alone, so that as many are searched; of all that is held, one a day would say the number.
            cursor.execute("UPDATE notifications_message SET held = false")
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(connections["worker"].settings_dict)
        sent = send_waiting(now).sent
        connection.close()
        connection.settings_dict.update(before)
    assert sent == len(mail.outbox) >= 4 * EACH
    for message in mail.outbox:
        tally.tried += 1
        tally.violations += [f"an e-mail: {hit}" for hit in hits(message.message().as_bytes())]
    tally.violations += [f"the log: {hit}" for hit in hits("\n".join(log.text).encode())]
    message.body += Canary(7).surname
    tally.controls = len(hits(message.message().as_bytes()))
    assert tally.controls, "the search does not see a plain name in an e-mail"
    assert settings.EMAIL_BACKEND.endswith("locmem.EmailBackend")
