"""The migration operation that journals a table's changes."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class JournalTable(Operation):
    """Each insert, update and delete of the table writes one journal entry: its reference and field names, never values."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, key: str = "id") -> None:
        self.table = table
        self.key = key

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return (type(self).__name__, [self.table, self.key], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(
            f"CREATE TRIGGER journal AFTER INSERT OR UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION audit_row_change('{self.key}')"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP TRIGGER journal ON {self.table}")

    def describe(self) -> str:
        return f"Journal {self.table}"
