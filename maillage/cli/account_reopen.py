"""`maillage account reopen`: a password that serves once, for whoever lost hers, and its sessions end."""

import argparse
import sys

from maillage.cli.account_open import ONE_TIME, chosen_password
from maillage.cli.operating import OWNER, connect_as_owner
from maillage.core.database.errors import DatabaseError
from maillage.core.refusals import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose, and what else she lost."""
    parser.add_argument("--email", required=True, help="adresse avec laquelle la personne se connecte")
    parser.add_argument(
        "--forget-factors",
        action="store_true",
        help="retire aussi ses seconds facteurs et son lien au fournisseur d’identité, quand elle les a perdus",
    )
    parser.add_argument(
        "--ask-password", action="store_true", help="demande le mot de passe, au lieu d’en faire un"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when the account is open again, 1 when something was refused: nothing is then written."""
    try:
        connect_as_owner()
        _reopen(arguments)
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    except Refused as refused:
        for fault in refused.faults:
            print(f"maillage : {fault.message}", file=sys.stderr)
        return 1
    return 0


def _reopen(arguments: argparse.Namespace) -> None:
    from maillage.core.clock import now  # noqa: PLC0415 -- Django is set up by now
    from maillage.credentials.reopening import reopen_account  # noqa: PLC0415 -- the same
    from maillage.organisations.models import User  # noqa: PLC0415 -- the same

    user = User.objects.using(OWNER).filter(email=arguments.email.lower(), is_active=True).first()
    if user is None:
        raise Refused(f"Aucun compte ouvert n’a l’adresse « {arguments.email} ».")
    password = chosen_password(ask=arguments.ask_password)
    reopen_account(
        user=user, password=password, forget_factors=arguments.forget_factors, by=None, at=now(), using=OWNER
    )
    print(
        f"{user.email} : sessions fermées"
        + (", seconds facteurs retirés." if arguments.forget_factors else ".")
    )
    if not arguments.ask_password:
        print(f"Mot de passe, affiché cette seule fois : {password}")
    print(ONE_TIME)
