"""`maillage account open`: opens someone's account with a role, or gives a role to someone who has an account."""

import argparse
import getpass
import secrets
import sys
from datetime import date

from maillage.cli.operating import OWNER, connect_as_owner
from maillage.core.clock import now
from maillage.core.database.errors import DatabaseError
from maillage.core.refusals import Refused

RANDOM_BYTES = 15  # 20 characters
TITLE = "Formation attestée à l’ouverture du compte"
ONE_TIME = "Il sert une fois : la personne en choisit un autre dès sa connexion."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, where, as what. The password is never an argument: other accounts of the machine read those."""
    parser.add_argument("--email", required=True, help="adresse avec laquelle la personne se connecte")
    parser.add_argument("--name", default="", help="son nom, pour un nouveau compte")
    parser.add_argument("--siret", required=True, help="SIRET de l’organisme où elle travaille")
    parser.add_argument("--role", default="administrator", help="administrator s’il n’est pas donné")
    parser.add_argument(
        "--trained-on",
        type=date.fromisoformat,
        help="jour de sa formation RGPD (2026-01-15), vérifié par vous ; sinon un administrateur l’enregistre, "
        "ou elle-même si elle administre seule",
    )
    parser.add_argument(
        "--ask-password",
        action="store_true",
        help="demande le mot de passe ; sinon un mot de passe aléatoire est affiché, une seule fois",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when she may act, 1 when something was refused: nothing is then written."""
    try:
        connect_as_owner()
        _open(arguments)
    except DatabaseError as error:
        print(f"maillage : {error}", file=sys.stderr)
        return 1
    except Refused as refused:
        for fault in refused.faults:
            print(f"maillage : {fault.message}", file=sys.stderr)
        return 1
    return 0


def _open(arguments: argparse.Namespace) -> None:
    from django.db import transaction  # noqa: PLC0415 -- Django is set up by now

    from maillage.organisations.models import Organisation, User  # noqa: PLC0415 -- the same
    from maillage.organisations.people.actions import give_role, open_account  # noqa: PLC0415 -- the same
    from maillage.organisations.people.entering import record_as_operator  # noqa: PLC0415 -- the same

    siret = "".join(arguments.siret.split())
    organisation = Organisation.objects.using(OWNER).filter(siret=siret).first() if siret else None
    if organisation is None:
        raise Refused(
            f"Aucun organisme n’a le SIRET « {siret} » : ouvrez-le d’abord (maillage organisation open)."
        )
    user = User.objects.using(OWNER).filter(email=arguments.email.lower()).first()
    password = None if user else chosen_password(ask=arguments.ask_password)
    with transaction.atomic(using=OWNER):
        if password is not None:
            user = open_account(
                email=arguments.email,
                full_name=arguments.name,
                password=password,
                by=None,
                using=OWNER,
                one_time=True,
            )
        assert user is not None  # noqa: S101 - found, or opened just above
        give_role(user=user, organisation=organisation, role=arguments.role, by=None, at=now(), using=OWNER)
        if arguments.trained_on is not None:
            record_as_operator(
                user=user,
                organisation=organisation,
                trained_on=arguments.trained_on,
                title=TITLE,
                at=now(),
                using=OWNER,
            )
    print(f"{user.email} : rôle {arguments.role} à « {organisation.name} ».")
    print("À sa première connexion, elle signe l’engagement de confidentialité ; rien ne s’ouvre avant.")
    if password is None:
        print(
            "Son compte existait : son mot de passe n’a pas changé (maillage account reopen en donne un autre)."
        )
    elif not arguments.ask_password:
        print(f"Mot de passe, affiché cette seule fois : {password}")
        print(ONE_TIME)


def chosen_password(*, ask: bool) -> str:
    """A random password, or one typed twice by the operator; raises Refused."""
    if not ask:
        return secrets.token_urlsafe(RANDOM_BYTES)
    first = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Le même, une seconde fois : ") != first:
        raise Refused("Les deux mots de passe ne sont pas les mêmes.")
    return first
