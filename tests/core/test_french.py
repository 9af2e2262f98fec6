"""French as it is printed."""

import pytest

from maillage.core.french import typeset
from tests.bounded import run_within


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("«oui»", "«\u00a0oui\u00a0»"),
        ("«  oui   »", "«\u00a0oui\u00a0»"),
        ("(« oui » )", "(«\u00a0oui\u00a0» )"),
        ("l'article 3 : oui ?", "l’article 3\u00a0: oui\u202f?"),
        ("30 jours, 50 %", "30\u00a0jours, 50\u00a0%"),
    ],
)
def test_spaces_quotes_and_apostrophes_are_put_in_order(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed


@pytest.mark.parametrize("one", [" ", "\u00a0", "a ", "» ", "«", " '", "3 "])
def test_a_long_text_is_typeset_in_bounded_work(one: str) -> None:
    run_within(10, f"from maillage.core.french import typeset\ntypeset({one!r} * 500_000 + ';')")
