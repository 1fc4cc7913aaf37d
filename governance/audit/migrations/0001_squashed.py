from django.db import migrations, models


class Migration(migrations.Migration):

    # A database that has all of these has this one.
    replaces = [('audit', '0001_initial'), ('audit', '0002_unit_index')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('event_id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField()),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('actor', models.TextField()),
                ('unit_path', models.TextField(default='')),
                ('canonical', models.BinaryField()),
            ],
            options={
                'db_table': 'audit_outbox',
                'ordering': ['occurred_at', 'event_id'],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('idx', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event_id', models.UUIDField(editable=False, unique=True)),
                ('occurred_at', models.DateTimeField()),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('actor', models.TextField()),
                ('unit_path', models.TextField(default='')),
                ('canonical', models.BinaryField()),
                ('leaf_hash', models.BinaryField()),
                ('integrated_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'audit_leaf',
                'ordering': ['idx'],
                'indexes': [models.Index(fields=['kind', 'idx'], name='audit_leaf_kind'), models.Index(fields=['subject', 'idx'], name='audit_leaf_subject'), models.Index(fields=['actor', 'idx'], name='audit_leaf_actor'), models.Index(fields=['occurred_at', 'idx'], name='audit_leaf_occurred'), models.Index(fields=['unit_path', 'idx'], name='audit_leaf_unit', opclasses=['text_pattern_ops', 'int8_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(('idx__gte', 0)), name='audit_leaf_idx_from_zero')],
            },
        ),
    ]
