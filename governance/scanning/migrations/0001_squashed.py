import django.db.models.deletion
import governance.core.ids
import governance.scanning.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('scanning', '0001_initial'), ('scanning', '0002_exam_findings'), ('scanning', '0003_releases'), ('scanning', '0004_ruleset_history'), ('scanning', '0005_recognisers'), ('scanning', '0006_ways'), ('scanning', '0007_versions'), ('scanning', '0008_observe'), ('scanning', '0009_markings')]

    initial = True

    dependencies = [
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('subject', models.TextField(unique=True)),
                ('digest', models.TextField()),
                ('storage_ref', models.TextField()),
                ('state', models.TextField(default=governance.scanning.rules.HoldState['HELD'])),
                ('reason', models.TextField()),
                ('held_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'scanning_hold',
                'ordering': ['held_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.scanning.rules.HoldState['HELD'], governance.scanning.rules.HoldState['RELEASED'], governance.scanning.rules.HoldState['DISCARDED'], governance.scanning.rules.HoldState['EXPIRED']])), name='scanning_hold_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ActOnHold',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='scanning.hold')),
            ],
            options={
                'db_table': 'scanning_act_on_hold',
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', governance.scanning.rules.HoldAct['RELEASE'])), fields=('hold', 'person'), name='scanning_act_on_hold_one_release'), models.CheckConstraint(condition=models.Q(('kind__in', [governance.scanning.rules.HoldAct['REVEAL'], governance.scanning.rules.HoldAct['RELEASE'], governance.scanning.rules.HoldAct['DISCARD']])), name='scanning_act_on_hold_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Recogniser',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('definition', models.JSONField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_on', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'scanning_recogniser',
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Ruleset',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(unique=True)),
                ('body', models.JSONField()),
                ('digest', models.TextField(unique=True)),
                ('detectors', models.TextField()),
                ('mode', models.TextField(default=governance.scanning.rules.RulesetMode['DRAFT'])),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField(default='')),
                ('enforced_at', models.DateTimeField(null=True)),
                ('enforced_by', models.TextField(default='')),
                ('maker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'scanning_ruleset',
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', [governance.scanning.rules.RulesetMode['DRAFT'], governance.scanning.rules.RulesetMode['SHADOW'], governance.scanning.rules.RulesetMode['ENFORCE'], governance.scanning.rules.RulesetMode['RETIRED']])), name='scanning_ruleset_mode_known'), models.UniqueConstraint(condition=models.Q(('mode', governance.scanning.rules.RulesetMode['ENFORCE'])), fields=('mode',), name='scanning_ruleset_one_enforced'), models.UniqueConstraint(condition=models.Q(('mode', governance.scanning.rules.RulesetMode['SHADOW'])), fields=('mode',), name='scanning_ruleset_one_in_shadow')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('subject', models.TextField()),
                ('digest', models.TextField()),
                ('ruleset_digest', models.TextField()),
                ('receipt', models.JSONField()),
                ('complete', models.BooleanField()),
                ('verdict', models.TextField()),
                ('at', models.DateTimeField()),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'scanning_scan',
                'indexes': [models.Index(fields=['subject', 'at'], name='scanning_scan_subject')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('type', models.TextField()),
                ('subtype', models.TextField(default='')),
                ('detector', models.TextField()),
                ('path', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('score', models.FloatField()),
                ('view', models.TextField(default='')),
                ('action', models.TextField()),
                ('way', models.TextField(db_default='')),
                ('rule', models.TextField()),
                ('sentence', models.TextField(default='')),
                ('would_be', models.TextField(db_default='')),
                ('keyed_digest', models.BinaryField()),
                ('scan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='scanning.scan')),
            ],
            options={
                'db_table': 'scanning_finding',
                'indexes': [models.Index(fields=['keyed_digest'], name='scanning_finding_digest'), models.Index(condition=models.Q(('type', 'EVALUATION')), fields=['subtype'], name='scanning_finding_exam'), models.Index(condition=models.Q(('type', 'MARKING')), fields=['subtype'], name='scanning_finding_marking')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='scanning_finding_not_empty'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='scanning_finding_score_0_to_1')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('keyed_digest', models.BinaryField()),
                ('type', models.TextField()),
                ('reason', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'scanning_suppression',
                'indexes': [models.Index(fields=['keyed_digest'], name='scanning_suppression_digest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='scanning_suppression_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='MistakeReport',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('comment', models.TextField(default='')),
                ('reported_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(default='')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scanning.finding')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('suppression', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scanning.suppression')),
            ],
            options={
                'db_table': 'scanning_mistake_report',
                'ordering': ['due_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('finding',), name='scanning_mistake_report_one_open')],
            },
        ),
    ]
