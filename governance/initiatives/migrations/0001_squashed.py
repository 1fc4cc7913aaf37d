import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import governance.core.ids
import governance.initiatives.rules.claims
import governance.initiatives.rules.contests
import governance.initiatives.rules.overlaps
import governance.initiatives.rules.rulings
import governance.initiatives.rules.states
import governance.initiatives.rules.transfers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('initiatives', '0001_initial'), ('initiatives', '0002_overlaps'), ('initiatives', '0003_ownership')]

    initial = True

    dependencies = [
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('purpose_text', models.TextField()),
                ('state', models.TextField(default=governance.initiatives.rules.states.InitiativeState['IDEA'])),
                ('tier', models.TextField(default=governance.initiatives.rules.states.Tier['LOW'])),
                ('ai_act_class', models.TextField(default=governance.initiatives.rules.states.AiActClass['MINIMAL'])),
                ('human_oversight', models.TextField(default='')),
                ('accuracy_need', models.TextField(default='')),
                ('created_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('accountable_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'initiatives_initiative',
                'ordering': ['-created_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.initiatives.rules.states.InitiativeState['IDEA'], governance.initiatives.rules.states.InitiativeState['PROPOSED'], governance.initiatives.rules.states.InitiativeState['ACTIVE'], governance.initiatives.rules.states.InitiativeState['SUSPENDED'], governance.initiatives.rules.states.InitiativeState['RETIRED'], governance.initiatives.rules.states.InitiativeState['REJECTED']])), name='initiatives_initiative_state_known'), models.CheckConstraint(condition=models.Q(('tier__in', [governance.initiatives.rules.states.Tier['LOW'], governance.initiatives.rules.states.Tier['MEDIUM'], governance.initiatives.rules.states.Tier['HIGH']])), name='initiatives_initiative_tier_known'), models.CheckConstraint(condition=models.Q(('ai_act_class__in', [governance.initiatives.rules.states.AiActClass['MINIMAL'], governance.initiatives.rules.states.AiActClass['LIMITED'], governance.initiatives.rules.states.AiActClass['HIGH'], governance.initiatives.rules.states.AiActClass['PROHIBITED']])), name='initiatives_initiative_ai_act_class_known')],
            },
        ),
        migrations.CreateModel(
            name='Capability',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('purpose_text', models.TextField()),
                ('added_at', models.DateTimeField()),
                ('accountable_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'initiatives_capability',
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.TextField(default=governance.initiatives.rules.contests.ContestState['OPEN'])),
                ('level', models.PositiveSmallIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('level_opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('remind_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('arbiter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('arbiter_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('capability', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='initiatives.capability')),
                ('interim_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('standing_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='initiatives.initiative')),
            ],
            options={
                'db_table': 'initiatives_contest',
                'ordering': ['-opened_at', 'id'],
                'indexes': [models.Index(fields=['state', 'due_at'], name='initiatives_contest_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', False), ('initiative', None)), models.Q(('capability', None), ('initiative__isnull', False)), _connector='OR'), name='initiatives_contest_about_one_thing'), models.CheckConstraint(condition=models.Q(('state__in', [governance.initiatives.rules.contests.ContestState['OPEN'], governance.initiatives.rules.contests.ContestState['RULED'], governance.initiatives.rules.contests.ContestState['APPEALED'], governance.initiatives.rules.contests.ContestState['FINAL'], governance.initiatives.rules.contests.ContestState['ENDED']])), name='initiatives_contest_state_known'), models.CheckConstraint(condition=models.Q(('level__in', [1, 2])), name='initiatives_contest_level_known'), models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('opened_at'))), name='initiatives_contest_due_later'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False), ('state__in', [governance.initiatives.rules.contests.ContestState['APPEALED'], governance.initiatives.rules.contests.ContestState['OPEN'], governance.initiatives.rules.contests.ContestState['RULED']])), fields=('initiative',), name='initiatives_contest_one_live'), models.UniqueConstraint(condition=models.Q(('capability__isnull', False), ('state__in', [governance.initiatives.rules.contests.ContestState['APPEALED'], governance.initiatives.rules.contests.ContestState['OPEN'], governance.initiatives.rules.contests.ContestState['RULED']])), fields=('capability',), name='initiatives_contest_one_live_of_capability')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reasons', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('contest', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='initiatives.contest')),
            ],
            options={
                'db_table': 'initiatives_appeal',
            },
        ),
        migrations.CreateModel(
            name='ContestComment',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='initiatives.contest')),
            ],
            options={
                'db_table': 'initiatives_contest_comment',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('accountable', models.BooleanField(default=True)),
                ('basis', models.TextField()),
                ('evidence', models.TextField()),
                ('new_evidence', models.TextField(default='')),
                ('state', models.TextField(default=governance.initiatives.rules.claims.ClaimState['ASSERTED'])),
                ('made_at', models.DateTimeField()),
                ('lost_at', models.DateTimeField(null=True)),
                ('capability', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='initiatives.capability')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('vouched_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='initiatives.contest')),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='initiatives.initiative')),
            ],
            options={
                'db_table': 'initiatives_claim',
                'ordering': ['made_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', False), ('initiative', None)), models.Q(('capability', None), ('initiative__isnull', False)), _connector='OR'), name='initiatives_claim_about_one_thing'), models.CheckConstraint(condition=models.Q(('basis__in', [governance.initiatives.rules.claims.Basis['BUDGET'], governance.initiatives.rules.claims.Basis['BUILD'], governance.initiatives.rules.claims.Basis['RUN'], governance.initiatives.rules.claims.Basis['DATA'], governance.initiatives.rules.claims.Basis['REGULATORY']])), name='initiatives_claim_basis_known'), models.CheckConstraint(condition=models.Q(('state__in', [governance.initiatives.rules.claims.ClaimState['ASSERTED'], governance.initiatives.rules.claims.ClaimState['UNCONTESTED'], governance.initiatives.rules.claims.ClaimState['OWNER'], governance.initiatives.rules.claims.ClaimState['CONTESTED'], governance.initiatives.rules.claims.ClaimState['RULED'], governance.initiatives.rules.claims.ClaimState['APPEALED'], governance.initiatives.rules.claims.ClaimState['WITHDRAWN']])), name='initiatives_claim_state_known'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False), ('state__in', [governance.initiatives.rules.claims.ClaimState['APPEALED'], governance.initiatives.rules.claims.ClaimState['ASSERTED'], governance.initiatives.rules.claims.ClaimState['CONTESTED'], governance.initiatives.rules.claims.ClaimState['OWNER'], governance.initiatives.rules.claims.ClaimState['UNCONTESTED']])), fields=('initiative', 'unit'), name='initiatives_claim_one_per_unit'), models.UniqueConstraint(condition=models.Q(('capability__isnull', False), ('state__in', [governance.initiatives.rules.claims.ClaimState['APPEALED'], governance.initiatives.rules.claims.ClaimState['ASSERTED'], governance.initiatives.rules.claims.ClaimState['CONTESTED'], governance.initiatives.rules.claims.ClaimState['OWNER'], governance.initiatives.rules.claims.ClaimState['UNCONTESTED']])), fields=('capability', 'unit'), name='initiatives_claim_one_per_unit_on_capability'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False), ('state', governance.initiatives.rules.claims.ClaimState['OWNER'])), fields=('initiative',), name='initiatives_claim_one_owner'), models.UniqueConstraint(condition=models.Q(('capability__isnull', False), ('state', governance.initiatives.rules.claims.ClaimState['OWNER'])), fields=('capability',), name='initiatives_claim_one_owner_of_capability')],
            },
        ),
        migrations.CreateModel(
            name='Accountability',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('through', models.TextField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('capability', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accountabilities', to='initiatives.capability')),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accountabilities', to='initiatives.initiative')),
            ],
            options={
                'db_table': 'initiatives_accountability',
                'ordering': ['since', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', False), ('initiative', None)), models.Q(('capability', None), ('initiative__isnull', False)), _connector='OR'), name='initiatives_accountability_about_one_thing'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False)), fields=('initiative', 'since'), name='initiatives_accountability_one_unit_at_a_time'), models.UniqueConstraint(condition=models.Q(('capability__isnull', False)), fields=('capability', 'since'), name='initiatives_accountability_one_unit_of_capability'), models.CheckConstraint(condition=models.Q(('through__in', [governance.initiatives.rules.transfers.Through['PROPOSAL'], governance.initiatives.rules.transfers.Through['CLAIM'], governance.initiatives.rules.transfers.Through['INTERIM'], governance.initiatives.rules.transfers.Through['RULING'], governance.initiatives.rules.transfers.Through['TRANSFER'], governance.initiatives.rules.transfers.Through['DISSOLUTION']])), name='initiatives_accountability_through_known')],
            },
        ),
        migrations.CreateModel(
            name='Involved',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('involvement', models.TextField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('capability', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='involved', to='initiatives.capability')),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='involved', to='initiatives.initiative')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'initiatives_involved',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', False), ('initiative', None)), models.Q(('capability', None), ('initiative__isnull', False)), _connector='OR'), name='initiatives_involved_about_one_thing'), models.CheckConstraint(condition=models.Q(('involvement__in', [governance.initiatives.rules.rulings.Involvement['RESPONSIBLE'], governance.initiatives.rules.rulings.Involvement['CONSULTED'], governance.initiatives.rules.rulings.Involvement['INFORMED']])), name='initiatives_involved_known'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False), ('until', None)), fields=('initiative', 'unit'), name='initiatives_involved_once'), models.UniqueConstraint(condition=models.Q(('capability__isnull', False), ('until', None)), fields=('capability', 'unit'), name='initiatives_involved_once_in_capability')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('state', models.TextField(default=governance.initiatives.rules.overlaps.JoinState['ASKED'])),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'initiatives_join_request',
                'ordering': ['asked_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.initiatives.rules.overlaps.JoinState['ASKED'], governance.initiatives.rules.overlaps.JoinState['ACCEPTED'], governance.initiatives.rules.overlaps.JoinState['DECLINED']])), name='initiatives_join_request_state_known'), models.UniqueConstraint(condition=models.Q(('state', governance.initiatives.rules.overlaps.JoinState['ASKED'])), fields=('initiative', 'person'), name='initiatives_join_request_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='initiatives.initiative')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'initiatives_member',
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('initiative', 'person'), name='initiatives_member_once')],
            },
        ),
        migrations.CreateModel(
            name='Overlap',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('score', models.FloatField()),
                ('signals', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('resolution', models.TextField(blank=True, default='')),
                ('reasons', models.TextField(blank=True, default='')),
                ('resolved_at', models.DateTimeField(null=True)),
                ('seen_terms', models.JSONField(default=dict)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('remains', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.initiative')),
            ],
            options={
                'db_table': 'initiatives_overlap',
                'ordering': ['-score', 'id'],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='initiatives_overlap_pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='initiatives_overlap_in_order'), models.CheckConstraint(condition=models.Q(('resolution__in', ['', governance.initiatives.rules.overlaps.Resolution['MERGE'], governance.initiatives.rules.overlaps.Resolution['SPLIT'], governance.initiatives.rules.overlaps.Resolution['SHARE'], governance.initiatives.rules.overlaps.Resolution['DISTINCT']])), name='initiatives_overlap_resolution_known'), models.CheckConstraint(condition=models.Q(models.Q(('resolution', ''), ('resolved_at', None)), models.Q(models.Q(('resolution', ''), _negated=True), ('resolved_at__isnull', False), ('resolved_by__isnull', False), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='initiatives_overlap_resolved_with_reasons')],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('outcome', models.TextField()),
                ('plan', models.JSONField()),
                ('reasons', models.TextField()),
                ('effective_date', models.DateField()),
                ('effective_at', models.DateTimeField()),
                ('review_date', models.DateField()),
                ('review_told_at', models.DateTimeField(null=True)),
                ('ruled_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('appeal_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.ruling')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='initiatives.contest')),
                ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ruled_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'initiatives_ruling',
                'ordering': ['level'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'level'), name='initiatives_ruling_one_per_level'), models.CheckConstraint(condition=models.Q(('outcome__in', [governance.initiatives.rules.rulings.Outcome['AWARD'], governance.initiatives.rules.rulings.Outcome['SPLIT'], governance.initiatives.rules.rulings.Outcome['MERGE'], governance.initiatives.rules.rulings.Outcome['SHARE'], governance.initiatives.rules.rulings.Outcome['CONFIRM']])), name='initiatives_ruling_outcome_known'), models.CheckConstraint(condition=models.Q(('level__in', [1, 2])), name='initiatives_ruling_level_known'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='initiatives_ruling_has_reasons')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='initiatives.contest')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'initiatives_statement',
                'constraints': [models.UniqueConstraint(fields=('contest', 'unit', 'level'), name='initiatives_statement_one_per_side'), models.CheckConstraint(condition=models.Q(('level__in', [1, 2])), name='initiatives_statement_level_known')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('state', models.TextField(default=governance.initiatives.rules.transfers.TransferState['OFFERED'])),
                ('offered_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='initiatives.initiative')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'initiatives_transfer',
                'ordering': ['-offered_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.initiatives.rules.transfers.TransferState['OFFERED'], governance.initiatives.rules.transfers.TransferState['ACCEPTED'], governance.initiatives.rules.transfers.TransferState['DECLINED'], governance.initiatives.rules.transfers.TransferState['WITHDRAWN'], governance.initiatives.rules.transfers.TransferState['EXPIRED']])), name='initiatives_transfer_state_known'), models.UniqueConstraint(condition=models.Q(('state', governance.initiatives.rules.transfers.TransferState['OFFERED'])), fields=('initiative',), name='initiatives_transfer_one_open')],
            },
        ),
        migrations.CreateModel(
            name='PurposeTerms',
            fields=[
                ('initiative', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='initiatives.initiative')),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('revision', models.PositiveIntegerField()),
                ('compared_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'initiatives_purpose_terms',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['terms'], name='initiatives_terms_gin'), models.Index(fields=['compared_at'], name='initiatives_terms_compared')],
            },
        ),
    ]
