"""Probes generated from the URL resolver: everybody knocks at every address, with every object, and a written oracle judges."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.web.rules import Rule
from tests.architecture.test_pages import PUBLIC, Address, addresses
from tests.security.answering import Answer
from tests.security.expectations import (
    ANYBODY,
    CURIOUS,
    DOOR,
    EXCEPTIONS,
    FIELDS,
    FORMLESS,
    FRESH,
    HOLDER_ONLY,
    KEYED,
    MADE,
    MEANWHILE,
    MEMBER,
    OBJECTS,
    OWN_ANSWERS,
    OWN_SERVICE,
    QUERIES,
    REACHED,
    RULES,
    SENDER_ONLY,
    VALUES,
    WRITING,
)
from tests.security.expectations_protection import WHILE_FROZEN
from tests.security.filling import filled
from tests.security.fragments import drawn
from tests.security.rows import Rows
from tests.security.sampling import Choice, Knock, Sample, marks
from tests.security.worlds import PERSONAS, Persona, World

FORM = "application/x-www-form-urlencoded"
UNUSED_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
BACKEND = "maillage.web.accounts.backend.ClosedBackend"


Watched = Callable[[str, Any, Answer], None]


def unwatched(_name: str, _response: Any, _answer: Answer) -> None:
    """Nobody looks at the answers but for what was asked."""


class NoProvider(AssertionError):
    """An address takes an argument that the probes do not know."""


@dataclass
class Findings:
    """What was tried, and what was wrong."""

    tried: Counter[str] = field(default_factory=Counter)
    knocks: set[Knock] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    pairs: int = 0
    reached: set[tuple[str, str]] = field(default_factory=set)


def probed() -> list[Address]:
    """Addresses that the probes knock at: all but the public ones."""
    return [a for a in addresses(get_resolver().url_patterns) if a.name not in PUBLIC]


def url_of(address: Address, arguments: dict[str, str]) -> str:
    """The address with these arguments, and with the question without which it has nothing to show."""
    return reverse(address.name, kwargs=arguments) + QUERIES.get(address.name, "")


def kind_of(address: Address, name: str) -> str:
    """The kind of object that an argument of this address names."""
    return "drafted" if address.name in WRITING and name == "convention" else OBJECTS[name]


def kinds_of_field(address: str, name: str, value: str) -> tuple[str, ...]:
    """The kinds of object that a field of a form may name; a field with an id that is not written fails."""
    for pattern, kinds in FIELDS.items():
        if re.fullmatch(pattern, name):
            return kinds
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        raise NoProvider(f"{address}: say in FIELDS of tests/security/expectations.py what « {name} » names.")
    return ()


def written_rule(address: Address) -> Rule:
    """The rule of an address as the oracle has it, whatever its page declares."""
    if address.name not in RULES:
        raise NoProvider(
            f"{address.name} ({address.route}): write in RULES of tests/security/expectations.py who may open it, "
            "with which methods."
        )
    who, methods = RULES[address.name]
    permission = None if who in (MEMBER, ANYBODY, DOOR) else Permission(who)
    name = address.name
    return Rule(
        permission,
        tuple(methods.split()),
        who == ANYBODY,
        who == DOOR,
        FRESH.get(name, False),
        name in MEANWHILE,
        name in WHILE_FROZEN,
    )


class Visitor:
    """Everybody's browsers, and the oracle. The curious knock in every way, the others in those that may tell them apart.

    `thin`: whatever differs between knocks is tried at least once (each address and method with each answer of its own, each
    address with its refusal of a role, with everybody's objects and as a fragment, each person with each method and each answer),
    and one in so many of the knocks that would only join these otherwise. With 1, all of them. `strangers`:
    how many foreign worlds slip into one address, others at the next; with 0, all. `watch`: sees each answer too.
    """

    def __init__(
        self,
        here: World,
        there: World,
        *more: World,
        curious: tuple[str, ...] = CURIOUS,
        fragments: int = 2,
        thin: int = 1,
        strangers: int = 0,
        watch: Watched = unwatched,
    ) -> None:
        self.worlds = {"here": here, "there": there} | {world.name: world for world in more}
        self.curious = curious
        self.fragments = curious[:fragments]  # who knocks as htmx does too
        self.findings = Findings()
        self.sample, self.turn = Sample(thin), 0
        self.strangers, self.round = strangers, 0
        self.rows = Rows(self.worlds)
        self.watch = watch
        self.anonymous = Client(raise_request_exception=False)
        self.clients = {persona.address: _signed_in(persona) for persona in PERSONAS}

    def _turned(self, people: tuple[Persona, ...]) -> tuple[Persona, ...]:
        """The same people, somebody else first at each address: the first to come is not always the same."""
        self.turn += 1
        first = self.turn % len(people) if people else 0
        return people[first:] + people[:first]

    def _ways(self, rule: Rule) -> list[tuple[str, bool]]:
        """Each method, as a page and as a fragment; another method first at each address."""
        return list(product(self._methods(rule), (False, True)))

    def _methods(self, rule: Rule) -> tuple[str, ...]:
        first = self.turn // 2 % len(rule.methods)
        return rule.methods[first:] + rule.methods[:first]

    def objects(self, address: Address) -> Iterator[tuple[str, dict[str, str]]]:
        """Arguments of an address, by whose objects they name: each world's, nobody's, and mixed where there are several."""
        names = re.findall(r"<(?:\w+:)?(\w+)>", address.route)
        kinds = [name for name in names if name in OBJECTS]
        fixed = {name: self._value(address, name) for name in names if name not in OBJECTS}
        choices: list[tuple[str, ...]] = [()]
        if kinds:
            choices = [(owner,) * len(kinds) for owner in (*self.worlds, "nowhere")]
        if len(kinds) > 1:
            others = [owner for owner in self.worlds if owner != "here"]
            choices += [("here", other, *kinds[2:]) for other in (*others, "nowhere")]
            choices += [(other, "here", *kinds[2:]) for other in others]
        for owners in choices:
            label = (
                owners[0]
                if owners and len(set(owners)) == 1
                else " ".join(("mixed", *owners))
                if owners
                else "none"
            )
            ids = {
                name: str(self._id(owner, OBJECTS[name])) for name, owner in zip(kinds, owners, strict=True)
            }
            yield label, fixed | ids

    def _id(self, owner: str, kind: str) -> UUID:
        return self.worlds[owner].ids[kind] if owner in self.worlds else uuid4()

    @staticmethod
    def _value(address: Address, name: str) -> str:
        found = VALUES.get(f"{address.name} {name}", VALUES.get(name))
        if found is None:
            raise NoProvider(
                f"{address.name} ({address.route}) takes « {name} »: if it names an object, add it to OBJECTS in "
                "tests/security/expectations.py and make one in tests/security/worlds.py; if not, add a value to VALUES."
            )
        return found

    def expected(self, address: Address, rule: Rule, persona: Persona, relation: str) -> str:
        """What the written tables promise: « ok », or a status."""
        if rule.anonymous:
            return "404" if address.name in KEYED else "ok"
        if rule.at_the_door:
            return "ok"
        if not persona.works_at or not _permitted(rule, persona):
            return "403"
        parties = self.worlds[relation].parties if relation in self.worlds else {}
        own = persona.works_at == parties.get(OWN_SERVICE.get(address.name, ""))
        if own or not self._reached(address, persona, relation):
            return "404"
        if (address.name, persona.address) in EXCEPTIONS:
            return str(EXCEPTIONS[address.name, persona.address])
        holds = persona.works_at == parties.get("cpam")
        others = address.name in (SENDER_ONLY if holds else HOLDER_ONLY)
        return "403" if others else OWN_ANSWERS.get(address.name, "ok")

    def _reached(self, address: Address, persona: Persona, relation: str) -> bool:
        if relation not in self.worlds:
            return relation == "none"
        names = re.findall(r"<(?:\w+:)?(\w+)>", address.route)
        kinds = [kind_of(address, name) for name in names if name in OBJECTS]
        return all(self.worlds[relation].reached_by(kind, persona) for kind in kinds)

    def knock(self, address: Address, *, people: tuple[Persona, ...] = PERSONAS) -> None:
        """Everybody, every declared method, every owner of the objects; then the wrong methods and anonymous people."""
        rule, people = written_rule(address), self._turned(people)
        choices: list[Choice] = []
        for relation, arguments in self.objects(address):
            url = url_of(address, arguments)
            self._stay_outside(address, rule, relation, url)
            for persona in people:
                expected = self.expected(address, rule, persona, relation)
                choices += [
                    Choice(
                        *marks(knock, expected, permitted=_permitted(rule, persona)),
                        partial(self._judge, knock, persona, url, expected),
                    )
                    for knock in self._knocks(address.name, rule, persona, relation, expected)
                ]
        for choice in self.sample.of(choices):
            choice.act()

    def rest(self) -> None:
        """What no address had to meet of everybody: after the last address."""
        for choice in self.sample.rest():
            choice.act()

    def _knocks(
        self, name: str, rule: Rule, persona: Persona, relation: str, expected: str
    ) -> Iterator[Knock]:
        """The ways in which somebody knocks at an address with these objects; another method first at each address."""
        curious = persona.address in self.curious
        if not curious and (
            relation.startswith(("mixed", "nowhere")) or (expected, relation) == ("403", "there")
        ):
            return  # a role that does not open the page is refused whatever it names
        for method, fragment in self._ways(rule):
            if fragment and persona.address not in self.fragments:
                continue
            if expected == "403" and not curious and method != rule.methods[0]:
                continue
            yield Knock(name, method, persona.address, relation, "path", fragment)

    def _stay_outside(self, address: Address, rule: Rule, relation: str, url: str) -> None:
        for method, fragment in self._ways(rule):
            if not self.sample.chosen(
                (address.name, method, "anonymous"),
                (drawn(address.name) if fragment else address.name, "anonymous", str(fragment)),
            ):
                continue
            knock = Knock(address.name, method, "anonymous", relation, "path", fragment)
            answer = self._ask(self.anonymous, knock, url)
            target = answer.headers.get("HX-Redirect" if fragment else "Location", "")
            ok = answer.status == (204 if fragment else 302) and target.startswith("/connexion/?next=")
            if rule.anonymous:
                ok = answer.status == (404 if address.name in KEYED else 200)
            self._count(knock, "anonymous", "" if ok else f"{answer.status} {target}", answer)
        for method in UNUSED_METHODS if relation in ("here", "none") else ():
            if not self.sample.chosen((address.name, "unused"), (method, "unused")):
                continue
            knock = Knock(address.name, method, "anonymous", relation, "path")
            answer = self._ask(self.anonymous, knock, url)
            self._count(knock, "method", "" if answer.status == 405 else str(answer.status), answer)

    def _judge(self, knock: Knock, persona: Persona, url: str, expected: str) -> None:
        before = self.rows.before(persona) if knock.method == "POST" and expected != "ok" else None
        with transaction.atomic():
            answer = self._answer(self.clients[persona.address], knock, url)
            changed = before is not None and self.rows.changed(before)
            transaction.set_rollback(True)
        ok = answer.status < 400 if expected == "ok" else str(answer.status) == expected
        wrong = "" if ok else f"{answer.status} instead of {expected}"
        wrong += self._leak(persona, answer) + (" and it changed something" if changed else "")
        self._count(knock, expected, wrong, answer)

    def _answer(self, client: Client, knock: Knock, url: str) -> Answer:
        headers = {"HX-Request": "true"} if knock.fragment else {}
        response = client.generic(knock.method, url, headers=headers)
        answer = Answer.of(response)
        self.watch(str(knock), response, answer)
        return answer

    def _ask(self, client: Client, knock: Knock, url: str) -> Answer:
        with transaction.atomic():
            answer = self._answer(client, knock, url)
            transaction.set_rollback(True)
        return answer

    def _count(self, knock: Knock, rule: str, wrong: str, answer: Answer) -> None:
        self.findings.tried[rule] += 1
        self.findings.knocks.add(knock)
        if answer.status >= 500:
            wrong += " the server broke"
        if wrong:
            self.findings.violations.append(f"{knock}: {wrong}")

    def _leak(self, persona: Persona, answer: Answer) -> str:
        """Words of a world to which the person does not belong."""
        text = answer.body + str(answer.headers)
        strangers = [w for w in self.worlds.values() if persona.works_at not in w.parties.values()]
        found = [word for world in strangers for word in world.canaries if word in text]
        return f" and it tells {found}" if found else ""

    def elsewhere(self, address: Address) -> None:
        """Foreign ids in the query, the body and the headers of an address that the person may open."""
        rule = written_rule(address)
        for persona, (relation, arguments) in product(self._turned(self._curious()), self.objects(address)):
            if self.expected(address, rule, persona, relation) != "ok":
                continue
            for method in self._methods(rule):
                url = url_of(address, arguments)
                for name, world in self._strangers(persona):
                    borne = ((address.name, "slip"), (persona.address, method, "slip"))
                    if not self.sample.chosen(*borne):
                        continue
                    self._slip_in(
                        Knock(address.name, method, persona.address, relation, name), persona, url, world
                    )

    def _slip_in(self, knock: Knock, persona: Persona, url: str, world: World) -> None:
        foreign = {kind: str(value) for kind, value in world.ids.items()} | {
            "id": str(world.ids["case"]),
            "organisation": str(self.rows.place(world.parties["ccas"])),
            "q": world.person.surname,
        }
        unknown = {name: str(uuid4()) if name != "q" else "Inconnue" for name in foreign}
        answers = []
        before = self.rows.before(persona, knock.relation)
        for values in (foreign, unknown):
            headers = {
                "X-Organisation": values["organisation"],
                "HX-Current-URL": f"/orientations/{values['case']}/",
            }
            with transaction.atomic():
                client = self.clients[persona.address]
                if knock.method == "GET":
                    response: Any = client.get(url, values, headers=headers)
                else:
                    response = client.post(
                        f"{url}?case={values['case']}", urlencode(values), FORM, headers=headers
                    )
                answer = Answer.of(response).without(values["q"])
                changed = self.rows.changed(before)
                transaction.set_rollback(True)
            wrong = self._leak(persona, answer) + (" and it changed something" if changed else "")
            self._count(knock, "elsewhere", wrong, answer)
            answers.append(answer)
        self.findings.pairs += 1
        if difference := answers[0].difference(answers[1]):
            self.findings.violations.append(f"{knock}: a foreign id is answered otherwise: {difference}")

    def fields(self, address: Address, only: str = "") -> None:
        """Foreign ids in each field of a form that takes one, or one only, all others being filled: the form goes as far as it."""
        rule = written_rule(address)
        for relation, arguments in self.objects(address) if "POST" in rule.methods else []:
            for persona in self._curious():
                if self.expected(address, rule, persona, relation) != "ok":
                    continue
                if not (self.sample.chosen((address.name, "form")) or self._unreached(address.name)):
                    continue
                url = url_of(address, arguments)
                knock = Knock(address.name, "POST", persona.address, relation, "field")
                bodies = [FORMLESS[address.name]] if address.name in FORMLESS else []
                if "GET" in rule.methods:
                    shown = self._ask(self.clients[persona.address], replace(knock, method="GET"), url)
                    bodies = filled(shown.body, url)
                for body in bodies:
                    for name in (name for name in body if only in {"", name}):
                        self._swap(knock, persona, url, body, name)

    def _swap(self, knock: Knock, persona: Persona, url: str, body: dict[str, str], name: str) -> None:
        """One's own id, another world's and nobody's in one field."""
        kinds = kinds_of_field(knock.address, name, body[name])
        for (_, world), kind in product(self._strangers(persona), kinds):
            of_it = name != "token" or kind == MADE.get(knock.address, kinds[0])
            if not self.sample.chosen((knock.address if of_it else "", name, kind)) and (
                name not in self._unreached(knock.address) or not of_it
            ):
                continue
            swapped = replace(knock, place=f"{name}: {kind}")
            if not of_it and swapped in self.findings.knocks:
                continue  # a token that is the id of something else: once, whatever the form and the world
            mine = [key for key, one in self.worlds.items() if persona.works_at in one.parties.values()]
            own = knock.relation if knock.relation in mine else mine[0]
            own_id = self.worlds[own].ids[kind] if name != "token" else body[name]
            answers = []
            for value in (own_id, world.ids[kind], uuid4()):
                before = self.rows.before(persona, own)
                with transaction.atomic():
                    response = self.clients[persona.address].post(url, {**body, name: str(value)})
                    answer = Answer.of(response)
                    changed = self.rows.changed(before)
                    transaction.set_rollback(True)
                wrong = self._leak(persona, answer) + (" and it changed something" if changed else "")
                self._count(swapped, "field", wrong, answer)
                answers.append(answer)
            if answers[0].status == 302:
                self.findings.reached.add((knock.address, name))
            self.findings.pairs += 1
            if difference := answers[1].difference(answers[2]):
                self.findings.violations.append(
                    f"{knock}: a foreign {kind} in « {name} » is answered otherwise: {difference}"
                )

    def _unreached(self, address: str) -> set[str]:
        """Fields of a form that must be accepted as filled, and were not yet."""
        return {name for where, name in REACHED - self.findings.reached if where == address}

    def _curious(self) -> tuple[Persona, ...]:
        return tuple(persona for persona in PERSONAS if persona.address in self.curious)

    def _strangers(self, persona: Persona) -> list[tuple[str, World]]:
        """Worlds to which she does not belong: all, or so many as `strangers` says, others the next time."""
        found = [pair for pair in self.worlds.items() if persona.works_at not in pair[1].parties.values()]
        if self.strangers and len(found) > self.strangers:
            self.round += 1
            found = [found[(self.strangers * self.round + one) % len(found)] for one in range(self.strangers)]
        return found

    def twins(self, address: Address) -> None:
        """A foreign object and an unknown one, by everybody: same status, headers and body."""
        rule = written_rule(address)
        cases = list(self.objects(address))
        unknown = [arguments for relation, arguments in cases if relation == "nowhere"]
        curious, known = self._turned(self._curious()), dict[tuple[str, str, bool], Answer]()
        for relation, arguments in cases if unknown else []:
            for persona, (method, fragment) in product(curious, self._ways(rule)):
                if self.expected(address, rule, persona, relation) != "404" or relation == "nowhere":
                    continue
                if fragment and persona.address not in self.fragments:
                    continue
                borne = (
                    (address.name, relation, "twin"),
                    (drawn(address.name) if fragment else address.name, str(fragment), "twin"),
                    (persona.address, method, "twin"),
                )
                if not self.sample.chosen(*borne):
                    continue
                knock = Knock(address.name, method, persona.address, relation, "twin", fragment)
                client, asked = self.clients[persona.address], (persona.address, method, fragment)
                answer = self._ask(client, knock, url_of(address, arguments))
                if asked not in known:  # the same unknown one for each foreign one
                    known[asked] = self._ask(client, knock, url_of(address, unknown[0]))
                self.findings.pairs += 1
                wrong = "" if answer.status == 404 else f"{answer.status} instead of 404"
                self._count(knock, "twin", wrong + answer.difference(known[asked]), answer)


def _signed_in(persona: Persona) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=persona.address), backend=BACKEND)
    return client


def _permitted(rule: Rule, persona: Persona) -> bool:
    return rule.permission is None or rule.permission.value in persona.permissions
