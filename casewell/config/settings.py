"""Settings, in the order in which Django documents them. Every variable is in docs/operating.md."""

from __future__ import annotations

from pathlib import Path

from casewell.claims.address import gateway_address
from casewell.config.stores import (
    CACHED_ROWS,
    DRAWN_WITH,
    FOR_A_MOMENT,
    database_at,
    uploaded_files,
)
from casewell.connections.allowances import installed_allowances
from casewell.lib.env import cell, env, integer, one_of, path, words, yes_or_no
from casewell.lib.logs import TO_THE_CONSOLE
from casewell.lib.secrets_file import kept_secret

ROOT = Path(__file__).resolve().parents[2]
DATA = env("CASEWELL_DATA", path, str(ROOT / ".casewell"))

# Core
DEBUG = env("CASEWELL_DEBUG", yes_or_no, "no")
SITE_ADDRESS = env("CASEWELL_SITE_ADDRESS", str, "http://localhost:8000")
IS_HTTPS = SITE_ADDRESS.startswith("https://")
ALLOWED_HOSTS = env("CASEWELL_HOSTS", words, "localhost,127.0.0.1,[::1]")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-au"
USE_I18N = True
ROOT_URLCONF = "casewell.config.urls"
WSGI_APPLICATION = "casewell.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "casewell.web.forms.Renderer"
SILENCED_SYSTEM_CHECKS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

INSTALLED_APPS = [
    "casewell.web",  # first: its templates are found before those of forms and sign-in
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "casewell.tenancy",
    "casewell.accounts",
    "casewell.audit",
    "casewell.events",
    "casewell.availability",
    "casewell.contacts",
    "casewell.patients",
    "casewell.cases",
    "casewell.appointments",
    "casewell.invoices",
    "casewell.letters",
    "casewell.claims",
    "casewell.waiting",
    "casewell.connections",
    "casewell.records",
    "casewell.reminders",
    "casewell.recalls",
    "casewell.api",
]

MIDDLEWARE = [
    "casewell.web.middleware.Health",
    "casewell.api.door.Api",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "casewell.web.middleware.OneAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casewell.web.middleware.SessionTimes",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "casewell.web.bodies.LargestBody",
    "casewell.web.middleware.DeclaredRoutesOnly",
    "casewell.web.middleware.ShowRefusals",
]

# Database
# A server waits this long for one of its pooled connections before it answers 503.
POOL = {"min_size": 1, "max_size": env("CASEWELL_POOL", integer, "12"), "timeout": 5}
DATABASE_URL = env("DATABASE_URL", str, "")
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", str, "")
DATABASES = {"default": database_at(DATABASE_URL, pool=POOL)}
if DATABASE_OWNER_URL:
    DATABASES["owner"] = database_at(DATABASE_OWNER_URL)

# E-mail
DEFAULT_FROM_EMAIL = env("CASEWELL_EMAIL_FROM", str, "Casewell <casewell@localhost>")
EMAIL_HOST = env("CASEWELL_SMTP_HOST", str, "")
EMAIL_PORT = env("CASEWELL_SMTP_PORT", integer, "25")
EMAIL_HOST_USER = env("CASEWELL_SMTP_USER", str, "")
EMAIL_HOST_PASSWORD = env("CASEWELL_SMTP_PASSWORD", str, "")
SMTP_TLS = env("CASEWELL_SMTP_TLS", one_of("no", "starttls", "tls"), "no")
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_TLS == "starttls", SMTP_TLS == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = env(
    "CASEWELL_EMAIL_BACKEND",
    str,
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend",
)
# Where it is not, pages show a link to copy instead of sending it.
MAIL_IS_SET_UP = not EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend"))

# HTTP and security
SECRET_KEY = env("CASEWELL_SECRET_KEY", str, "") or kept_secret(DATA / "secret_key")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = IS_HTTPS
# On localhost all ports share cookies: other software there has a "session" of its own.
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "casewell_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "casewell.web.views.errors.csrf_failure"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "casewell_session"
SESSION_ENGINE = "casewell.accounts.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_IDLE_MINUTES = env("CASEWELL_IDLE_MINUTES", integer, "60")
SESSION_ABSOLUTE_HOURS = env("CASEWELL_SESSION_HOURS", integer, "12")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["casewell.accounts.backend.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "practices"
ACCOUNT_ADAPTER = "casewell.web.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "casewell.web.sign_in.LoginForm",
    "reauthenticate": "casewell.web.sign_in.ReauthenticateForm",
    "change_password": "casewell.web.sign_in.ChangePasswordForm",
    "reset_password": "casewell.web.sign_in.ResetPasswordForm",
    "reset_password_from_key": "casewell.web.sign_in.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
# From one address, which a clinic's people share; failed ones have tighter limits of their own.
ACCOUNT_RATE_LIMITS = {
    "login": f"{env('CASEWELL_SIGN_INS_A_MINUTE', integer, '30')}/m/ip",
    "propose": "20/h/ip",  # apps, by the public form
    "visit": "60/m/ip",  # patients, by the links of their reminders
}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
CACHES = {"default": CACHED_ROWS, "moment": FOR_A_MOMENT}

# Templates
TEMPLATES = [DRAWN_WITH]

# API
CELL = env("CASEWELL_CELL", cell, "au1")
API_RATE = env("CASEWELL_API_RATE", integer, "200")  # calls a minute, per key

# Webhooks
WEBHOOK_LOOPBACK = env("CASEWELL_WEBHOOK_LOOPBACK", yes_or_no, "no")

# Claims
CLAIM_GATEWAY = env("CASEWELL_CLAIM_GATEWAY", gateway_address, "")
CLAIM_GATEWAY_SECRET = env("CASEWELL_CLAIM_GATEWAY_SECRET", str, "")

# Text messages
SMS_GATEWAY = env("CASEWELL_SMS_GATEWAY", gateway_address, "")
SMS_GATEWAY_SECRET = env("CASEWELL_SMS_GATEWAY_SECRET", str, "")

# Connected patient apps
APP_ALLOWANCES = installed_allowances()

# Files
LARGEST_FILE = env("CASEWELL_LARGEST_FILE_MB", integer, "50") * 1024**2
MEDIA_ROOT = DATA / "files"
# Several at once, each of which may be as large as that.
LARGEST_BODY = 4 * LARGEST_FILE
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "casewell.web.bodies.BoundedFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700


FILES_ARE_IN_S3 = bool(env("CASEWELL_S3_BUCKET", str, ""))


# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# The guides' pictures, where they were taken.
SCREENS = ROOT / "docs" / "pictures" / "screens"
STATICFILES_DIRS = [("guides", SCREENS)] if SCREENS.is_dir() else []
HELP_CONTACT = env("CASEWELL_HELP_CONTACT", str, "").strip()
STORAGES = {
    "default": uploaded_files(),
    "staticfiles": {"BACKEND": "casewell.config.static_files.HashedModules"},
}

# Logging: nothing personal, so no query parameters and no bodies.
LOGGING = TO_THE_CONSOLE
