"""Settings of Dienstweg for Django: everything a place may differ in comes from the environment.

``DATABASE_URL`` is the application's role, which owns no table; ``DATABASE_OWNER_URL`` migrates.
``dienstweg`` (the command) sets both for the embedded database. ``DIENSTWEG_VAR`` is the folder
for everything that is made while running.
"""

import os
from pathlib import Path

from dienstweg.config.environment import database, flag, secret_key

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "dienstweg"
VAR = Path(os.environ.get("DIENSTWEG_VAR", ROOT / "var"))

DEMO = flag("DIENSTWEG_DEMO")
DEBUG = False
SECRET_KEY = secret_key(VAR / "secret.key")
ALLOWED_HOSTS = ["*"]  # the reception answers unknown hosts itself, with a page that helps

DIENSTWEG_NETWORK_HOST = os.environ.get("DIENSTWEG_NETWORK_HOST", "localhost")
DIENSTWEG_PUBLIC_PORT = os.environ.get("DIENSTWEG_PUBLIC_PORT", "8000" if DEMO else "")
DIENSTWEG_PUBLIC_SCHEME = os.environ.get("DIENSTWEG_PUBLIC_SCHEME", "http" if DEMO else "https")
DIENSTWEG_MASTER_KEY = os.environ.get("DIENSTWEG_MASTER_KEY", str(VAR / "master.key"))
DIENSTWEG_FILES = VAR / "files"
DIENSTWEG_ERASURES = VAR / "erasures.log"
DIENSTWEG_JOURNEY = "dienstweg.journey"
DIENSTWEG_PROXIES = int(os.environ.get("DIENSTWEG_PROXIES", "0"))
"""Trusted proxies in front of us, whose word on the client's address counts."""
DIENSTWEG_SECURITY_CONTACT = os.environ.get("DIENSTWEG_SECURITY_CONTACT", "")
"""Where weaknesses are reported (``mailto:`` or ``https:``); else the authority's address."""
DIENSTWEG_UNDO_SECONDS = int(os.environ.get("DIENSTWEG_UNDO_SECONDS", "60"))
"""Seconds for which a caseworker can take back a decision."""
DIENSTWEG_SCANNER = os.environ.get("DIENSTWEG_SCANNER", "")
"""The virus scanner, as ``name:address``; without one, files are released as they are."""
DIENSTWEG_CASE_FILES = int(os.environ.get("DIENSTWEG_CASE_FILES", "50"))
"""Files of one draft."""
DIENSTWEG_CASE_BYTES = int(os.environ.get("DIENSTWEG_CASE_BYTES", str(100 * 1024 * 1024)))
"""Bytes of all files of one draft."""

DIENSTWEG_TILES_URL = os.environ.get("DIENSTWEG_TILES_URL", "")
"""The map's pictures, with ``{z}``, ``{x}`` and ``{y}``; empty: no map is shown."""
DIENSTWEG_TILES_ATTRIBUTION = os.environ.get("DIENSTWEG_TILES_ATTRIBUTION", "")
"""Whose map it is, in the words that its licence asks for."""

ROOMS = [
    "authorities", "events", "mail", "files", "accounts", "catalogue", "library", "offers",
    "assistants", "cases", "inbox", "documents", "deliveries", "payments", "processes",
    "records", "reception", "design", "portal", "desk", "api",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    *(f"dienstweg.{room}" for room in ROOMS),
]

MIDDLEWARE: list[str] = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dienstweg.reception.middleware.Reception",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "dienstweg.config.urls"
DIENSTWEG_NETWORK_URLS = "dienstweg.config.urls_network"
CSRF_FAILURE_VIEW = "dienstweg.reception.errors.csrf_failure"
WSGI_APPLICATION = "dienstweg.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", "")),
    "owner": database(os.environ.get("DATABASE_OWNER_URL", os.environ.get("DATABASE_URL", ""))),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_IMPORT_PATHS = [
    f"dienstweg.{room}.{module}"
    for room in ROOMS
    for module in ("jobs", "reactions")
    if (SOURCE / room / f"{module}.py").exists()
]

AUTH_USER_MODEL = "accounts.Account"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if DEMO:
    PASSWORD_HASHERS = ["dienstweg.accounts.hashing.DemoHasher"]

# allauth carries the sign-in; what handles e-mail addresses is ours (docs/decisions/0036).
ACCOUNT_ADAPTER = "dienstweg.reception.signing_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made when its address is proven
ACCOUNT_RATE_LIMITS = False  # ours count in the database, for all processes

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = False  # the surfaces' words stand in tables of their own

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dienstweg.config.static.Files"},
}

SESSION_COOKIE_NAME = "dw_sitzung"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_NAME = "dw_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
# The reception sends these headers itself; the proxy in front redirects from plain HTTP.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000  # a table of 50 rows has several hundred cells
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_HANDLERS = ["dienstweg.reception.uploads.Bounded"]

EMAIL_HOST = os.environ.get("DIENSTWEG_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("DIENSTWEG_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("DIENSTWEG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DIENSTWEG_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("DIENSTWEG_SMTP_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DIENSTWEG_MAIL_FROM", "noreply@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "dienstweg": {"level": os.environ.get("DIENSTWEG_LOG_LEVEL", "INFO")},
        # Django's own record of a failed request would quote its path and its error.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "procrastinate": {"level": "ERROR"},
        # While the database restarts the worker says so itself, once.
        "psycopg.pool": {"level": "ERROR"},
    },
}
