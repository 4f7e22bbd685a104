"""The database itself refuses to rewrite the journal."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER journal_append_only BEFORE UPDATE ON changes_journalline
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION refuse_journal_update() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE ON changes_journalline
FOR EACH ROW EXECUTE FUNCTION refuse_journal_update();
"""


def forwards(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER journal_append_only")
    else:
        schema_editor.execute("DROP TRIGGER journal_append_only ON changes_journalline")
        schema_editor.execute("DROP FUNCTION refuse_journal_update()")


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
