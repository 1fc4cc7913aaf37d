"""A register may be retired."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_public_register")]

    operations = [
        migrations.AddField(model_name="sourceregister", name="retired_at", field=models.DateTimeField(null=True)),
    ]
