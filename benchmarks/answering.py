"""The answer to a person who asks what is kept of her: everything of her fifty cases, as a PDF and for machines."""

from collections.abc import Iterator

from benchmarks.database import Bench
from benchmarks.measure import Line, wall
from maillage.core.clock import now
from maillage.demo.directory import load_directory
from maillage.documents.rendering import render_pdf
from maillage.protection.requests.drawing import held_for
from maillage.protection.requests.held import machine_file
from maillage.protection.requests.letters import held_report
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, attached, file_of, received
from tests.referrals.world import ask, member, send_referral, sign_convention, work

CASES = 50
DATABASE = "answering"


def lines(bench: Bench) -> Iterator[Line]:
    """Seconds on the clock for the whole answer, typesetting included; each case was received and has a question."""
    bench.drop(DATABASE)
    bench.database(DATABASE)
    bench.point_at(DATABASE)
    load_directory()
    signed = sign_convention()
    cases = [send_referral(signed) for _ in range(CASES)]
    for case in cases:
        work(case, "acknowledge")
        ask(case)
    request = attached(received(), *cases)
    sizes = {}

    def drawn() -> None:
        with member(CCAS_ADMIN) as admin:
            held = held_for(file_of(request, admin), by=admin, at=now())
        report = held_report(held, sender="CCAS", reference="D-1", on=today())
        sizes["PDF"] = len(render_pdf("report", report.as_data()))
        sizes["JSON"] = len(machine_file(held, organisation="CCAS", reference="D-1", on=today()))

    taken = wall(drawn, runs=3)
    detail = ", ".join(f"{name} de {size // 1000} ko" for name, size in sizes.items())
    yield Line(f"réponse d’accès, {CASES} dossiers (s)", taken, 5.0, "below", detail)
