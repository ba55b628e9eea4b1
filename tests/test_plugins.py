"""The public door: a package that we do not know adds art forms and models, and a broken one harms nobody."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import drill
import pytest

from genart_nb import plugins
from genart_nb.arts import form
from genart_nb.errors import UsageError

PACKAGE = Path(__file__).parent / "plugin"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has really installed the third-party package, and a broken one beside it."""
    source, target = tmp_path_factory.mktemp("source") / "plugin", tmp_path_factory.mktemp("site")
    shutil.copytree(PACKAGE, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--target", str(target), str(source)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    broken = target / "genart_broken-1.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: genart-broken\nVersion: 1\n")
    (broken / "entry_points.txt").write_text(
        "[genart_nb.arts]\ncrash = genart_broken:CRASH\npoem = genart_broken:THIEF\n"
        "[genart_nb.models]\ncrash-model = genart_broken:CARD\nsmollm2-135m = genart_broken:THIEF\n"
    )
    (target / "genart_broken.py").write_text("raise RuntimeError('I am broken')\n")
    return target


def run(site: Path, home: Path, code: str) -> str:
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))
    env = {**os.environ, "PYTHONPATH": path, "GENART_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=home.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_third_party_makes_works_through_the_same_door(site: Path, tmp_path: Path) -> None:
    told = run(
        site,
        tmp_path / "home",
        """
import json
import genart_nb
from genart_nb import plugins
from genart_nb.models import registry
studio = genart_nb.studio()
plain = studio.make(studio.recipe("backwards", "drawer of stars", {"by": "word"}, seed=1)).artwork(20)
bird = studio.make(studio.recipe("parrot", "say hello", {"words": 2}, seed=5)).artwork(20)
again = studio.make(bird.recipe).artwork(20)
print(json.dumps({
    "arts": sorted(plugins.offered("arts")), "twin": str(genart_nb.backwards("abc", seed=1)),
    "plain": plain.data, "bird": bird.data, "same": again.fingerprint == bird.fingerprint,
    "model": [bird.recipe.model, bird.recipe.revision], "kept": len(studio.gallery),
    "resident": [tenant.id for tenant in studio.engine.residency.tenants()],
    "poem": plugins.offered("arts")["poem"].value, "cards": [card.id for card in registry.cards()],
}))
""",
    )
    seen = json.loads(told.splitlines()[-1])
    assert {"backwards", "parrot", "poem", "crash"} <= set(seen["arts"])
    assert (seen["plain"], seen["twin"]) == ("stars of drawer", "cba")
    assert seen["bird"].startswith("hello ") and len(seen["bird"].split()) == 3 and seen["same"]
    assert seen["model"] == ["polly", "0.3"] and seen["resident"] == ["polly"] and seen["kept"] == 3
    assert seen["poem"].startswith("genart_nb."), "nobody can take our names"
    assert set(seen["cards"][:4]) == {"composer", "painter", "restyler", "smollm2-135m"}, "ours come first"
    assert "polly" in seen["cards"] and "crash-model" not in seen["cards"]


def test_a_broken_package_says_who_it_is(site: Path, tmp_path: Path) -> None:
    told = run(
        site,
        tmp_path / "home",
        """
from genart_nb.arts.form import art
from genart_nb.errors import UsageError
try:
    art("crash")
except UsageError as error:
    print(error)
""",
    )
    assert "'crash' from genart-broken cannot be imported: I am broken" in told
    assert "reinstall or remove genart-broken" in told


def test_a_damaged_model_file_is_refused_by_its_sha256(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    (copy / "genart_parrot" / "polly.onnx").write_text("cracker pretty hellO")
    told = run(
        copy,
        tmp_path / "home",
        """
import genart_nb
from genart_nb.errors import WeightsError
studio = genart_nb.studio()
try:
    studio.make(studio.recipe("parrot", "hello", seed=1)).artwork(20)
except WeightsError as error:
    print(error)
print(studio.make(studio.recipe("backwards", "on", seed=1)).artwork(20))
""",
    )
    assert "damaged or was altered" in told and "pip install genart-parrot==0.3 --force-reinstall" in told
    assert told.splitlines()[-1] == "no"


@pytest.mark.parametrize(
    ("group", "name", "what", "fix"),
    [
        ("arts", "peom", "There is no art named 'peom'.", "did you mean poem? use one of: "),
        ("models", "smollm", "There is no model named 'smollm'.", "did you mean smollm2-135m?"),
        ("loaders", "onxx-llama", "There is no loader named 'onxx-llama'.", "did you mean onnx-llama?"),
        ("media", "txt", "There is no medium named 'txt'.", "did you mean text?"),
        ("arts", "zzzz", "There is no art named 'zzzz'.", "use one of: "),
    ],
)
def test_names_the_nearest(group: str, name: str, what: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        plugins.load(group, name)
    assert caught.value.what == what and caught.value.fix.startswith(fix)


def test_a_package_installed_meanwhile_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real, late = plugins.entry_points, EntryPoint("drill_late", "drill:DRILL", "genart_nb.arts")
    with pytest.raises(UsageError):
        form.art("drill_late")
    monkeypatch.setattr(plugins, "entry_points", lambda group: [*real(group=group), late])
    assert form.art("drill_late") is drill.DRILL
    assert "drill_late" in form.names()
    monkeypatch.undo()
    plugins.offered.cache_clear()


@pytest.mark.parametrize("group", plugins.GROUPS)
def test_looking_imports_nothing(group: str) -> None:
    code = f"import sys; from genart_nb import plugins; plugins.offered({group!r}); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split()
    assert modules and not [name for name in modules if name.startswith(("genart_nb.arts.", "genart_nb.models."))]
