"""People: a client is who is cared for, a user is who signs in; one may exist without the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedText

ROLES = ("owner", "admin", "consultant", "practitioner", "desk", "stock", "medical-lead")


class User(Base):
    """A sign-in. `role` is empty for clients; `email` is kept in lower case."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[IdPk]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    role: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    exports_closed_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_step: Mapped[int | None]

    @property
    def is_staff(self) -> bool:
        return self.role is not None


class Client(Base):
    """A person of the clinic: orders, sessions, visits, answers and plans belong here."""

    __tablename__ = "client"
    __table_args__ = (Index("ix_client_email", "email"), Index("ix_client_email_lower", text("lower(email)")))

    id: Mapped[IdPk]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(lazy="raise_on_sql")


class SignIn(Base):
    """One browser that is signed in. The cookie holds a random token, this row its hash; ending the row ends it."""

    __tablename__ = "sign_in"

    id: Mapped[IdPk]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(default="")
    way: Mapped[str] = mapped_column(default="", server_default=text("''"))

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class KnownDevice(Base):
    """A browser on which a member of staff has given the second factor; good for a day, hashed as the sign-in is.

    A shared tablet holds one token, with one row for each of those who proved themselves on it.
    """

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_hash", "user_id"),)

    id: Mapped[IdPk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str]
    proved_at: Mapped[datetime]


class StaffPin(Base):
    """A few digits that switch to this person on a tablet where they proved themselves today; hashed as a password is."""

    __tablename__ = "staff_pin"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    pin_hash: Mapped[str]
    set_at: Mapped[datetime]


class KeptForm(Base):
    """What somebody sent from a screen that had locked meanwhile, sealed until they are back; theirs alone to open."""

    __tablename__ = "kept_form"

    id: Mapped[IdPk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    path: Mapped[str]
    fields: Mapped[str] = mapped_column(EncryptedText)
    kept_at: Mapped[datetime]


class RecoveryCode(Base):
    """For the day the telephone is lost: opens the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[IdPk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class MailToken(Base):
    """A link or code sent by e-mail: stored hashed, used once, gone within the hour or the day."""

    __tablename__ = "mail_token"

    id: Mapped[IdPk]
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    email: Mapped[str]
    facts: Mapped[dict[str, Any] | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class Address(Base):
    """Where a client receives parcels."""

    __tablename__ = "address"

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str]
    postcode: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]


class Assignment(Base):
    """A client is looked after by this consultant, alone or among others; nobody's client is everybody's."""

    __tablename__ = "client_assignment"
    __table_args__ = (
        UniqueConstraint("client_id", "user_id"),
        Index("ix_client_assignment_user", "user_id", "client_id"),
    )

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    by: Mapped[str]


class LetterChoice(Base):
    """What a client said about letters that nobody needs; whoever said nothing has no row."""

    __tablename__ = "letter_choice"
    __table_args__ = (
        UniqueConstraint("client_id", "kind"),
        CheckConstraint("kind in ('reviews', 'reminders')", name="kind"),
    )

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str]
    wants: Mapped[bool]
    changed_at: Mapped[datetime]
