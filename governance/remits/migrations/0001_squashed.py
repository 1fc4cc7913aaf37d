import django.db.models.deletion
import governance.core.ids
import governance.core.vocabulary
import governance.remits.allocations
import governance.remits.evidence
import governance.remits.recertifying
import governance.remits.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('remits', '0001_initial'), ('remits', '0002_grant_by_override'), ('remits', '0003_recertification'), ('remits', '0004_allocations'), ('remits', '0005_pattern_warned'), ('remits', '0006_exams'), ('remits', '0007_rests_because')]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed'),
        ('destinations', '0001_squashed'),
        ('initiatives', '0001_squashed'),
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.TextField(default=governance.remits.allocations.RoundState['OPEN'])),
                ('opened_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('division', models.TextField(blank=True, default='')),
                ('reasons', models.TextField(blank=True, default='')),
                ('awarded_at', models.DateTimeField(null=True)),
                ('awarded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.dataset')),
            ],
            options={
                'db_table': 'remits_allocation',
                'ordering': ['-opened_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.allocations.RoundState['OPEN'], governance.remits.allocations.RoundState['CLOSED'], governance.remits.allocations.RoundState['AWARDED']])), name='remits_allocation_state_known'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opened_at'))), name='remits_allocation_closes_later'), models.UniqueConstraint(condition=models.Q(('state', governance.remits.allocations.RoundState['OPEN'])), fields=('dataset',), name='remits_allocation_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('state', governance.remits.allocations.RoundState['AWARDED']), _negated=True), models.Q(models.Q(('reasons', ''), _negated=True), ('awarded_at__isnull', False), ('division__in', [governance.remits.allocations.Division['SHARED'], governance.remits.allocations.Division['EXCLUSIVE'], governance.remits.allocations.Division['SEQUENCE'], governance.remits.allocations.Division['SPLIT']])), _connector='OR'), name='remits_allocation_awarded_with_reasons')],
            },
        ),
        migrations.CreateModel(
            name='ExamCheck',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('subject_id', models.UUIDField()),
                ('subject_title', models.TextField()),
                ('index_digest', models.TextField()),
                ('outcome', models.TextField()),
                ('items', models.PositiveIntegerField()),
                ('items_seen', models.PositiveIntegerField(default=0)),
                ('coverage', models.FloatField(default=0)),
                ('seen', models.JSONField(default=list)),
                ('checked_at', models.DateTimeField()),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.evaluationset')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
            ],
            options={
                'db_table': 'remits_exam_check',
                'ordering': ['-checked_at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('subject_id', 'exam'), name='remits_exam_check_once'), models.CheckConstraint(condition=models.Q(('outcome__in', [governance.remits.evidence.ExamOutcome['CLEAN'], governance.remits.evidence.ExamOutcome['CONTAMINATED'], governance.remits.evidence.ExamOutcome['COULD_NOT_CHECK']])), name='remits_exam_check_outcome_known'), models.CheckConstraint(condition=models.Q(('coverage__gte', 0), ('coverage__lte', 1)), name='remits_exam_check_coverage_0_to_1')],
            },
        ),
        migrations.CreateModel(
            name='Pattern',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('body', models.JSONField()),
                ('digest', models.TextField()),
                ('state', models.TextField(default=governance.remits.rules.PatternState['DRAFT'])),
                ('sandbox', models.BooleanField(default=False)),
                ('sampling_rate', models.FloatField(default=0.1)),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('warned_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'remits_pattern',
                'ordering': ['name', '-version'],
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='remits_pattern_version_once'), models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.rules.PatternState['DRAFT'], governance.remits.rules.PatternState['SUBMITTED'], governance.remits.rules.PatternState['APPROVED'], governance.remits.rules.PatternState['REJECTED'], governance.remits.rules.PatternState['RETIRED']])), name='remits_pattern_state_known'), models.CheckConstraint(condition=models.Q(('sampling_rate__gte', 0), ('sampling_rate__lte', 1)), name='remits_pattern_sampling_rate_0_to_1')],
            },
        ),
        migrations.CreateModel(
            name='Remit',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('digest', models.TextField(default='')),
                ('state', models.TextField(default=governance.remits.rules.RemitState['DRAFT'])),
                ('sandbox', models.BooleanField(default=False)),
                ('drafted_at', models.DateTimeField()),
                ('authors', models.JSONField(default=list)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('pattern', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remits.pattern')),
            ],
            options={
                'db_table': 'remits_remit',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('initiative', 'sandbox', 'version'), name='remits_remit_version_once'), models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.rules.RemitState['DRAFT'], governance.remits.rules.RemitState['SUBMITTED'], governance.remits.rules.RemitState['APPROVED'], governance.remits.rules.RemitState['SUPERSEDED'], governance.remits.rules.RemitState['EXPIRED'], governance.remits.rules.RemitState['REVOKED'], governance.remits.rules.RemitState['REJECTED'], governance.remits.rules.RemitState['WITHDRAWN'], governance.remits.rules.RemitState['LAPSED']])), name='remits_remit_state_known'), models.UniqueConstraint(condition=models.Q(('state', governance.remits.rules.RemitState['APPROVED'])), fields=('initiative', 'sandbox'), name='remits_remit_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.TextField()),
                ('mode', models.TextField()),
                ('conditions', models.JSONField(default=dict)),
                ('state', models.TextField(default=governance.remits.rules.GrantState['PENDING'])),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField()),
                ('recertify_at', models.DateTimeField(null=True)),
                ('rests_because', models.JSONField(default=list)),
                ('by_override', models.BooleanField(default=False)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.dataset')),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.destination')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='destinations.terms')),
                ('remit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='remits.remit')),
            ],
            options={
                'db_table': 'remits_grant',
                'ordering': ['ends_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('state__in', [governance.remits.rules.GrantState['ACTIVE'], governance.remits.rules.GrantState['GRACE']])), fields=['initiative', 'destination', 'mode'], name='remits_grant_usable'), models.Index(condition=models.Q(('recertify_at__isnull', False)), fields=['recertify_at'], name='remits_grant_recertify')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.rules.GrantState['PENDING'], governance.remits.rules.GrantState['ACTIVE'], governance.remits.rules.GrantState['SUSPENDED'], governance.remits.rules.GrantState['GRACE'], governance.remits.rules.GrantState['EXPIRED'], governance.remits.rules.GrantState['REVOKED'], governance.remits.rules.GrantState['SUPERSEDED']])), name='remits_grant_state_known'), models.CheckConstraint(condition=models.Q(('purpose__in', [governance.core.vocabulary.Purpose['ASSIST_STAFF'], governance.core.vocabulary.Purpose['ANSWER_CUSTOMERS'], governance.core.vocabulary.Purpose['SUMMARISE'], governance.core.vocabulary.Purpose['CLASSIFY'], governance.core.vocabulary.Purpose['EXTRACT'], governance.core.vocabulary.Purpose['TRANSLATE'], governance.core.vocabulary.Purpose['WRITE_CODE'], governance.core.vocabulary.Purpose['ANALYSE'], governance.core.vocabulary.Purpose['TRAIN_MODEL'], governance.core.vocabulary.Purpose['EVALUATE_MODEL']])), name='remits_grant_purpose_known'), models.CheckConstraint(condition=models.Q(('mode__in', [governance.core.vocabulary.Mode['PROMPT'], governance.core.vocabulary.Mode['RETRIEVAL'], governance.core.vocabulary.Mode['FINE_TUNE'], governance.core.vocabulary.Mode['TRAIN'], governance.core.vocabulary.Mode['EVALUATE']])), name='remits_grant_mode_known'), models.CheckConstraint(condition=models.Q(('starts_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='remits_grant_ends_later'), models.UniqueConstraint(condition=models.Q(('by_override', False)), fields=('remit', 'dataset', 'purpose', 'mode', 'destination'), name='remits_grant_once_per_remit')],
            },
        ),
        migrations.CreateModel(
            name='NamedExam',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('named_at', models.DateTimeField()),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.evaluationset')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'remits_named_exam',
                'ordering': ['named_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('initiative', 'exam'), name='remits_named_exam_once')],
            },
        ),
        migrations.CreateModel(
            name='Recertification',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('state', models.TextField(default=governance.remits.recertifying.RecertificationState['ASKED'])),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('grace_ends_at', models.DateTimeField(null=True)),
                ('warnings', models.PositiveSmallIntegerField(default=0)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('comment', models.TextField(default='')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recertifications', to='remits.grant')),
            ],
            options={
                'db_table': 'remits_recertification',
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at'], name='remits_recertify_reminder')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.recertifying.RecertificationState['ASKED'], governance.remits.recertifying.RecertificationState['CONFIRMING'], governance.remits.recertifying.RecertificationState['KEPT'], governance.remits.recertifying.RecertificationState['NOT_NEEDED'], governance.remits.recertifying.RecertificationState['REFUSED'], governance.remits.recertifying.RecertificationState['SILENT'], governance.remits.recertifying.RecertificationState['OVERTAKEN']])), name='remits_recertification_state_known'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('answered_by')), _negated=True), _connector='OR'), name='remits_recertification_two_people'), models.UniqueConstraint(condition=models.Q(('state__in', [governance.remits.recertifying.RecertificationState['ASKED'], governance.remits.recertifying.RecertificationState['CONFIRMING']])), fields=('grant',), name='remits_recertification_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.TextField(default=governance.remits.allocations.EntryState['WAITING'])),
                ('entered_at', models.DateTimeField()),
                ('expected_value', models.TextField(blank=True, default='')),
                ('beneficiaries', models.TextField(blank=True, default='')),
                ('reason', models.TextField(blank=True, default='')),
                ('share', models.TextField(blank=True, default='')),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='remits.allocation')),
                ('remit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remits.remit')),
            ],
            options={
                'db_table': 'remits_allocation_entry',
                'ordering': ['entered_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('allocation', 'remit'), name='remits_allocation_entry_once'), models.CheckConstraint(condition=models.Q(('state__in', [governance.remits.allocations.EntryState['WAITING'], governance.remits.allocations.EntryState['AWARDED'], governance.remits.allocations.EntryState['REFUSED'], governance.remits.allocations.EntryState['WITHDRAWN']])), name='remits_allocation_entry_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('picked_at', models.DateTimeField()),
                ('outcome', models.TextField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('comment', models.TextField(default='')),
                ('pattern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remits.pattern')),
                ('remit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sample', to='remits.remit')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'remits_sample',
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', None), ('outcome__in', [governance.remits.rules.SampleOutcome['FINE'], governance.remits.rules.SampleOutcome['CONCERN']]), _connector='OR'), name='remits_sample_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='ScarceDataset',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('scarcity', models.TextField()),
                ('why', models.TextField()),
                ('until_at', models.DateTimeField(null=True)),
                ('round_days', models.PositiveIntegerField(default=14)),
                ('marked_at', models.DateTimeField()),
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.dataset')),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'remits_scarce_dataset',
                'constraints': [models.CheckConstraint(condition=models.Q(('scarcity__in', [governance.remits.allocations.Scarcity['SCARCE'], governance.remits.allocations.Scarcity['EXCLUSIVE']])), name='remits_scarce_dataset_scarcity_known')],
            },
        ),
    ]
