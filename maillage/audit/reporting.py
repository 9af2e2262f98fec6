"""What a verification of the journal found, in French: the same words for the operator's command and for an evidence folder. Pure."""

from datetime import UTC, datetime, tzinfo

from maillage.audit.rules import Alteration
from maillage.core.numbers import plural


def altered(one: Alteration) -> str:
    """Where a chain does not hold, and why."""
    entry = f", entrée {one.entry}" if one.entry else ""
    return f"journal altéré : chaîne {one.chain}, voie {one.lane}, maillon {one.number}{entry} : {one.what}"


def intact(
    read: int, *, anchors: int, until: datetime | None, pruned: int, whose: str = "", zone: tzinfo = UTC
) -> list[str]:
    """What is said where every chain holds: `anchors` agree, the last of the instant `until` in the hours of `zone`; `whose` key."""
    begins = plural(pruned, "voie commence", "voies commencent")
    said = [f"{pruned} {begins} après un segment élagué"] if pruned else []
    if until is not None:
        hours = " UTC" if zone is UTC else ""
        agrees = plural(anchors, "ancre concorde", "ancres concordent")
        said.append(f"{anchors} {agrees}, jusqu’au {until.astimezone(zone):%d/%m/%Y à %H:%M}{hours}{whose}")
    else:
        said.append("aucune ancre : une chaîne récrite en entier ne se verrait pas")
    return [*said, f"journal intact : {read} entrées vérifiées"]
