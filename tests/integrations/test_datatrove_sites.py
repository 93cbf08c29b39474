"""Two passes of datatrove's own executor: count the sites' lines, then tag with the memory."""

import json

import pytest

pytest.importorskip("datatrove")

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

import linesift
from linesift.integrations.datatrove import LineNoiseFormatter
from linesift.integrations.datatrove_sites import SiteMemoryCounter, merge_folder
from tests.integrations.conftest import invented_texts
from tests.integrations.test_datatrove import rows_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:datatrove.*")

N_TASKS = 3
BITS = 16
MENU = "The Harbour Herald since 1871"


def run(pipeline, folder) -> None:
    LocalPipelineExecutor(pipeline, tasks=N_TASKS, workers=2, logging_dir=str(folder)).run()


def test_two_passes_give_what_the_plain_api_gives(tmp_path) -> None:
    texts = [f"{MENU}\n{text}" for text in invented_texts(12)]
    sites = [f"{'www.' if n % 4 else ''}{'ab'[n % 2]}.example" for n in range(12)]
    (tmp_path / "in").mkdir()
    for task in range(N_TASKS):
        rows = [{"id": f"{n:02}", "text": texts[n], "url": f"https://{sites[n]}/{n}"} for n in range(task, 12, N_TASKS)]
        (tmp_path / "in" / f"{task}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    reader = JsonlReader(str(tmp_path / "in"))
    run([reader, SiteMemoryCounter(str(tmp_path / "sites"), bits=BITS)], tmp_path / "logs1")
    merged = str(tmp_path / "sites.npz")
    merge_folder(str(tmp_path / "sites")).save(merged)
    formatter = LineNoiseFormatter(batch_size=5, site_memory=merged)
    run([reader, formatter, JsonlWriter(str(tmp_path / "kept"))], tmp_path / "logs2")

    memory = linesift.SiteMemory(BITS)
    names = [site.removeprefix("www.") for site in sites]
    memory.add_all(names, [text.split("\n") for text in texts])
    assert memory.counts.tobytes() == linesift.SiteMemory.load(merged).counts.tobytes()
    pages = linesift.load().tag_all(texts, names, memory)
    rows = rows_of(tmp_path / "kept")
    assert {row["id"]: row.get("text", "") for row in rows} == {f"{n:02}": page.article for n, page in enumerate(pages)}
    assert {row["id"]: row["metadata"]["article_share"] for row in rows} == {
        f"{n:02}": page.article_share for n, page in enumerate(pages)
    }


def test_a_folder_without_memories_says_so(tmp_path) -> None:
    with pytest.raises(ValueError, match="SiteMemoryCounter writes them"):
        merge_folder(str(tmp_path))
