import django.db.models.deletion
import governance.core.ids
import governance.organisation.roles
import governance.organisation.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('organisation', '0001_initial'), ('organisation', '0002_working_hours'), ('organisation', '0003_delegation'), ('organisation', '0004_record_comments')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attempts',
            fields=[
                ('subject', models.TextField(primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'organisation_attempts',
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('login', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('email', models.TextField(default='')),
                ('subject', models.TextField(null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('time_zone', models.TextField(default='')),
                ('verified_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('manager', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'organisation_person',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'organisation_session',
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('path', models.TextField(unique=True)),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('ref', models.TextField(unique=True)),
                ('time_zone', models.TextField(default='')),
                ('dissolved_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('head', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_unit',
                'ordering': ['path'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [governance.organisation.rules.UnitKind['IT'], governance.organisation.rules.UnitKind['PRODUCT_LINE'], governance.organisation.rules.UnitKind['BUSINESS_LINE'], governance.organisation.rules.UnitKind['SECURITY'], governance.organisation.rules.UnitKind['LEGAL']])), name='organisation_unit_kind_known'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='organisation_unit_not_its_own_parent'), models.UniqueConstraint(models.ExpressionWrapper(models.Q(('parent', None)), output_field=models.BooleanField()), condition=models.Q(('parent', None)), name='organisation_unit_one_root')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.TextField()),
                ('source', models.TextField(default=governance.organisation.rules.RoleSource['LOCAL'])),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_role_grant',
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', [governance.organisation.roles.Role['REQUESTER'], governance.organisation.roles.Role['UNIT_HEAD'], governance.organisation.roles.Role['DATA_STEWARD'], governance.organisation.roles.Role['IT_APPROVER'], governance.organisation.roles.Role['SECURITY_APPROVER'], governance.organisation.roles.Role['LEGAL_APPROVER'], governance.organisation.roles.Role['SECURITY_ANALYST'], governance.organisation.roles.Role['ARBITER'], governance.organisation.roles.Role['BUILDER'], governance.organisation.roles.Role['EXECUTIVE'], governance.organisation.roles.Role['AUDITOR'], governance.organisation.roles.Role['POLICY_ADMIN'], governance.organisation.roles.Role['PLATFORM_ADMIN']])), name='organisation_role_grant_role_known'), models.CheckConstraint(condition=models.Q(('source__in', [governance.organisation.rules.RoleSource['LOCAL'], governance.organisation.rules.RoleSource['PROVIDER']])), name='organisation_role_grant_source_known'), models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('person', 'unit', 'role'), name='organisation_role_grant_once')],
            },
        ),
        migrations.CreateModel(
            name='RecordComment',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_record_comment',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['unit', '-at'], name='organisation_comment_unit')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_membership',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('person', 'unit'), name='organisation_membership_once')],
            },
        ),
        migrations.CreateModel(
            name='GroupRole',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('group', models.TextField()),
                ('role', models.TextField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_group_role',
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', [governance.organisation.roles.Role['REQUESTER'], governance.organisation.roles.Role['UNIT_HEAD'], governance.organisation.roles.Role['DATA_STEWARD'], governance.organisation.roles.Role['IT_APPROVER'], governance.organisation.roles.Role['SECURITY_APPROVER'], governance.organisation.roles.Role['LEGAL_APPROVER'], governance.organisation.roles.Role['SECURITY_ANALYST'], governance.organisation.roles.Role['ARBITER'], governance.organisation.roles.Role['BUILDER'], governance.organisation.roles.Role['EXECUTIVE'], governance.organisation.roles.Role['AUDITOR'], governance.organisation.roles.Role['POLICY_ADMIN'], governance.organisation.roles.Role['PLATFORM_ADMIN']])), name='organisation_group_role_role_known'), models.UniqueConstraint(fields=('group', 'role', 'unit'), name='organisation_group_role_once')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.TextField(default='')),
                ('subject_kind', models.TextField(default='')),
                ('reason', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_delegation',
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['deputy', 'ends_at'], name='organisation_delegation_deputy'), models.Index(fields=['giver', 'ends_at'], name='organisation_delegation_giver')],
                'constraints': [models.CheckConstraint(condition=models.Q(('giver', models.F('deputy')), _negated=True), name='organisation_delegation_to_another'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='organisation_delegation_ends_later'), models.CheckConstraint(condition=models.Q(('role__in', ['', governance.organisation.roles.Role['REQUESTER'], governance.organisation.roles.Role['UNIT_HEAD'], governance.organisation.roles.Role['DATA_STEWARD'], governance.organisation.roles.Role['IT_APPROVER'], governance.organisation.roles.Role['SECURITY_APPROVER'], governance.organisation.roles.Role['LEGAL_APPROVER'], governance.organisation.roles.Role['SECURITY_ANALYST'], governance.organisation.roles.Role['ARBITER'], governance.organisation.roles.Role['BUILDER'], governance.organisation.roles.Role['EXECUTIVE'], governance.organisation.roles.Role['AUDITOR'], governance.organisation.roles.Role['POLICY_ADMIN'], governance.organisation.roles.Role['PLATFORM_ADMIN']])), name='organisation_delegation_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('first_date', models.DateField()),
                ('last_date', models.DateField()),
                ('reason', models.TextField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='organisation.unit')),
            ],
            options={
                'db_table': 'organisation_closure',
                'ordering': ['first_date', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_date__gte', models.F('first_date'))), name='organisation_closure_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('prefix', models.TextField(unique=True)),
                ('digest', models.BinaryField()),
                ('title', models.TextField()),
                ('scope', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'organisation_key',
                'ordering': ['-made_at', 'id'],
                'indexes': [models.Index(fields=['scope'], name='organisation_key_scope')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='organisation_key_expires_later')],
            },
        ),
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='working_hours', serialize=False, to='organisation.unit')),
                ('days', models.JSONField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('country', models.TextField(default='')),
            ],
            options={
                'db_table': 'organisation_working_hours',
                'constraints': [models.CheckConstraint(condition=models.Q(('days', []), _negated=True), name='organisation_working_hours_has_a_day')],
            },
        ),
    ]
