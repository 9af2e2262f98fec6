"""A new key of a case, or of an organisation, takes the sealed words of applications and what is being prepared along."""

from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.core import crypto
from maillage.core.clock import now
from maillage.referrals.renewing import renew_cases
from maillage.rights.models import Application, PieceRequest
from maillage.rights.preparing import open_preparation
from maillage.rights.queries import file_of
from maillage.rights.renewing import APPLICATIONS, reseal_preparations
from maillage.rights.sealed import DECISION, DETAILS, REQUEST
from maillage.vault import renewing
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import member, organisation
from tests.rights.test_examining import ask
from tests.rights.world import ADVISER, HOSPITAL, PASS, Signed, act, content, prepare, receive, send


def test_a_new_key_of_the_case_takes_its_words_along(committed: Signed) -> None:
    case = send(committed)
    receive(case, is_complete=False)
    ask(case, "identity", words="Une pièce avec sa photo.")
    act("answer", case, PASS, on=today())
    act("refuse", case, reason="residence", on=today(), words="Arrivée il y a un mois.")
    with member(PASS):
        former = keys_of(Participation.objects.filter(case_id=case))[case]
    with worker_process():
        done = renew_cases(organisation(HOSPITAL).id, before=now(), also=(APPLICATIONS,))
    assert (done.changed, done.unreadable) == (1, 0)
    for address in (PASS, ADVISER):
        with member(address) as someone:
            found = file_of(someone, case)
        assert found.details.words == "Hospitalisée depuis lundi."
        assert found.words == "Arrivée il y a un mois."
        assert list(found.asked.values()) == ["Une pièce avec sa photo."]
    row = Application.objects.using("owner").get(case_id=case)
    request = PieceRequest.objects.using("owner").get(case_id=case)
    for sealed, column, which in (
        (row.details, DETAILS, case),
        (row.sealed_words, DECISION, case),
        (request.sealed_words, REQUEST, request.id),
    ):
        assert sealed is not None
        assert not _opens(former, bytes(sealed), column.place(which))


def _opens(key: bytes, sealed: bytes, place: bytes) -> bool:
    try:
        crypto.decrypt(key, sealed, at=place)
    except crypto.DecryptionError:
        return False
    return True


def test_a_retired_pair_stays_until_what_is_prepared_is_sealed_again(committed: Signed) -> None:
    made, body = prepare(committed), organisation(HOSPITAL).id
    with worker_process():
        assert renewing.renew_pair(body)
        retired = renewing.retired_pairs(body)
        assert renewing.forget_pairs(body) == len(retired) == 1
        assert reseal_preparations(body, pairs=retired).changed == 1
        assert renewing.forget_pairs(body) == 0
    with member(PASS) as worker:
        assert open_preparation(worker, made).content == content(committed)
