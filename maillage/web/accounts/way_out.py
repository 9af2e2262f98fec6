"""What a session keeps to leave the provider that opened it: where one leaves, and the identity token, which names a person.

Sealed to that person under the master key, since sessions lie in the database in the clear; it dies with the session.
"""

import base64
import json
import logging
from contextlib import suppress
from typing import Any, Final

from django.http import HttpRequest

from maillage.core import crypto
from maillage.organisations.models import User
from maillage.vault.actions import vault
from maillage.vault.master import MasterKeyMissing
from maillage.web.accounts.oidc_client import Who
from maillage.web.accounts.proofs import PROVIDER, WAY

_logger = logging.getLogger(__name__)
WAY_OUT: Final = "provider_way_out"  # key of the session


def keep_way_out(request: HttpRequest, user: User, who: Who) -> None:
    """Remember, sealed to this person, how to leave the provider that identified her; nothing where it has no way out."""
    request.session.pop(WAY_OUT, None)
    if not who.leaving_address:
        return
    said = json.dumps({"issuer": who.issuer, "address": who.leaving_address, "token": who.token})
    sealed = vault().wrap_secret(said.encode(), at=_place(user))
    request.session[WAY_OUT] = base64.b64encode(sealed).decode()


def opened_way_out(request: HttpRequest, issuer: str) -> dict[str, str] | None:
    """What was kept, when the session was opened through this provider; never raises."""
    user, sealed = request.user, request.session.get(WAY_OUT)
    if not (isinstance(user, User) and sealed and request.session.get(WAY) == PROVIDER):
        return None
    with suppress(
        crypto.DecryptionError, MasterKeyMissing
    ):  # the master key was renewed since: ours ends all the same
        said: dict[str, Any] = json.loads(vault().unwrap_secret(base64.b64decode(sealed), at=_place(user)))
        return said if said["issuer"] == issuer else None
    _logger.warning("what a session kept to leave the provider does not open")
    return None


def _place(user: User) -> bytes:
    return crypto.place("django_session", WAY_OUT, user.id)
