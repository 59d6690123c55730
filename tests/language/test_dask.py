"""Counts of a Dask bag are those of one process, whatever its partitions."""

import numpy as np
import pytest

import likeliest as lk
from corpora import CORPORA, DATA, lines

bags = pytest.importorskip("dask.bag")


def same(a, b):
    assert a.vocabulary == b.vocabulary
    for x, y in zip((*a.levels, *a.counts), (*b.levels, *b.counts), strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
@pytest.mark.parametrize("partitions", [1, 3, 40])
def test_any_partitions_give_the_counts_of_one_process(tokenizer, partitions):
    text = [*lines("alice")[0], "", "é \U0001f600", *lines("genesis")[0]]
    bag = bags.from_sequence(text, npartitions=partitions)
    same(lk.language.count(bag, 5, tokenizer), lk.language.count(text, 5, tokenizer))


@pytest.mark.parametrize("limits", [{"min_count": 3}, {"max_symbols": 50}])
def test_rare_words_are_those_of_the_whole_text(limits):
    text = [*lines("alice")[0], "a <unk> b", *lines("genesis")[0]]
    bag = bags.from_sequence(text, npartitions=7)
    expected = lk.language.count(text, 3, "words", **limits)
    same(lk.language.count(bag, 3, "words", **limits), expected)
    model = lk.language.fit(bag, 3, "words", **limits)
    assert model.nll(text) == lk.language.fit(text, 3, "words", **limits).nll(text)


def test_lines_and_files_on_a_cluster():
    distributed = pytest.importorskip("distributed")
    files = [DATA / f"{corpus}.txt" for corpus in CORPORA]
    expected = lk.language.count(files, 4, "words")
    with distributed.Client(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ):
        same(lk.language.count(bags.read_text(list(map(str, files))), 4, "words"), expected)
        same(lk.language.count(bags.from_sequence(files, npartitions=4), 4, "words"), expected)


def test_empty_partitions():
    bag = bags.from_sequence(["ab", "ba", "", "c"], npartitions=4).filter(lambda s: s != "ab")
    same(lk.language.count(bag, 2), lk.language.count(["ba", "", "c"], 2))
    with pytest.raises(lk.errors.DataError, match="there is no text"):
        lk.language.count(bag.filter(lambda s: not s), 2)
    with pytest.raises(lk.errors.DataError, match="there is no text"):
        lk.language.count(bag.filter(lambda s: False), 2)


def test_errors_come_from_the_workers():
    with pytest.raises(lk.errors.DataError, match="each sequence is a string; got int"):
        lk.language.count(bags.from_sequence(["a", 3, "b"], npartitions=2))
    with pytest.raises(lk.errors.DataError, match="kept for the ends"):
        lk.language.count(bags.from_sequence(["a", "a </s>"], npartitions=2), 2, "words")


def test_what_belongs_to_one_process(tmp_path):
    bag = bags.from_sequence(["ab", "ba"])
    for option in ({"memory": "1GB"}, {"resume": tmp_path}):
        with pytest.raises(lk.errors.ParameterError, match="more partitions"):
            lk.language.count(bag, **option)


def test_a_hugging_face_tokenizer_travels():
    library = pytest.importorskip("tokenizers")
    pieces = library.Tokenizer(library.models.BPE(unk_token="[UNK]"))  # noqa: S106
    trainer = library.trainers.BpeTrainer(
        vocab_size=80, special_tokens=["</s>", "[UNK]"], show_progress=False
    )
    text = list(lk.datasets.first_names()[:300])
    pieces.train_from_iterator(text, trainer)
    bag = bags.from_sequence(text, npartitions=5)
    same(lk.language.count(bag, 3, pieces), lk.language.count(text, 3, pieces))
