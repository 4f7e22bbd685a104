"""The charter's dimensions and commitments, and the two calls: the same on every installation."""

from django.db import migrations

from projects.charter import CALLS, CHARTER


def seed(apps, schema_editor):
    """Write what is missing; `projects.charter.seed_charter()` does the same after a flush."""
    dimensions = apps.get_model("projects", "Dimension").objects.using(schema_editor.connection.alias)
    commitments = apps.get_model("projects", "Commitment").objects.using(schema_editor.connection.alias)
    calls = apps.get_model("projects", "CallForProjects").objects.using(schema_editor.connection.alias)
    number = 0
    for rank, (title, names) in enumerate(CHARTER, start=1):
        dimension, _ = dimensions.get_or_create(number=rank, defaults={"name": title})
        for name in names:
            number += 1
            commitments.get_or_create(number=number, defaults={"name": name, "dimension": dimension})
    for year, name in CALLS.items():
        calls.get_or_create(year=year, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
