"""What an unquoted word of a convention's file means: nothing, true or false, a whole number, else a text.

YAML 1.1 would also read `no`, `on`, `12:30`, a date or the article `9.10` as something else; here they stay
what was typed.
"""

import re
from typing import Any, Final

_RESOLVERS: Final = (
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$", re.ASCII), list("-0123456789")),
)


def plain(text: str) -> str | int | bool | None:
    """The value of an unquoted scalar."""
    kind = next((tag.rsplit(":", 1)[1] for tag, pattern, _ in _RESOLVERS if pattern.match(text)), "str")
    match kind:
        case "null":
            return None
        case "bool":
            return text == "true"
        case "int":
            return int(text)
        case _:
            return text


def add_resolvers(dumper: Any) -> None:
    """Make a PyYAML dumper quote exactly the texts that `plain` would read as something else."""
    dumper.yaml_implicit_resolvers = {}
    for tag, pattern, first in _RESOLVERS:
        dumper.add_implicit_resolver(tag, pattern, first)
