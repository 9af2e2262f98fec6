"""What strangers try at every address of the site, whoever has signed in: another host, a forged form, a session that was ended.

Each generator yields what was tried and what was wrong with the answer: nothing, when it was refused as it must be.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse

from maillage.core.clock import now
from maillage.credentials.reopening import reopen_account as reopen
from maillage.credentials.sessions import digest
from maillage.demo.cast import PASSWORD
from maillage.organisations.models import User
from tests.architecture.test_pages import PUBLIC, Address, addresses
from tests.security.answering import Answer
from tests.security.expectations import ANYBODY, OBJECTS, RULES, VALUES

ELSEWHERE = "ailleurs.example.org"
HOSTS = (
    ELSEWHERE,
    f"{ELSEWHERE}:443",
    f"testserver.{ELSEWHERE}",
    f"testserver:80@{ELSEWHERE}",
    f"testserver@{ELSEWHERE}",
    f"testserver/{ELSEWHERE}",
    f"testserver#{ELSEWHERE}",
    f"testserver {ELSEWHERE}",
    f"testserver, {ELSEWHERE}",
    f"[::1]{ELSEWHERE}",
    "",
)
NEIGHBOURS = {
    "X-Forwarded-Host": ELSEWHERE,
    "Forwarded": f"host={ELSEWHERE};proto=https",
    "X-Host": ELSEWHERE,
    "X-Forwarded-Server": ELSEWHERE,
    "X-HTTP-Host-Override": ELSEWHERE,
    "X-Original-URL": f"//{ELSEWHERE}/journal/",
    "X-Rewrite-URL": f"//{ELSEWHERE}/journal/",
    "X-HTTP-Method-Override": "DELETE",
}
FORGED = "Ce formulaire n’est plus valable"  # of errors/403_csrf.html: other refusals say something else
LOGIN, PASSWORD_PAGE = "/connexion/", "/mon-compte/mot-de-passe/"
SESSIONS = "/mon-compte/sessions/"
NEW = "sept-girafes-au-marché"
Try = tuple[str, str]


@dataclass(frozen=True)
class Door:
    """One address, the methods that open it, and whether it opens to whoever has not signed in."""

    name: str
    url: str
    methods: tuple[str, ...]
    is_open: bool


def doors() -> list[Door]:
    """Every address of the site, libraries' pages too, with ids of nothing: what is tried here stops before any object.

    The way out comes last: whoever goes through it has left.
    """
    found = [_door(address) for address in addresses(get_resolver().url_patterns)]
    return sorted(found, key=lambda door: door.name == "account_logout")


def _door(address: Address) -> Door:
    names = re.findall(r"<(?:\w+:)?(\w+)>", address.route)
    values = {
        name: str(uuid4())
        if name in OBJECTS
        else VALUES.get(f"{address.name} {name}") or VALUES.get(name, "")
        for name in names
    }
    who, methods = RULES.get(address.name, (ANYBODY, "GET POST"))
    is_open = address.name in PUBLIC or who == ANYBODY
    return Door(address.name, reverse(address.name, kwargs=values), tuple(methods.split()), is_open)


def foreign_hosts(client: Client, door: Door, hosts: tuple[str, ...] = HOSTS) -> Iterator[Try]:
    """A request for another host is refused; the right one is the allowed twin."""
    for method in door.methods:
        plain = Answer.of(client.generic(method, door.url))
        yield f"{method} {door.name}", "the right host is refused" if plain.status == 400 else ""
        for host in hosts:
            answer = Answer.of(client.generic(method, door.url, headers={"Host": host}))
            wrong = "" if answer.status == 400 else f"answered {answer.status}"
            yield f"{method} {door.name} for host « {host} »", wrong + _named(answer)


def hosts_beside(client: Client, door: Door, names: tuple[str, ...] = tuple(NEIGHBOURS)) -> Iterator[Try]:
    """Another host in a header beside `Host` changes nothing of the answer."""
    client.get(door.url)  # what a former request had to say is said: twice the same from here on
    plain = Answer.of(client.get(door.url))
    for name in names:
        value = NEIGHBOURS[name]
        answer = Answer.of(client.get(door.url, headers={name: value}))
        yield (
            f"{door.name} with {name}",
            _compared(door, answer).difference(_compared(door, plain)) + _named(answer),
        )


GROWING = frozenset({"journal:journal", "journal:export"})
"""What each of these requests adds a line to, since reading the journal is journalled: status and headers are compared."""


def _compared(door: Door, answer: Answer) -> Answer:
    return (
        Answer(answer.status, answer.headers, "") if door.name in GROWING and answer.status == 200 else answer
    )


def _named(answer: Answer) -> str:
    return " and it names the other host" if ELSEWHERE in answer.body + str(answer.headers) else ""


def is_forged(answer: Any) -> bool:
    """Whether an answer is the page for forged forms, and no other refusal."""
    return answer.status_code == 403 and FORGED in answer.content.decode()


def strict(client: Client | None = None) -> Client:
    """A browser whose forms are checked and that has seen one; with the session of `client`, or of nobody."""
    found = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if client is not None:
        found.cookies["sessionid"] = client.cookies["sessionid"].value
    found.get(PASSWORD_PAGE if client else LOGIN)
    return found


def forged_forms(client: Client, door: Door, strangers: str, most: int = 10) -> Iterator[Try]:
    """Ways to write without the token of this `strict` browser, `strangers` being somebody else's; then the twin, with hers."""
    own = client.cookies["csrftoken"].value
    forgeries: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "no token": ({}, {}),
        "somebody else's token": ({"csrfmiddlewaretoken": strangers}, {}),
        "an empty token": ({"csrfmiddlewaretoken": ""}, {}),
        "a token of nobody": ({"csrfmiddlewaretoken": "x" * 64}, {}),
        "somebody else's in the header": ({}, {"X-CSRFToken": strangers}),
        "sent from another site": ({"csrfmiddlewaretoken": own}, {"Origin": f"https://{ELSEWHERE}"}),
        "sent from nowhere": ({"csrfmiddlewaretoken": own}, {"Origin": "null"}),
    }
    for name, (body, headers) in list(forgeries.items())[:most]:
        answer = client.post(door.url, body, headers=headers)
        yield f"POST {door.name}: {name}", "" if is_forged(answer) else f"answered {answer.status_code}"
    for method in ("PUT", "PATCH", "DELETE")[: max(0, most - len(forgeries))]:
        answer = client.generic(method, door.url)
        yield f"{method} {door.name}: no token", "" if is_forged(answer) else f"answered {answer.status_code}"
    answer = client.post(door.url, {"csrfmiddlewaretoken": own})
    yield f"POST {door.name}", "her own token is refused" if is_forged(answer) else ""


# Sessions that end. `client` holds the one that ends, `other` is a second browser of the same person.


def sign_out(client: Client, _other: Client, _address: str) -> None:
    """By its own button."""
    client.post("/deconnexion/")


def change_password(_client: Client, other: Client, _address: str) -> None:
    """From the other browser."""
    other.post(PASSWORD_PAGE, {"current": PASSWORD, "password": NEW, "again": NEW})


def close_all(_client: Client, other: Client, _address: str) -> None:
    """From the other browser."""
    other.post(SESSIONS, {"toutes": "1"})


def close_one(_client: Client, other: Client, _address: str) -> None:
    """From the other browser's list."""
    (found,) = re.findall(r'name="session" value="([0-9a-f-]+)"', other.get(SESSIONS).content.decode())
    other.post(SESSIONS, {"session": found})


def close_account(_client: Client, _other: Client, address: str) -> None:
    """By the operator."""
    User.objects.using("owner").filter(email=address).update(is_active=False)


def reopen_account(_client: Client, _other: Client, address: str) -> None:
    """By the operator, with another password."""
    user = User.objects.using("owner").get(email=address)
    reopen(user=user, password=NEW, forget_factors=False, by=None, at=now(), using="owner")


def forget_stamp(client: Client, _other: Client, _address: str) -> None:
    """A session that no door of ours opened."""
    session = client.session
    del session["opened"]
    session.save()


def lose_row(client: Client, _other: Client, _address: str) -> None:
    """The store lost it, or a restore did."""
    key = client.cookies["sessionid"].value
    Session.objects.using("owner").filter(session_key=digest(key)).delete()


End = Callable[[Client, Client, str], None]
ENDS: tuple[End, ...] = (
    sign_out, change_password, close_all, close_one, close_account, reopen_account, forget_stamp, lose_row,
)  # fmt: skip


def enter(address: str) -> Client:
    """A browser of someone who gave her password."""
    client = Client(raise_request_exception=False)
    client.post(LOGIN, {"login": address, "password": PASSWORD})
    return client


def copy_of(client: Client) -> Client:
    """Another browser with the same session: its thief's."""
    thief = Client(raise_request_exception=False)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def is_out(client: Client, door: Door, method: str, *, fragment: bool) -> bool:
    """Whether this request is led to the door: a page by a redirection, a fragment with the whole browser."""
    answer = client.generic(method, door.url, headers={"HX-Request": "true"} if fragment else {})
    target = answer.headers.get("HX-Redirect" if fragment else "Location", "")
    return answer.status_code == (204 if fragment else 302) and target.startswith(f"{LOGIN}?next=")


def outlived(client: Client, found: list[Door]) -> Iterator[Try]:
    """A session that was ended, at every address that asks for one, in every way."""
    for door in found:
        for method in () if door.is_open else door.methods:
            for fragment in (False, True):
                wrong = "" if is_out(client, door, method, fragment=fragment) else "it still opens"
                yield f"{method} {door.name}{' as a fragment' if fragment else ''}", wrong
