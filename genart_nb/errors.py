"""Every error the package raises, in one tree.

GenartError                      something went wrong and the message says what fixes it
├── UsageError                   the cell, flag or argument is at fault
│   ├── OptionError              an unknown option, or a value out of range
│   ├── InterpolationError       `{{expr}}` could not be evaluated
│   ├── RecipeError              a recipe is malformed
│   └── EmptyPromptError         there is nothing to make
├── ModelError                   the weights are at fault
│   ├── ModelNotFoundError       no such model here, or no network to fetch it
│   ├── WeightsError             files truncated, tampered with, or of a refused format
│   └── ServerError              a model server did not answer as it should
├── EngineError                  a job could not run to its end
│   ├── JobCancelledError        the job was stopped; `.partial` keeps what it had made
│   └── OutOfMemoryError         the work does not fit the device
├── PublishError                 a page could not be made
│   ├── NotebookError            a file that is no notebook, or one too large
│   └── FolderError              the target folder holds what is not ours
├── MarkError                    what a file says of itself is broken, or it cannot be signed
└── GalleryError                 a finished work could not be stored or found
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genart_nb.artwork import Artwork


class GenartError(Exception):
    """What happened, why, and the command that fixes it."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}\n  Fix: {fix}" if fix else what)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the message alone, since the fault is not in a stack of our functions."""
        return [f"\x1b[1;31m{type(self).__name__}\x1b[0m: {self}"]


class UsageError(GenartError):
    """The cell, flag or argument is at fault."""


class OptionError(UsageError):
    """An unknown option, or a value outside its range."""


class InterpolationError(UsageError):
    """`{{expr}}` could not be evaluated."""


class RecipeError(UsageError):
    """A recipe is malformed."""


class EmptyPromptError(UsageError):
    """There is nothing to make."""


class ModelError(GenartError):
    """The weights are at fault."""


class ModelNotFoundError(ModelError):
    """No such model here, or no network to fetch it."""


class WeightsError(ModelError):
    """Weight files are truncated, tampered with, or of a refused format."""


class ServerError(ModelError):
    """A model server did not answer as it should."""


class EngineError(GenartError):
    """A job could not run to its end."""


class JobCancelledError(EngineError):
    """The job was stopped; `partial` holds what it had made, or None."""

    def __init__(self, what: str, fix: str = "", partial: Artwork | None = None) -> None:
        super().__init__(what, fix)
        self.partial = partial


class OutOfMemoryError(EngineError):
    """The work does not fit the device."""


class PublishError(GenartError):
    """A page could not be made."""


class NotebookError(PublishError):
    """A file is no notebook, or one too large."""


class FolderError(PublishError):
    """The target folder holds what is not ours."""


class MarkError(GenartError):
    """What a file says of itself is broken, or it cannot be signed."""


class GalleryError(GenartError):
    """A finished work could not be stored or found."""
