from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [
        migrations.AddField(model_name="trainingset", name="demand", field=models.TextField(db_default="", default="")),
    ]
