from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_first_passwords")]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="address",
            field=models.CharField(blank=True, default="", max_length=240),
            preserve_default=False,
        ),
    ]
