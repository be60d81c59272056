"""All settings, driven by the environment. DEMO=1 is a demonstration; anything else is production.

A missing or unsafe value stops the start with one line that names it (see coi/environment.py).
"""

import os
from pathlib import Path
from typing import Any

import dj_email_url
import pghistory
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages

from coi import environment
from coi.environment import BASE_DIR, optional, required, stop, words
from coi.logs import configuration as log_configuration

DEMO = environment.is_demo()
DEBUG = False
# »web« in the web server (coi/wsgi.py), »test« under pytest, else a command or the worker.
PROCESS = optional("COI_PROCESS", "command")
DATA_DIR = environment.data_dir()
PORT = optional("PORT", "8000")

# Applications

INSTALLED_APPS = [
    "coi",
    "catalogue",
    "mapping",
    "ideastorm",
    "practicum",
    "editorial",
    "notices",
    "search",
    "places",
    "accounts",
    "guards",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "coi.jobs.JobsConfig",  # procrastinate
    "pgtrigger",
    "pghistory",
    "taggit",
    "django_filters",
    "django_htmx",
    "template_partials",
    "import_export",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "coi.urls"
WSGI_APPLICATION = "coi.wsgi.application"

MIDDLEWARE = [
    "coi.middleware.TrustedProxies",
    "coi.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "coi.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.StaffUseTwoSteps",
    "accounts.middleware.LoggedOutMeanwhile",
    "accounts.middleware.LastSeen",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coi.middleware.TooSlow",
    "guards.middleware.TooManyRequestsPage",
    "coi.middleware.HistoryContext",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coi.context.portal",
            ],
        },
    }
]

# Database: the web role reads and writes, the owner's role migrates (see coi/roles.py)

if environment.uses_embedded_database():
    from coi import embedded

    _web_url, _owner_url = embedded.web_url(DATA_DIR), embedded.owner_url(DATA_DIR)
elif DEMO:
    _web_url = required("DATABASE_URL", "databasens adresse")
    _owner_url = optional("DATABASE_OWNER_URL")
else:
    _web_url = required("DATABASE_URL", "databasens adresse for webserver og worker")
    _owner_url = required("DATABASE_OWNER_URL", "databasens adresse for den rolle, der ejer tabellerne")

DATABASE_OWNER = environment.database("DATABASE_OWNER_URL", _owner_url or _web_url)
_web = environment.database("DATABASE_URL", _web_url)
# A demo that names one database only: its role is the owner, and we make the web role (see coi/roles.py).
MAKES_WEB_ROLE = not _owner_url
if MAKES_WEB_ROLE:
    _web |= {"USER": f"{_web['NAME']}_web", "PASSWORD": environment.demo_secret("web_password")}
WEB_ROLE: str = _web["USER"]
WEB_PASSWORD: str | None = _web["PASSWORD"] or None
if PROCESS == "test":
    # Tests make tables, so they run as the owner; the web role is tried with the fixture as_web_role.
    _web, WEB_ROLE, WEB_PASSWORD = dict(DATABASE_OWNER), f"{DATABASE_OWNER['NAME']}_web", None
elif DATABASE_OWNER["USER"] == WEB_ROLE:
    stop("DATABASE_URL og DATABASE_OWNER_URL skal have hver sin bruger.")
elif not DEMO and _web["NAME"] != DATABASE_OWNER["NAME"]:
    stop("DATABASE_URL og DATABASE_OWNER_URL skal nævne samme database.")

DATABASES: dict[str, dict[str, Any]] = {"default": _web}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if PROCESS == "web":
    _web.setdefault("OPTIONS", {})
    _web["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    # No visitor waits longer than this, and no slow query keeps a connection for itself.
    _web["OPTIONS"]["options"] = (
        _web["OPTIONS"].get("options", "")
        + " -c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000"
    ).strip()

# Language and time

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
USE_THOUSAND_SEPARATOR = True

# Addresses and proxies

TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = (
    "HTTP_X_FORWARDED_PROTO",
    "https",
)  # taken off by TrustedProxies unless a proxy sent it
if DEMO:
    SECRET_KEY = optional("SECRET_KEY") or environment.demo_secret("secret_key")
    ALLOWED_HOSTS = words(optional("ALLOWED_HOSTS")) or ["localhost", "127.0.0.1", "[::1]", "testserver"]
    SITE_URL = optional("SITE_URL", f"http://localhost:{PORT}")
else:
    SECRET_KEY = required("SECRET_KEY", "en hemmelig tekst på mindst 50 tegn")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        stop("SECRET_KEY er for let at gætte: brug mindst 50 tilfældige tegn.")
    ALLOWED_HOSTS = words(required("ALLOWED_HOSTS", "de værtsnavne, portalen svarer på"))
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        stop("ALLOWED_HOSTS skal nævne portalens værtsnavne, ikke »*«.")
    SITE_URL = optional("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}")
    if not SITE_URL.startswith("https://"):
        stop("SITE_URL skal begynde med https://.")

# Security: cookies, headers, content policy

SECURE = not DEMO
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Browsers keep cookies per host, not per port: two demos side by side must not log each other out.
SESSION_COOKIE_NAME = "__Host-session" if SECURE else f"session_{PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else f"csrf_{PORT}"
CSRF_FAILURE_VIEW = "coi.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {messages.DEBUG: "info", messages.INFO: "info"}
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FORMS_URLFIELD_ASSUME_HTTPS = True
FILE_UPLOAD_PERMISSIONS = 0o644

# Accounts (django-allauth): the e-mail address is the login

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True  # and accounts/forms.py: nothing tells whether an address is known
ACCOUNT_RATE_LIMITS = False  # guards counts, in the database (accounts/views.py)
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.names.NameForm"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO else "https"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "user_token": "accounts.forms.ResetLinkForm",
}
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no log-in without a confirmed one; a second may wait for its confirmation
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Center for Offentlig Innovation"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # a demo on localhost has no TLS
MFA_FORMS = {
    "authenticate": "accounts.forms.MfaAuthenticateForm",
    "reauthenticate": "accounts.forms.MfaReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTotpForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.EditKeyForm",
}
# In a demonstration it is offered only (accounts/middleware.py).
STAFF_MFA_REQUIRED = not DEMO

# A MitID Erhverv broker over OpenID Connect (accounts/broker.py): off until all three are given.
SOCIALACCOUNT_ADAPTER = "accounts.adapters.BrokerAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.BrokerSignupForm"}
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_class": "accounts.broker.BrokerProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": environment.oidc_apps(production=not DEMO),
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]

# Static files and media

_modules = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = Path(optional("STATIC_ROOT") or (DATA_DIR / "static" if DEMO else BASE_DIR / "staticfiles"))
# Third-party files under /static/vendor/: only what pages ask for (see coi/static_files.py).
STATICFILES_DIRS: list[Any] = [
    entry
    for entry in (
        BASE_DIR / "static",
        ("vendor/dkfds", _modules / "dkfds" / "dist"),
        ("vendor/htmx", _modules / "htmx.org" / "dist"),
        ("vendor/leaflet", _modules / "leaflet" / "dist"),
    )
    if Path(entry[1] if isinstance(entry, tuple) else entry).is_dir()
]
STATICFILES_FINDERS = [
    "coi.static_files.NeededFiles",
    "coi.static_files.AppFiles",
]
WHITENOISE_MAX_AGE = 3600

MEDIA_URL = "/media/"
MEDIA_ROOT = Path(optional("MEDIA_ROOT") or DATA_DIR / "media")
STORAGE_URL = optional("STORAGE_URL")
if not DEMO and not STORAGE_URL:
    required("MEDIA_ROOT", "mappen til billeder og filer (eller STORAGE_URL til S3)")
    if not MEDIA_ROOT.is_absolute():
        stop("MEDIA_ROOT skal være en fuld sti.")
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": environment.object_storage("STORAGE_URL", STORAGE_URL),
        }
        if STORAGE_URL
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": "coi.static_files.Storage"},
}
if PROCESS == "test":
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Mail

MAIL_DIR = DATA_DIR / "mail"
if DEMO and not optional("EMAIL_URL"):
    MAIL_DELIVERY_BACKEND = "coi.mail.ConsoleAndFiles"
    DEFAULT_FROM_EMAIL = "portal@demo.example"
else:
    _email = dj_email_url.parse(required("EMAIL_URL", "adressen på den mailserver, portalen sender gennem"))
    if not DEMO and not _email.get("EMAIL_BACKEND", "").endswith("smtp.EmailBackend"):
        stop("EMAIL_URL skal begynde med smtp:// eller submission://.")
    MAIL_DELIVERY_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        _email["EMAIL_HOST_USER"] or "",
        _email["EMAIL_HOST_PASSWORD"] or "",
    )
    EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
    EMAIL_TIMEOUT = 15
    DEFAULT_FROM_EMAIL = optional("DEFAULT_FROM_EMAIL", f"portal@{ALLOWED_HOSTS[0].lstrip('.')}")
if PROCESS == "test":
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Every mail is written to the database first; the worker hands it to the backend above (see notices/mail.py).
EMAIL_BACKEND = "notices.mail.QueuedBackend"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where readers write to the editors; shown in the footer and in the statements on privacy and accessibility.
CONTACT_EMAIL = optional("CONTACT_EMAIL", DEFAULT_FROM_EMAIL)
SECURITY_CONTACT = optional("SECURITY_CONTACT", DEFAULT_FROM_EMAIL)

# Logging (coi/logs.py)

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = log_configuration(readable=DEMO)

# Parts

MAP_TILES_URL, MAP_TILES_ATTRIBUTION = environment.tiles(
    optional("MAP_TILES_URL"), optional("MAP_TILES_ATTRIBUTION")
)
TAGGIT_CASE_INSENSITIVE = True
PGHISTORY_ADMIN_ALL_EVENTS = False
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
IMPORT_EXPORT_USE_TRANSACTIONS = True
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = (
    "home"  # where a login leads whose own way on was no page of ours; staff: accounts.adapters
)

os.environ.setdefault("PGAPPNAME", f"coi-{PROCESS}")
