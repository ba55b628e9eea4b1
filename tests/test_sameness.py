"""The same recipe gives the same text: after other work, in another process, on one core or on all."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.starter, pytest.mark.slow]

RECIPES = [
    ("poem", "winter harbour", {"form": "haiku", "effort": 1}, 7),
    ("story", "a lighthouse keeper", {"words": 40}, 11),
]

MAKE = """
import json, os, sys
order, cores = json.loads(sys.argv[1]), json.loads(sys.argv[2])
if cores:
    os.sched_setaffinity(0, cores)
from genart_nb.studio import Studio
studio = Studio()
found = {}
for art, prompt, options, seed in order:
    work = studio.make(studio.recipe(art, prompt, options, seed=seed)).artwork()
    found[art] = [work.recipe.digest, str(work), work.fingerprint["sha256"]]
studio.close()
print(json.dumps(found))
"""


def made(recipes, cores=(), **environment):
    done = subprocess.run(
        [sys.executable, "-c", MAKE, json.dumps(recipes), json.dumps(list(cores))],
        env=os.environ | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def first():
    return made(RECIPES)


def test_in_another_order_after_other_work(first):
    other = ("ask", "Why is the sky blue?", {"sentences": 1}, 3)
    again = made([other, *reversed(RECIPES)])
    assert {name: again[name] for name in first} == first


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs sched_setaffinity")
def test_on_one_core(first):
    assert made(RECIPES, cores=[min(os.sched_getaffinity(0))]) == first


def test_with_other_thread_settings(first):
    assert made(RECIPES, OMP_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE") == first


def test_another_seed_is_another_work(first):
    moved = [(art, prompt, options, seed + 1) for art, prompt, options, seed in RECIPES]
    other = made(moved)
    assert all(other[name][1] != first[name][1] for name in first)
