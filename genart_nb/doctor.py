"""What is installed, which device, which models are ready, where things are, and the fix for each thing missing.

Nothing here downloads, and a question that cannot be answered becomes a line that says so, never an exception.
"""

from __future__ import annotations

import html
import importlib
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from genart_nb.paths import cache_home, data_home, nearest_folder

if TYPE_CHECKING:
    from packaging.requirements import Requirement

State = Literal["ok", "warn", "missing"]
MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "missing": "✗"}
PURPOSE = {
    "hub": "models from the hub and GPUs",
    "lab": "JupyterLab, and notebooks that are run by genart check, accept or publish --run",
    "publish": "signed pictures and clips, formulas, and a published folder's description of itself",
    "score": "printed scores",
    "test": "`make test`",
    "train": "genart train",
    "video": "clips as MP4",
}
"""What each extra of pyproject.toml is for."""
JUPYTER = ("ipython", "ipykernel", "jupyterlab", "ipywidgets", "anywidget")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLAYWRIGHT = (
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


@dataclass(frozen=True)
class Check:
    """One line of the report; `fix` is the command that mends it, empty when there is nothing to mend."""

    group: str
    name: str
    state: State
    detail: str
    fix: str = ""


def report(deep: bool = False) -> list[Check]:
    """Ask everything. `deep` may also import torch (seconds), to ask it for the device."""
    parts: list[tuple[str, Callable[[], list[Check]]]] = [
        ("System", _system),
        ("Device", lambda: _device(deep)),
        ("Packages", _packages),
        ("Models", _models),
        ("Folders", _folders),
        ("Jupyter", _jupyter),
        ("Testing", _testing),
    ]
    return [check for group, part in parts for check in _guarded(group, part)]


def as_text(checks: Iterable[Check]) -> str:
    """Table for a terminal; each fix stands under the line it mends."""
    lines: list[str] = []
    for group, members in groupby(checks, key=lambda check: check.group):
        rows = list(members)
        width = max(len(row.name) for row in rows)
        lines += ["", group]
        for row in rows:
            lines.append(f"  {MARKS[row.state]} {row.name:{width}}  {row.detail}".rstrip())
            if row.fix:
                lines.append(f"    {'':{width}}  Fix: {row.fix}")
    return "\n".join(lines).lstrip("\n")


def as_html(checks: Iterable[Check]) -> str:
    """Table for a notebook; colours come from JupyterLab's theme where there is one."""
    rows: list[str] = []
    for group, members in groupby(checks, key=lambda check: check.group):
        rows.append(f'<tr><th colspan="3" style="text-align:left;padding-top:.8em">{html.escape(group)}</th></tr>')
        for row in members:
            fix = f"<br>Fix: <code>{html.escape(row.fix)}</code>" if row.fix else ""
            rows.append(
                f'<tr><td style="color:{_COLOURS[row.state]}" aria-label="{row.state}">{MARKS[row.state]}</td>'
                f'<td style="text-align:left">{html.escape(row.name)}</td>'
                f'<td style="text-align:left">{html.escape(row.detail)}{fix}</td></tr>'
            )
    return f'<table class="genart-doctor">{"".join(rows)}</table>'


_COLOURS: dict[State, str] = {
    "ok": "var(--jp-success-color1, #388e3c)",
    "warn": "var(--jp-warn-color1, #b26a00)",
    "missing": "var(--jp-error-color1, #d32f2f)",
}


def find_chromium() -> str | None:
    """Path of a Chromium to test with: `CHROMIUM`, one on the PATH, or one that Playwright fetched."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return found
    for pattern in PLAYWRIGHT:
        if matches := sorted(Path.home().glob(pattern)):
            return str(matches[-1])
    return None


def _guarded(group: str, part: Callable[[], list[Check]]) -> list[Check]:
    try:
        return part()
    except Exception as error:
        return [Check(group, "this check", "warn", f"could not be made: {type(error).__name__}: {error}")]


def _system() -> list[Check]:
    old = sys.version_info < (3, 11)
    return [
        Check("System", "genart_nb", "ok", f"{_version('genart_nb') or 'not installed'} at {Path(__file__).parent}"),
        Check(
            "System",
            "Python",
            "warn" if old else "ok",
            f"{platform.python_version()} at {sys.executable}",
            "make a new environment with Python 3.11 or newer" if old else "",
        ),
        Check("System", "OS", "ok", platform.platform()),
    ]


def _device(deep: bool) -> list[Check]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    checks = [Check("Device", "CPU", "ok", f"{cores} cores, {platform.machine()}{_memory()}")]
    gpu = _gpu()
    torch = _version("torch")
    if gpu and torch and torch.endswith("+cpu"):
        fix = "install a CUDA build of torch: https://pytorch.org/get-started/locally/"
        checks.append(Check("Device", "GPU", "warn", f"{gpu}, but torch {torch} cannot use it", fix))
    else:
        checks.append(Check("Device", "GPU", "ok", gpu or "none; everything runs on the CPU"))
    if deep and torch:
        checks.append(Check("Device", "torch", "ok", _torch_device()))
    return checks


def _memory() -> str:
    try:
        return f", {_size(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES'))} of memory"
    except (AttributeError, OSError, ValueError):
        return ""


def _gpu() -> str:
    """GPUs as the driver names them; asking it takes no torch."""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return "Apple GPU (MPS)"
    driver = shutil.which("nvidia-smi")
    if not driver:
        return ""
    query = [driver, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    answer = subprocess.run(query, capture_output=True, text=True, timeout=10, check=False)
    return "; ".join(answer.stdout.split("\n")).strip("; ") if answer.returncode == 0 else ""


def _torch_device() -> str:
    torch = importlib.import_module("torch")
    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        return f"cuda: {properties.name}, {_size(properties.total_memory)}"
    if torch.backends.mps.is_available():
        return "mps"
    return f"cpu, {torch.get_num_threads()} threads"


def _packages() -> list[Check]:
    """One line for each part of the install: complete, or what is missing and how to get it."""
    from packaging.requirements import Requirement

    parts: dict[str, list[Requirement]] = {}
    for line in importlib.metadata.requires("genart_nb") or ():
        extra = re.search(r"extra == ['\"](\w+)['\"]", line)
        parts.setdefault(extra[1] if extra else "", []).append(Requirement(line.partition(";")[0]))
    return [_part(extra, requirements) for extra, requirements in parts.items()]


def _part(extra: str, requirements: list[Requirement]) -> Check:
    name = extra or "core"
    fix = _pip(f'"genart_nb[{extra}]"' if extra else "genart_nb")
    here = {requirement.name: _version(requirement.name) for requirement in requirements}
    absent = [package for package, version in here.items() if version is None]
    old = [
        f"{requirement.name} {here[requirement.name]} (needs {requirement.specifier})"
        for requirement in requirements
        if (version := here[requirement.name]) and not requirement.specifier.contains(version, prereleases=True)
    ]
    if absent or old:
        wrong = "; ".join(["missing " + ", ".join(absent)] * bool(absent) + ["too old " + ", ".join(old)] * bool(old))
        purpose = f" (only for {PURPOSE[extra]})" if extra in PURPOSE else ""
        return Check("Packages", name, "warn" if extra else "missing", wrong + purpose, fix)
    return Check("Packages", name, "ok", ", ".join(f"{package} {version}" for package, version in here.items()))


def _models() -> list[Check]:
    """Whether each known model could be loaded now; weights are looked for, not read."""
    from genart_nb.models import registry, weights

    states: dict[str, State] = {"ready": "ok", "remote": "ok", "missing": "missing"}
    found = [(card, weights.status(card)) for card in registry.cards()]
    if not found:
        return [Check("Models", "any", "missing", "no model is on offer", _pip("--force-reinstall genart_nb"))]
    return [
        Check("Models", card.id, states[held.state], f"{card.title}: {held.detail}", held.fix) for card, held in found
    ]


def _folders() -> list[Check]:
    hub = Path(os.environ.get("HF_HUB_CACHE") or Path(os.environ.get("HF_HOME", "~/.cache/huggingface")) / "hub")
    folders = {"gallery": data_home(), "converted models": cache_home(), "hub cache": hub.expanduser()}
    return [_folder(name, path) for name, path in folders.items()]


def _folder(name: str, path: Path) -> Check:
    there = nearest_folder(path)
    free = shutil.disk_usage(there).free
    held = _held(path) if path.is_dir() else None
    detail = f"{path} ({'empty so far' if held is None else _size(held)}, {_size(free)} free)"
    if not os.access(there, os.W_OK):
        moved = {"gallery": "GENART_HOME", "converted models": "GENART_CACHE"}.get(name, "HF_HUB_CACHE")
        return Check("Folders", name, "warn", f"{detail}; not writable", f"set {moved} to a folder you may write to")
    if free < 1e9:
        return Check("Folders", name, "warn", f"{detail}; less than 1 GB left", f"free some disk space under {there}")
    return Check("Folders", name, "ok", detail)


def _held(path: Path) -> int:
    """Bytes under a folder; links are not followed, so the hub's blobs count once."""
    total = 0
    for folder, _, names in os.walk(path, onerror=None):
        for name in names:
            try:
                total += os.lstat(Path(folder) / name).st_size
            except OSError:
                continue
    return total


def _jupyter() -> list[Check]:
    checks = []
    for name in JUPYTER:
        version = _version(name)
        fix = "" if version else _pip(name)
        checks.append(Check("Jupyter", name, "ok" if version else "warn", version or "not installed", fix))
    extensions = [Path(root) / "labextensions" / "anywidget" for root in _jupyter_data()]
    found = next((path for path in extensions if path.exists()), None)
    fix = "" if found else _pip("--force-reinstall anywidget")
    detail = str(found) if found else "anywidget's part in the browser is not where JupyterLab looks: no live widgets"
    checks.append(Check("Jupyter", "browser extension", "ok" if found else "warn", detail, fix))
    return checks


def _jupyter_data() -> list[str]:
    try:
        return list(importlib.import_module("jupyter_core.paths").jupyter_path())
    except ImportError:
        return [str(Path(sys.prefix) / "share" / "jupyter")]


def _testing() -> list[Check]:
    chromium = find_chromium()
    fix = "" if chromium else "install Chromium or Chrome, or set CHROMIUM to the path of one"
    node = shutil.which("node")
    return [
        Check("Testing", "Chromium", "ok" if chromium else "warn", chromium or "none: browser tests are skipped", fix),
        Check("Testing", "Node", "ok", node or "none (not needed)"),
    ]


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _pip(what: str) -> str:
    """Command that installs into this environment, whichever is active in the reader's shell."""
    return f"{sys.executable} -m pip install {what}"


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
