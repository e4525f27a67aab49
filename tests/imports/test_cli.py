"""The shell brings a catalogue in, says what it did, and takes it out again."""

from __future__ import annotations

import pytest

from shop.imports.cli import export_products_command, import_products_command

TABLE = "Artikel;Marke;Preis;Inhalt\nCalm Cream;Harbour;20,00;Aqua, Glycerin\nLoud Cream;Harbour;;Aqua\n"
HOW = ["--map", "name=Artikel,price=Preis", "--map", "Inhalt=inci", "--key", "brand,name", "--stock", "3"]

pytestmark = pytest.mark.sqlite


@pytest.fixture
def shell(app):
    def run(command, *words):
        return app.test_cli_runner().invoke(command, [str(word) for word in words])

    return run


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "artikel.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def test_each_row_gets_its_line_and_the_end_a_sum(shell, table):
    said = shell(import_products_command, table, *HOW).output.splitlines()
    assert said == [
        "artikel.csv: plain, utf-8, separated by ';'",
        "row 2  new       harbour-calm-cream  Harbour Calm Cream",
        "row 3  rejected  harbour-loud-cream  price: There is no price.",
        "1 new, 0 changed, 0 same, 1 rejected.",
        "Ingredients: 1 assessed, 0 partly, 0 not assessed.",
    ]


def test_what_went_out_comes_in_again(shell, table, tmp_path):
    shell(import_products_command, table, *HOW)
    out = tmp_path / "out.csv"
    assert shell(export_products_command, out).output.endswith("out.csv: 1 rows\n")
    again = shell(import_products_command, out)
    assert "0 new, 0 changed, 1 same, 0 rejected" in again.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--map", "name"], "no equals sign"),
        ([*HOW[:4], "--key", "ean"], "The key ean"),
        (["--format", "magento"], "magento"),
        (["--stock", "-1"], "-1"),
    ],
)
def test_a_wrong_word_is_a_sentence_and_saves_nothing(shell, table, words, sentence):
    result = shell(import_products_command, table, *words)
    assert (result.exit_code, sentence in result.output) == (2, True)
