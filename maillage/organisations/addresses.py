"""Electronic addresses, judged as Django judges them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def is_address(text: str) -> bool:
    """Whether this is an electronic address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
