"""`likeliest language explore`: score and draw texts in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from likeliest.cli.language import common


def explore(
    model: common.ModelFile,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Listen at this port; 0 takes a free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening a browser.")
    ] = False,
    tokenizer: common.TokenizerName = None,
) -> None:
    """Explore a language model in the browser: see what comes next, score and draw texts.

    The page is served to this machine alone, at an address with a random token, until Ctrl-C.
    """
    from likeliest.explorer.server import require_server

    require_server()
    common.opened(model, tokenizer).explore(model).serve(port, open_browser=not no_browser)
