"""What an identity was before it was corrected ends with the key of its case, in each place where it lay."""

from pathlib import Path

import pytest
from django.conf import settings

from maillage.beneficiaries.correcting import formers_of, part_of
from tests.beneficiaries.correcting import corrected
from tests.cli.kept_world import raw as as_owner
from tests.protection.destruction.test_destroying import destroyed, ended
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import HOSPITAL, PASS, PERSON, send, sign

CANARY = "Canarivrai"


@pytest.mark.security
def test_what_it_was_opens_with_no_key_of_the_partner_any_more(fresh_database: object) -> None:
    signed = sign()
    case = send(signed)
    corrected(case, by=PASS, surname=CANARY)
    corrected(case, by=PASS, surname="Zéphirin")
    with member(PASS) as worker:
        before = [
            one.identity.surname
            for one in formers_of(part_of(case, worker), by=worker, why="avant")
            if one.identity
        ]
    assert before == [PERSON.surname, CANARY]
    ended(signed)
    assert destroyed() == 1
    (held,) = as_owner(
        "SELECT sealed_key FROM cases_participation WHERE case_id = %s AND organisation_id = %s",
        case,
        organisation(HOSPITAL).id,
    )
    assert bytes(held[0]) == b""
    rows = str([bytes(row[0]) for row in as_owner("SELECT former FROM beneficiaries_correction")])
    assert not [word for word in (CANARY, PERSON.surname) if word in rows]
    stored = [path for path in Path(settings.KEY_STORE).rglob("*") if path.is_file()]
    assert not [path for path in stored if CANARY.encode() in path.read_bytes()]
    with member(ADVISER) as adviser:
        kept = formers_of(part_of(case, adviser), by=adviser, why="après")
    assert [one.identity.surname for one in kept if one.identity] == [PERSON.surname, CANARY]
    assert not as_owner(
        "SELECT 1 FROM beneficiaries_blindindex WHERE organisation_id = %s", organisation(HOSPITAL).id
    )
