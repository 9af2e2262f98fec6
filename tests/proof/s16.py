"""S16 at full size: no table that goes out holds a formula. Cells are drawn by the thousand, written, and opened again by another reader;
then every address that answers a table is asked, while every name and title of a world begins like a formula.
"""

from itertools import product
from typing import Any

import pytest
from django.db import connections, transaction

from maillage.core.spreadsheets.writing import csv_file, workbook, xlsx
from tests.architecture.test_pages import Address
from tests.proof.recording import Tally
from tests.security.fuzzing import drawing, value
from tests.security.reach import Visitor, probed, url_of, written_rule
from tests.security.tables import COMPUTES, XLSX, cells_of, computing, is_table
from tests.security.worlds import PERSONAS

UNITS, LINES, COLUMNS = 20, 200, 6
BEGINNINGS = (
    *COMPUTES,
    " =",
    "\n=",
    "=cmd|' /C calc'!A0;",
    "@SUM(A1)",
    "+33 6",
    "-2+3",
    '=HYPERLINK("//ailleurs.example.org")',
)
WORD = "=1+1 Exemple"
# What pages write in tables of names and titles; each begins like a formula from then on.
NAMES = (
    "UPDATE organisations_organisation SET name = '=1+1 Exemple ' || name WHERE name NOT LIKE '=%'",
    "UPDATE organisations_user SET full_name = '=1+1 Exemple ' || full_name WHERE full_name NOT LIKE '=%'",
    "UPDATE conventions_convention SET title = '=1+1 Exemple ' || title WHERE title NOT LIKE '=%'",
)
ASKED = {"kind": ("csv", "xlsx"), "format": ("csv", "xlsx")}
ADDRESSES = [address for address in probed() if "GET" in written_rule(address).methods]


@pytest.mark.parametrize("unit", range(UNITS))
def test_what_is_drawn(unit: int, tally: Tally) -> None:
    draw = drawing(f"formulas {unit}")
    rows = [
        [
            draw.choice(BEGINNINGS) + value(draw).decode("utf-8", "replace").replace("\0", "")
            for _ in range(COLUMNS)
        ]
        for _ in range(LINES)
    ]
    titles = rows.pop()
    written = {
        "xlsx": (XLSX, xlsx("Essai", titles, rows)),
        "workbook": (XLSX, workbook([("Un", titles, rows), ("Deux", titles, rows)], width=20)),
        "csv": ("text/csv", csv_file(titles, rows)),
    }
    for name, (kind, data) in written.items():
        cells = cells_of(kind, data)
        tally.tried += len(cells)
        tally.violations += [f"{name}: {text!r}" for text in computing(cells)]
    plain = [("csv", cell) for row in rows for cell in row]
    tally.controls = len(computing(plain))  # as they are, they would compute
    assert tally.controls > LINES


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_what_pages_give(address: Address, browsers: Visitor, tally: Tally) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in NAMES:
            cursor.execute(statement)
    rule = written_rule(address)
    for relation, arguments in browsers.objects(address):
        if relation not in {"none", "here"}:
            continue
        allowed = [one for one in PERSONAS if browsers.expected(address, rule, one, relation) == "ok"][:1]
        for persona, arguments_asked in product(allowed, _asked(arguments)):
            with transaction.atomic():
                answer: Any = browsers.clients[persona.address].get(url_of(address, arguments_asked))
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                transaction.set_rollback(True)
            kind = answer.headers.get("Content-Type", "")
            if is_table(kind):
                cells = cells_of(kind, content)
                tally.tried += len(cells)
                tally.controls += sum(WORD in text for _, text in cells)
                tally.violations += [f"{address.name}: {text!r}" for text in computing(cells)]


def _asked(arguments: dict[str, str]) -> list[dict[str, str]]:
    """The same arguments, for each kind of table that an address may give."""
    named = [name for name in ASKED if name in arguments]
    return [arguments, *(arguments | {name: other} for name in named for other in ASKED[name])]
