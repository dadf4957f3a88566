"""Settings of the one Django project; every one that varies is listed in docs/operate.md."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config import env
from kabinet.web.security import POLICY

BASE_DIR = Path(__file__).resolve().parent.parent

# "serve" is real use; "demo" runs on this machine alone over plain http; "tools" is everything that serves nobody.
MODE = env.text("KABINET_MODE", "tools")
IS_REAL = MODE == "serve"
DEBUG = False

SECRET_KEY = env.text("KABINET_SECRET_KEY", None if IS_REAL else "insecure-outside-of-serve-" + "0" * 32)
DATA_DIR = Path(env.text("KABINET_DATA", None if IS_REAL else str(BASE_DIR / "data")))
CLOCK_SHIFT_SECONDS = 0 if IS_REAL else env.integer("KABINET_CLOCK_SHIFT", 0)

# Where tests arm points at which a process ends itself (kabinet.infra.failpoints); real use has none.
FAILPOINTS = "" if IS_REAL else env.text("KABINET_FAILPOINTS", "")

SHARED_HOSTS = env.words("KABINET_SHARED_HOSTS", "" if IS_REAL else "localhost,127.0.0.1,testserver")
ALLOWED_HOSTS = [*SHARED_HOSTS, *env.words("KABINET_HOSTS")]
TRUSTED_PROXIES = env.words("KABINET_TRUSTED_PROXIES")
BASE_URL = env.text("KABINET_BASE_URL", "" if IS_REAL else "http://localhost:8000")
SANDBOX_URL = env.text("KABINET_SANDBOX_URL", "")
CLAMD = env.address("KABINET_CLAMD")

INSTALLED_APPS = [
    "django.forms",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "kabinet.infra",
    "kabinet.web",
    "kabinet.providers",
    "kabinet.accounts",
    "kabinet.contracts",
    "kabinet.help",
    "kabinet.tariffs",
    "kabinet.readings",
    "kabinet.billing",
    "kabinet.tickets",
    "kabinet.exchange",
    "kabinet.home",
    "kabinet.staff",
    "demo",
]

MIDDLEWARE = [
    "kabinet.infra.middleware.Probes",
    "kabinet.web.middleware.PackedPages",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kabinet.web.middleware.SecurityHeaders",
    "kabinet.web.middleware.Language",
    "kabinet.providers.middleware.Door",
    "kabinet.providers.middleware.ProviderOfRequest",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kabinet.accounts.middleware.SessionOfRequest",
    "kabinet.contracts.middleware.ViewerOfRequest",
    "kabinet.staff.middleware.OfficeOfRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kabinet.web.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kabinet.web.context_processors.page",
                "kabinet.home.context_processors.shell",
                "kabinet.staff.context_processors.office",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kabinet.web.templatetags.keeping",
                "kabinet.web.templatetags.ui",
                "kabinet.web.templatetags.formats",
            ],
        },
    },
]
FORM_RENDERER = "kabinet.web.forms.Renderer"


IS_POOLED = MODE in {"serve", "demo"}
# The pool's own pauses between tries double for five minutes: it would stay away long after the server is back.
POOL = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 1}


def database(url: str, *, role: str) -> dict[str, Any]:
    """Return Django's connection settings; the application runs as `role`, migrations as the owner."""
    parts = conninfo_to_dict(url)
    # Compiling a statement costs more than the largest of ours would gain by it.
    session = ["-c timezone=UTC", "-c jit=off", *([f"-c role={role}"] if role else [])]
    return {
        "ENGINE": "kabinet.infra.postgres",
        "NAME": parts.get("dbname", "kabinet"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        # What leaves the pool is looked at by kabinet.infra.postgres.
        "CONN_HEALTH_CHECKS": not IS_POOLED,
        "OPTIONS": {
            "options": " ".join(session),
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": 1,
            "pool": POOL if IS_POOLED else False,
        },
    }


DATABASES = {
    "default": database(env.text("DATABASE_URL", None if IS_REAL else ""), role=env.text("KABINET_DB_ROLE", ""))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["kabinet.accounts.backends.PortalArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
STATICFILES_STORAGE_BACKEND = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if MODE in {"serve", "demo"}
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE_BACKEND},
}

KABINET_STYLEGUIDE = MODE == "demo"

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Plain http is the demo's alone. `__Host-` forbids a path, so cookies of providers that share a host carry `__Secure-`;
# at a provider's own host the session's has kabinet.web.security.OWN_HOST_COOKIE.
COOKIES_ARE_SECURE = IS_REAL
SESSION_COOKIE_NAME = "__Secure-kabinet" if COOKIES_ARE_SECURE else "kabinet"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = COOKIES_ARE_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-kabinet-csrf" if COOKIES_ARE_SECURE else "kabinet-csrf"
CSRF_FAILURE_VIEW = "kabinet.web.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = COOKIES_ARE_SECURE

SECURE_SSL_REDIRECT = IS_REAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_REAL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = POLICY

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

vars().update(env.smtp("KABINET_SMTP_URL", "smtp://127.0.0.1:8025"))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("KABINET_MAIL_FROM", "Кабинет <no-reply@localhost>")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # Whether sub-domains are https alone is for the domain's owner to say.
    "security.W021",  # The same of browsers' preload lists.
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kabinet.infra.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    # Each start would name every job there is.
    "loggers": {
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.text("KABINET_LOG_LEVEL", "INFO")},
}
