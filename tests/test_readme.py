"""What the README says is true of this tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_table_of_magics_is_the_options_own():
    done = subprocess.run(
        [sys.executable, "scripts/magics_table.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_entry_of_the_tree_exists():
    tree = re.search(r"## The tree\n\n```\n(.*?)```", README, re.DOTALL)
    assert tree
    above = [ROOT]
    for line in tree[1].splitlines():
        name, depth = line.split()[0], (len(line) - len(line.lstrip())) // 2
        above[depth + 1 :] = [above[depth] / name]
        assert above[-1].exists(), f"the README's tree names {name}, which is not there"


def test_every_module_is_in_the_tree():
    tree = README.split("## The tree")[1]
    for path in (ROOT / "genart_nb").iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            assert f"  {path.name}" in tree, f"{path.name} is missing from the README's tree"


def test_every_picture_and_file_named_is_there():
    for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / target).is_file(), f"{target} is shown in the README but is not there"


def test_make_targets_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
