import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was called shadow until now was a version that decides nothing; in shadow is now one that decides beside the one in force."""

    dependencies = [("scanning", "0006_ways"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveConstraint(model_name="ruleset", name="scanning_ruleset_mode_known"),
        migrations.RunSQL(
            "UPDATE scanning_ruleset SET mode = 'draft' WHERE mode = 'shadow'",
            "UPDATE scanning_ruleset SET mode = 'shadow' WHERE mode = 'draft'",
        ),
        migrations.AlterField(model_name="ruleset", name="mode", field=models.TextField(default="draft")),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["draft", "shadow", "enforce", "retired"])),
                name="scanning_ruleset_mode_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mode", "shadow")), fields=("mode",), name="scanning_ruleset_one_in_shadow"
            ),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="maker",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
