"""Make maillage/organisations/territories/territories.txt.gz again from the npm package `@etalab/decoupage-administratif`.

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    .venv/bin/python scripts/communes.py package

Three parts set apart by an empty line: regions (code, name), départements (code, name, region), communes sorted by their
search key (key, code, name, postal codes, code of the commune that it belongs to). Fields are set apart by tabs.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maillage.organisations.territories import DATA, place_key

PARENTS = {
    "arrondissement-municipal": "commune",
    "commune-deleguee": "chefLieu",
    "commune-associee": "chefLieu",
}


def lines(package: Path) -> Iterator[str]:
    """The lines of the file."""
    read = {
        name: json.loads((package / "data" / f"{name}.json").read_text())
        for name in ("regions", "departements", "communes")
    }
    yield from ("\t".join((one["code"], one["nom"])) for one in read["regions"])
    yield ""
    yield from ("\t".join((one["code"], one["nom"], one["region"])) for one in read["departements"])
    yield ""
    yield from sorted(_commune(one) for one in read["communes"])


def _commune(one: dict[str, Any]) -> str:
    parent = one.get(PARENTS.get(one["type"], ""), "")
    postal = ",".join(one.get("codesPostaux", ()))
    return "\t".join((place_key(one["nom"]), one["code"], one["nom"].replace("'", "’"), postal, parent))


def main() -> None:
    """Write the file; no clock and no name in it, so that the same package gives the same bytes."""
    text = "\n".join(lines(Path(sys.argv[1])))
    DATA.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{DATA.name}: {DATA.stat().st_size} bytes")


if __name__ == "__main__":
    main()
