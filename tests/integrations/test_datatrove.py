"""datatrove's own executor over four tasks."""

import gzip
import io
import json
import pickle
from functools import partial

import pyarrow.parquet as pq
import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader, WarcReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

import linesift
from benchmarks.invented import invented_texts
from linesift.integrations.datatrove import LineNoiseFilter, LineNoiseFormatter, as_row

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:datatrove.*"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),  # of warcio's writer
]

N_TASKS = 4
TEXTS = invented_texts(24)
ALL_NOISE = "Accept all cookies\nShare this article\nLog in\n© All rights reserved"


def run(pipeline, folder) -> dict:
    """Run over four tasks, two at a time, and give the statistics of each step."""
    stats = LocalPipelineExecutor(pipeline, tasks=N_TASKS, workers=2, logging_dir=str(folder / "logs")).run()
    return {step.name: {name: value.total for name, value in step.stats.items()} for step in stats.stats}


def rows_of(folder) -> list[dict]:
    return [
        json.loads(row)
        for path in sorted(folder.glob("*.gz"))
        for row in gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")
        if row
    ]


def write_json_lines(folder, texts) -> None:
    """One file a task; the names sort as the texts do."""
    folder.mkdir()
    size = -(-len(texts) // N_TASKS)
    for task in range(N_TASKS):
        rows = [{"id": f"{n:03}", "text": texts[n]} for n in range(task * size, min((task + 1) * size, len(texts)))]
        (folder / f"{task}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_json_lines_over_four_tasks(tmp_path) -> None:
    texts = [*TEXTS[:-1], ALL_NOISE]
    write_json_lines(tmp_path / "in", texts)
    stats = run(
        [
            JsonlReader(str(tmp_path / "in")),
            LineNoiseFormatter(batch_size=5),
            LineNoiseFilter(0.1, exclusion_writer=JsonlWriter(str(tmp_path / "dropped")), batch_size=5),
            JsonlWriter(str(tmp_path / "kept")),
        ],
        tmp_path,
    )
    pages = linesift.load().tag_all(texts)
    shares = {f"{n:03}": page.article_share for n, page in enumerate(pages)}
    kept, dropped = rows_of(tmp_path / "kept"), rows_of(tmp_path / "dropped")
    assert [row["id"] for row in kept] == [name for name, share in shares.items() if share >= 0.1]
    assert "023" in [row["id"] for row in dropped]
    assert {row["metadata"]["filter_reason"] for row in dropped} == {"low_article_share"}
    for row in [*kept, *dropped]:
        page = pages[int(row["id"])]
        assert row.get("text", "") == page.article  # datatrove's writers leave out what is empty
        assert row["metadata"]["article_share"] == page.article_share
        assert "\n".join(row["metadata"]["removed_lines"]) == page.noise
    formatted = next(of for name, of in stats.items() if name.endswith(LineNoiseFormatter.name))
    assert formatted["total"] == len(texts)
    assert formatted["lines_removed"] == sum(page.labels.count("noise") for page in pages)
    filtered = next(of for name, of in stats.items() if name.endswith(LineNoiseFilter.name))
    assert (filtered["total"], filtered["forwarded"]) == (len(texts), len(kept))
    assert filtered["dropped"] == filtered["dropped_low_article_share"] == len(dropped)


def test_rows_hold_what_writers_write_by_themselves_and_empty_texts_too(tmp_path) -> None:
    write_json_lines(tmp_path / "in", [TEXTS[0], ALL_NOISE])
    for folder, adapter in (("own", None), ("ours", as_row)):
        writer = JsonlWriter(str(tmp_path / folder), adapter=adapter)
        run([JsonlReader(str(tmp_path / "in")), LineNoiseFormatter(), writer], tmp_path / f"run-{folder}")
    own, ours = (sorted(rows_of(tmp_path / folder), key=lambda row: row["id"]) for folder in ("own", "ours"))
    for row in (*own, *ours):
        row["metadata"].pop("file_path")
    assert ours[1]["text"] == ""
    assert ours == [{"text": "", **row} for row in own]


def test_rows_are_of_the_moment_in_which_they_were_written(tmp_path) -> None:
    """Later steps change the documents while a writer still holds its batch."""
    write_json_lines(tmp_path / "in", TEXTS[:8])
    before = ParquetWriter(str(tmp_path / "before"), adapter=as_row, batch_size=100, expand_metadata=True)
    after = JsonlWriter(str(tmp_path / "after"), adapter=as_row, expand_metadata=True)
    run([JsonlReader(str(tmp_path / "in")), before, LineNoiseFormatter(batch_size=1), after], tmp_path)
    written = pq.read_table(tmp_path / "before")
    assert written.column_names == ["text", "id", "file_path"]
    assert sorted(written["text"].to_pylist()) == sorted(TEXTS[:8])
    assert {*rows_of(tmp_path / "after")[0]} == {"text", "id", "file_path", "removed_lines", "article_share"}


def test_warc_input(tmp_path) -> None:
    pytest.importorskip("magic", exc_type=ImportError)  # needs the library libmagic
    from warcio.warcwriter import WARCWriter

    (tmp_path / "in").mkdir()
    for task in range(N_TASKS):
        with open(tmp_path / "in" / f"{task}.warc.gz", "wb") as file:
            writer = WARCWriter(file)
            for n in (2 * task, 2 * task + 1):
                writer.write_record(
                    writer.create_warc_record(
                        f"http://site.example/{n}",
                        "conversion",
                        payload=io.BytesIO(TEXTS[n].encode()),
                        warc_content_type="text/plain",
                        warc_headers_dict={"WARC-Identified-Payload-Type": "text/plain"},
                    )
                )
    run([WarcReader(str(tmp_path / "in")), LineNoiseFormatter(), JsonlWriter(str(tmp_path / "kept"))], tmp_path)
    rows = rows_of(tmp_path / "kept")
    pages = linesift.load().tag_all(TEXTS[: 2 * N_TASKS])
    assert [row["metadata"]["url"] for row in rows] == [f"http://site.example/{n}" for n in range(2 * N_TASKS)]
    assert [row["text"] for row in rows] == [page.article for page in pages]


def test_the_filter_alone_tags_and_leaves_the_text() -> None:
    documents = [Document(text, str(n)) for n, text in enumerate([TEXTS[0], ALL_NOISE])]
    share = linesift.load().tag(TEXTS[0]).article_share
    results = LineNoiseFilter(share).filter_batch(documents)
    assert results == [True, (False, "low_article_share")]
    assert [document.text for document in documents] == [TEXTS[0], ALL_NOISE]
    assert documents[0].metadata["article_share"] == share


@pytest.mark.parametrize("step", [LineNoiseFormatter, partial(LineNoiseFilter, 0.2)])
def test_steps_pickle_small_after_use(step) -> None:
    used = step()
    list(used.run(iter([Document(TEXTS[0], "0")])))
    assert len(pickle.dumps(used)) < 3000  # its statistics among them
    with pytest.raises(ValueError, match="careful, balanced, strict"):
        step(mode="brave")
