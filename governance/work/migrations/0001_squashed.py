import governance.core.ids
import governance.work.rules
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('work', '0001_initial')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('process', models.TextField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'work_heartbeat',
            },
        ),
        migrations.CreateModel(
            name='IdempotentCall',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('actor', models.TextField()),
                ('key', models.TextField()),
                ('body_digest', models.TextField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('response', models.JSONField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'work_idempotent_call',
                'constraints': [models.UniqueConstraint(fields=('actor', 'key'), name='work_idempotent_call_once')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('queue', models.TextField()),
                ('input', models.JSONField()),
                ('state', models.TextField(default=governance.work.rules.JobState['QUEUED'])),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('token', models.UUIDField(null=True)),
                ('leased_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('dedupe_key', models.TextField(null=True, unique=True)),
                ('enqueued_by', models.TextField()),
                ('enqueued_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('error_code', models.TextField(default='')),
            ],
            options={
                'db_table': 'work_job',
                'ordering': ['enqueued_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('state__in', [governance.work.rules.JobState['QUEUED'], governance.work.rules.JobState['LEASED'], governance.work.rules.JobState['FAILED']])), fields=['next_at'], name='work_job_due'), models.Index(fields=['queue', 'leased_at'], name='work_job_progress')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.work.rules.JobState['QUEUED'], governance.work.rules.JobState['LEASED'], governance.work.rules.JobState['DONE'], governance.work.rules.JobState['FAILED'], governance.work.rules.JobState['POISONED']])), name='work_job_state_known')],
            },
        ),
    ]
