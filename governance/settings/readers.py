"""Typed readers of the environment. A value that cannot be read stops the start and names itself."""

import re
from ipaddress import ip_network
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SIZES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
SMTP = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
MAIL_PATIENCE_S = 10


def text(name: str, default: str | None = None) -> str:
    value = environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See deploy/SETTINGS.md.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of `name`, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def switch(name: str, *, default: bool) -> bool:
    value = environ.get(name, "on" if default else "off").lower()
    if value not in {"on", "off", "true", "false", "1", "0"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be on or off.")
    return value in {"on", "true", "1"}


def number(name: str, default: float) -> float:
    value = text(name, str(default))
    try:
        return float(value)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number.") from wrong


def count(name: str, default: int) -> int:
    value = number(name, default)
    if value != int(value) or value < 0:
        raise ImproperlyConfigured(f"{name} is {value}; it must be a whole number, 0 or more.")
    return int(value)


def size(name: str, default: str) -> int:
    """Return a number of bytes written as "4MiB" (B, KiB, MiB or GiB)."""
    value = text(name, default)
    match = re.fullmatch(r"(\d+)\s*(B|KiB|MiB|GiB)", value)
    if match is None:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a size such as 4MiB.")
    return int(match[1]) * SIZES[match[2]]


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def database(name: str) -> dict[str, Any]:
    """Return Django's settings of one Postgres database from a URL in `name`.

    `postgresql://user:password@host:port/name?sslmode=...`; a socket folder goes into `?host=/folder`.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address; Remit runs on Postgres only.")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", "") or url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }


def networks(name: str) -> list[str]:
    """Return the comma-separated networks of `name`, such as "10.20.0.0/16,fd00:1::/48"."""
    found = words(name)
    for each in found:
        try:
            ip_network(each)
        except ValueError as wrong:
            raise ImproperlyConfigured(f"{name} names {each!r}, which is no network such as 10.20.0.0/16.") from wrong
    return found


def mail_server(name: str, default: str) -> dict[str, Any]:
    """Return what Django's get_connection() takes, {} for an empty value.

    `smtp://user:password@host:25`, `smtp+starttls://...:587`, `smtps://...:465`; `folder:/path` writes e-mails into files;
    `anymail+postmark:?server_token=...` hands over to one of the providers that django-anymail knows, with its options.
    """
    given = text(name, default)
    if not given:
        return {}
    url = urlsplit(given)
    if url.scheme in SMTP:
        return _smtp(name, url)
    if url.scheme == "folder":
        return {"backend": "django.core.mail.backends.filebased.EmailBackend", "file_path": unquote(url.path)}
    provider = url.scheme.removeprefix("anymail+")
    if not url.scheme.startswith("anymail+") or not provider.isidentifier():
        raise ImproperlyConfigured(f"{name} must be an smtp, smtp+starttls, smtps, folder or anymail+... address.")
    return {"backend": f"anymail.backends.{provider}.EmailBackend", **dict(parse_qsl(url.query))}


def _smtp(name: str, url: SplitResult) -> dict[str, Any]:
    try:
        host, port = url.hostname, url.port
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} has no port that is a number.") from wrong
    if not host:
        raise ImproperlyConfigured(f"{name} names no mail server; write smtp://host:25.")
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": host,
        "port": port or SMTP[url.scheme],
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_tls": url.scheme == "smtp+starttls",
        "use_ssl": url.scheme == "smtps",
        "timeout": MAIL_PATIENCE_S,
    }


def openid_connect(
    *, issuer: str, client_id: str, secret: str, scopes: list[str], token_auth: str = ""
) -> dict[str, Any]:
    """Return allauth's settings of one identity provider, {} without an issuer. PKCE is always on.

    `token_auth` is how Remit proves itself there: client_secret_basic, client_secret_post, or "" to follow the provider.
    """
    if not issuer:
        return {}
    if not (client_id and secret):
        raise ImproperlyConfigured("REMIT_OIDC_ISSUER needs REMIT_OIDC_CLIENT_ID and REMIT_OIDC_SECRET.")
    if token_auth not in {"", "client_secret_basic", "client_secret_post"}:
        raise ImproperlyConfigured("REMIT_OIDC_TOKEN_AUTH must be client_secret_basic or client_secret_post.")
    application = {
        "provider_id": "sso",
        "name": "sso",
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "server_url": issuer.rstrip("/"),
            "oauth_pkce_enabled": True,
            "scope": scopes,
            "token_auth_method": token_auth,
        },
    }
    return {"openid_connect": {"APPS": [application]}}
