import django.db.models.deletion
import governance.core.ids
import governance.notices.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('notices', '0001_initial'), ('notices', '0002_channels')]

    initial = True

    dependencies = [
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mail', models.JSONField(default=dict)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_until', models.TimeField(null=True)),
            ],
            options={
                'db_table': 'notices_preference',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='notices_preference_quiet_hours_whole')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.TextField()),
                ('url', models.TextField()),
                ('role', models.TextField(default='')),
                ('kinds', models.JSONField(default=list)),
                ('sealed', models.BinaryField()),
                ('sealed_before', models.BinaryField(null=True)),
                ('before_until', models.DateTimeField(null=True)),
                ('state', models.TextField(default=governance.notices.rules.WebhookState['ACTIVE'])),
                ('state_reason', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('failing_since', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'notices_webhook',
                'ordering': ['title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.notices.rules.WebhookState['ACTIVE'], governance.notices.rules.WebhookState['DISABLED'], governance.notices.rules.WebhookState['REMOVED']])), name='notices_webhook_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('channel', models.TextField()),
                ('kind', models.TextField()),
                ('text', models.TextField(default='')),
                ('link', models.TextField(default='')),
                ('told_at', models.DateTimeField()),
                ('state', models.TextField(default=governance.notices.rules.DeliveryState['QUEUED'])),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('try_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('code', models.TextField(default='')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('webhook', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.webhook')),
            ],
            options={
                'db_table': 'notices_delivery',
                'ordering': ['-told_at', '-id'],
                'indexes': [models.Index(fields=['webhook', '-told_at', '-id'], name='notices_delivery_of_webhook'), models.Index(fields=['channel', '-told_at', '-id'], name='notices_delivery_of_channel'), models.Index(condition=models.Q(('state__in', (governance.notices.rules.DeliveryState['QUEUED'], governance.notices.rules.DeliveryState['FAILED']))), fields=['channel', 'try_at'], name='notices_delivery_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.notices.rules.DeliveryState['QUEUED'], governance.notices.rules.DeliveryState['SENT'], governance.notices.rules.DeliveryState['FAILED'], governance.notices.rules.DeliveryState['GIVEN_UP']])), name='notices_delivery_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('channel', governance.notices.rules.Channel['EMAIL']), ('person__isnull', False), ('webhook', None)), models.Q(('channel', governance.notices.rules.Channel['WEBHOOK']), ('person', None), ('webhook__isnull', False)), _connector='OR'), name='notices_delivery_one_addressee')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('text', models.TextField()),
                ('link', models.TextField()),
                ('urgent', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('spread_at', models.DateTimeField(null=True)),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='notices.delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notices_notice',
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['person', '-made_at', '-id'], name='notices_notice_of_person'), models.Index(condition=models.Q(('spread_at', None)), fields=['id'], name='notices_notice_to_spread'), models.Index(condition=models.Q(('mail', None), ('mail_due_at__isnull', False)), fields=['mail_due_at'], name='notices_notice_to_mail')],
                'constraints': [models.CheckConstraint(condition=models.Q(('link__regex', '^/([^/\\\\]|$)')), name='notices_notice_link_local'), models.UniqueConstraint(condition=models.Q(('read_at', None)), fields=('person', 'kind', 'link'), name='notices_notice_once_unread')],
            },
        ),
    ]
