import django.db.models.deletion
from django.db import migrations, models

import governance.core.ids


class Migration(migrations.Migration):
    dependencies = [("gateway", "0005_limits")]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ruleset_digest", models.TextField()),
                ("effect", models.TextField()),
                ("verdict", models.TextField()),
                ("kinds", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "exchange",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gateway.exchange"
                    ),
                ),
            ],
            options={
                "db_table": "gateway_comparison",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["ruleset_digest", "effect", "-at", "-id"], name="gateway_comparison_of_ruleset"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "effect__in",
                                [
                                    "same",
                                    "stopped",
                                    "let_through",
                                    "replaced_more",
                                    "replaced_less",
                                    "otherwise",
                                    "unknown",
                                ],
                            )
                        ),
                        name="gateway_comparison_effect_known",
                    )
                ],
            },
        ),
    ]
