"""RO-Crate: a folder described, read back by the library, and nothing said that should not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from marked_files import REFERENCES, recipe, work
from rocrate.rocrate import ROCrate

from genart_nb.publishing import crate
from genart_nb.publishing.crate import NAME, describe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small published folder."""
    site = tmp_path / "a site"
    (site / "works").mkdir(parents=True)
    work().save(site / "works" / "a cat 海.png")
    work("a dog").save(site / "works" / "dog.jpg")
    (site / "index.html").write_text("<p>hello</p>")
    (site / ".genart-site.json").write_text("{}")
    return site


WORKS = {"works/a cat 海.png": work().record, "works/dog.jpg": work("a dog").record}


def described(folder: Path, **more: Any) -> ROCrate:
    told = describe(folder, WORKS, **more)
    assert told and told.file == folder / NAME
    return ROCrate(folder)


def test_every_file_is_there_with_its_type_size_and_digest(folder: Path) -> None:
    found = described(folder, title="Cats & dogs")
    files = {each["name"]: each for each in found.data_entities}
    assert set(files) == {"a cat 海.png", "dog.jpg", "index.html"}
    assert found.root_dataset["name"] == "Cats & dogs"
    assert files["dog.jpg"]["encodingFormat"] == "image/jpeg" and len(files["dog.jpg"]["sha256"]) == 64
    assert files["index.html"]["contentSize"] == "12"


def test_each_work_was_made_from_a_recipe_with_instruments(folder: Path) -> None:
    found = described(folder)
    actions = found.get_by_type("CreateAction")
    assert {each["result"]["name"] for each in actions} == {"a cat 海.png", "dog.jpg"}
    made = next(each for each in actions if each["result"]["name"] == "dog.jpg")
    assert json.loads(made["object"]["text"]) == recipe("a dog").model_dump(mode="json")
    software, model = made["instrument"]
    assert software["name"] == "genart_nb" and model["name"] == "the starter painter" and model["version"] == "307k"
    assert model["license"].id == "https://spdx.org/licenses/Apache-2.0"
    (reference,) = made["result"]["isBasedOn"]
    assert reference["name"] == REFERENCES[0]["name"] and reference["license"].id.endswith("/Apache-2.0")
    assert made["result"]["additionalType"].endswith("/trainedAlgorithmicMedia")


def test_authors_and_a_licence_stand_there_only_if_given(folder: Path) -> None:
    assert not {"author", "license"} & set(described(folder).root_dataset.properties())
    found = described(folder, authors=["Ada", "Bo"], licence="CC-BY-4.0").root_dataset
    assert [each["name"] for each in found["author"]] == ["Ada", "Bo"]
    assert found["license"].id == "https://spdx.org/licenses/CC-BY-4.0"
    assert described(folder, licence="ask me first").root_dataset["license"] == "ask me first"


def test_without_metadata_no_recipe_is_named(folder: Path) -> None:
    found = described(folder, metadata=False)
    text = (folder / NAME).read_text()
    assert not found.get_by_type("CreateAction") and "a dog" not in text and "dog.jpg" in text


def test_no_path_of_this_computer_is_named(folder: Path) -> None:
    record = work(model="/home/jo/mine").record
    assert describe(folder, {"works/dog.jpg": record})
    text = (folder / NAME).read_text()
    assert "/home" not in text and str(folder) not in text


def test_the_same_folder_gives_the_same_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    described(folder)
    once = (folder / NAME).read_bytes()
    described(folder)
    assert (folder / NAME).read_bytes() == once and b'"datePublished": "1970-01-01"' in once


def test_another_ones_description_stays(folder: Path) -> None:
    (folder / NAME).write_text('{"@graph": []}')
    told = describe(folder, WORKS)
    assert not told and "not ours" in told.reason and (folder / NAME).read_text() == '{"@graph": []}'


def test_records_of_files_that_are_not_there_are_passed_over(folder: Path) -> None:
    told = describe(folder, {"works/gone.png": work().record, "../../etc/passwd": work().record})
    assert told and not ROCrate(folder).get_by_type("CreateAction")


def test_links_are_not_followed_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("s3cret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    described(folder)
    assert "link.txt" not in (folder / NAME).read_text()


def test_without_the_extra_it_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crate.importlib.util, "find_spec", lambda name: None)
    told = describe(folder, WORKS)
    assert not told and "pip install 'genart_nb[publish]'" in told.reason and not (folder / NAME).exists()
