"""Options: one table from which everything else is read, and errors that name the way out."""

from __future__ import annotations

import math
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genart_nb.errors import OptionError
from genart_nb.options import Options, nearest, option


class Table(Options):
    form: Literal["free", "haiku", "limerick"] = option("free", "Its form.")
    lines: int | None = option(None, "How many lines.", ge=1, le=40, step=1)
    temperature: float = option(0.8, "How bold.", ge=0, le=2, step=0.05, stage=0.25)
    guidance_scale: float = option(4.0, "How closely it follows.", ge=1, le=20, unit="x")
    raw: bool = option(False, "No interpolation.")
    voice: str | None = option(None, "Whose voice.", max_length=10)
    size: int = option(512, "Width.", ge=64, unit="px")


def test_the_table_says_everything() -> None:
    rows = {row.name: row for row in Table.table()}
    assert list(rows) == ["form", "lines", "temperature", "guidance_scale", "raw", "voice", "size"]
    assert [row.kind for row in rows.values()] == ["choice", "int", "float", "float", "bool", "str", "int"]
    assert rows["form"].choices == ("free", "haiku", "limerick") and rows["form"].domain == "free|haiku|limerick"
    assert (rows["temperature"].ge, rows["temperature"].le) == (0, 2)
    assert (rows["temperature"].step, rows["temperature"].stage) == (0.05, 0.25)
    assert (rows["lines"].default, rows["lines"].domain) == (None, "1..40")
    assert rows["guidance_scale"].flag == "--guidance-scale" and rows["guidance_scale"].domain == "1..20 x"
    assert (rows["raw"].domain, rows["voice"].domain, rows["size"].domain) == ("on or off", "text", "whole number")
    assert all(row.help for row in rows.values())


def test_the_json_schema_drives_a_form() -> None:
    schema = Table.model_json_schema()
    assert schema["additionalProperties"] is False
    temperature = schema["properties"]["temperature"]
    assert (temperature["minimum"], temperature["maximum"], temperature["default"]) == (0, 2, 0.8)
    assert (temperature["step"], temperature["unit"], temperature["stage"]) == (0.05, "", 0.25)
    assert temperature["description"] == "How bold."
    assert schema["properties"]["form"]["enum"] == ["free", "haiku", "limerick"]
    assert schema["properties"]["guidance_scale"]["unit"] == "x"


def test_reads_and_fills_in() -> None:
    read = Table.read({"form": "haiku", "temperature": 1})
    assert read.model_dump() == {
        "form": "haiku", "lines": None, "temperature": 1.0, "guidance_scale": 4.0, "raw": False, "voice": None,
        "size": 512,
    }  # fmt: skip
    assert Table.read(read.model_dump(mode="json")) == read
    assert Table.read({"lines": None}).lines is None


@pytest.mark.parametrize(
    ("values", "what", "fix"),
    [
        ({"temprature": 1}, "--temprature", "did you mean --temperature?"),
        ({"guidance-scale": 1}, "--guidance-scale", "did you mean --guidance-scale?"),
        ({"zzz": 1}, "--zzz", "use one of --form, --lines, --temperature"),
        ({"": 1}, "Unknown option", "use one of"),
        ({"form": "hiaku"}, "--form has no choice 'hiaku'", "did you mean 'haiku'"),
        ({"form": "zzzzzz"}, "--form has no choice", "free|haiku|limerick"),
        ({"form": None}, "--form has no choice None", "free|haiku|limerick"),
        ({"form": "x" * 10**6}, "--form has no choice", "free|haiku|limerick"),
        ({"lines": 0}, "--lines 0 is not allowed", "--lines 1..40"),
        ({"lines": 41}, "--lines 41 is not allowed", "--lines 1..40"),
        ({"lines": 2.5}, "--lines 2.5 is not allowed", "--lines 1..40"),
        ({"lines": "many"}, "--lines 'many' is not allowed", "--lines 1..40"),
        ({"lines": 10**5000}, "--lines", "--lines 1..40"),
        ({"temperature": math.nan}, "--temperature nan is not allowed", "--temperature 0..2"),
        ({"temperature": math.inf}, "--temperature inf is not allowed", "--temperature 0..2"),
        ({"temperature": None}, "--temperature None is not allowed", "--temperature 0..2"),
        ({"guidance_scale": 21}, "--guidance-scale 21 is not allowed", "--guidance-scale 1..20 x"),
        ({"raw": "perhaps"}, "--raw 'perhaps' is not allowed", "on or off"),
        ({"voice": "x" * 11}, "--voice", "text"),
        ({"voice": "\ud800"}, "--voice", "text"),
        ({"voice": 7}, "--voice 7", "text"),
    ],
)
def test_refuses_with_the_way_out(values: dict[str, Any], what: str, fix: str) -> None:
    with pytest.raises(OptionError) as caught:
        Table.read(values)
    assert what in caught.value.what and fix in caught.value.fix
    assert len(str(caught.value)) < 500
    str(caught.value).encode()


def test_refuses_numbers_in_plain_words() -> None:
    class Table(Options):
        seed: int | None = option(None, "Where it begins.")
        size: int = option(1, "How large.", ge=1, le=9)
        style: str = option("", "How it looks, `flat:0.6`", max_length=8)
        least: int = option(1, "How large.", ge=1)

    for values, told in (
        ({"seed": "x"}, "--seed 'x' is not allowed: it is no whole number.\n  Fix: give --seed a whole number"),
        ({"size": 0}, "--size 0 is not allowed.\n  Fix: give --size 1..9"),
        ({"style": "x" * 9}, "--style 'xxxxxxxxx' is not allowed: "),
        ({"least": 0}, "--least 0 is not allowed: Input should be greater than or equal to 1."),
    ):
        with pytest.raises(OptionError) as caught:
            Table.read(values)
        assert str(caught.value).startswith(told)
    with pytest.raises(OptionError, match=r"Fix: give --style text: How it looks, `flat:0.6`"):
        Table.read({"style": "x" * 9})


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(Table.model_fields)) | st.text(), st.none() | st.text() | st.floats()))
def test_anything_is_read_or_refused(values: dict[str, Any]) -> None:
    try:
        read = Table.read(values)
    except OptionError:
        return
    assert Table.read(read.model_dump(mode="json")) == read


def test_an_option_of_no_known_kind_is_a_fault_of_its_author() -> None:
    class Odd(Options):
        numbers: list[int] = option([], "Numbers.")

    with pytest.raises(TypeError, match="an option is an int"):
        Odd.table()


def test_options_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Table.read({}).size = 1


@pytest.mark.parametrize(("word", "near"), [("hiaku", "haiku"), ("Haiku", "haiku"), ("zzz", None), ("", None)])
def test_nearest(word: str, near: str | None) -> None:
    assert nearest(word, ["free", "haiku", "limerick"]) == near
