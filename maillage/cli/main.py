"""The console command `maillage`: finds the command asked for and imports nothing else.

A command that only computes (`convention check`, `schema`, `dates`, `route`, `clock`) never imports Django: it answers in a fraction
of a second, on a machine that has no server.
"""

import argparse
import gc
import importlib
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

BAD_INPUT: Final = 1
BAD_USAGE: Final = 2
MANY_OBJECTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, what it does, and the module that does it.

    A module that `parses_alone` has `main(arguments) -> int`; the others have `add_arguments(parser)` and
    `run(arguments) -> int`. Code 0 is success, 1 bad input, 2 bad usage.
    """

    words: tuple[str, ...]
    summary: str
    module: str
    parses_alone: bool = False


COMMANDS: Final = (
    Command(
        ("convention", "check"), "vérifie des conventions écrites en YAML", "maillage.cli.convention_check"
    ),
    Command(
        ("convention", "schema"), "écrit le schéma JSON d'une convention", "maillage.cli.convention_schema"
    ),
    Command(("convention", "dates"), "calcule les dates d'une convention", "maillage.cli.convention_dates"),
    Command(("route", "schema"), "écrit le schéma JSON d'une situation", "maillage.cli.route_schema"),
    Command(("route",), "dit les voies que des conventions ouvrent à une situation", "maillage.cli.route"),
    Command(("clock",), "calcule les deux délais d'une demande de droits", "maillage.cli.clock"),
    Command(("bilan",), "écrit les chiffres d'une convention sur une année", "maillage.cli.bilan"),
    Command(("organisation", "open"), "ouvre un organisme, avec ses clés", "maillage.cli.organisation_open"),
    Command(
        ("directory", "import"),
        "importe un fichier d'organismes dans l'annuaire",
        "maillage.cli.directory_import",
    ),
    Command(("account", "open"), "ouvre un compte, avec un rôle", "maillage.cli.account_open"),
    Command(("account", "reopen"), "donne un mot de passe qui sert une fois", "maillage.cli.account_reopen"),
    Command(("audit", "verify"), "vérifie que le journal n'a pas été altéré", "maillage.cli.audit_verify"),
    Command(
        ("keys", "status"),
        "dit l'état des clés, et si l'ancienne clé maîtresse sert encore",
        "maillage.cli.keys_status",
    ),
    Command(
        ("keys", "rotate"),
        "met de nouvelles clés en service, sans arrêter le serveur",
        "maillage.cli.keys_rotate",
    ),
    Command(("keys", "backup"), "sauvegarde le magasin de clés dans un fichier", "maillage.cli.keys_backup"),
    Command(
        ("keys", "restore"),
        "rend les clés d'une sauvegarde, sauf celles qui ont été détruites",
        "maillage.cli.keys_restore",
    ),
    Command(
        ("keys", "index"), "refait les empreintes qui retrouvent les personnes", "maillage.cli.keys_index"
    ),
    Command(("audit", "seal"), "scelle le journal par une ancre hors de la base", "maillage.cli.audit_seal"),
    Command(
        ("audit", "status"),
        "dit si le journal est gardé au-delà de sa durée",
        "maillage.cli.audit_status",
    ),
    Command(
        ("audit", "prune"),
        "retire du journal ce qui a passé sa durée de conservation",
        "maillage.cli.audit_prune",
    ),
    Command(
        ("erase", "verify"),
        "dit si un certificat de destruction dit vrai, ici ou dans une base restaurée",
        "maillage.cli.erase_verify",
    ),
    Command(
        ("backup", "verify"), "relit une sauvegarde en entier, sans la rendre", "maillage.cli.backup_verify"
    ),
    Command(("backup",), "sauvegarde la base, les documents et, à part, les clés", "maillage.cli.backup"),
    Command(("restore",), "rend une sauvegarde dans une base et des dossiers vides", "maillage.cli.restore"),
    Command(("serve",), "sert Maillage et sa démonstration", "maillage.cli.serve", parses_alone=True),
    Command(("manage",), "lance une commande de Django", "maillage.cli.manage", parses_alone=True),
)

_FRENCH: Final = (
    (re.compile(r"the following arguments are required: (.*)"), r"il manque : \1"),
    (re.compile(r"one of the arguments (.*) is required"), r"il manque : \1 (l'un des deux)"),
    (re.compile(r"argument (.*): not allowed with argument (.*)"), r"\1 ne va pas avec \2"),
    (re.compile(r"unrecognized arguments: (.*)"), r"arguments inconnus : \1"),
    (re.compile(r"argument (.*): expected .*"), r"\1 attend une valeur"),
    (
        re.compile(r"argument (.*): invalid choice: (.*) \(choose from (.*)\)"),
        r"\1 : \2 n'est pas l'un de \3",
    ),
    (re.compile(r"argument (.*): invalid .* value: (.*)"), r"\1 : \2 n'est pas une valeur possible"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks French."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on standard error and leave with code 2."""
        for pattern, french in _FRENCH:
            message = pattern.sub(french, message)
        self.exit(BAD_USAGE, f"{self.format_usage()}{self.prog} : {message}\n")

    def format_usage(self) -> str:
        """The line that shows how to call the command."""
        return super().format_usage().replace("usage:", "emploi :", 1)

    def format_help(self) -> str:
        """The page of help, its headings in French."""
        text = super().format_help().replace("usage:", "emploi :", 1)
        text = text.replace("positional arguments:", "arguments :").replace("options:", "options :")
        return text.replace("show this help message and exit", "affiche cette aide")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; its exit code."""
    if arguments is None:  # a process of its own: what it loads stays, there is no garbage to look for
        gc.set_threshold(MANY_OBJECTS, 10, 10)
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = next((one for one in COMMANDS if tuple(given[: len(one.words)]) == one.words), None)
    if command is None:
        return _overview(given)
    try:
        return _run(command, given[len(command.words) :])
    except BrokenPipeError:  # the reader left, as `| head` does: nothing more to say, nor anyone to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT


def _run(command: Command, arguments: list[str]) -> int:
    module = importlib.import_module(command.module)
    if command.parses_alone:
        return int(module.main(arguments))
    parser = Parser(prog=f"maillage {' '.join(command.words)}", description=_sentence(command.summary))
    module.add_arguments(parser)
    code = int(module.run(parser.parse_args(arguments)))
    sys.stdout.flush()
    return code


def _overview(given: Sequence[str]) -> int:
    """The commands, all or those that begin by the word given: on standard output when asked for, else an error and code 2."""
    family = [command for command in COMMANDS if command.words[:1] == tuple(given[:1])]
    shown = family or COMMANDS
    width = max(len(" ".join(command.words)) for command in shown)
    lines = [f"  {' '.join(command.words):{width}}  {command.summary}" for command in shown]
    text = "\n".join(
        ["emploi : maillage COMMANDE …", "", *lines, "", "maillage COMMANDE --help en dit plus."]
    )
    rest = given[1:] if family else given
    if list(rest) in (["--help"], ["-h"], ["help"]):
        print(text)
        return 0
    asked = f"maillage : commande inconnue « {' '.join(given[:2])} »\n" if rest else ""
    print(f"{asked}{text}", file=sys.stderr)
    return BAD_USAGE


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    sys.exit(main())
