"""Settings, in the order of Django's own documentation. Every value from outside is named in deploy/SETTINGS.md."""

from pathlib import Path

from csp.constants import NONCE

from governance.core.log import log_settings
from governance.settings.files import any_file, state_of
from governance.settings.plugins import *  # noqa: F403 - the tables are settings
from governance.settings.readers import (
    count,
    database,
    folder,
    mail_server,
    networks,
    number,
    openid_connect,
    size,
    switch,
    text,
    words,
)

BASE_DIR = Path(__file__).resolve().parents[2]
STATE_DIR = folder("REMIT_STATE", BASE_DIR / ".state")  # keys, logs and, when there is no other store, sealed files
DEMO = switch(
    "REMIT_DEMO", default=False
)  # allows the demo organisation, the stand-in provider and destinations on loopback

# Core
DEBUG = False
SECRET_KEY = text("REMIT_SECRET_KEY")  # signs sessions and one-time links; 50 random characters
ALLOWED_HOSTS = words("REMIT_HOSTS", "127.0.0.1,localhost,[::1]")  # names under which the web answers
ROOT_URLCONF = "governance.urls"
AUTH_USER_MODEL = "organisation.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-gb"

AREAS = [
    "audit",
    "work",
    "organisation",
    "notices",
    "approvals",
    "scanning",
    "initiatives",
    "catalogue",
    "destinations",
    "remits",
    "training",
    "gateway",
    "web",
    "api",
    "stack",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    *[f"governance.{area}" for area in AREAS],
]
MIDDLEWARE = [
    "governance.web.frame.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "governance.web.organisation.sessions.SessionLimits",
    "governance.web.frame.middleware.ReadersZone",
    "governance.web.frame.middleware.ErrorPages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.filesystem.Loader"],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "governance.web.context.page",
            ],
        },
    }
]
STATICFILES_DIRS: list[Path] = [BASE_DIR / "governance" / "web" / "static"]
STATIC_VERSION = state_of(*STATICFILES_DIRS)  # in each address, so that what a browser has of it is kept for good
STATIC_URL = f"static/{STATIC_VERSION}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = any_file
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Logs: JSON lines on stderr; the supervisor or systemd keeps them.
LOGGING = log_settings(text("REMIT_LOG_LEVEL", "INFO"))  # DEBUG, INFO, WARNING or ERROR

# Keys: one file for each purpose; a process is given only those it needs (deploy/SETTINGS.md, Keys)
KEYS_DIR = STATE_DIR / "keys"
STORAGE_KEY_FILE = folder(
    "REMIT_STORAGE_KEY_FILE", KEYS_DIR / "storage.key"
)  # key ring of stored files (web, gateway, workers)
PAYLOAD_KEY_FILE = folder(
    "REMIT_PAYLOAD_KEY_FILE", KEYS_DIR / "payload.key"
)  # key ring of prompts on their way to a worker (gateway, workers)
FINDINGS_KEY_FILE = folder(
    "REMIT_FINDINGS_KEY_FILE", KEYS_DIR / "findings.hmac"
)  # key ring of the keyed digests of findings (web, gateway, workers)
FINGERPRINTS_DIR = folder(
    "REMIT_FINGERPRINTS", STATE_DIR / "fingerprints"
)  # source registers, rows of datasets, evaluation sets (web, workers)
PLACEHOLDER_KEY_FILE = folder(
    "REMIT_PLACEHOLDER_KEY_FILE", KEYS_DIR / "placeholder.hmac"
)  # key ring of placeholders (gateway)
GATEWAY_PRIVATE_KEY_FILE = folder(
    "REMIT_GATEWAY_PRIVATE_KEY_FILE", KEYS_DIR / "gateway.x25519"
)  # opens provider keys (gateway alone)
GATEWAY_PUBLIC_KEY_FILE = folder(
    "REMIT_GATEWAY_PUBLIC_KEY_FILE", KEYS_DIR / "gateway.x25519.pub"
)  # seals provider keys (web, workers)
WEBHOOK_KEY_FILE = folder(
    "REMIT_WEBHOOK_KEY_FILE", KEYS_DIR / "webhook.key"
)  # key ring of the signing secrets of webhooks (web, outbound)
PERMIT_PRIVATE_KEY_FILE = folder(
    "REMIT_PERMIT_PRIVATE_KEY_FILE", KEYS_DIR / "permit.ed25519"
)  # signs release permits (web, workers)
PERMIT_PUBLIC_KEY_FILE = folder(
    "REMIT_PERMIT_PUBLIC_KEY_FILE", KEYS_DIR / "permit.ed25519.pub"
)  # checks release permits (all)

# Where people and programs reach Remit, for links
WEB_URL = text("REMIT_WEB_URL", "http://127.0.0.1:8400")  # where people reach the web, for links
GATEWAY_URL = text("REMIT_GATEWAY_URL", "http://127.0.0.1:8401")  # where programs reach the gateway
STAND_IN_URL = text(
    "REMIT_STAND_IN_URL", "http://127.0.0.1:8402/v1"
)  # the provider that answers in the demo, on this machine, in place of a real one

# What leaves to people and their programs
MAIL_FROM = text(
    "REMIT_MAIL_FROM", "Remit <remit@localhost>" if DEMO else ""
)  # the sender of e-mail; empty: Remit sends none
MAIL = mail_server(
    "REMIT_MAIL_URL", f"folder:{STATE_DIR / 'mail'}" if DEMO else ""
)  # where the outbound worker hands e-mail over (below)
WEBHOOK_NETWORKS = networks(
    "REMIT_WEBHOOK_NETWORKS"
)  # networks of your own in which webhooks may be called, such as 10.20.0.0/16; public addresses always may
WEBHOOK_LOOPBACK_ALLOWED = switch("REMIT_WEBHOOK_LOOPBACK_ALLOWED", default=DEMO)  # webhooks on this very machine
WEBHOOK_PATIENCE_DAYS = count(
    "REMIT_WEBHOOK_PATIENCE_DAYS", 5
)  # a webhook that has failed for so long is switched off, and its owner told

# Database: each process logs in as its own role (deploy/SETTINGS.md, Database roles).
DATABASES = {"default": database("DATABASE_URL")}  # each process logs in as its own role
REDIS_URL = text("REDIS_URL")  # Valkey or Redis: the broker, interactive scans, the findings cache

# Durable jobs
JOB_TIME_LIMIT_S = count("JOB_TIME_LIMIT_S", 600)  # the longest one durable job may take
JOB_LEASE_S = count("JOB_LEASE_S", 30)  # how long a job stays with a worker that gives no sign

# Time limits (those of stages stand in the workflow, in working hours)
APPROVALS_ANSWER_DAYS = count(
    "APPROVALS_ANSWER_DAYS", 30
)  # how long an asker may owe an answer, warned twice, before the request lapses

RECERTIFY_DAYS = {
    "public": count("RECERTIFY_PUBLIC_DAYS", 365),  # a grant on public data is recertified after this long
    "internal": count("RECERTIFY_INTERNAL_DAYS", 180),  # the same for internal data
    "confidential": count("RECERTIFY_CONFIDENTIAL_DAYS", 90),  # the same for confidential data
    "restricted": count("RECERTIFY_RESTRICTED_DAYS", 90),  # the same for restricted data
}
RECERTIFY_ASKED_BEFORE_DAYS = count("RECERTIFY_ASKED_BEFORE_DAYS", 14)  # how long before, its owner is asked
RECERTIFY_GRACE_DAYS = count(
    "RECERTIFY_GRACE_DAYS", 14
)  # how long a grant goes on without an answer, its owner warned twice, before it ends
GRANT_UNUSED_DAYS = count(
    "GRANT_UNUSED_DAYS", 90
)  # a grant by which nothing was sent for this long is proposed for lapse

# Ownership
CONTEST_WORKING_DAYS = count("CONTEST_WORKING_DAYS", 20)  # working days of the owner in which an arbiter must rule

# Sign-in
AUTHENTICATION_BACKENDS = ["governance.organisation.backend.PersonBackend"]
LOCAL_PASSWORDS = switch("REMIT_LOCAL_PASSWORDS", default=True)  # people may sign in by a password kept here
OIDC_ISSUER = text("REMIT_OIDC_ISSUER", "")  # empty: nobody signs in by OpenID Connect
OIDC_NAME = text("REMIT_OIDC_NAME", "your organisation")  # what the sign-in page calls the identity provider
OIDC_GROUPS_CLAIM = text("REMIT_OIDC_GROUPS_CLAIM", "groups")  # the claim with a person's groups, a list of names
SOCIALACCOUNT_ADAPTER = "governance.web.organisation.provider_door.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = openid_connect(
    issuer=OIDC_ISSUER,
    client_id=text(
        "REMIT_OIDC_CLIENT_ID", ""
    ),  # Remit's name at the provider; it sends people back to /sign-in/sso/return/
    secret=text("REMIT_OIDC_SECRET", ""),  # Remit's secret at the provider
    scopes=words("REMIT_OIDC_SCOPES", "openid,profile,email"),  # offline_access, where refresh tokens need it
    token_auth=text(
        "REMIT_OIDC_TOKEN_AUTH", ""
    ),  # client_secret_basic or client_secret_post; empty: as the provider says
)
SOCIALACCOUNT_LOGIN_ON_GET = True  # a page may post to itself only (CSP), and the provider answers by redirects
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_EMAIL_VERIFICATION = "none"
SESSION_ENGINE = "governance.organisation.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = switch(
    "REMIT_HTTPS", default=not DEMO
)  # off only where no TLS stands before the web: cookies are then sent in the clear
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = True

# What a page may load and do: our own files, scripts by nonce, nothing from elsewhere, no framing
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "governance.web.frame.errors.forgery"
MESSAGE_TAGS = {10: "quiet", 20: "accent", 25: "good", 30: "wait", 40: "bad"}  # Django's levels -> our tones

# The REST API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["governance.api.auth.KeyAuthentication", "governance.api.auth.SignedIn"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["governance.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "governance.api.schema.Described",
    "EXCEPTION_HANDLER": "governance.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,  # `format` is a parameter of ours
    "UNICODE_JSON": True,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Remit",
    "DESCRIPTION": "Who owns each GenAI initiative, which data it may use and where, and what actually left.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["governance.api.schema.with_uploads"],  # and not the one that names lists of values
}

# What may be sent at once
DATA_UPLOAD_MAX_MEMORY_SIZE = size(
    "REMIT_LARGEST_FORM", "2MiB"
)  # the largest form a browser may send; uploads are streamed and not meant
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE  # so that no upload is ever spooled to a plain file
TRAINING_LARGEST_SET = size("TRAINING_LARGEST_SET", "16GiB")  # the largest training set

# The gateway (governance/gateway reads these through governance.gateway.config)
GATEWAY_LARGEST_BODY = size("GATEWAY_LARGEST_BODY", "4MiB")  # the largest request the gateway reads
GATEWAY_LARGEST_BODIES_HELD = size(
    "GATEWAY_LARGEST_BODIES_HELD", "128MiB"
)  # the most of all bodies a process holds at once, half of it for one key alone; more is refused with 503
GATEWAY_LARGEST_REPLY_HELD = size(
    "GATEWAY_LARGEST_REPLY_HELD", "256KiB"
)  # the most of a streamed answer that waits to be checked
GATEWAY_LARGEST_UNCACHED_TEXT = size(
    "GATEWAY_LARGEST_UNCACHED_TEXT", "96KiB"
)  # more text than this not seen before is refused at once, with its size
GATEWAY_LARGEST_UPLOADS = size(
    "GATEWAY_LARGEST_UPLOADS", "32GiB"
)  # the most of all files of one initiative that are kept or on their way in; those begun count as large as they said
GATEWAY_UPSTREAM_TIMEOUT_S = number("GATEWAY_UPSTREAM_TIMEOUT_S", 60)  # how long a provider may be silent
SCAN_BASE_DEADLINE_S = number("SCAN_BASE_DEADLINE_S", 0.5)  # a scan must answer within this
SCAN_DEADLINE_S_PER_KIB = number("SCAN_DEADLINE_S_PER_KIB", 0.2)  # and this more for each KiB not seen before
SCAN_LONGEST_DEADLINE_S = number("SCAN_LONGEST_DEADLINE_S", 20)  # but never later than this
GATEWAY_MOST_IN_FLIGHT = count(
    "GATEWAY_MOST_IN_FLIGHT", 1500
)  # calls at once, open streams among them; more are refused with 503
GATEWAY_MOST_IN_FLIGHT_PER_UNIT = count("GATEWAY_MOST_IN_FLIGHT_PER_UNIT", 1000)  # and so many of one unit
GATEWAY_MOST_IN_FLIGHT_PER_KEY = count("GATEWAY_MOST_IN_FLIGHT_PER_KEY", 500)  # and so many of one key
GATEWAY_LONGEST_WAIT_S = number(
    "GATEWAY_LONGEST_WAIT_S", 0.25
)  # a call that would wait longer for those before it is refused with 503
GATEWAY_LOOPBACK_ALLOWED = switch(
    "GATEWAY_LOOPBACK_ALLOWED", default=DEMO
)  # a destination on this very machine: the demo's stand-in provider, never a real one
