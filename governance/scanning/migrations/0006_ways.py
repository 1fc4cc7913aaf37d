from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scanning", "0005_recognisers")]

    operations = [
        migrations.AddField(model_name="finding", name="way", field=models.TextField(db_default="")),
    ]
