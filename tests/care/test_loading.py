"""The authorities' lists come in as tables and widen what labels can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shop.care import loading
from shop.care.models import AnnexEntry, IngredientName
from shop.care.parsing import read_label
from shop.core.db import db
from shop.core.errors import Refused

INVENTORY = (
    'inci_name,cas_number,einecs_number,function\nXYLOPHONYL BLUEBELLATE,1-2-3,4-5-6,"HUMECTANT, SKIN CONDITIONING"\n'
)


def written(tmp_path, text: str, name: str = "inventory.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_name_that_was_brought_in_is_read_on_labels(app, tmp_path):
    assert read_label("Aqua, Xylophonyl Bluebellate", dictionary=loading.dictionary()).status != "assessed"
    loading.import_ingredients(written(tmp_path, INVENTORY))
    db.session.commit()
    app.extensions.pop("dictionary")
    assert read_label("Aqua, Xylophonyl Bluebellate", dictionary=loading.dictionary()).status == "assessed"


def test_bringing_the_same_list_in_twice_changes_nothing(app, tmp_path):
    for _ in range(2):
        loading.import_ingredients(written(tmp_path, INVENTORY))
        db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(IngredientName)) == 1


def test_another_kind_of_file_is_refused_with_a_sentence(app, tmp_path):
    with pytest.raises(Refused):
        loading.import_ingredients(written(tmp_path, "a,b\n1,2\n"))


@pytest.mark.sqlite
@pytest.mark.parametrize(("annex", "least"), [("II", 1500), ("III", 300), ("IV", 100), ("V", 40), ("VI", 25)])
def test_the_published_annexes_come_in_whole(app, annex, least):
    folder = os.environ.get("SHOP_TEST_DATA")
    if not folder:
        pytest.skip("SHOP_TEST_DATA is not set: the published annexes were not read")
    loading.import_ingredients(Path(folder) / "ingredients" / f"cosing_gem_annex.{annex}.csv")
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(AnnexEntry).where(AnnexEntry.annex == annex)) >= least
