"""The shell's way to bring a catalogue in and to take it out again."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from shop.core.errors import ShopError
from shop.imports import FORMATS

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-products")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen and save nothing.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), help="Found out from the header otherwise.")
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN,…", help="Which column holds which field.")
@click.option("--currency", type=click.STRING, metavar="XXX", help="The currency of the file's prices.")
@click.option("--stock", type=click.IntRange(min=0), help="Units of each new size where the file has no stock.")
@click.option("--key", default="", metavar="FIELD,…", help="What tells products apart, for instance brand,name.")
@with_appcontext
def import_products_command(
    file: Path,
    *,
    dry_run: bool,
    fmt: str | None,
    mapping: tuple[str, ...],
    currency: str | None,
    stock: int | None,
    key: str,
) -> None:
    """Read a catalogue: Shopify's or WooCommerce's export, or any table. Safe to run again."""
    from shop.imports.commands import import_products, read_map

    try:
        import_products(
            file,
            fmt=fmt,
            mapping=read_map(",".join(mapping)),
            currency=currency.upper() if currency else None,
            stock=stock,
            key=[name.strip() for name in key.split(",") if name.strip()],
            dry_run=dry_run,
            out=click.echo,
        )
    except ShopError as refused:
        raise click.UsageError(refused.sentence) from None


@click.command("export-products")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_products_command(file: Path) -> None:
    """Write the catalogue as a table that comes in again without changing anything."""
    from shop.imports.exporting import export_products

    # the mark before the first sign tells spreadsheets that this is UTF-8
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        rows = export_products(stream, currency=current_app.config["SHOP"].currency)
    click.echo(f"{file}: {rows} rows")


ALL = (import_products_command, export_products_command)
