"""The database's own full-text index, over terms that we make: neither database analyses a word."""

from typing import Any

from django.db import migrations

SQLITE = [
    # `content=`: the texts stay in our tables, the index holds terms and positions only
    "CREATE VIRTUAL TABLE search_fulltext USING fts5(stems, content='search_body', content_rowid='document_id', "
    "tokenize='ascii', columnsize=0)",
    "CREATE VIRTUAL TABLE search_titles USING fts5(words, content='search_name', content_rowid='document_id', "
    "tokenize='ascii', columnsize=0, prefix='1 2 3')",
    "CREATE INDEX search_name_words ON search_name (words)",
    "CREATE INDEX search_word_folded ON search_word (generation, folded)",
    "CREATE INDEX search_word_backwards ON search_word (generation, backwards)",
]
TRIGGERS = """
CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
  INSERT INTO {index} (rowid, {column}) VALUES (new.document_id, new.{column});
END;
CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
  INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.document_id, old.{column});
END;
CREATE TRIGGER {table}_changed AFTER UPDATE OF {column} ON {table} BEGIN
  INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.document_id, old.{column});
  INSERT INTO {index} (rowid, {column}) VALUES (new.document_id, new.{column});
END;
"""
INDEXED = [("search_body", "search_fulltext", "stems"), ("search_name", "search_titles", "words")]
POSTGRESQL = [
    # out of line: a query for common words reads many rows, and needs the terms of none
    "ALTER TABLE search_document ADD COLUMN terms tsvector",
    "ALTER TABLE search_document ALTER COLUMN terms SET STORAGE EXTERNAL",
    "ALTER TABLE search_document SET (toast_tuple_target = 128)",
    "CREATE INDEX search_document_terms ON search_document USING gin (terms)",
    "ALTER TABLE search_name ADD COLUMN terms tsvector",
    "CREATE INDEX search_name_terms ON search_name USING gin (terms)",
    "CREATE INDEX search_name_words ON search_name (left(words, 200) text_pattern_ops)",
    "CREATE INDEX search_word_folded ON search_word (generation, folded varchar_pattern_ops)",
    "CREATE INDEX search_word_backwards ON search_word (generation, backwards varchar_pattern_ops)",
]


def forwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
        return
    for statement in SQLITE:
        schema_editor.execute(statement)
    for table, index, column in INDEXED:
        for statement in TRIGGERS.format(table=table, index=index, column=column).split("END;"):
            if statement.strip():
                schema_editor.execute(f"{statement}END")


def backwards(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in ("search_document", "search_name"):
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN terms")
        for index in ("search_name_words", "search_word_folded", "search_word_backwards"):
            schema_editor.execute(f"DROP INDEX {index}")
        return
    for table, index, _ in INDEXED:
        for what in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER {table}_{what}")
        schema_editor.execute(f"DROP TABLE {index}")
    for name in ("search_name_words", "search_word_folded", "search_word_backwards"):
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
