"""Two passes of Ray Data: count the sites' lines, then tag with the memory."""

import os

import pytest

os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # what Ray warns of where there is no accelerator
ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

import linesift  # noqa: E402
from linesift.integrations.ray import LineTagger  # noqa: E402
from linesift.integrations.ray_sites import count_sites  # noqa: E402
from tests.integrations.conftest import assert_same, invented_texts  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that Ray leaves open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

BITS = 16
MENU = "The Harbour Herald since 1871"


@pytest.fixture
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    yield
    ray.shutdown()


@pytest.mark.usefixtures("cluster")
def test_two_passes_give_what_the_plain_api_gives(tmp_path) -> None:
    texts = [*(f"{MENU}\n{text}" for text in invented_texts(23)), None]
    sites = [f"{'ab'[n % 2]}.example" for n in range(24)]
    rows = [{"id": n, "text": texts[n], "url": f"https://www.{sites[n]}/{n}"} for n in range(24)]
    dataset = ray.data.from_items(rows, override_num_blocks=3)
    merged = str(tmp_path / "sites.npz")
    count_sites(dataset, bits=BITS).save(merged)
    tagged = dataset.map_batches(
        LineTagger,
        batch_format="pyarrow",
        batch_size=7,
        compute=ray.data.ActorPoolStrategy(size=2),
        fn_constructor_kwargs={"site_memory": merged},
    )
    found = tagged.take_all()

    memory = linesift.SiteMemory(BITS)
    memory.add_all(sites, [(text or "").split("\n") for text in texts])
    assert memory.counts.tobytes() == linesift.SiteMemory.load(merged).counts.tobytes()
    pages = iter(linesift.load().tag_all(texts[:-1], sites[:-1], memory))
    assert_same(found, [None if text is None else next(pages) for text in texts])
