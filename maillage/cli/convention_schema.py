"""`maillage convention schema`: the JSON Schema of a convention's file, for editors and other programs."""

import argparse
import json

from maillage.conventions.terms import json_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no argument."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Print the schema; the code is always 0."""
    del arguments
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))
    return 0
