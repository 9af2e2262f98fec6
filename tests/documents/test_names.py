"""Names of files lose what could deceive, and keep their words."""

import pytest

from maillage.documents.formats.media import MediaType
from maillage.documents.names import LONGEST, content_disposition, safe_name


@pytest.mark.security
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Convention signée.pdf", "Convention signée.pdf"),
        ("Convention signe\u0301e.PDF", "Convention signée.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system32.pdf", "system32.pdf"),
        ("/var/secret.pdf", "secret.pdf"),
        ("contrat\u202efdp.exe", "contratfdp.exe.pdf"),
        ("facture.pdf.exe", "facture.pdf.exe.pdf"),
        ("photo.jpg", "photo.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("\u200b\ufeff.pdf", "document.pdf"),
        (".pdf", "document.pdf"),
        ("...", "document.pdf"),
        ("   ", "document.pdf"),
        ("", "document.pdf"),
        (None, "document.pdf"),
        ("CON.pdf", "document CON.pdf"),
        ("\ud800.pdf", "document.pdf"),
        ("é" * 300 + ".pdf", "é" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_a_name_is_made_safe(given: str | None, kept: str) -> None:
    assert safe_name(given, MediaType.PDF) == kept


def test_a_header_carries_the_name_with_its_accents() -> None:
    header = content_disposition("Convention signée n° 1.pdf", inline=False)
    assert header == (
        'attachment; filename="Convention signee n 1.pdf"; '
        "filename*=UTF-8''Convention%20sign%C3%A9e%20n%C2%B0%201.pdf"
    )
    assert content_disposition("a.png", inline=True).startswith("inline; ")
