"""The flows in force are published with the rights that they carry and the name of their service, as the signed texts say both."""

from importlib import import_module

from django.db import migrations

_PARTIES = import_module("maillage.conventions.migrations.0002_parties").PARTIES


def _former(name: str) -> str:
    head = f"CREATE FUNCTION {name}("
    text = (head + _PARTIES.partition(head)[2]).partition("$$;\n")
    return (text[0] + text[1]).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _changed(name: str, *changes: tuple[str, str]) -> str:
    text = _former(name)
    for before, after in changes:
        if text.count(before) != 1:
            raise ValueError(f"the function `{name}` is not the one that this migration knows")
        text = text.replace(before, after)
    return text


# A flow whose clause says no right says that it carries none; names of services are words of the texts too.
WORDS = _changed(
    "conventions_signed_words",
    ("(VALUES ('flows'), ('third_parties')) l (list)", "(VALUES ('flows'), ('third_parties'), ('services')) l (list)"),
    (
        "WHERE path ~ '^(flows|third_parties)(\\[[^]]+\\])?$'",
        "WHERE path ~ '^(flows|third_parties|services)(\\[[^]]+\\])?$'",
    ),
    ("jsonb_each_text(clause.value) field", """jsonb_each_text('{"rights": []}' || clause.value) field"""),
    (
        "WHERE path ~ '^(flows|third_parties)\\[[^]]+\\]\\.'",
        "WHERE path ~ '^(flows|third_parties|services)\\[[^]]+\\]\\.'",
    ),
)
HOLDS = _changed(
    "conventions_holds_flow",
    (
        "AND EXISTS (SELECT 1 FROM at WHERE field = 'data'",
        """AND EXISTS (SELECT 1 FROM at WHERE field = 'rights'
                    AND coalesce(said, '[]') = coalesce(flow -> 'rights', '[]')::text)
       AND (coalesce(flow ->> 'label', '') = ''
            OR EXISTS (SELECT 1 FROM words WHERE place = 'services[' || (flow ->> 'service') || '].label'
                        AND left(words.said, 120) = flow ->> 'label'))
       AND EXISTS (SELECT 1 FROM at WHERE field = 'data'""",
    ),
)
_RIGHTS = "ARRAY(SELECT jsonb_array_elements_text(coalesce(f -> 'rights', '[]')))"
PUBLISH = _changed(
    "publish_authorisations",
    (
        "(id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during)",
        "(id, convention_id, flow_key, sender_id, recipient_id, service, article, open_during, rights, label)",
    ),
    (
        "coalesce((f ->> 'during')::tstzrange, during) * still\n",
        f"coalesce((f ->> 'during')::tstzrange, during) * still,\n           {_RIGHTS}, coalesce(f ->> 'label', '')\n",
    ),
    (
        "service = excluded.service, article = excluded.article\n",
        "service = excluded.service, article = excluded.article,\n"
        "                      rights = excluded.rights, label = excluded.label\n",
    ),
    (
        "(cases_authorisation.open_during, cases_authorisation.service, cases_authorisation.article)\n"
        "            IS DISTINCT FROM (excluded.open_during, excluded.service, excluded.article);",
        "(cases_authorisation.open_during, cases_authorisation.service, cases_authorisation.article,\n"
        "               cases_authorisation.rights, cases_authorisation.label)\n"
        "            IS DISTINCT FROM (excluded.open_during, excluded.service, excluded.article, excluded.rights, excluded.label);",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_rights"), ("conventions", "0010_solicitations")]

    operations = [
        migrations.RunSQL(WORDS, _former("conventions_signed_words")),
        migrations.RunSQL(HOLDS, _former("conventions_holds_flow")),
        migrations.RunSQL(PUBLISH, _former("publish_authorisations")),
    ]
