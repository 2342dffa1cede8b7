"""Settings for every way of running; what differs comes from the environment (all of it in .env.example)."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="not-secret-debug-only" if DEBUG else "")
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE = urlsplit(SITE_URL)
HTTPS = SITE.scheme == "https"
LOOPBACK = SITE.hostname in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if LOOPBACK else [])
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
DEMO = env.bool("DEMO", default=False)
if len(SECRET_KEY) < 32 and not DEBUG:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to 50 random characters: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names this site answers to, separated by commas.")
if DEMO and not LOOPBACK:
    raise ImproperlyConfigured("DEMO lets anybody sign in; it is refused unless SITE_URL is a loopback address.")

INSTALLED_APPS = [
    "floorprogram",
    "surveys",
    "issues",
    "shadowing",
    "notifications",
    "people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.forms",  # the templates of its widgets, beside ours
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
]
MIDDLEWARE = [
    "floorprogram.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "floorprogram.middleware.person_settings",
    "floorprogram.middleware.policy",
    "floorprogram.middleware.refusals",
]
ROOT_URLCONF = "floorprogram.urls"
WSGI_APPLICATION = "floorprogram.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["floorprogram.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "floorprogram.context.navigation",
                "floorprogram.demo.views.demo_accounts",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # SQLite ignores select_for_update(); IMMEDIATE takes the write lock at BEGIN instead,
    # so "lock, check, write" in actions stays correct on the embedded database too.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if SQLITE and not DEBUG and env.int("WEB_CONCURRENCY", default=1) > 1:
    raise ImproperlyConfigured("SQLite serves one web process: set WEB_CONCURRENCY=1, or DATABASE_URL to PostgreSQL.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR / 'cache'}")}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody signs up here, and strangers get no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the browser: a shared terminal keeps nothing
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
CSRF_FAILURE_VIEW = "floorprogram.views.stale_form"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # whoever probes speaks plain http
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-reports/",
    }
}
NO_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in NO_FEATURES}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]  # surveys bring texts of their own in more
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE, USE_TZ, USE_I18N = "UTC", True, True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", NODE_MODULES / "bootstrap" / "dist")]
PRIVATE_ROOT = VAR / "private"  # uploads; never served by address
ATTACHMENTS = {  # the web processes share it; only a view that asks who may read serves from it
    "location": env("ATTACHMENTS_DIR", default="") or str(PRIVATE_ROOT),
    "file_permissions_mode": 0o600,
    "directory_permissions_mode": 0o700,
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": ATTACHMENTS},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # nobody waits for source maps
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2  # bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024**2

mail = env.email_url("EMAIL_URL", default=f"filemail:///{VAR / 'mail'}")
vars().update(mail)
MAIL_FOLDER = Path("/", mail["EMAIL_FILE_PATH"]) if mail["EMAIL_BACKEND"].endswith("filebased.EmailBackend") else None
if MAIL_FOLDER:  # one file a message, which the outbox page of a demo links to
    EMAIL_BACKEND, EMAIL_FILE_PATH = "notifications.mail.FileBackend", MAIL_FOLDER
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Back to the Floor <floor@{SITE.hostname}.example>")

WEBHOOK_PORTS = [int(port) for port in env.list("WEBHOOK_PORTS", default=[])] or [80, 443]
WEBHOOK_HOSTS_INSIDE = env.list("WEBHOOK_HOSTS_INSIDE", default=[])  # inside the network and yet allowed
# Days after which the night's clearing forgets; 0 keeps for good
WEBHOOK_LOG_DAYS = int(env("WEBHOOK_LOG_DAYS", default="") or 90)
OUTBOX_TEXT_DAYS = int(env("OUTBOX_TEXT_DAYS", default="") or 365)

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_QUEUES = [  # a worker that names none works on all of them
    Queue(name, Exchange(name), routing_key=name) for name in ("celery", "outbox", "planner")
]
CELERY_TASK_ROUTES = {
    "shadowing.tasks.*": {"queue": "planner"},
    "notifications.tasks.send_outbox": {"queue": "outbox"},  # a long sweep must not keep mail waiting
}
CELERY_WORKER_CONCURRENCY = int(env("PLANNER_CONCURRENCY", default="") or 1)  # of workers that name none: the planner's
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_FOLDER = VAR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        name: str(BROKER_FOLDER / folder)
        for name, folder in [("data_folder_in", "queue"), ("data_folder_out", "queue"), ("control_folder", "control")]
    }
    for folder in ("queue", "control"):
        (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"secrets": {"()": "floorprogram.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
