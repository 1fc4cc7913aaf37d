"""A register may hold text that anybody may have."""

from django.db import migrations, models

KNOWN = ["code", "documents", "public"]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_squashed")]

    operations = [
        migrations.RemoveConstraint(model_name="sourceregister", name="catalogue_source_register_kind_known"),
        migrations.AddConstraint(
            model_name="sourceregister",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KNOWN)), name="catalogue_source_register_kind_known"
            ),
        ),
    ]
