"""Every address of the site declares its rule, or stands on a short list with the reason."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from maillage.web.rules import page, rule_of

# Views of libraries, which have a rule of their own. Reason first, then what else proves it.
PUBLIC: dict[str, str] = {
    "account_login": "the page where people sign in: open to all; tests/web/test_sign_in.py",
    "second_factor": "between the password and the entrance; tests/security/test_authentication.py",
    "provider": "leads to the provider of identities; tests/security/test_oidc.py",
    "provider_return": "comes back from it, under a state of the session; tests/security/test_oidc.py",
    "provider_left": "comes back from it after signing out, changes nothing; tests/security/test_oidc_leaving.py",
    "account_logout": "ends one's own session, by POST only; tests/web/test_sign_in.py",
}
# Pages of ours that people open without signing in.
ANONYMOUS: dict[str, str] = {
    "glossary": "words and their meaning: nothing of anybody",
    "privacy": "people are told how their data are used before they sign in",
    "roles": "what each role allows: nothing of anybody",
    "invitation": "a newcomer has no account yet: the address, sent to her and good once, is the key; tests/web/people",
    "support_code": "what is printed on a leaflet is for whoever scans it: only what is published; tests/web/supports",
    "conventions:feed": "a calendar has no session: its address, signed and revocable, is the key; tests/security/test_reach.py",
}


@dataclass(frozen=True)
class Address:
    """One URL pattern with its full name, its route and its view."""

    name: str
    route: str
    view: Callable[..., Any]


def addresses(
    patterns: Iterable[URLPattern | URLResolver], route: str = "", space: str = ""
) -> Iterator[Address]:
    """All patterns below these, depth first."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, inner)
        else:
            yield Address(f"{space}{pattern.name or ''}", here, pattern.callback)


def without_rule(found: Iterable[Address]) -> list[str]:
    """Addresses that neither declare a rule nor are public for a reason."""
    return [f"{a.name} ({a.route})" for a in found if rule_of(a.view) is None and a.name not in PUBLIC]


def test_every_address_declares_its_rule() -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert found
    undeclared = without_rule(found)
    assert not undeclared, (
        f"{undeclared}: put @page(permission=…, methods=…) on the view (maillage/web/rules.py), "
        "or add the name to PUBLIC here with the reason."
    )


def test_every_address_has_a_name_of_its_own() -> None:
    names = [address.name for address in addresses(get_resolver().url_patterns)]
    assert all(name and not name.endswith(":") for name in names), names
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_the_public_list_names_nothing_that_is_gone() -> None:
    names = {address.name for address in addresses(get_resolver().url_patterns)}
    assert set(PUBLIC) <= names


def test_only_a_few_pages_are_anonymous() -> None:
    """An anonymous rule is a decision: it is listed here with the public ones."""
    anonymous = {
        address.name
        for address in addresses(get_resolver().url_patterns)
        if (rule := rule_of(address.view)) is not None and rule.anonymous
    }
    assert anonymous == set(ANONYMOUS), "A page open to everybody: add it to ANONYMOUS here, with the reason."


def test_an_address_without_a_rule_is_found() -> None:
    def bare(_request: Any) -> HttpResponse:
        return HttpResponse()

    patterns: list[URLPattern | URLResolver] = [
        path("sans-regle/", bare, name="bare"),
        path("avec-regle/", page()(bare), name="declared"),
    ]
    assert without_rule(addresses(patterns)) == ["bare (sans-regle/)"]
