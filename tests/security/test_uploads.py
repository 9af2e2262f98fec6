"""S15: a hostile file sent with a form is refused; `make proof ONLY=S15` sends each at every place."""

import pytest

from maillage.documents.formats.media import MediaType
from tests.security.conftest import Worlds
from tests.security.reach import Visitor
from tests.security.uploads import FILES, HONEST, NAMES, Point, is_text, points, send

pytestmark = pytest.mark.security
SENT = ("an SVG (paper)", "a PDF with a script (paper)", "a_lying_directory (table)")
PAGES = {
    "conventions:evidence": ("conventions:evidence", "document"),
    "referrals:case": ("referrals:message", "file"),
}


@pytest.fixture
def found(worlds: Worlds, silence: None) -> list[Point]:
    return list(points(Visitor(*worlds), PAGES))


def test_a_hostile_file_is_refused_where_an_honest_one_is_taken(found: list[Point]) -> None:
    assert {(point.name, point.field) for point in found} == set(PAGES.values())
    for point in found:
        assert not send(point, HONEST["acte.pdf"]).is_refused
        for file, name in zip(SENT, NAMES[2:], strict=False):
            sent = send(point, FILES[file], name=name)
            assert sent.is_refused, (point.name, file)
            assert not sent.wrong, (point.name, file)


def test_a_file_that_is_taken_wrongly_is_seen(found: list[Point], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maillage.documents.actions.recognise", lambda _data: MediaType.PDF)
    assert not all(send(point, FILES[SENT[1]]).is_refused for point in found)


def test_a_text_of_one_column_may_be_a_table_and_bytes_may_not() -> None:
    assert is_text("Bonjour\né".encode())
    assert not is_text(b"MZ\0")
    assert not is_text(b"\xff\xfe")
    assert len(FILES) > 120
