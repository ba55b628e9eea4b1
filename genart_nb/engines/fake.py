"""FakeEngine: the engine contract without a model, for tests of whatever stands above engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.engines.local import ScheduledEngine
from genart_nb.errors import EngineError, GenartError
from genart_nb.events import Cancelled, Event, Failed, Finished, Token
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

    def _steps(self, job: Job) -> Iterator[None]:
        text = ""
        try:
            for event in self._script(job.recipe):
                text += event.text if isinstance(event, Token) else ""
                job.publish(event)
                yield
        except GeneratorExit:
            self._end(job, Cancelled(Artwork(job.recipe, text, partial=True) if text else None))
        except GenartError as error:
            self._end(job, Failed(error))
        except Exception as error:
            self._end(job, Failed(EngineError(f"{type(error).__name__}: {error}")))
        else:
            self._end(job, Finished(Artwork(job.recipe, text)))
