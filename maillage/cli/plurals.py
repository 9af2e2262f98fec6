"""Numbers in the sentences of commands: « 1 clé », « 2 clés », as French agrees."""


def plural(count: int, one: str, several: str | None = None) -> str:
    """The word that agrees with a number: everything under two is singular, zero included."""
    return one if count < 2 else several or f"{one}s"


def counted(count: int, one: str, several: str | None = None) -> str:
    """A number and the words that agree with it, in plain letters that a script may look for."""
    return f"{count} {plural(count, one, several)}"


def by_convention(count: int) -> str:
    """« 2 clés par convention »."""
    return counted(count, "clé par convention", "clés par convention")
