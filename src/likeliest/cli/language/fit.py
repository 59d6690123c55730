"""`likeliest language fit`: from a text to its likeliest model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.language import common
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.language import MLPModel, NGramModel


def fit(
    files: common.TextFiles,
    order: Annotated[
        int,
        typer.Option("--order", "-n", help="Count n-grams up to this length: 2 is a bigram model."),
    ] = 2,
    tokenizer: Annotated[
        str, typer.Option("--tokenizer", "-t", help="Cut text into characters, bytes or words.")
    ] = "characters",
    smoothing: Annotated[
        str | None,
        typer.Option(
            "--smoothing",
            "-s",
            help="Smooth the counts: kneser-ney (by default), mle (not at all), add-k, "
            "witten-bell, absolute, jelinek-mercer or katz.",
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Write the model to this file.")] = None,
    arpa: Annotated[
        Path | None,
        typer.Option(help="Write the model to this ARPA file, as KenLM and SRILM read it."),
    ] = None,
    min_count: Annotated[int, typer.Option(help="Count symbols rarer than this as <unk>.")] = 1,
    max_symbols: Annotated[
        int | None, typer.Option(help="Keep this many symbols; the rarest become <unk>.")
    ] = None,
    vocabulary: Annotated[
        Path | None,
        typer.Option(
            help="Read all symbols of the model from this file, one a line; others become <unk>."
        ),
    ] = None,
    vocab_pad: Annotated[
        int,
        typer.Option(
            help="Leave to an unknown word what one of so many words gets, so that perplexities of "
            "models of different texts compare."
        ),
    ] = 0,
    prune: Annotated[
        str | None,
        typer.Option(
            help="Drop n-grams of these counts or less, one number for each order, such as 0,0,1."
        ),
    ] = None,
    heldout: Annotated[
        Path | None, typer.Option(help="Find the weights of jelinek-mercer on this text.")
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            help="Estimate from counts, train weights by gradient descent (gradient) or L-BFGS "
            "(lbfgs), or train a network (mlp)."
        ),
    ] = "counts",
    steps: Annotated[
        int | None, typer.Option(help="Train for at most so many steps (1000; of mlp 400).")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Set the step size of gradient descent (50).")
    ] = None,
    l2: Annotated[
        float | None, typer.Option(help="Pull weights towards 0 by this much (0.01; of mlp 0).")
    ] = None,
    context: Annotated[
        int | None, typer.Option(help="Let a network look back so many symbols (3).")
    ] = None,
    hidden: Annotated[
        int | None, typer.Option(help="Give a network so many hidden units (200).")
    ] = None,
    embedding: Annotated[
        int | None, typer.Option(help="Give a network so many numbers for each symbol (10).")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Draw a network's first weights by this seed (0).")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the bigram table, or the loss of what is trained.")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(help="Work in this much memory, such as 2GB; the rest goes to disk."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="Keep finished parts in this folder: an interrupted count goes on from there."
        ),
    ] = None,
    encoding: common.Encoding = "utf-8",
    errors: common.Errors = "strict",
    json: common.Json = False,
) -> None:
    """Fit a language model to a text, one sequence a line."""
    from likeliest import language

    output.require_picture(plot)
    common.require_saved(save)
    output.require_writable(arpa)
    if plot is not None and method == "counts" and order != 2:
        raise ParameterError(f"--plot draws a model of order 2; the order is {order}.")
    if method == "mlp" and arpa is not None:
        raise ParameterError("--arpa writes n-grams, and a network has none; use --save.")
    fitted: Any = language.fit  # which of its overloads, the method's name says
    with common.reading(files, "counting", "estimating") as told:
        model = fitted(
            common.sources(files), order, tokenizer, smoothing, method=method,
            context=context, hidden=hidden, embedding=embedding, seed=seed,
            min_count=min_count, max_symbols=max_symbols,
            vocabulary=_listed(vocabulary), vocab_pad=vocab_pad, prune=_thresholds(prune),
            heldout=heldout, steps=steps, learning_rate=learning_rate, l2=l2,
            encoding=encoding, errors=errors, memory=memory, resume=resume,
            progress=told.read, estimating=told.worked,
        )  # fmt: skip
    if save is not None:
        model.save(save)
    if arpa is not None:
        model.to_arpa(arpa)
    if json:
        output.show_json(_record(model))
    else:
        output.show(model.summary())
    if plot is not None:
        from likeliest import plots

        output.save_picture((plots.loss if model.losses.size else plots.bigram)(model), plot)


def _record(model: NGramModel | MLPModel) -> dict[str, Any]:
    from likeliest import language

    if isinstance(model, language.MLPModel):
        return {
            "order": model.order,
            "tokenizer": model.tokenizer.name,
            "symbols": len(model.vocabulary),
            "parameters": model.weights.size,
            "loss": float(model.losses[-1]),
        }
    counts = model.counts
    return {
        "order": model.order,
        "tokenizer": model.tokenizer.name,
        "smoothing": model.smoothing,
        "symbols": len(model.vocabulary),
        "ngrams": list(model.sizes),
        "sequences": counts.sequences if counts else None,
        "total": counts.total if counts else None,
        "loss": float(model.losses[-1]) if model.losses.size else None,
        "notes": list(model.notes),
    }


def _listed(path: Path | None) -> list[str] | None:
    from likeliest.language.text.reading import lines

    return None if path is None else [line for line in lines(path) if line]


def _thresholds(prune: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in (prune or "").split(",") if part.strip())
    except ValueError:
        raise ParameterError(f"--prune is whole numbers such as 0,0,1; got {prune!r}.") from None
