"""Two passes of Ray Data: count the sites' lines, then tag with the memory."""

import pytest

import linesift
from tests.integrations.conftest import assert_same, invented_texts
from tests.integrations.ray_cluster import MARKS, cluster, ray  # noqa: F401

from linesift.integrations.ray import LineTagger  # isort: skip
from linesift.integrations.ray_sites import count_sites  # isort: skip

pytestmark = MARKS

BITS = 16
MENU = "The Harbour Herald since 1871"


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
