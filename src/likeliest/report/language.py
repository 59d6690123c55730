"""The report of a language model, and of how well it predicts a text."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from likeliest.data import datasets
from likeliest.files import json_ready
from likeliest.report import captions, words
from likeliest.report.page import Commands, Page, Section
from likeliest.report.pictures import picture
from likeliest.report.recipe import quoted
from likeliest.tables import Table, number

if TYPE_CHECKING:
    from likeliest.language.models.evaluation import Evaluation
    from likeliest.language.models.model import NGramModel
    from likeliest.language.text.reading import Text
    from likeliest.report.pictures import Picture

_TOP = 10  # symbols that are shown of those that may come first
_DRAWN = 8  # sequences
_LONGEST = 200  # symbols of a sequence that is drawn
_MOST_SYMBOLS = 60  # of a table of bigrams that can be read


def page_of(
    model: NGramModel, measured: tuple[Evaluation, tuple[str, ...]] | None, source: str, seed: int
) -> Page:
    """Return the page that tells of a model, and of how well it predicts files of some names."""
    found, texts = (None, ()) if measured is None else measured
    about = Section("The model", (words.LIKELIEST_MODEL,), model.summary(), points=model.notes)
    return Page(
        words.title_of_model(source),
        (words.model(model), *words.prediction(found)),
        (
            about,
            *(() if found is None else (_prediction(found),)),
            _drawn(model, seed),
            Section("What is doubtful", points=words.doubts_of_model(found)),
            Section(
                "Make it again",
                commands=_commands(source, texts, seed, is_measured=found is not None),
            ),
        ),
        json_ready(_record(model, found)),
    )


def names_of(text: Text) -> tuple[str, ...]:
    """Return the names of the files that a text is in; nothing where it is not in files."""
    parts = [text] if isinstance(text, Path) else text
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, Path) for part in parts):
        return ()
    return tuple(map(str, parts))


def _prediction(found: Evaluation) -> Section:
    rows = (
        ("sequences", f"{found.sequences:,}"),
        ("symbols, with the end of each sequence", f"{found.symbols:,}"),
        ("of these unknown to the model", f"{found.unknown:,}"),
        ("NLL in nats", _figure(found.nll)),
        ("NLL per symbol in nats", _figure(found.mean_nll)),
        ("perplexity", _figure(found.perplexity)),
        ("perplexity without unknown symbols", _figure(found.perplexity_without_unknown)),
        ("bits per character", _figure(found.bits_per_character)),
        ("bits per byte", _figure(found.bits_per_byte)),
    )
    table = Table("How well the model predicts the text", ("figure", "value"), rows)
    return Section("How well it predicts", (words.HOW_PREDICTION_IS_MEASURED,), table)


def _figure(value: float) -> str:
    return number(value, 8) if math.isfinite(value) else "∞"


def _drawn(model: NGramModel, seed: int) -> Section:
    likeliest = model.next(top=_TOP)
    rows = tuple((symbol, f"{p:.4f}") for symbol, p in likeliest.items())
    table = Table("What most likely comes first", ("symbol", "probability"), rows)
    drawn = model.generate(_DRAWN, seed=seed, max_symbols=_LONGEST)
    return Section(
        "What it says",
        below=(f"Sequences drawn from the model at random (seed {seed}):",),
        table=table,
        points=tuple(drawn),
        pictures=_bigrams(model),
    )


def _bigrams(model: NGramModel) -> tuple[Picture, ...]:
    from likeliest import plots

    if model.order != 2 or len(model.vocabulary) > _MOST_SYMBOLS:
        return ()
    alt, caption = captions.of_bigrams(model)
    ax = plots.bigram(model, "probabilities" if model.counts is None else "both")
    return (picture(ax, "bigrams", alt, caption),)


def _commands(
    source: str, texts: tuple[str, ...], seed: int, *, is_measured: bool
) -> tuple[Commands, ...]:
    file, more = source or "MODEL.lm", "" if seed == 0 else f", seed={seed}"
    given = [_path(name) for name in texts]
    text = f"[{', '.join(given)}]" if given else "TEXT"
    measured = f"text={text}, " if is_measured else ""
    in_python = (
        *(("from pathlib import Path", "") if any("Path(" in one for one in given) else ()),
        "import likeliest as lk",
        "",
        f"model = lk.language.load({file!r})",
        f"model.report({measured}source={file!r}{more}).save('report.html')",
    )
    line = ["likeliest", "language", "report", file, *(texts or (("TEXT",) if is_measured else ()))]
    line += ["--seed", str(seed)] if seed else []
    in_a_shell = " ".join(map(quoted, [*line, "--output", "report.html"]))
    return Commands("In Python", in_python), Commands("On the command line", (in_a_shell,))


def _path(name: str) -> str:
    """Return the file of this name in Python: a path, or a text that comes with the library."""
    bundled = name in datasets.texts() and not Path(name).exists()
    return f"lk.datasets.text_path({name!r})" if bundled else f"Path({name!r})"


def _record(model: NGramModel, found: Evaluation | None) -> dict[str, object]:
    made: dict[str, object] = {
        "order": model.order,
        "tokenizer": model.tokenizer.name,
        "smoothing": model.smoothing,
        "symbols": len(model.vocabulary),
        "ngrams": [*model.sizes],
        "notes": [*model.notes],
    }
    if found is not None:
        made["text"] = {
            "sequences": found.sequences,
            "symbols": found.symbols,
            "unknown": found.unknown,
            "nll": found.nll,
            "mean_nll": found.mean_nll,
            "perplexity": found.perplexity,
            "perplexity_without_unknown": found.perplexity_without_unknown,
            "bits_per_character": found.bits_per_character,
            "bits_per_byte": found.bits_per_byte,
        }
    return made
