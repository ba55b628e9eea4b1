"""A transformers tokenizer behind the `Tokenizer` protocol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from genart_nb.models.language import Message
from genart_nb.models.tokenizer import Turns, letter_bytes, printable, render_chat

TURN_ENDS = ("<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "</s>")
"""How families of models end a turn; those that a vocabulary holds as special tokens are stops."""


class TransformersTokenizer:
    """`size` is the width of the logits, which may exceed the vocabulary."""

    def __init__(self, inner: Any, size: int, generation: Any) -> None:
        self._inner = inner
        self.size = size
        special = {str(token): index for index, token in inner.added_tokens_decoder.items() if token.special}
        self._turns = Turns(special)
        self._special = set(special.values())
        named = getattr(generation, "eos_token_id", None)
        ends = {inner.eos_token_id, *(named if isinstance(named, list) else [named])}
        ends |= {special[token] for token in TURN_ENDS if token in special}
        self.stops = frozenset(end for end in ends if end is not None)
        backend = getattr(inner, "backend_tokenizer", None)
        self._byte_level = backend is not None and '"ByteLevel"' in backend.to_str()[-4000:] + str(backend.decoder)
        self._prefix: list[int] = list(inner("").input_ids)

    def encode(self, text: str) -> list[int]:
        """Ids of `text`, special tokens in it read as plain text."""
        found = self._inner(printable(text), add_special_tokens=False, split_special_tokens=True)
        return list(found.input_ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`, special tokens left out."""
        known = [index for index in ids if index < len(self._inner)]
        text: str = self._inner.decode(known, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def piece(self, token: int) -> bytes:
        """Bytes of one token; empty for a special token, or for an id past the vocabulary."""
        if token in self._special or token >= len(self._inner):
            return b""
        letters: str = self._inner.convert_ids_to_tokens(token) or ""
        if self._byte_level:
            return letter_bytes(letters)
        if byte := re.fullmatch(r"<0x([0-9A-F]{2})>", letters):  # SentencePiece's way to spell a byte
            return bytes([int(byte[1], 16)])
        return letters.replace("\u2581", " ").encode()

    def chat(self, messages: Sequence[Message], *, reply: str = "") -> list[int]:
        """Ids of a conversation up to the assistant's turn, begun with `reply`."""
        turns = self._turns.disarm(messages)
        if not self._inner.chat_template:
            return [*self._prefix, *self._turns.encode(render_chat({}, turns), reply, self.encode)]
        return self._turns.encode(self._render(turns), reply, self.encode)

    def _render(self, turns: list[Message]) -> str:
        """Apply the model's template; one that knows no system role gets it in the first message."""
        from jinja2.exceptions import TemplateError

        settings = {"tokenize": False, "add_generation_prompt": True}
        try:
            return str(self._inner.apply_chat_template(turns, **settings))
        except TemplateError:
            if len(turns) < 2 or turns[0]["role"] != "system":
                raise
            merged: Message = {"role": "user", "content": f"{turns[0]['content']}\n\n{turns[1]['content']}"}
            return str(self._inner.apply_chat_template([merged, *turns[2:]], **settings))
