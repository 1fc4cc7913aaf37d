from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scanning", "0008_observe")]

    operations = [
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("type", "MARKING")), fields=["subtype"], name="scanning_finding_marking"
            ),
        ),
    ]
