"""The migration operation that closes a table from its first instant."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from maillage.core.row_security.access import OWNER


class ProtectTable(Operation):
    """ENABLE and FORCE row security, with one policy for the owner.

    FORCE binds the owner too, so that a definer function obeys a policy that says so plainly instead of an exemption.
    The policies of the runtime roles follow from the model's declaration when migrations end; until then they see nothing.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return (type(self).__name__, [self.table], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Row security is no part of Django's state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY owner_all ON {self.table} TO {OWNER} USING (true) WITH CHECK (true)"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP POLICY owner_all ON {self.table}")
        schema_editor.execute(
            f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )

    def describe(self) -> str:
        return f"Close {self.table} by row security"
