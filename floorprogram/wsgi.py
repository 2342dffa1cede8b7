"""The web application, as gunicorn serves it."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floorprogram.settings")
if not (settings.HOSTS_NAMED or settings.DEBUG or settings.DEMO):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names this site answers to, separated by commas.")
application = get_wsgi_application()
