"""« 1 clé », « 2 clés »: numbers agree in the sentences of commands."""

from maillage.cli.plurals import by_convention, counted, plural


def test_numbers_agree_as_french_does() -> None:
    assert [counted(count, "clé") for count in (0, 1, 2)] == ["0 clé", "1 clé", "2 clés"]
    assert counted(1, "dossier a", "dossiers ont") == "1 dossier a"
    assert by_convention(3) == "3 clés par convention"
    assert plural(2, "a", "ont") == "ont"
