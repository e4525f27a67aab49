"""Words that bind: legal pages and consents, each in versions that never change once published."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped

from shop.core import clock
from shop.core.append_only import append_only
from shop.core.db import Base, IdPk, db
from shop.core.errors import NotFound
from shop.core.keeping import forget, kept

LEGAL_PAGES = ("terms", "privacy", "returns", "complaints", "accessibility")


@append_only
class TextVersion(Base):
    """One published wording of one text."""

    __tablename__ = "text_version"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[IdPk]
    kind: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    body_md: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[str]


def current_text(kind: str) -> TextVersion:
    """The newest wording. Raises NotFound when none was published."""
    newest = select(TextVersion).where(TextVersion.kind == kind).order_by(TextVersion.version.desc()).limit(1)
    text = db.session.scalars(newest).first()
    if text is None:
        raise NotFound("This page has no text yet.")
    return text


def current_versions(*kinds: str) -> dict[str, int]:
    """kind → newest version; kinds without a text are absent. Kept for a few seconds, as checkout asks each time."""
    newest = kept("text-versions", _newest)
    return {kind: newest[kind] for kind in kinds if kind in newest}


def _newest(connection: Connection) -> dict[str, int]:
    newest = select(TextVersion.kind, func.max(TextVersion.version)).group_by(TextVersion.kind)
    return dict(connection.execute(newest).all())


def publish(kind: str, *, title: str, body_md: str, by: str) -> TextVersion:
    """Add a wording after the newest; the same words again publish nothing."""
    newest = select(TextVersion).where(TextVersion.kind == kind).order_by(TextVersion.version.desc()).limit(1)
    before = db.session.scalars(newest).first()
    if before and (before.title, before.body_md) == (title, body_md):
        return before
    version = before.version + 1 if before else 1
    text = TextVersion(kind=kind, version=version, title=title, body_md=body_md, published_at=clock.now(), published_by=by)
    db.session.add(text)
    forget("text-versions")
    return text


@lru_cache(maxsize=512)
def html(body_md: str) -> str:
    """Markdown of staff to HTML that cannot carry a script."""
    import nh3
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(body_md)
    return nh3.clean(rendered, link_rel="noopener nofollow")
