"""The first words of a new shop: legal pages and consents that the clinic then makes its own."""

from __future__ import annotations

from pathlib import Path

from shop.core.texts import publish

FOLDER = Path(__file__).parent / "demo" / "content" / "texts"


def publish_first_texts(*, by: str) -> int:
    """Publish each text that has no version yet; texts the clinic has changed stay as they are."""
    from sqlalchemy import select

    from shop.core.db import db
    from shop.core.texts import TextVersion

    known = set(db.session.scalars(select(TextVersion.kind)))
    new = [path for path in sorted(FOLDER.glob("*.md")) if path.stem not in known]
    for path in new:
        title, body = read_text(path)
        publish(path.stem, title=title, body_md=body, by=by)
    return len(new)


def read_text(path: Path) -> tuple[str, str]:
    """Title and body of a text file: front matter between `+++` or `---` lines, or a first line beginning with `# `."""
    lines = path.read_text(encoding="utf-8").splitlines()
    facts: dict[str, str] = {}
    if lines and lines[0] in ("---", "+++"):
        end = lines.index(lines[0], 1)
        for line in lines[1:end]:
            name, _, value = line.partition(":" if ":" in line else "=")
            facts[name.strip()] = value.strip().strip('"')
        lines = lines[end + 1 :]
    body = "\n".join(lines).strip()
    if "title" not in facts and body.startswith("# "):
        first, _, body = body.partition("\n")
        facts["title"] = first[2:].strip()
    return facts.get("title", path.stem.replace("-", " ").capitalize()), body.strip()
