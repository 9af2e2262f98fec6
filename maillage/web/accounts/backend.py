"""Who is behind an address and a password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser


class ClosedBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which spends the same time on an unknown address; a closed account is answered like one."""

    @classmethod
    def _stash_user(cls, user: AbstractBaseUser | None) -> AbstractBaseUser | None:  # noqa: ARG003 - allauth's signature
        """Nobody: allauth would lead whoever knows the password of a closed account to a page that says so."""
        return None
