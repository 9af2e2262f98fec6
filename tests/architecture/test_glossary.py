"""One term, one identifier: no identifier of the glossary stands for two things."""

import re
from collections import defaultdict

from tests.conftest import PROJECT


def named_twice(glossary: str) -> dict[str, list[str]]:
    """The identifiers that several lines give, with the terms of each."""
    terms: dict[str, list[str]] = defaultdict(list)
    for line in glossary.splitlines():
        cells = line.split(" | ")
        if line.startswith("| ") and len(cells) > 1:
            for identifier in set(re.findall(r"`([^`]+)`", cells[1])):
                terms[identifier].append(cells[0].removeprefix("| "))
    return {identifier: found for identifier, found in terms.items() if len(found) > 1}


def test_an_identifier_stands_for_one_term() -> None:
    assert not named_twice((PROJECT / "docs/glossary.md").read_text("utf-8"))


def test_an_identifier_of_two_terms_is_seen() -> None:
    said = "| question retirée | `withdraw`, `take_back` | a question |\n| arrêt | `withdraw` | the sender stops |\n"
    assert named_twice(said) == {"withdraw": ["question retirée", "arrêt"]}
