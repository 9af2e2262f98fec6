"""What a hostile browser may send in the place of a security key's answer: refused, whatever it holds."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest

from maillage.credentials import security_keys
from maillage.credentials.security_keys import NotProved
from maillage.organisations.models import User
from tests.credentials.people import SITE, SoftKey

NESTED = b"\x81" * 5_000  # lists of one list, in CBOR
CUT = bytes.fromhex("9a0000")  # a list whose length is cut short


@pytest.fixture
def key() -> SoftKey:
    return SoftKey()


def asked_to_register() -> security_keys.Challenge:
    user = User(id=UUID(int=1), email="essai@example.org", full_name="Essai")
    return security_keys.ask_to_register(user, [], SITE)


def spoiled(answer: dict[str, Any], part: str, content: bytes) -> Any:
    words = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    return json.loads(json.dumps({**answer, "response": {**answer["response"], part: words}}))


def test_what_a_key_makes_is_taken(key: SoftKey) -> None:
    asked = asked_to_register()
    made = security_keys.registered(key.register(asked.options), asked.state, SITE)
    asked = security_keys.ask([made.credential], SITE)
    answer = key.sign(asked.options)
    assert security_keys.proved(answer, asked.state, [made.credential], SITE) == security_keys.Verified(
        made.credential, 2
    )


@pytest.mark.parametrize("content", [NESTED, CUT, b"", b"\xff"])
def test_a_new_key_that_cannot_be_read_is_refused(key: SoftKey, content: bytes) -> None:
    asked = asked_to_register()
    answer = spoiled(key.register(asked.options), "attestationObject", content)
    with pytest.raises(NotProved):
        security_keys.registered(answer, asked.state, SITE)


@pytest.mark.parametrize("content", [NESTED, CUT, b""])
def test_a_proof_that_cannot_be_read_is_refused(key: SoftKey, content: bytes) -> None:
    asked = asked_to_register()
    made = security_keys.registered(key.register(asked.options), asked.state, SITE)
    asked = security_keys.ask([made.credential], SITE)
    answer = key.sign(asked.options)
    data = base64.urlsafe_b64decode(answer["response"]["authenticatorData"] + "==")
    with pytest.raises(NotProved):
        security_keys.proved(
            spoiled(answer, "authenticatorData", data[:32] + b"\x81" + data[33:] + content),
            asked.state,
            [made.credential],
            SITE,
        )
