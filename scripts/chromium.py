"""Find a Chromium for the browser tests, or install one where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from genart_nb.doctor import find_chromium


def ways() -> list[list[str]]:
    """Commands that install a Chromium here, the most reliable first."""
    playwright = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        return [["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium"], *playwright]
    return playwright


def main() -> None:
    """Say which browser the tests will drive; never fail, the tests report what they skip."""
    found = find_chromium()
    for way in () if found else ways():
        print(f"No Chromium yet: {' '.join(way)}", flush=True)
        try:
            subprocess.run(way, check=True, timeout=600, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"  did not work: {error}", flush=True)
        found = find_chromium()
        if found:
            break
    if found:
        print(f"Browser tests drive {found}")
    else:
        print("NO CHROMIUM: the browser tests will be skipped. Fix: install Chromium or Chrome, or set CHROMIUM=PATH")


if __name__ == "__main__":
    main()
