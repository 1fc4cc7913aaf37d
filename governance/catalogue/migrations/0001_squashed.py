import django.db.models.deletion
import governance.catalogue.rules
import governance.core.ids
import governance.core.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('catalogue', '0001_initial'), ('catalogue', '0002_exams'), ('catalogue', '0003_pictures'), ('catalogue', '0004_register_left_out')]

    initial = True

    dependencies = [
        ('organisation', '0001_squashed'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dataset',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('about', models.TextField(default='')),
                ('classification', models.TextField()),
                ('personal_data', models.JSONField(default=list)),
                ('jurisdictions', models.JSONField(default=list)),
                ('licence', models.TextField(default='')),
                ('crown_jewel', models.BooleanField(default=False)),
                ('synthetic', models.BooleanField(default=False)),
                ('pictures', models.BooleanField(default=False)),
                ('built_in', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('steward_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'catalogue_dataset',
                'ordering': ['title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('classification__in', [governance.core.vocabulary.Classification['PUBLIC'], governance.core.vocabulary.Classification['INTERNAL'], governance.core.vocabulary.Classification['CONFIDENTIAL'], governance.core.vocabulary.Classification['RESTRICTED']])), name='catalogue_dataset_classification_known'), models.UniqueConstraint(condition=models.Q(('built_in', True)), fields=('built_in',), name='catalogue_dataset_one_built_in')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationSet',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('title', models.TextField()),
                ('secrecy', models.TextField(default=governance.catalogue.rules.Secrecy['SECRET'])),
                ('state', models.TextField(default=governance.catalogue.rules.ExamState['EMPTY'])),
                ('index_digest', models.TextField(default='')),
                ('items', models.PositiveIntegerField(default=0)),
                ('too_short', models.PositiveIntegerField(default=0)),
                ('storage_ref', models.TextField(default='')),
                ('fault', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'catalogue_evaluation_set',
                'ordering': ['title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [governance.catalogue.rules.ExamState['EMPTY'], governance.catalogue.rules.ExamState['READING'], governance.catalogue.rules.ExamState['WATCHED'], governance.catalogue.rules.ExamState['FAULTY'], governance.catalogue.rules.ExamState['RETIRED']])), name='catalogue_evaluation_set_state_known'), models.CheckConstraint(condition=models.Q(('secrecy__in', [governance.catalogue.rules.Secrecy['SECRET'], governance.catalogue.rules.Secrecy['PUBLIC']])), name='catalogue_evaluation_set_secrecy_known')],
            },
        ),
        migrations.CreateModel(
            name='SourceRegister',
            fields=[
                ('id', models.UUIDField(default=governance.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.TextField(unique=True)),
                ('kind', models.TextField()),
                ('index_digest', models.TextField(default='')),
                ('files', models.PositiveIntegerField(default=0)),
                ('lines', models.PositiveIntegerField(default=0)),
                ('indexed_at', models.DateTimeField(null=True)),
                ('left_out', models.JSONField(null=True)),
                ('created_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
            options={
                'db_table': 'catalogue_source_register',
                'ordering': ['title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [governance.catalogue.rules.RegisterKind['CODE'], governance.catalogue.rules.RegisterKind['DOCUMENTS']])), name='catalogue_source_register_kind_known')],
            },
        ),
    ]
