"""The registry of personal data: each field of each model is declared personal (why, kept how long, destroyed how) or not.

A room declares its own models in its `privacy.py`; a test fails on any field that is declared nowhere. The register of
processing and the destruction at term read the same declarations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Model


class Subject(StrEnum):
    """Whose data it is."""

    BENEFICIARY = "beneficiary"
    PROFESSIONAL = "professional"


class Form(StrEnum):
    """How the field is written down."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Personal:
    """A field about a person: what it is for, how long it is kept, how it is destroyed (French, as the register prints it)."""

    subject: Subject
    why: str
    kept: str
    destroyed: str
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class NotPersonal:
    """A field that says nothing of a person."""


Declaration = Personal | NotPersonal
_DECLARED: dict[str, dict[str, Declaration]] = {}


def not_personal(names: str) -> dict[str, Declaration]:
    """Fields, named in one line, that say nothing of a person."""
    return {name: NotPersonal() for name in names.split()}


def declare(model: type[Model] | str, fields: Mapping[str, Declaration]) -> None:
    """Declare the fields of a model, or of its label (« audit.Entry ») where the model may not be imported.

    A field declared twice differently raises ValueError: one field has one meaning.
    """
    label = model if isinstance(model, str) else model._meta.label
    known = _DECLARED.setdefault(label, {})
    for name, declaration in fields.items():
        if known.setdefault(name, declaration) != declaration:
            raise ValueError(f"{label}.{name} is declared twice")


def declared() -> Mapping[str, Mapping[str, Declaration]]:
    """What was declared so far, by label of model and field."""
    return _DECLARED
