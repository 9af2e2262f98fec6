"""S14 at full size: every answer of every address to everybody, whatever its status: headers, cookies, and no other host."""

from itertools import product

import pytest
from django.db import transaction

from tests.architecture.test_pages import Address
from tests.proof.recording import Tally
from tests.security.answering import Answer
from tests.security.headers import Watch
from tests.security.reach import UNUSED_METHODS, Visitor, probed, url_of, written_rule

ADDRESSES = probed()


@pytest.mark.parametrize("address", ADDRESSES, ids=[address.name for address in ADDRESSES])
def test_every_answer(address: Address, browsers: Visitor, tally: Tally) -> None:
    watch = Watch()
    clients = {"anonymous": browsers.anonymous, **browsers.clients}
    methods = (*written_rule(address).methods, "HEAD", *UNUSED_METHODS[:2])
    for relation, arguments in browsers.objects(address):
        if relation.startswith("W"):
            continue
        url = url_of(address, arguments)
        for (who, client), method, fragment in product(clients.items(), methods, (False, True)):
            with transaction.atomic():
                answer = client.generic(method, url, headers={"HX-Request": "true"} if fragment else {})
                transaction.set_rollback(True)
            tally.tried += 1
            tally.controls += answer.status_code == 200
            watch(f"{method} {address.name} {relation} by {who}", answer, Answer.of(answer))
    tally.violations += sorted(watch.wrong)
