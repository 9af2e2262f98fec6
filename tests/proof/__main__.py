"""`make proof`: every line, or one (`make proof ONLY=S1`); at most fifteen minutes each, then it says what is left.

Exit code 0 when every line asked for is complete, reached its goal and found nothing wrong; 1 otherwise; 2 on bad usage.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.proof.lines import LINES, Line
from tests.proof.plugin import FOLDER, LINE, UNTIL
from tests.proof.recording import Record, root_of

LONGEST = 15 * 60


def run(line: Line, root: Path) -> None:
    """The units of a line that no run has finished, on as many processes as there are processors."""
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "tests.proof.plugin", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-rN",
        "-n", "logical", "--dist", "worksteal", line.module,
    ]  # fmt: skip
    told = {FOLDER: str(root), LINE: line.id, UNTIL: str(time.time() + LONGEST)}
    with (root / f"{line.id}.log").open("wb") as log:
        subprocess.run(command, env=os.environ | told, stdout=log, stderr=subprocess.STDOUT, check=False)


def result(line: Line, root: Path) -> dict[str, object]:
    """What is known of a line so far."""
    record = Record(root, line.id)
    done, units = record.done(), record.units()
    tried = sum(tally.tried for tally in done.values())
    violations = [one for tally in done.values() for one in tally.violations]
    left = len(set(units) - done.keys())
    return {
        "id": line.id,
        "promise": line.promise,
        "tried": tried,
        "counts": line.counts,
        "goal": line.goal,
        "controls": sum(tally.controls for tally in done.values()),
        "violations": len(violations),
        "first": violations[:10],
        "seconds": round(sum(tally.seconds for tally in done.values())),
        "units": len(units),
        "left": left,
        "holds": bool(units) and not left and not violations and tried >= line.goal,
    }


def row(found: dict[str, object]) -> str:
    """A line of the table."""
    verdict = (
        "tenu" if found["holds"] else "MANQUÉ" if found["violations"] or not found["left"] else "INACHEVÉ"
    )
    left = f" ; {found['left']} unités sur {found['units']} restent" if found["left"] else ""
    return (
        f"{verdict:<9}{found['id']:<9}{found['tried']:>10} {found['violations']:>11} {found['seconds']:>9} s  "
        f"{found['counts']}, {found['goal']} au moins{left}"
    )


def main(arguments: list[str]) -> int:
    """The lines named, else all."""
    wanted = [line for line in LINES if not arguments or line.id in arguments]
    if unknown := set(arguments) - {line.id for line in LINES}:
        print(
            f"Ligne inconnue : {', '.join(sorted(unknown))}. Connues : {', '.join(one.id for one in LINES)}.",
            file=sys.stderr,
        )
        return 2
    root = root_of()
    print(f"{'':<9}{'id':<9}{'tried':>10} {'violations':>11} {'seconds':>11}", flush=True)
    found = []
    for line in wanted:
        run(line, root)
        found.append(result(line, root))
        print(row(found[-1]), flush=True)
        for violation in found[-1]["first"]:  # type: ignore[attr-defined]
            print(f"         {violation}", flush=True)
    every = [result(line, root) for line in LINES]
    (root / "proof.json").write_text(json.dumps(every, ensure_ascii=False, indent=2))
    print(f"\n{root / 'proof.json'}")
    return 0 if all(one["holds"] for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
