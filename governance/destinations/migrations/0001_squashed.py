import django.contrib.postgres.fields
import django.db.models.deletion
import governance.core.ids
import governance.core.vocabulary
import governance.destinations.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('destinations', '0001_initial'), ('destinations', '0002_reply_check'), ('destinations', '0003_prices'), ('destinations', '0004_unread')]

    initial = True

    dependencies = [
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField(unique=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'destinations_provider',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('model_names', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('dialect', models.TextField()),
                ('base_url', models.TextField()),
                ('region', models.TextField()),
                ('hosting', models.TextField()),
                ('cidrs', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('state', models.TextField(default=governance.destinations.rules.DestinationState['PROPOSED'])),
                ('state_reason', models.TextField(default='')),
                ('unread', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('reply_check', models.TextField(default=governance.destinations.rules.ReplyCheck['WINDOW'])),
                ('stand_in', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destinations', to='destinations.provider')),
            ],
            options={
                'db_table': 'destinations_destination',
                'ordering': ['title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('dialect__in', [governance.destinations.rules.Dialect['OPENAI'], governance.destinations.rules.Dialect['ANTHROPIC'], governance.destinations.rules.Dialect['GEMINI'], governance.destinations.rules.Dialect['DATABRICKS'], governance.destinations.rules.Dialect['OLLAMA']])), name='destinations_destination_dialect_known'), models.CheckConstraint(condition=models.Q(('hosting__in', [governance.core.vocabulary.Hosting['PUBLIC_API'], governance.core.vocabulary.Hosting['TENANT_CLOUD'], governance.core.vocabulary.Hosting['SELF_HOSTED']])), name='destinations_destination_hosting_known'), models.CheckConstraint(condition=models.Q(('state__in', [governance.destinations.rules.DestinationState['PROPOSED'], governance.destinations.rules.DestinationState['OPEN'], governance.destinations.rules.DestinationState['SUSPENDED'], governance.destinations.rules.DestinationState['RETIRED']])), name='destinations_destination_state_known'), models.CheckConstraint(condition=models.Q(('reply_check__in', [governance.destinations.rules.ReplyCheck['WINDOW'], governance.destinations.rules.ReplyCheck['WHOLE'], governance.destinations.rules.ReplyCheck['WATCH']])), name='destinations_destination_reply_check_known')],
            },
        ),
        migrations.CreateModel(
            name='ProviderKey',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('last_four', models.TextField()),
                ('set_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='destinations.destination')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'destinations_provider_key',
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('destination',), name='destinations_provider_key_one_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('retention_days', models.PositiveIntegerField()),
                ('trains_on_inputs', models.BooleanField()),
                ('weights_owner', models.TextField()),
                ('cleared_for', models.TextField()),
                ('price_in', models.PositiveBigIntegerField(null=True)),
                ('price_out', models.PositiveBigIntegerField(null=True)),
                ('contract', models.TextField(default='')),
                ('digest', models.TextField()),
                ('in_force_from', models.DateTimeField()),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='destinations.destination')),
            ],
            options={
                'db_table': 'destinations_terms',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('destination', 'version'), name='destinations_terms_version_once'), models.CheckConstraint(condition=models.Q(('cleared_for__in', [governance.core.vocabulary.Classification['PUBLIC'], governance.core.vocabulary.Classification['INTERNAL'], governance.core.vocabulary.Classification['CONFIDENTIAL'], governance.core.vocabulary.Classification['RESTRICTED']])), name='destinations_terms_cleared_for_known'), models.CheckConstraint(condition=models.Q(('weights_owner__in', [governance.core.vocabulary.WeightsOwner['US'], governance.core.vocabulary.WeightsOwner['PROVIDER'], governance.core.vocabulary.WeightsOwner['SHARED'], governance.core.vocabulary.WeightsOwner['NONE_RESULT']])), name='destinations_terms_weights_owner_known')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('model', models.TextField(default='')),
                ('price_in', models.PositiveBigIntegerField()),
                ('price_out', models.PositiveBigIntegerField()),
                ('in_force_from', models.DateTimeField()),
                ('set_at', models.DateTimeField()),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='destinations.destination')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'destinations_price',
                'ordering': ['-in_force_from', '-id'],
                'constraints': [models.UniqueConstraint(fields=('destination', 'model', 'in_force_from'), name='destinations_price_once_at_a_moment')],
            },
        ),
    ]
