"""Schedulers by class name: which of diffusers' fit a pipeline, and a fresh one for every picture."""

from __future__ import annotations

import inspect
from typing import Any

from genart_nb.errors import OptionError
from genart_nb.models.diffusion.listening import listening
from genart_nb.options import nearest, shown

_SUFFIX = "Scheduler"


def choices(scheduler: Any) -> dict[str, type]:
    """Scheduler classes that can stand in for this one, by name.

    Left out are those that cannot do its kind of prediction, and those that draw noise where no seed reaches.
    """
    flow = scheduler.config.get("prediction_type") == "flow_prediction" or scheduler.config.get("use_flow_sigmas")
    found: dict[str, type] = {type(scheduler).__name__: type(scheduler)}
    for each in getattr(scheduler, "compatibles", ()):
        takes = inspect.signature(each.__init__).parameters
        whole = hasattr(each, "from_config") and "config" not in takes and "args" not in takes  # else a placeholder
        scaled = "sigma_data" not in takes or "sigma_data" in scheduler.config  # EDM scales what the denoiser sees
        if whole and scaled and "noise_sampler_seed" not in takes and (not flow or "use_flow_sigmas" in takes):
            found[each.__name__] = each
    return dict(sorted(found.items()))


def fresh(scheduler: Any, name: str = "") -> Any:
    """A new scheduler of that class, or of the same, with this one's settings; it remembers nothing.

    `name` may leave out "Scheduler" and mind no capitals. Raises OptionError with the nearest name.
    """
    known = choices(scheduler)
    by_short = {_short(each): each for each in known}
    wanted = by_short.get(_short(name)) if name else type(scheduler).__name__
    if wanted is None:
        guess = nearest(_short(name), by_short)
        hint = f"did you mean {by_short[guess]}? " if guess else ""
        raise OptionError(f"This model has no scheduler {shown(name)}.", f"{hint}use one of {', '.join(known)}")
    made: Any = known[wanted]
    with listening():  # settings that only the other class knows are told of, and need not be
        return made.from_config(scheduler.config)


def _short(name: str) -> str:
    return name.strip().lower().removesuffix(_SUFFIX.lower())
