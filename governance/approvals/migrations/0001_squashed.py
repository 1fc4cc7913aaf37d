import datetime
import django.db.models.deletion
import django.db.models.expressions
import governance.approvals.drafting
import governance.approvals.overriding
import governance.approvals.rules
import governance.approvals.suggesting
import governance.approvals.timing
import governance.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('approvals', '0001_initial'), ('approvals', '0002_stage_time_and_sides'), ('approvals', '0003_reminders'), ('approvals', '0004_decisions_bound_and_set_aside'), ('approvals', '0005_attached'), ('approvals', '0006_drafts_and_replays'), ('approvals', '0007_speed'), ('approvals', '0008_live_candidates'), ('approvals', '0009_looks'), ('approvals', '0010_suggestions')]

    initial = True

    dependencies = [
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Workflow',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('version', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('source', models.TextField(default='')),
                ('digest', models.TextField()),
                ('active_from', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'approvals_workflow',
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='approvals_workflow_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('subject_kind', models.TextField()),
                ('subject_id', models.UUIDField()),
                ('title', models.TextField()),
                ('state', models.TextField(default=governance.approvals.rules.RequestState['SUBMITTED'])),
                ('opened_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('answer_due_at', models.DateTimeField(null=True)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('workflow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.workflow')),
            ],
            options={
                'db_table': 'approvals_request',
                'ordering': ['-opened_at', 'id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='approvals_request_subject'), models.Index(fields=['requester', '-opened_at'], name='approvals_request_asked'), models.Index(fields=['opened_at'], name='approvals_request_opened'), models.Index(fields=['decided_at'], name='approvals_request_decided'), models.Index(condition=models.Q(('state__in', [governance.approvals.rules.RequestState['CHANGES_REQUESTED'], governance.approvals.rules.RequestState['IN_REVIEW'], governance.approvals.rules.RequestState['SUBMITTED']])), fields=['opened_at', 'id'], name='approvals_request_open'), models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at'], name='approvals_request_reminder')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.approvals.rules.RequestState['DRAFT'], governance.approvals.rules.RequestState['SUBMITTED'], governance.approvals.rules.RequestState['IN_REVIEW'], governance.approvals.rules.RequestState['CHANGES_REQUESTED'], governance.approvals.rules.RequestState['APPROVED'], governance.approvals.rules.RequestState['REJECTED'], governance.approvals.rules.RequestState['WITHDRAWN'], governance.approvals.rules.RequestState['LAPSED'], governance.approvals.rules.RequestState['STALE']])), name='approvals_request_state_known'), models.UniqueConstraint(condition=models.Q(('state__in', [governance.approvals.rules.RequestState['CHANGES_REQUESTED'], governance.approvals.rules.RequestState['IN_REVIEW'], governance.approvals.rules.RequestState['SUBMITTED']])), fields=('subject_kind', 'subject_id'), name='approvals_request_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('told', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='approvals.request')),
            ],
            options={
                'db_table': 'approvals_comment',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('body', models.JSONField()),
                ('digest', models.TextField()),
                ('facts', models.JSONField()),
                ('attached', models.JSONField(default=list)),
                ('authors', models.JSONField(default=list)),
                ('likeness', models.TextField(default='')),
                ('made_at', models.DateTimeField()),
                ('editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='approvals.request')),
            ],
            options={
                'db_table': 'approvals_revision',
                'ordering': ['number'],
                'indexes': [models.Index(condition=models.Q(('likeness', ''), _negated=True), fields=['likeness'], name='approvals_revision_likeness')],
                'constraints': [models.UniqueConstraint(fields=('request', 'number'), name='approvals_revision_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('hours', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('verdict', models.TextField(default='')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('finding', models.TextField(default='')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='approvals.request')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.revision')),
            ],
            options={
                'db_table': 'approvals_override',
                'ordering': ['-asked_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 24)), name='approvals_override_within_a_day'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='approvals_override_takes_two'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__lte', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '+', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='approvals_override_ends_within_a_day'), models.CheckConstraint(condition=models.Q(('verdict__in', ['', governance.approvals.overriding.OverrideVerdict['JUSTIFIED'], governance.approvals.overriding.OverrideVerdict['NOT_JUSTIFIED']])), name='approvals_override_verdict_known'), models.UniqueConstraint(condition=models.Q(('confirmed_by', None), _negated=True), fields=('revision',), name='approvals_override_once_per_revision')],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.TextField()),
                ('reason', models.TextField()),
                ('quorum', models.TextField(default=governance.approvals.rules.Quorum['ALL'])),
                ('needed', models.PositiveSmallIntegerField(default=1)),
                ('after', models.JSONField(default=list)),
                ('blind', models.BooleanField(default=False)),
                ('sla_hours', models.PositiveSmallIntegerField(null=True)),
                ('state', models.TextField(default=governance.approvals.rules.StageState['WAITING'])),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('next_step', models.PositiveSmallIntegerField(default=0)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='approvals.revision')),
            ],
            options={
                'db_table': 'approvals_stage',
                'ordering': ['position', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at'], name='approvals_stage_reminder'), models.Index(condition=models.Q(('state__in', [governance.approvals.rules.StageState['OPEN'], governance.approvals.rules.StageState['UNREACHABLE']])), fields=['revision'], name='approvals_stage_live'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='approvals_stage_closed'), models.Index(condition=models.Q(('state__in', [governance.approvals.rules.StageState['REJECTED'], governance.approvals.rules.StageState['SATISFIED']])), fields=['name', '-closed_at'], include=('opened_at',), name='approvals_stage_decided')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.approvals.rules.StageState['WAITING'], governance.approvals.rules.StageState['OPEN'], governance.approvals.rules.StageState['SATISFIED'], governance.approvals.rules.StageState['REJECTED'], governance.approvals.rules.StageState['SKIPPED'], governance.approvals.rules.StageState['UNREACHABLE']])), name='approvals_stage_state_known'), models.CheckConstraint(condition=models.Q(('quorum__in', [governance.approvals.rules.Quorum['ANY'], governance.approvals.rules.Quorum['ALL'], governance.approvals.rules.Quorum['AT_LEAST']])), name='approvals_stage_quorum_known'), models.CheckConstraint(condition=models.Q(('needed__gte', 1)), name='approvals_stage_needs_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('label', models.TextField()),
                ('role', models.TextField(default='')),
                ('people', models.JSONField(default=list)),
                ('group', models.TextField(default='')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='approvals.stage')),
            ],
            options={
                'db_table': 'approvals_slot',
                'ordering': ['label', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.TextField()),
                ('kind', models.TextField()),
                ('comment', models.TextField(default='')),
                ('conditions', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.request')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.revision')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='approvals.slot')),
                ('workflow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.workflow')),
            ],
            options={
                'db_table': 'approvals_decision',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['at'], name='approvals_decision_at'), models.Index(fields=['actor', '-at'], include=('request',), name='approvals_decision_by_actor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [governance.approvals.rules.DecisionKind['APPROVE'], governance.approvals.rules.DecisionKind['REJECT'], governance.approvals.rules.DecisionKind['REQUEST_CHANGES']])), name='approvals_decision_kind_known'), models.CheckConstraint(condition=models.Q(('on_behalf_of', None), models.Q(('on_behalf_of', models.F('actor')), _negated=True), _connector='OR'), name='approvals_decision_for_another'), models.UniqueConstraint(fields=('slot',), name='approvals_decision_one_per_slot'), models.UniqueConstraint(fields=('revision', 'actor'), name='approvals_decision_one_voice_per_revision'), models.UniqueConstraint(fields=('revision', 'on_behalf_of'), name='approvals_decision_spoken_for_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('step', models.PositiveSmallIntegerField()),
                ('kind', models.TextField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='approvals.revision')),
                ('slot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='approvals.slot')),
            ],
            options={
                'db_table': 'approvals_reminder',
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [governance.approvals.timing.ReminderKind['REMINDED'], governance.approvals.timing.ReminderKind['ESCALATED'], governance.approvals.timing.ReminderKind['TO_HEAD'], governance.approvals.timing.ReminderKind['WARNED']])), name='approvals_reminder_kind_known'), models.UniqueConstraint(fields=('slot', 'step'), name='approvals_reminder_once_per_step'), models.UniqueConstraint(condition=models.Q(('slot', None)), fields=('revision', 'step'), name='approvals_reminder_once_per_warning')],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField(default='')),
                ('live', models.BooleanField(default=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidates', to='approvals.slot')),
            ],
            options={
                'db_table': 'approvals_candidate',
                'indexes': [models.Index(condition=models.Q(('live', True)), fields=['person'], name='approvals_candidate_live')],
                'constraints': [models.UniqueConstraint(fields=('slot', 'person'), name='approvals_candidate_once')],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('body', models.JSONField()),
                ('digest', models.TextField()),
                ('facts', models.JSONField()),
                ('counts', models.BooleanField()),
                ('state', models.TextField(default=governance.approvals.suggesting.SuggestionState['OPEN'])),
                ('answer', models.TextField(default='')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='suggestion', to='approvals.decision')),
                ('given', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_of', to='approvals.decision')),
            ],
            options={
                'db_table': 'approvals_suggestion',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.approvals.suggesting.SuggestionState['OPEN'], governance.approvals.suggesting.SuggestionState['TAKEN'], governance.approvals.suggesting.SuggestionState['DECLINED'], governance.approvals.suggesting.SuggestionState['SET_ASIDE']])), name='approvals_suggestion_known')],
            },
        ),
        migrations.CreateModel(
            name='WorkflowDraft',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('source', models.TextField()),
                ('state', models.TextField(default=governance.approvals.drafting.DraftState['WRITING'])),
                ('authors', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.workflow')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.workflow')),
            ],
            options={
                'db_table': 'approvals_workflow_draft',
                'ordering': ['-changed_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.approvals.drafting.DraftState['WRITING'], governance.approvals.drafting.DraftState['SUBMITTED'], governance.approvals.drafting.DraftState['IN_FORCE'], governance.approvals.drafting.DraftState['REJECTED'], governance.approvals.drafting.DraftState['DISCARDED']])), name='approvals_draft_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.TextField()),
                ('definition', models.JSONField()),
                ('state', models.TextField(default=governance.approvals.drafting.ReplayState['WAITING'])),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='approvals.workflowdraft')),
            ],
            options={
                'db_table': 'approvals_replay',
                'ordering': ['-asked_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.approvals.drafting.ReplayState['WAITING'], governance.approvals.drafting.ReplayState['RUNNING'], governance.approvals.drafting.ReplayState['DONE'], governance.approvals.drafting.ReplayState['FAILED']])), name='approvals_replay_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='approvals.request')),
            ],
            options={
                'db_table': 'approvals_look',
                'constraints': [models.UniqueConstraint(fields=('request', 'person'), name='approvals_look_once')],
            },
        ),
        migrations.AddField(
            model_name='Slot',
            name='carried',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.decision'),
        ),
    ]
