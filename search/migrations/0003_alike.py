from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]
    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["generation", "fold", "profile", "at", "readers"],
                name="document_alike",
                condition=models.Q(gone=False),
            ),
        ),
    ]
