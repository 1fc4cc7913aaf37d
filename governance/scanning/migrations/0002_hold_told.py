"""Who can decide about a held request is told of it, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scanning", "0001_squashed")]

    operations = [migrations.AddField(model_name="hold", name="told_at", field=models.DateTimeField(null=True))]
