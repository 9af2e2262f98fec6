"""The operator's first commands: an organisation with its keys, and a first account; each refused clearly the second time."""

import getpass
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from maillage.audit.models import Entry
from maillage.cli import account_open, account_reopen, operating, organisation_open
from maillage.cli.main import main
from maillage.core.clock import now
from maillage.credentials.models import Factor
from maillage.organisations.models import Membership, Organisation, User
from maillage.vault.models import PrivateKey, PublicKey

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SIRET = "26421029500046"
BODY = ("organisation", "open", "--kind", "ccas", "--name", "CCAS d’Essai", "--siret", SIRET)
PERSON = (
    "account",
    "open",
    "--email",
    "Premiere@Essai.example.org",
    "--name",
    "Ange Exemple",
    "--siret",
    SIRET,
)


@pytest.fixture(autouse=True)
def _same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own connections stand for those of the environment."""
    for module in (organisation_open, account_open, account_reopen):
        monkeypatch.setattr(module, "connect_as_owner", lambda: None)


def body(*more: str, **changed: str) -> tuple[str, ...]:
    words = list(BODY)
    for name, value in changed.items():
        words[words.index(f"--{name}") + 1] = value
    return (*words, *more)


def test_an_organisation_is_opened_with_its_keys_and_journalled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(body("--departement", "974", "--mailbox", "boite@essai.example.org")) == 0
    opened = Organisation.objects.using("owner").get(siret=SIRET)
    assert (opened.kind, opened.short_name, opened.sort_name) == ("ccas", "CCAS d’Essai", "ccas d'essai")
    assert (opened.time_zone, opened.mailbox) == ("Indian/Reunion", "boite@essai.example.org")
    public = PublicKey.objects.using("owner").get(organisation=opened)
    assert PrivateKey.objects.using("owner").filter(key=public, organisation=opened).exists()
    entry = Entry.objects.using("owner").get(verb="organisation.open")
    assert (entry.object_ref, entry.organisation_id) == (str(opened.id), opened.id)
    assert "avec ses clés (Indian/Reunion)" in capsys.readouterr().out


REFUSALS = {
    "a SIRET that fails its key": (
        body(siret="26421029500047"),
        "Le SIRET « 26421029500047 » n’est pas valable",
    ),
    "a SIREN": (body(siret="264210295"), "n’est pas valable"),
    "a kind that does not exist": (body(kind="caisse"), "Nature inconnue : « caisse »"),
    "an empty name": (body(name="  "), "Le nom compte de 1 à 200"),
    "a name too long to be a short one": (body(name="x" * 61), "Le nom court compte de 1 à 60"),
    "a département that does not exist": (body("--departement", "99"), "Le département « 99 » n’existe pas"),
    "a time zone that does not exist": (body("--time-zone", "Europe/Lyon"), "« Europe/Lyon » n’existe pas"),
    "a mailbox that is not one": (body("--mailbox", "boite"), "« boite » n’est pas une adresse"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_wrong_sheet_is_refused_in_french_and_nothing_is_written(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _counts()
    words, said = REFUSALS[case]
    assert main(words) == 1
    assert said in capsys.readouterr().err
    assert _counts() == before


def test_an_organisation_is_not_opened_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(body()) == 0
    before = _counts()
    assert main(body(name="Un autre nom")) == 1
    assert "Ce SIRET est déjà celui de « CCAS d’Essai »" in capsys.readouterr().err
    assert main(body(siret="73282932000074")) == 1
    assert "Ce nom est déjà celui de « CCAS d’Essai »" in capsys.readouterr().err
    assert _counts() == before


def test_without_a_master_key_no_organisation_is_opened(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MASTER_KEY = ""
    before = _counts()
    assert main(body()) == 1
    assert "MAILLAGE_MASTER_KEY" in capsys.readouterr().err
    assert _counts() == before


def test_an_account_is_opened_with_a_password_shown_once(
    client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    main(BODY)
    assert main(PERSON) == 0
    said = capsys.readouterr().out
    password = said.split("cette seule fois : ")[1].split()[0]
    user = User.objects.using("owner").get(email="premiere@essai.example.org")
    assert check_password(password, user.password)
    membership = Membership.objects.using("owner").get(user=user)
    assert (membership.role, membership.organisation.siret) == ("administrator", SIRET)
    entries = Entry.objects.using("owner")
    assert entries.filter(verb="account.open", object_ref=str(user.id)).count() == 1
    assert entries.filter(verb="membership.open", object_ref=str(membership.id)).count() == 1
    assert not any(password in str(vars(entry)) for entry in entries.all())


def test_a_second_role_keeps_the_password_and_the_same_role_twice_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(BODY)
    main(PERSON)
    before = User.objects.using("owner").get(email="premiere@essai.example.org").password
    assert main((*PERSON, "--role", "referent")) == 0
    assert "son mot de passe n’a pas changé" in capsys.readouterr().out
    assert main(PERSON) == 1
    assert "a déjà ce rôle" in capsys.readouterr().err
    after = User.objects.using("owner").get(email="premiere@essai.example.org")
    assert after.password == before
    assert sorted(after.memberships.using("owner").values_list("role", flat=True)) == [
        "administrator",
        "referent",
    ]


def test_a_password_may_be_asked_and_is_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(BODY)
    before = _counts()
    monkeypatch.setattr(
        getpass, "getpass", _answers("court", "court", "l’un des deux", "l’autre", *["seize-lettres-ici"] * 2)
    )
    assert main((*PERSON, "--ask-password")) == 1
    assert "trop court" in capsys.readouterr().err
    assert main((*PERSON, "--ask-password")) == 1
    assert "ne sont pas les mêmes" in capsys.readouterr().err
    assert _counts() == before
    assert main((*PERSON, "--ask-password")) == 0
    assert "seize-lettres-ici" not in capsys.readouterr().out
    assert (
        User.objects.using("owner")
        .get(email="premiere@essai.example.org")
        .check_password("seize-lettres-ici")
    )


ACCOUNTS = {
    "an organisation that is not there": (("--siret", "73282932000074"), "Aucun organisme n’a le SIRET"),
    "a role that does not exist": (("--role", "chief"), "Rôle inconnu : « chief »"),
    "an address that is not one": (("--email", "personne"), "« personne » n’est pas une adresse"),
    "no name": (("--name", " "), "Donnez le nom de la personne"),
}


@pytest.mark.parametrize("case", ACCOUNTS)
def test_a_wrong_account_is_refused_and_nothing_is_written(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(BODY)
    before = _counts()
    words, said = ACCOUNTS[case]
    assert main((*PERSON, *words)) == 1
    assert said in capsys.readouterr().err
    assert _counts() == before


def test_the_owner_s_address_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.db import connections

    monkeypatch.setattr(organisation_open, "connect_as_owner", operating.connect_as_owner)
    monkeypatch.setattr(operating, "ensure_running", lambda: None)
    monkeypatch.delitem(connections.settings, "owner")
    assert main(BODY) == 1
    assert "DATABASE_OWNER_URL" in capsys.readouterr().err


def _answers(*words: str) -> Any:
    given = iter(words)
    return lambda _prompt: next(given)


def _counts() -> tuple[int, ...]:
    models = (Organisation, User, Membership, PublicKey, PrivateKey)
    return tuple(model._default_manager.using("owner").count() for model in models)


def test_the_password_that_was_printed_serves_once_and_another_is_given_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(BODY)
    main(PERSON)
    user = User.objects.using("owner").get(email="premiere@essai.example.org")
    assert user.one_time_password
    User.objects.using("owner").update(one_time_password=False)
    capsys.readouterr()
    assert main(("account", "reopen", "--email", user.email)) == 0
    said = capsys.readouterr().out
    (password,) = [line.rpartition(" : ")[2] for line in said.splitlines() if "cette seule fois" in line]
    user.refresh_from_db(using="owner")
    assert check_password(password, user.password)
    assert user.one_time_password
    assert Entry.objects.using("owner").get(verb="account.reopen").reason == ""
    factor = Factor(user=user, kind="key", credential=b"x", created_at=now())
    factor.save(using="owner")
    assert main(("account", "reopen", "--email", user.email, "--forget-factors")) == 0
    assert "seconds facteurs retirés" in capsys.readouterr().out
    assert not Factor.objects.using("owner").exists()


def test_nobody_s_account_is_not_reopened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("account", "reopen", "--email", "personne@example.org")) == 1
    assert "Aucun compte ouvert" in capsys.readouterr().err
