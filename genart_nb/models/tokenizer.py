"""Byte-level BPE tokenizers, built straight from GGUF metadata."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genart_nb.errors import WeightsError
from genart_nb.models.language import Message

if TYPE_CHECKING:
    from genart_nb.models.gguf_file import GGUF

CONTROL, USER_DEFINED = 3, 4

SEAL = "\ufdd0"
"""A noncharacter, put inside special tokens that a prompt spells out; it never reaches the model."""

FALLBACK_TEMPLATE = "{% for message in messages %}{{ message['content'] + '\n\n' }}{% endfor %}"
"""For a model that was never taught turns: the messages, and then the model goes on."""


def write_tokenizer(gguf: GGUF, folder: Path) -> None:
    """Write `tokenizer.json` and `chat.json` into `folder`."""
    found = gguf.metadata
    tokenizer = build_tokenizer(found, gguf.path.name)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    tokens: list[str] = found["tokenizer.ggml.tokens"]
    named = (f"tokenizer.ggml.{name}_token_id" for name in ("eos", "eot", "eom"))
    ends = {int(found[name]) for name in named if name in found}
    ends |= {index for index in range(len(tokens)) if tokens[index] in ("<|im_end|>", "<|endoftext|>", "<|eot_id|>")}
    chat = {"template": found.get("tokenizer.chat_template"), "stops": sorted(ends)}
    for name in ("bos", "eos"):
        index = found.get(f"tokenizer.ggml.{name}_token_id")
        chat[f"{name}_token"] = "" if index is None else tokens[index]
    (folder / "chat.json").write_text(json.dumps(chat, ensure_ascii=False))


def build_tokenizer(found: dict[str, Any], name: str) -> Any:
    """Build a `tokenizers.Tokenizer` from GGUF metadata; raises WeightsError for a kind not known here."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    fix = "name the model's safetensors on the hub instead: %genart model text ORG/NAME"
    if found.get("tokenizer.ggml.model") != "gpt2":
        raise WeightsError(
            f"{name} has a {found.get('tokenizer.ggml.model')!r} tokenizer; byte-level BPE is read.", fix
        )
    steps: dict[str, list[Any]] = {
        "smollm": [pre_tokenizers.Digits(individual_digits=True)],
        "gpt-2": [],
    }
    kind = found.get("tokenizer.ggml.pre", "default")
    if kind not in steps:
        raise WeightsError(f"{name} splits words by the rules of {kind!r}; {', '.join(steps)} are known.", fix)
    tokens: list[str] = found["tokenizer.ggml.tokens"]
    merges = [tuple(pair.split(" ", 1)) for pair in found["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*steps[kind], byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    kinds = found.get("tokenizer.ggml.token_type", [])
    special = [token for token, kind in zip(tokens, kinds, strict=False) if kind == CONTROL]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    own = [token for token, kind in zip(tokens, kinds, strict=False) if kind == USER_DEFINED]
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in own])
    return tokenizer


@lru_cache(maxsize=1)
def byte_of_letter() -> dict[str, int]:
    """Byte-level BPE writes each byte as a printable letter; this maps the letter back to its byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {chr(byte): byte for byte in printable}
    return letters | {chr(256 + place): byte for place, byte in enumerate(others)}


def letter_bytes(letters: str) -> bytes:
    """Bytes that a byte-level token stands for."""
    table = byte_of_letter()
    return b"".join(bytes([table[letter]]) if letter in table else letter.encode() for letter in letters)


class BPETokenizer:
    """A byte-level BPE tokenizer with a chat template (the `Tokenizer` protocol)."""

    def __init__(self, folder: Path) -> None:
        import tokenizers

        content = (folder / "tokenizer.json").read_bytes()
        self.digest = hashlib.sha256(content).hexdigest()
        self._inner = tokenizers.Tokenizer.from_buffer(content)
        self._inner.encode_special_tokens = True  # text is text: "<|im_end|>" in a prompt ends nothing
        self._chat = json.loads((folder / "chat.json").read_text())
        self._special = {
            index: token.content for index, token in self._inner.get_added_tokens_decoder().items() if token.special
        }
        self._turns = Turns({content: index for index, content in self._special.items()})
        self.size: int = self._inner.get_vocab_size()
        self.stops = frozenset(self._chat["stops"])
        self._pieces: dict[int, bytes] = {}

    def encode(self, text: str) -> list[int]:
        """Ids of `text`; special tokens in it are read as plain text, a lone surrogate as U+FFFD."""
        ids: list[int] = self._inner.encode(printable(text), add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`, special tokens left out."""
        return b"".join(map(self.piece, ids)).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        """Bytes of one token; empty for a special token."""
        if token not in self._pieces:
            self._pieces[token] = letter_bytes("" if token in self._special else self._inner.id_to_token(token) or "")
        return self._pieces[token]

    def chat(self, messages: Sequence[Message], *, reply: str = "") -> list[int]:
        """Ids of a conversation up to the assistant's turn, begun with `reply`."""
        text = render_chat(self._chat, self._turns.disarm(messages))
        return self._turns.encode(text, reply, self.encode)


class Turns:
    """Encodes conversations so that special tokens come from the template alone, never from what people wrote."""

    def __init__(self, ids: dict[str, int]) -> None:
        self._ids = ids
        longest_first = sorted(ids, key=len, reverse=True)
        self._split = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")" if ids else r"(?!)()")

    def disarm(self, messages: Sequence[Message]) -> list[Message]:
        """Break special tokens inside the messages, so that no prompt can end its own turn."""
        return [{"role": turn["role"], "content": self._seal(turn["content"])} for turn in messages]

    def encode(self, text: str, reply: str, plain: Callable[[str], list[int]]) -> list[int]:
        """Ids of a rendered conversation and the reply begun; `plain` encodes text without special tokens."""
        ids: list[int] = []
        for part in self._split.split(text + self._seal(reply)):
            ids += [self._ids[part]] if part in self._ids else plain(part.replace(SEAL, ""))
        return ids

    def _seal(self, text: str) -> str:
        return self._split.sub(lambda found: found[0][0] + SEAL + found[0][1:], text.replace(SEAL, ""))


def render_chat(chat: dict[str, Any], messages: Sequence[Message]) -> str:
    """Write a conversation as the model was taught to read it; without a template, as plain paragraphs."""
    from jinja2.exceptions import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(reason: str) -> None:
        raise TemplateError(reason)

    world = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    world.globals["raise_exception"] = refuse
    template = chat.get("template") or FALLBACK_TEMPLATE
    tokens = {name: chat.get(name, "") for name in ("bos_token", "eos_token")}
    return world.from_string(template).render(messages=list(messages), add_generation_prompt=True, **tokens)


def printable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot carry, by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
