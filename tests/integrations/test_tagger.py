"""What all adapters share."""

import pickle
import subprocess
import sys

import numpy as np

from tests.conftest import ROOT
from tests.integrations.conftest import assert_small


def test_nothing_is_loaded_before_the_first_document() -> None:
    program = (
        "import pickle; from linesift.integrations import tagger; from linesift.tagging import loaded; "
        "one = tagger.Tagger(mode='strict'); size = lambda: loaded.cache_info().currsize; "
        "print(size(), one.tag_all([None]), size(), "
        "one.tag_all(['Share'])[0].labels, size(), len(pickle.dumps(one)) < 500)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "0 [None] 0 ['noise'] 1 True\n"


def test_taggers_of_one_bundle_share_its_model_and_pickle_as_they_are() -> None:
    from linesift.integrations import tagger
    from linesift.tagging import loaded

    one = tagger.LineTagger(text_field="body", mode="careful")
    assert_small(one)
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    loaded.cache_clear()
    for each in (one, copy, tagger.Tagger(mode="strict")):
        each.tag_texts(["Share"])
    assert loaded.cache_info().misses == 1


def test_lines_may_come_as_an_array_even_those_of_the_first_document() -> None:
    from linesift.integrations import tagger

    texts = [np.array(["Share", "", "Log in"], dtype=object), np.array([], dtype=object)]
    listed = [text.tolist() for text in texts]
    assert tagger.Tagger().columns(texts).as_lists() == tagger.Tagger().columns(listed).as_lists()


def test_a_model_that_was_warmed_up_is_not_loaded_again() -> None:
    from linesift.integrations import tagger
    from linesift.tagging import loaded

    loaded.cache_clear()
    one = tagger.Tagger()
    one.warm_up()
    one.columns(["Share"])
    assert loaded.cache_info().misses == 1
    assert_small(one)
