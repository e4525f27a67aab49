"""Everything the shop reads from its environment, once, in one place; a secret has no default in production."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "demo", "production")
DEVELOPMENT_ONLY = "development-only-secret-never-used-in-production"
DEVELOPMENT_FIELD_KEY = "dev:" + "A" * 43 + "="

STANDIN = {  # the stand-in for Stripe that a newcomer's shop talks to
    "STRIPE_API_KEY": "sk_test_standin_development",
    "STRIPE_WEBHOOK_SECRETS": "whsec_standindevelopmentonlysecret",
    "STRIPE_API_BASE": "http://127.0.0.1:8420",
}


class ConfigError(RuntimeError):
    """The environment cannot run a shop; the message names the variable and what to set."""


@dataclass(frozen=True)
class Config:
    """Names as in the environment, lower case; see README, *Configuration*."""

    env: str = "development"
    database_url: str = ""
    secret_key: str = DEVELOPMENT_ONLY
    secret_key_fallbacks: tuple[str, ...] = ()
    field_keys: tuple[str, ...] = (DEVELOPMENT_FIELD_KEY,)
    stripe_api_key: str = ""
    stripe_webhook_secrets: tuple[str, ...] = ()
    stripe_api_base: str = ""
    redis_url: str = ""
    mail_url: str = ""
    sms_url: str = ""
    media_url: str = ""
    site_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    currency: str = "GBP"
    timezone: str = "Europe/London"
    jurisdiction: str = "uk"
    instance: Path = field(default=ROOT / "instance")
    machines: int = 1
    testing: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read and check the environment. Raises ConfigError with the variable's name."""
        env = dict(os.environ if environ is None else environ)
        config = cls._read(env)
        config.check(env)
        return config

    @classmethod
    def _read(cls, env: Mapping[str, str]) -> Config:
        if env.get("SHOP_ENV", "development") != "production" and not env.get("STRIPE_API_KEY"):
            env = {**STANDIN, **{name: value for name, value in env.items() if value}}
        instance = Path(env.get("SHOP_INSTANCE", ROOT / "instance"))
        return cls(
            env=env.get("SHOP_ENV", "development"),
            database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'shop.db'}",
            secret_key=env.get("SECRET_KEY", DEVELOPMENT_ONLY),
            secret_key_fallbacks=_words(env.get("SECRET_KEY_FALLBACKS", "")),
            field_keys=_words(env.get("SHOP_FIELD_KEYS", "")) or (DEVELOPMENT_FIELD_KEY,),
            stripe_api_key=env.get("STRIPE_API_KEY", ""),
            stripe_webhook_secrets=_words(env.get("STRIPE_WEBHOOK_SECRETS", "")),
            stripe_api_base=env.get("STRIPE_API_BASE", ""),
            redis_url=env.get("REDIS_URL", ""),
            mail_url=env.get("MAIL_URL") or f"file://{instance / 'mail'}",
            sms_url=env.get("SMS_URL") or f"file://{instance / 'sms'}",
            media_url=env.get("MEDIA_URL") or f"file://{instance / 'media'}",
            site_url=env.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/"),
            trusted_proxies=_whole(env, "SHOP_TRUSTED_PROXIES", 0),
            currency=env.get("SHOP_CURRENCY", "GBP").upper(),
            timezone=env.get("SHOP_TIMEZONE", "Europe/London"),
            jurisdiction=env.get("SHOP_JURISDICTION", "uk"),
            instance=instance,
            machines=_whole(env, "SHOP_MACHINES", 1),
        )

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def check(self, env: Mapping[str, str]) -> None:
        """Refuse to start with anything that would be unsafe; payments have locks of their own."""
        if self.env not in ENVIRONMENTS:
            raise ConfigError(f"SHOP_ENV must be one of {', '.join(ENVIRONMENTS)}, not {self.env!r}.")
        if self.is_sqlite and self.machines > 1:
            raise ConfigError("SQLite serves one machine: set DATABASE_URL to PostgreSQL before SHOP_MACHINES is above 1.")
        if self.is_production:
            self._check_production(env)

    def _check_production(self, env: Mapping[str, str]) -> None:
        needed = ("SECRET_KEY", "SHOP_FIELD_KEYS", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRETS", "MAIL_URL", "SITE_URL")
        missing = [name for name in needed if not env.get(name, "").strip()]
        if missing:
            raise ConfigError(f"Production needs {', '.join(missing)} in the environment.")
        if len(self.secret_key) < 32 or self.secret_key == DEVELOPMENT_ONLY:
            raise ConfigError("SECRET_KEY must be 32 random characters or more in production.")
        if DEVELOPMENT_FIELD_KEY in self.field_keys:
            raise ConfigError("SHOP_FIELD_KEYS holds the development key; draw a new one with `shop draw-key`.")
        if not self.is_https:
            raise ConfigError("SITE_URL must begin with https:// in production.")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise ConfigError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
