"""Adapters of tables with a site memory."""

import pytest

import linesift
from linesift.integrations.columns import COLUMNS
from linesift.integrations.tagger import LineTagger

PAGES = [f"The Harbour Herald since 1871\nIt was said on day {n} that the ferry would sail again." for n in range(3)]


@pytest.fixture
def memory_file(tmp_path) -> str:
    memory = linesift.SiteMemory(12)
    memory.add_all(["a.example"] * 3, [page.split("\n") for page in PAGES])
    memory.save(tmp_path / "sites.npz")
    return str(tmp_path / "sites.npz")


def expected(memory_file: str) -> list[list[float | None]]:
    memory = linesift.SiteMemory.load(memory_file)
    return [page.scores for page in linesift.load().tag_all(PAGES, ["a.example", "", "b.example"], memory)]


def test_rows_without_a_site_are_tagged_as_ever(memory_file) -> None:
    addresses = ["https://a.example/1", None, "b.example"]
    columns = LineTagger(site_memory=memory_file).columns([*PAGES, None], [*addresses, None]).as_lists()
    assert columns["scores"] == [*expected(memory_file), None]
    assert columns["scores"][0] != LineTagger().columns(PAGES).as_lists()["scores"][0]
    assert list(columns) == list(COLUMNS)


def test_the_column_of_sites_must_be_there(memory_file) -> None:
    with pytest.raises(ValueError, match="no column 'url'; site_field names another"):
        LineTagger(site_memory=memory_file).check_field(["text"])
    LineTagger(site_memory=memory_file, site_field="host").check_field(["text", "host"])
    LineTagger().check_field(["text"])


def test_data_frames_have_a_column_of_sites(memory_file) -> None:
    pandas = pytest.importorskip("pandas")
    from linesift.integrations.pandas import tag_frame

    frame = pandas.DataFrame({"text": PAGES, "url": ["https://a.example/1", None, "b.example"]})
    assert tag_frame(LineTagger(site_memory=memory_file), frame)["scores"].tolist() == expected(memory_file)


def test_hugging_face_datasets_have_a_column_of_sites(memory_file) -> None:
    datasets = pytest.importorskip("datasets")
    from linesift.integrations.huggingface import LineTagger as HuggingFaceTagger

    rows = datasets.Dataset.from_dict({"text": PAGES, "url": ["https://a.example/1", None, "b.example"]})
    tagger = HuggingFaceTagger(site_memory=memory_file)
    tagged = rows.map(tagger, batched=True, features=tagger.features(rows.features))
    assert tagged["scores"][:] == expected(memory_file)
