"""Files of organisations for the tests: all of it made up."""

from collections.abc import Callable
from io import BytesIO

from stdnum import luhn

HEADINGS = "Nature;Nom;SIRET;Département;Commune;Courriel"


def source(text: str, encoding: str = "utf-8") -> Callable[[], BytesIO]:
    """A file with these characters, opened as often as one likes."""
    content = text.encode(encoding)
    return lambda: BytesIO(content)


def siret(number: int) -> str:
    """A SIRET with a right key, of nobody."""
    siren = f"{10_000_000 + number // 10_000:08d}"
    siren += luhn.calc_check_digit(siren)
    body = f"{siren}{number % 10_000:04d}"
    return body + luhn.calc_check_digit(body)


def bodies(count: int, *, start: int = 0) -> str:
    """So many lines of associations of the Loire."""
    lines = [
        f"Association;Association {n:06d};{siret(n)};42;Montbrison;" for n in range(start, start + count)
    ]
    return "\n".join([HEADINGS, *lines])
