from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='webhookdelivery',
            name='delivery_newest',
        ),
        migrations.AddField(
            model_name='message',
            name='sent_to',
            field=models.CharField(blank=True, db_default='', help_text='the address the mail server took it for', max_length=320),
        ),
        migrations.AddField(
            model_name='webhook',
            name='heard_until',
            field=models.DateTimeField(default=timezone.now, help_text='notices up to then have been looked through'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='webhook',
            name='hears_from',
            field=models.DateTimeField(default=timezone.now, help_text='what was told before, or while it was paused, is not for it'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='webhook',
            name='retiring_secret',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='webhook',
            name='retiring_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('bounced_at__isnull', False)), fields=['recipient'], name='message_bounced'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['webhook', '-created_at', 'id'], name='delivery_newest_of_webhook'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retiring_secret', ''), ('retiring_until__isnull', True)), models.Q(models.Q(('retiring_secret', ''), _negated=True), ('retiring_until__isnull', False)), _connector='OR'), name='webhook_retiring_has_end'),
        ),
    ]
