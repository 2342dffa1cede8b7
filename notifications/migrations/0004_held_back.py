from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_rotation_and_bounces'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='held_back',
            field=models.BooleanField(db_default=False, default=False, help_text='mail to this address came back'),
        ),
    ]
