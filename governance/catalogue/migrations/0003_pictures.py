from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_exams'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='pictures',
            field=models.BooleanField(default=False),
        ),
    ]
