"""Ray Data, with two actors."""

import os
import signal
from contextlib import contextmanager

import pytest

os.environ.update(
    RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",  # what Ray warns of where there is no accelerator
    RAY_AUTH_MODE="disabled",
    RAY_worker_niceness="0",  # by default 15: on a busy machine its workers then take minutes to start
)
ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

from linesift.integrations.ray import LineTagger  # noqa: E402
from tests.integrations.conftest import assert_same  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that Ray leaves open
]

ACTORS = 2
LIMIT = 240  # seconds; a calm machine needs fifteen


@contextmanager
def time_limit(seconds: int):
    """Raise TimeoutError in the main thread when the time is up, since a cluster that is short of processors waits."""

    def stop(*_):
        raise TimeoutError(f"Ray did not finish in {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def cluster():
    with time_limit(LIMIT):  # one processor more than actors: they keep theirs, and reading needs one too
        ray.init(num_cpus=ACTORS + 1, include_dashboard=False, log_to_driver=False, configure_logging=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    yield
    ray.shutdown()


@pytest.mark.usefixtures("cluster")
def test_two_actors_give_the_scores_of_the_plain_api(parquet, expected) -> None:
    files = sorted(map(str, parquet.glob("*.parquet")))
    dataset = ray.data.read_parquet(files).repartition(2 * ACTORS)  # they are one block, for a single actor
    pool = ray.data.ActorPoolStrategy(size=ACTORS)
    tagged = dataset.map_batches(LineTagger, batch_format="pyarrow", batch_size=37, compute=pool)
    with time_limit(LIMIT):
        assert_same(tagged.take_all(), expected)


def test_the_table_given_is_not_changed_and_its_columns_stay() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"body": ["Share this article", None], "labels": [1, 2]})
    tagged = LineTagger(text_field="body")(table)
    assert table.column_names == ["body", "labels"]
    assert tagged.column("labels").to_pylist() == [["noise"], None]
    assert tagged.slice(0, 0).schema == LineTagger(text_field="body")(table.slice(0, 0)).schema
    with pytest.raises(ValueError, match="no column 'text'"):
        LineTagger()(table)
