"""`maillage route schema`: the JSON Schema of a situation, for forms and other programs."""

import argparse
import json

from maillage.referrals.routing.situation import schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no argument."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print the schema; the code is always 0."""
    del arguments
    print(json.dumps(schema(), ensure_ascii=False, indent=1))
    return 0
