"""Where a work was made, as far as it may change the last bit: versions, CPU, device, dtype and threads.

It is recorded beside each work (never in its identity), so that whoever makes it again knows how alike to expect it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

SETS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "asimd", "sve")
"""Instruction sets that kernels are chosen by, weakest first, by the names of /proc/cpuinfo."""

DEVICE, PLACE = ("device", "dtype"), ("cpu", "threads", "runtime", "versions", "capability")
"""What decides between another device and merely another place on one like it."""


def of(model: Any = None) -> dict[str, Any]:
    """The environment in which `model` works: a few short entries, JSON; nothing is imported to find them.

    A model may tell more of itself as `environment`: a mapping with `runtime` (a module's name), `device`, `dtype` and
    `threads`. Without a model, or for one that says nothing, only the machine and the libraries are told.
    """
    told = dict(getattr(model, "environment", None) or {})
    runtime = str(told.get("runtime", ""))
    found = {
        "versions": {name: _version(name) for name in ("genart_nb", "numpy", "pillow", runtime) if name},
        "cpu": cpu(),
        **told,
    }
    if runtime == "torch" and (torch := sys.modules.get("torch")) is not None:
        found["capability"] = torch.backends.cpu.get_cpu_capability()  # ATEN_CPU_CAPABILITY may have lowered it
    return {**found, "digest": _digest(found)}


def like(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    """`same`, `place` (another CPU, version or number of threads), `device`, or `unknown` where one says nothing."""
    if not old or not new:
        return "unknown"
    if old.get("digest") == new.get("digest"):
        return "same"
    return "device" if any(old.get(name) != new.get(name) for name in DEVICE) else "place"


def differences(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    """What differs between two environments, one short line each."""
    if not old or not new:
        return [f"where it was made {'then' if not old else 'now'} is not recorded"]
    old, new = ({**each, **dict(each.get("versions") or {})} for each in (old, new))
    names = [name for name in {**old, **new} if name not in ("digest", "versions") and old.get(name) != new.get(name)]
    return [f"{name}: {old.get(name, 'not recorded')} then, {new.get(name, 'not recorded')} now" for name in names]


@functools.cache
def cpu() -> str:
    """Architecture, make and the strongest instruction sets, such as `x86_64 AuthenticAMD 26/2 avx512_bf16`."""
    return " ".join(filter(None, [platform.machine(), *_linux()])) or "unknown"


def _linux() -> list[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").partition("\n\n")[0].splitlines()
    except OSError:
        return [platform.processor()]
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    flags = set((facts.get("flags") or facts.get("Features") or "").split())
    family = "/".join(filter(None, (facts.get("cpu family"), facts.get("model"))))
    known = [name for name in SETS if name in flags]
    return [facts.get("vendor_id") or facts.get("CPU implementer") or "", family, "+".join(known[-3:])]


@functools.cache
def _version(name: str) -> str:
    """The version of an installed package, read from its metadata, so that nothing is imported."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _digest(found: Mapping[str, Any]) -> str:
    """Eight hex digits."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()[:8]
