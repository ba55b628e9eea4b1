"""Any server that speaks OpenAI's chat completions over HTTP: it streams text, and keeps its logits to itself.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from genart_nb.errors import ServerError
from genart_nb.models.language import Message

SILENCE = 120.0
"""Seconds of silence after which a server is given up; the first token of a cold model may take long."""


class OpenAIServer:
    """A model behind `base_url`, such as http://localhost:8000/v1 (the `ChatServer` protocol).

    `api_key` is sent as a bearer token. Raises ServerError for an address that is not http or https.
    """

    nbytes = 0
    environment: ClassVar[dict[str, str]] = {"device": "server"}

    def __init__(self, base_url: str, model: str, api_key: str | None = None, *, timeout: float = SILENCE) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
            raise ServerError(f"{base_url!r} is not an http address.", "give one such as http://localhost:8000/v1")
        self.base_url, self.model, self.timeout = base_url.rstrip("/"), model, timeout
        self._key = api_key
        self._open: set[http.client.HTTPResponse] = set()

    def stream(
        self, messages: Sequence[Message], *, seed: int, temperature: float, top_p: float, max_tokens: int
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come; abandoning the loop closes the connection."""
        asked = {"model": self.model, "messages": list(messages), "stream": True, "seed": seed % 2**31,
                 "temperature": temperature, "top_p": top_p, "max_tokens": max_tokens}  # fmt: skip
        response = self._post(asked)
        self._open.add(response)
        try:
            yield from self._read(response)
        except (OSError, http.client.HTTPException) as error:
            raise ServerError(
                f"{self.base_url} broke off in mid-reply: {_reason(error)}", "run it again, or look at the server's log"
            ) from error
        finally:
            self._open.discard(response)
            response.close()

    def close(self) -> None:
        """Close what is still open."""
        while self._open:
            self._open.pop().close()

    def _post(self, asked: dict[str, Any]) -> http.client.HTTPResponse:
        """Send the request; raises ServerError with the fix for what commonly goes wrong."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        body = json.dumps(asked).encode("utf-8")
        request = urllib.request.Request(f"{self.base_url}/chat/completions", body, headers)
        try:
            response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=self.timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error.code, _detail(error.read(4000))) from None
        except (OSError, http.client.HTTPException) as error:
            raise ServerError(
                f"{self.base_url} cannot be reached: {_reason(error)}",
                "start the server, or correct its address: %genart model text URL",
            ) from error
        return response

    def _refusal(self, status: int, detail: str) -> ServerError:
        """Explain an HTTP status."""
        said = f"{self.base_url} answered {status} for {self.model!r}: {detail}"
        if status in (401, 403):
            return ServerError(said, "set the key that this server wants in the environment (OPENAI_API_KEY)")
        if status == 404:
            return ServerError(said, f"see what it serves: curl {self.base_url}/models (the address may lack /v1)")
        if status == 429:
            return ServerError(said, "wait a little; the server limits how often it may be asked")
        return ServerError(said, "look at the server's log" if status >= 500 else "correct the request, or the model")

    def _read(self, response: http.client.HTTPResponse) -> Iterator[str]:
        """Yield the text of server-sent events until the reply is whole."""
        kind = response.headers.get_content_type()
        if kind == "text/html":
            raise ServerError(
                f"{self.base_url} answers with a web page, not with the API.", "its address may want /v1 at the end"
            )
        if kind == "application/json":  # a server that does not stream says all at once
            yield self._text(response.read().decode("utf-8", "replace"), "message")[0]
            return
        finished = False
        for line in response:
            data = line.decode("utf-8", "replace").strip().removeprefix("data:").strip()
            if not line.startswith(b"data:") or not data:
                continue
            if data == "[DONE]":
                return
            text, ended = self._text(data, "delta")
            finished = finished or ended
            if text:
                yield text
        if not finished:
            raise ServerError(
                f"{self.base_url} ended the reply before it was whole.", "run it again, or look at the server's log"
            )

    def _text(self, data: str, part: str) -> tuple[str, bool]:
        """Return the text of one answer or event, and whether it says that the reply is whole."""
        try:
            event = json.loads(data)
            if event.get("error"):
                detail = _detail(data.encode())
                raise ServerError(f"{self.base_url} failed in mid-reply: {detail}", "look at the server's log")
            choices = event.get("choices") or [{}]
            return (choices[0].get(part) or {}).get("content") or "", bool(choices[0].get("finish_reason"))
        except (ValueError, AttributeError, TypeError) as error:
            raise ServerError(
                f"{self.base_url} sent what is not a chat completion: {data[:120]!r}",
                "check that the address is that of an OpenAI-compatible API",
            ) from error


def _detail(body: bytes) -> str:
    """Pick the message out of an error's body."""
    text = body.decode("utf-8", "replace").strip()
    try:
        found = json.loads(text)
        inner = found.get("error", found.get("detail", text))
        return str(inner.get("message", inner) if isinstance(inner, dict) else inner)[:300]
    except (ValueError, AttributeError):
        return "a web page" if text.startswith("<") else text[:300] or "nothing more"


def _reason(error: Exception) -> str:
    """Say why a connection failed."""
    reason = getattr(error, "reason", None) or error
    return "no answer in time" if isinstance(reason, TimeoutError) else str(reason) or type(reason).__name__
