"""The grammar takes what people type, and says what is wrong with the rest."""

from __future__ import annotations

import pytest
from doubles import OdeOptions
from hypothesis import given
from hypothesis import strategies as st

from genart_nb.errors import GenartError, OptionError, UsageError
from genart_nb.magics.grammar import Command, Common, parse, split
from genart_nb.magics.interpolate import Scope
from genart_nb.writing import options as rendered

ANY_TEXT = st.text(st.characters())  # lone surrogates too
SCOPE = Scope(lambda code: eval(code, {}), lambda: [])  # noqa: S307 (that is what a notebook does)


def read(line: str) -> Command:
    return parse(split(line), Common, OdeOptions, line=line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("the sea", ["the", "sea"]),
        ("  two   spaces ", ["two", "spaces"]),
        ("the cat's whiskers", ["the", "cat's", "whiskers"]),
        ("'one word' \"and another\"", ["one word", "and another"]),
        ("'it'\"'\"'s'", ["it's"]),
        (r'"a \"b\" \\ \n"', [r'a "b" \ \n']),
        (r"C:\models\tiny", [r"C:\models\tiny"]),
        (r"\"quoted\" \#1 a\ b", ['"quoted"', "#1", "a b"]),
        ("a # comment", ["a"]),
        ("a#b '#c' #d 'e", ["a#b", "#c"]),
        ("--voice='a b' x", ["--voice=a b", "x"]),
        ("''", [""]),
        ("{{ a['b'] + \" \" }} c", ["{{ a['b'] + \" \" }}", "c"]),
        ('"a {{x["y"]}} b"', ['a {{x["y"]}} b']),
        ("{{ never closed", ["{{", "never", "closed"]),
        ('{"a": {"b": 1}}', ['{"a":', '{"b":', "1}}"]),
        ("العربية 🌊 e\u0301", ["العربية", "🌊", "e\u0301"]),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert [word.text for word in split(line)] == words


@pytest.mark.parametrize("line", ['--voice "a pirate', "--voice 'a", "--voice='"])
def test_an_unclosed_quote_is_pointed_at(line: str) -> None:
    with pytest.raises(UsageError, match="never closed") as caught:
        split(line)
    shown, mark = caught.value.what.splitlines()[1:3]
    assert shown[mark.index("^")] in "\"'"


def test_options_of_every_kind() -> None:
    command = read("@epic --form haiku --lines=3 the --warmth -1.5 sea --rhyme --no-loud -o x --voice='a b' --seed 7")
    assert command.alias == "epic"
    assert command.text == "the sea"
    assert command.of(OdeOptions) == {
        "form": "haiku", "lines": 3, "warmth": -1.5, "rhyme": True, "loud": False, "voice": "a b",
    }  # fmt: skip
    assert command.of(Common) == {"out": "x", "seed": 7}


def test_dashes_are_underscores() -> None:
    class Table(OdeOptions):
        rhyme_scheme: str = ""

    for flag in ("--rhyme-scheme", "--rhyme_scheme"):
        assert parse(split(f"{flag} ABAB"), Table).of(Table) == {"rhyme_scheme": "ABAB"}


def test_quoted_words_and_those_after_two_dashes_are_no_options() -> None:
    assert read("'--form' x").text == "--form x"
    assert read("--lines 2 -- --form @x ?").text == "--form @x ?"
    assert read("minus -5 - 3 at @home").text == "minus -5 - 3 at @home"


@pytest.mark.parametrize("line", ["--help", "x -h", "?"])
def test_help(line: str) -> None:
    assert read(line).help


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--fromm haiku", "did you mean --form"),
        ("--no-rime", "did you mean"),
        ("--no-form", "Unknown option"),
        ("-x", "Unknown option"),
        ("--lines", "--lines needs a value"),
        ("--voice --form haiku", "--voice needs a value"),
        ("--seed 1 --seed 2", "--seed is given twice"),
        ("-o a --out b", "--out is given twice"),
        ("--rhyme --no-rhyme", "--rhyme is given twice"),
        ("—form haiku", "type two short ones: --form"),
    ],
)
def test_what_is_wrong_is_named(line: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        read(line)


def test_curly_quotes_are_pointed_at() -> None:
    for line in ("--voice “a pirate”", "--voice=‘a pirate’"):
        with pytest.raises(UsageError, match="curly quote") as caught:
            read(line)
        shown, mark = caught.value.what.splitlines()[1:3]
        assert shown[mark.index("^")] in "“‘"
    assert read("the sea’s “edge”").text == "the sea’s “edge”"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("--lines 0", r"give --lines 1\.\.1000"),
        ("--lines few", r"'few'.*\n.*1\.\.1000"),
        ("--warmth nan", "--warmth"),
        ("--warmth inf", "--warmth"),
        ("--form haikoo", "did you mean 'haiku'"),
        ("--lines " + "9" * 5000, "--lines"),
    ],
)
def test_values_out_of_range(line: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        OdeOptions.read(read(line).of(OdeOptions))


@given(ANY_TEXT)
def test_any_line_is_read_or_refused_with_a_reason(line: str) -> None:
    try:
        command = read(line).filled(Scope(lambda code: "", lambda: []))
        Common.read(command.of(Common))
        OdeOptions.read(command.of(OdeOptions))
    except GenartError as error:
        assert error.what


ODES = st.builds(
    OdeOptions,
    form=st.sampled_from(["free", "haiku", "sonnet"]), lines=st.integers(1, 1000), warmth=st.floats(-2, 2),
    rhyme=st.booleans(), loud=st.booleans(), voice=st.text(), pause=st.floats(0, 60),
)  # fmt: skip


@given(ODES)
def test_what_is_rendered_is_read_as_it_was(ode: OdeOptions) -> None:
    line = rendered(ode.model_dump())
    assert len(line.splitlines()) == 1
    assert OdeOptions.read(read(line).filled(SCOPE).of(OdeOptions)) == ode


def test_a_line_of_a_megabyte() -> None:
    assert len(read("sea " * 250_000).words) == 250_000
    assert len(split("{{ }} " * 20_000)) == 40_000
