"""FakeEngine: the engine contract without a model, for tests of whatever stands above engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.engines.local import Draft, ScheduledEngine
from genart_nb.engines.scheduler import Steps
from genart_nb.events import Event, Token
from genart_nb.recipe import Recipe

Script = Callable[[Recipe], Iterator[Event]]


def echo(recipe: Recipe) -> Iterator[Event]:
    """Say the prompt again, word by word."""
    for word in recipe.prompt.split():
        yield Token(word + " ")


class FakeEngine(ScheduledEngine):
    """Plays `script(recipe)`; the work is the text of its tokens."""

    def __init__(self, script: Script = echo) -> None:
        super().__init__()
        self._script = script

    def _make(self, job: Job, draft: Draft) -> Steps:
        yield from self._play(job, draft, self._script(job.recipe))

    def _finish(self, job: Job, draft: Draft, partial: bool = False) -> Artwork:
        return Artwork(job.recipe, draft.data, partial=partial)
