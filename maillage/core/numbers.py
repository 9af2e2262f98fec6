"""Numbers as French readers write them: 1 234,5 %, 3 conventions, 1,2 Mo."""

from decimal import ROUND_HALF_UP, Decimal

from maillage.core.french import NARROW_NBSP, NBSP

MINUS = "\u2212"
_PHONE_MARKS = str.maketrans("", "", f" .-{NBSP}{NARROW_NBSP}")


def number(value: float | Decimal, decimals: int = 0) -> str:
    """Return the value with a decimal comma and thousands set apart, rounded half away from zero."""
    # Through str, so that 0.1 stays 0.1 and not its binary neighbour.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NARROW_NBSP).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def percent(share: float | Decimal, decimals: int = 1) -> str:
    """Return a share between 0 and 1 as « 12,5 % »."""
    return f"{number(Decimal(str(share)) * 100, decimals)}{NBSP}%"


def plural(count: float, singular: str, several: str | None = None) -> str:
    """Return the word that agrees with count: in French, everything under two is singular, zero included."""
    return singular if abs(count) < 2 else several or f"{singular}s"


def counted(count: int, singular: str, several: str | None = None) -> str:
    """Return « 3 conventions », « 1 convention », « aucune » being left to the caller."""
    return f"{number(count)}{NBSP}{plural(count, singular, several)}"


def file_size(size: int) -> str:
    """Return a number of bytes as « 850 octets », « 12 ko » or « 1,4 Mo » (decimal multiples)."""
    if size < 1_000:
        return counted(size, "octet")
    if size < 1_000_000:
        return f"{number(size / 1_000)}{NBSP}ko"
    return f"{number(size / 1_000_000, 1)}{NBSP}Mo"


def siret(value: str) -> str:
    """Return a SIRET as « 123 456 789 00012 »; anything that has not fourteen digits comes back as it is."""
    if len(value) != 14 or not value.isdigit():
        return value
    return NBSP.join((value[:3], value[3:6], value[6:9], value[9:]))


def phone(value: str) -> str:
    """Return a French number by twos, « 06 12 34 56 78 »; anything else comes back as it is."""
    digits = value.strip().translate(_PHONE_MARKS)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit() and digits.startswith("0")):
        return value
    return NBSP.join(digits[at : at + 2] for at in range(0, 10, 2))
