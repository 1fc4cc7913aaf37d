import django.db.models.deletion
import governance.core.ids
import governance.training.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('training', '0001_initial'), ('training', '0002_demand')]

    initial = True

    dependencies = [
        ('destinations', '0001_squashed'),
        ('initiatives', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrainingSet',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.TextField()),
                ('format', models.TextField(default='')),
                ('digest', models.TextField()),
                ('bytes', models.PositiveBigIntegerField()),
                ('records', models.PositiveBigIntegerField(default=0)),
                ('broken_lines', models.PositiveBigIntegerField(default=0)),
                ('storage_ref', models.TextField(unique=True)),
                ('state', models.TextField(default=governance.training.rules.TrainingSetState['RECEIVED'])),
                ('verdict', models.TextField(default='')),
                ('counts', models.JSONField(default=dict)),
                ('ruleset_digest', models.TextField(default='')),
                ('demand', models.TextField(db_default='', default='')),
                ('uploaded_at', models.DateTimeField()),
                ('scanned_at', models.DateTimeField(null=True)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='training.trainingset')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'training_set',
                'ordering': ['-uploaded_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.training.rules.TrainingSetState['RECEIVED'], governance.training.rules.TrainingSetState['SCANNING'], governance.training.rules.TrainingSetState['CLEAN'], governance.training.rules.TrainingSetState['FINDINGS'], governance.training.rules.TrainingSetState['UNSCANNABLE'], governance.training.rules.TrainingSetState['IN_REVIEW'], governance.training.rules.TrainingSetState['RELEASABLE'], governance.training.rules.TrainingSetState['RELEASED']])), name='training_set_state_known'), models.UniqueConstraint(fields=('initiative', 'digest'), name='training_set_once_per_initiative')],
            },
        ),
        migrations.CreateModel(
            name='ReleasePermit',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.TextField()),
                ('body', models.JSONField()),
                ('signature', models.BinaryField()),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.destination')),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.terms')),
                ('training_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.trainingset')),
            ],
            options={
                'db_table': 'training_release_permit',
                'ordering': ['-issued_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='training_release_permit_expires_later')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseRequest',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.destination')),
                ('permit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.releasepermit')),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.terms')),
                ('training_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.trainingset')),
            ],
            options={
                'db_table': 'training_release_request',
                'ordering': ['-asked_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Chunk',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('first_byte', models.PositiveBigIntegerField()),
                ('end_byte', models.PositiveBigIntegerField()),
                ('first_line', models.PositiveBigIntegerField()),
                ('lines', models.PositiveIntegerField()),
                ('digest', models.TextField()),
                ('receipt', models.JSONField(null=True)),
                ('complete', models.BooleanField(null=True)),
                ('records', models.PositiveIntegerField(default=0)),
                ('broken_lines', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('findings', models.JSONField(default=list)),
                ('broken', models.JSONField(default=list)),
                ('scanned_at', models.DateTimeField(null=True)),
                ('training_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='training.trainingset')),
            ],
            options={
                'db_table': 'training_chunk',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('training_set', 'number'), name='training_chunk_number_once'), models.CheckConstraint(condition=models.Q(('end_byte__gt', models.F('first_byte'))), name='training_chunk_not_empty')],
            },
        ),
    ]
