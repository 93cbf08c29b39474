"""One small cluster of Ray for the tests that need it."""

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

MARKS = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that Ray leaves open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
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
