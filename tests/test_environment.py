"""What is recorded of the place a work was made in, and how two places stand to each other."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from genart_nb import environment

LOCAL = {"runtime": "onnxruntime", "device": "cpu", "dtype": "float32", "threads": 2}


class Model:
    def __init__(self, **told: object) -> None:
        self.environment = {**LOCAL, **told}


def test_it_tells_versions_cpu_and_what_the_model_says() -> None:
    found = environment.of(Model())
    assert found["versions"]["onnxruntime"] and found["versions"]["numpy"] and found["cpu"]
    assert found["threads"] == 2 and found["device"] == "cpu"
    json.dumps(found, allow_nan=False)
    assert environment.of(Model()) == found


@pytest.mark.parametrize(
    "told, kin",
    [({}, "same"), ({"threads": 1}, "place"), ({"dtype": "bfloat16"}, "device"), ({"device": "cuda"}, "device")],
)  # fmt: skip
def test_kinship(told: dict[str, object], kin: str) -> None:
    assert environment.like(environment.of(Model()), environment.of(Model(**told))) == kin


def test_what_says_nothing_is_unknown() -> None:
    assert environment.like(None, environment.of(Model())) == "unknown"
    assert environment.of(object())["versions"]["genart_nb"]


def test_differences_are_told_in_words() -> None:
    told = environment.differences(environment.of(Model()), environment.of(Model(threads=1)))
    assert told == ["threads: 2 then, 1 now"]
    assert environment.differences(None, environment.of(Model())) == ["where it was made then is not recorded"]


def test_asking_imports_no_runtime() -> None:
    code = "import sys; from genart_nb import environment; environment.of(); "
    code += "print({'torch', 'onnxruntime'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
