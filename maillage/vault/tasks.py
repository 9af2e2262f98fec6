"""Jobs of keys. They carry nothing: what to do is read when they run."""

from procrastinate.contrib.django import app

from maillage.vault.missing import make_missing_key_pairs

MISSING = "vault.make_missing_key_pairs"


@app.periodic(cron="*/5 * * * *", periodic_id="every_five_minutes")
@app.task(name=MISSING, queueing_lock=MISSING, lock=MISSING)
def make_missing(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Give a key pair to the organisations that have just been opened; an import asks for it when it ends."""
    make_missing_key_pairs()
