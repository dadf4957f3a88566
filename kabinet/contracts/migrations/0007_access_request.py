from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_link_requests")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="access_request",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
