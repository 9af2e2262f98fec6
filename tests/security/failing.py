"""Parts of the platform that fail, one at a time, and what people go on doing meanwhile: nothing may fail open.

Three promises are judged after each request: nobody was shown a person without an entry of the journal that says so; nothing that
was refused is half written, and nothing written is left out of the journal; a success that is told has happened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.messages import SUCCESS
from django.test import Client

from maillage.core.database.settings import DatabaseUrls
from maillage.core.identifiers import uuid7
from maillage.demo.cast import PASSWORD
from maillage.vault.store import IDENTITY
from tests.days import today
from tests.security.worlds import World

ADVISER, SOCIAL_WORKER = "conseil@cpam.example.org", "social@ccas.example.org"
ANOTHER_KEY = "YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlci0="

# What an operator, a full disk or a bug does to the database, as its owner.
BROKEN_DATABASE: dict[str, str] = {
    "the journal refuses every entry": "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$;"
    " CREATE TRIGGER a_fails BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION fails()",
    "the journal is gone": "ALTER TABLE audit_entry RENAME TO aside",
    "the web may not write the journal": "REVOKE INSERT ON audit_entry FROM maillage_app",
    "the chain is gone": "ALTER TABLE audit_chain RENAME TO aside",
    "no link can be written": "ALTER TABLE audit_link ADD CONSTRAINT never CHECK (number < 0) NOT VALID",
    "private keys are gone": "ALTER TABLE vault_privatekey RENAME TO aside",
    "private keys are damaged": "ALTER TABLE vault_privatekey DISABLE TRIGGER USER; UPDATE vault_privatekey SET wrapped = sha256(wrapped)",
    "public keys are gone": "ALTER TABLE vault_publickey RENAME TO aside",
    "no public key is in use": "ALTER TABLE vault_publickey DISABLE TRIGGER USER; UPDATE vault_publickey SET retired_at = now()",
    "the outbox refuses every message": "ALTER TABLE notifications_message ADD CONSTRAINT never CHECK (kind = '') NOT VALID",
    "tries of passwords are not counted": "ALTER TABLE organisations_attempt RENAME TO aside",
    "sessions cannot be kept": "ALTER TABLE django_session RENAME TO aside",
    "identities cannot be kept": "ALTER TABLE beneficiaries_beneficiary RENAME TO aside",
    "participations are gone": "ALTER TABLE cases_participation RENAME TO aside",
    "authorisations are gone": "ALTER TABLE cases_authorisation RENAME TO aside",
}
BROKEN_PROCESS = (
    "the key store is empty",
    "the key store is no directory",
    "a key of the store is damaged",
    "keys of the store are missing",
    "the master key is another one",
    "the master key is missing",
    "the document store is no directory",
)
FAULTS = (*BROKEN_DATABASE, *BROKEN_PROCESS)
# What each fault must stop: otherwise it is no fault, and nothing was tried.
STOPS: dict[str, str] = dict.fromkeys(FAULTS, "send") | {
    "tries of passwords are not counted": "sign in",
    "sessions cannot be kept": "sign in",
    "the document store is no directory": "open a document",
}


@contextmanager
def broken(fault: str, urls: DatabaseUrls, folder: Path) -> Iterator[None]:
    """One part fails until the block ends; the database is the unit's own and stays broken."""
    with pytest.MonkeyPatch.context() as patch:
        if fault in BROKEN_DATABASE:
            with psycopg.connect(urls.owner, autocommit=True) as owner:
                owner.execute(BROKEN_DATABASE[fault].encode())
        else:
            _break_process(fault, patch, folder)
        yield


def _key_files() -> list[Path]:
    """The files of the store but its identity: without that one it would be no store at all."""
    return [path for path in settings.KEY_STORE.rglob("*") if path.is_file() and path.name != IDENTITY]


def _break_process(fault: str, patch: pytest.MonkeyPatch, folder: Path) -> None:
    a_file = folder / "file"
    a_file.write_text("")
    match fault:
        case "the key store is empty":
            patch.setattr(settings, "KEY_STORE", folder / "empty")
        case "the key store is no directory":
            patch.setattr(settings, "KEY_STORE", a_file)
        case "a key of the store is damaged":
            for path in _key_files():
                path.write_bytes(path.read_bytes()[::-1])
        case "keys of the store are missing":
            for path in _key_files():
                path.unlink()
        case "the master key is another one":
            patch.setattr(settings, "MASTER_KEY", ANOTHER_KEY)
        case "the master key is missing":
            patch.setattr(settings, "MASTER_KEY", "")
        case "the document store is no directory":
            patch.setattr(settings, "DOCUMENT_STORE", a_file)


@dataclass(frozen=True)
class Journey:
    """One thing that somebody does: her request, and whether it has happened, as the owner sees the database."""

    name: str
    act: Callable[["People"], Any]
    happened: str = ""  # a query that gives one value, another one once it happened
    journalled: bool = True  # a draft is one's own working paper
    names: bool = False  # it goes when the page names the person


@dataclass
class People:
    """A world, and two people of it who were signed in before anything failed."""

    world: World
    urls: DatabaseUrls
    adviser: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    worker: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def sign_in(self) -> None:
        """Before the fault, at work on the case."""
        for client, address in ((self.adviser, ADVISER), (self.worker, SOCIAL_WORKER)):
            assert client.post("/connexion/", {"login": address, "password": PASSWORD}).status_code == 302
        assert (
            self.adviser.post(f"{self.case}suivi/").status_code == 302
        )  # an identity opens to who follows the case

    def seen(self, query: str) -> Any:
        """One value, as the owner sees it; None where the query itself fails."""
        with psycopg.connect(self.urls.owner, autocommit=True) as owner:
            try:
                row = owner.execute(query.format(**self.world.ids).encode()).fetchone()
            except psycopg.Error:
                return None
        return row and row[0]

    @property
    def case(self) -> str:
        """The address of the case."""
        return f"/orientations/{self.world.ids['case']}/"

    @property
    def draft(self) -> str:
        """The address of the draft."""
        return f"/orientations/brouillons/{self.world.ids['draft']}/"


_CONTACT = {"token": str(uuid7()), "day": today().strftime("%d/%m/%Y"), "way": "call", "reached": "yes"}
_STATE = "SELECT state FROM referrals_referral WHERE case_id = '{case}'"
JOURNEYS = (
    Journey("read a case", lambda p: p.adviser.get(p.case), names=True),
    Journey("read the list", lambda p: p.adviser.get("/orientations/?vue=all"), names=True),
    Journey("read one's drafts", lambda p: p.worker.get(f"{p.draft}personne/"), names=True),
    Journey("open a document", lambda p: p.worker.get(f"/conventions/{p.world.ids['convention']}/documents/{p.world.ids['document']}/")),
    Journey(
        "save a step", lambda p: p.worker.post(f"{p.draft}situation/", {"motives": ["cost"], "narrative": "Quelques mots"}),
        "SELECT updated_at FROM referrals_draft WHERE id = '{draft}'",
        journalled=False,
    ),
    Journey("send", lambda p: p.worker.post(f"{p.draft}envoi/"), "SELECT count(*) FROM referrals_referral WHERE case_id = '{draft}'"),
    Journey("acknowledge", lambda p: p.adviser.post(f"{p.case}reception/"), _STATE),
    Journey("accept", lambda p: p.adviser.post(f"{p.case}acceptation/"), _STATE),
    Journey(
        "contact", lambda p: p.adviser.post(f"{p.case}contact/", _CONTACT),
        "SELECT count(*) FROM referrals_contactattempt WHERE case_id = '{case}'",
    ),
    Journey(
        "ask", lambda p: p.adviser.post(f"{p.case}question/", {"token": str(uuid7()), "question": "Quelques mots"}),
        "SELECT count(*) FROM referrals_casequestion WHERE case_id = '{case}'",
    ),
    Journey("close", lambda p: p.adviser.post(f"{p.case}cloture/", {"right_c2s": "opened"}), _STATE),
    Journey(
        "sign in", lambda _: Client(raise_request_exception=False).post("/connexion/", {"login": ADVISER, "password": PASSWORD}),
        "SELECT count(*) FROM django_session",
    ),
)  # fmt: skip
ENTRIES = "SELECT count(*) FROM audit_entry"
READS = "SELECT count(*) FROM audit_entry WHERE verb LIKE 'read%'"


@dataclass(frozen=True)
class Outcome:
    """What came of a journey: whether it went through, and what is wrong with how it did."""

    went: bool
    wrong: tuple[str, ...]


def tried(journey: Journey, people: People) -> Outcome:
    """Do it, and judge."""
    before = people.seen(journey.happened) if journey.happened else None
    entries, reads = people.seen(ENTRIES), people.seen(READS)
    answer = journey.act(people)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    after = people.seen(journey.happened) if journey.happened else None
    happened = journey.happened != "" and before is not None and after is not None and before != after
    journalled = _grew(entries, people.seen(ENTRIES))
    told = answer.status_code < 400 and any(message.level == SUCCESS for message in _messages(answer))
    named = [word for word in people.world.canaries if word.encode() in body]
    went = happened if journey.happened else answer.status_code == 200 and bool(named or not journey.names)
    wrong = []
    if named and not _grew(reads, people.seen(READS)):
        wrong.append(f"{named} shown without an entry of the journal")
    if happened and journey.journalled and not journalled:
        wrong.append("written without an entry of the journal")
    if happened and answer.status_code >= 400:
        wrong.append(f"half written: {answer.status_code}")
    if told and journey.happened and not happened:
        wrong.append("a success is told that did not happen")
    return Outcome(went, tuple(f"{journey.name}: {one}" for one in wrong))


def _grew(before: int | None, after: int | None) -> bool:
    return before is not None and after is not None and after > before


def _messages(answer: Any) -> list[Any]:
    """What this request told, without what former ones left to be shown."""
    storage = getattr(getattr(answer, "wsgi_request", None), "_messages", None)
    return list(getattr(storage, "_queued_messages", ()))


def in_the_clear(people: People) -> list[str]:
    """Tables that hold a word about the person, plain or in hexadecimal."""
    found = []
    with psycopg.connect(people.urls.owner, autocommit=True) as owner:
        tables = owner.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            rows = owner.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t".encode()).fetchone()  # noqa: S608 - our own tables
            text = (rows and rows[0]) or ""
            words = (people.world.person.surname, people.world.person.given_name)
            found += [f"{word} in {table}" for word in words if word in text or word.encode().hex() in text]
    return found
