"""The conventions that Maillage ships: one YAML file each, drawn from a published or signed text."""

from functools import cache
from importlib.resources import files

from maillage.conventions.terms import Terms, load_terms


@cache
def names() -> tuple[str, ...]:
    """The names of the library, sorted: file names without their extension."""
    return tuple(
        sorted(
            file.name.removesuffix(".yaml")
            for file in files(__name__).iterdir()
            if file.name.endswith(".yaml")
        )
    )


def text(name: str) -> str:
    """The YAML of a convention of the library. Raises `KeyError` when there is none of that name."""
    if name not in names():
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


@cache
def load(name: str) -> Terms:
    """The Terms of a convention of the library. Raises `KeyError` when there is none of that name."""
    return load_terms(text(name), f"{name}.yaml")
