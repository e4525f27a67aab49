"""Styles, scripts and drawings: one address per content, kept by browsers for a year, compressed once at start."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from markupsafe import Markup

from shop.core import brand
from shop.core.access import declare

bp = declare(Blueprint("assets", __name__), "public")
COMPRESSED = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
BUNDLE = "app.css"
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes | None
    mimetype: str
    digest: str


class Assets:
    """Every file under static/, and one stylesheet made of static/css in the order of its ORDER file."""

    def __init__(self, folder: Path, *, watch: bool) -> None:
        self.folder, self.watch = folder, watch
        self._read()

    def _read(self) -> None:
        bodies = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        order = self.folder / "css" / "ORDER"
        if order.exists():
            names = [line.strip() for line in order.read_text().splitlines() if line.strip() and line[0] != "#"]
            bodies[BUNDLE] = b"\n".join(bodies[f"css/{name}"] for name in names if f"css/{name}" in bodies)
        # one stamp over all files: modules import each other by relative path, so they share a folder name
        self.stamp = sha256(b"".join(n.encode() + b for n, b in sorted(bodies.items()))).hexdigest()[:12]
        self.files = {name: _asset(name, body) for name, body in bodies.items()}
        self.newest = self._newest()

    def _newest(self) -> float:
        return max((p.stat().st_mtime for p in self.folder.rglob("*") if p.is_file()), default=0.0)

    def address(self, name: str) -> str:
        """The path of a file. Raises KeyError for one that does not exist, so that a page cannot name it."""
        if self.watch and self._newest() != self.newest:
            self._read()
        return f"/assets/{self.stamp}/{name}" if self.files[name] else ""


def attach(app: Flask) -> None:
    shop = app.config["SHOP"]
    folder = Path(app.root_path).parent / "static"
    app.extensions["assets"] = Assets(folder, watch=shop.env == "development" and not shop.testing)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(asset=asset, icon=icon)


def asset(name: str) -> str:
    assets: Assets = current_app.extensions["assets"]
    return assets.address(name)


def icon(name: str) -> Markup:
    """A drawn icon of static/icons as inline SVG; it is decoration, so its meaning stands in text beside it."""
    assets: Assets = current_app.extensions["assets"]
    return Markup(assets.files[f"icons/{name}.svg"].body.decode())  # noqa: S704 (our own files)


@bp.get("/assets/<stamp>/<path:name>")
def file(stamp: str, name: str) -> Response:
    assets: Assets = current_app.extensions["assets"]
    found = assets.files.get(name)
    if found is None:
        abort(404)
    packed = found.packed if found.packed and "gzip" in request.headers.get("Accept-Encoding", "") else None
    response = Response(packed or found.body, mimetype=found.mimetype)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(found.digest)
    return response.make_conditional(request)  # type: ignore[return-value]


@bp.get("/assets/brand/<name>.css")
def brand_styles(name: str) -> Response:
    """The clinic's own colours; an address of yesterday answers with today's and is not kept."""
    response = Response(brand.stylesheet(), mimetype="text/css")
    is_now = brand.stylesheet_path() == request.path
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_now else "no-cache"
    return response


@bp.get("/favicon.ico")
def favicon() -> Response:
    return file("", "favicon.svg")


def _asset(name: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0) if Path(name).suffix in COMPRESSED else None
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, packed, mimetype, sha256(body).hexdigest()[:16])
