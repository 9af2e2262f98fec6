"""Who is behind an address and a password."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from maillage.organisations.models import User

# Written here, it is not composed again at each request.
_ONE = "SELECT * FROM organisations_user WHERE id = %s"


class ClosedBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which spends the same time on an unknown address; a closed account is answered like one."""

    @classmethod
    def _stash_user(cls, user: AbstractBaseUser | None) -> AbstractBaseUser | None:  # noqa: ARG003 - allauth's signature
        """Nobody: allauth would lead whoever knows the password of a closed account to a page that says so."""
        return None

    def get_user(self, user_id: UUID) -> User | None:
        """Whose session it is, at each request; nobody when the account is closed."""
        found: User | None = next(iter(User.objects.raw(_ONE, [user_id])), None)
        return found if found is not None and self.user_can_authenticate(found) else None
