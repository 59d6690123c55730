"""Explorer: data, or a language model, to be explored in the browser or in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from likeliest.errors import LikeliestError, MissingExtraError, ParameterError
from likeliest.files import json_ready

if TYPE_CHECKING:
    from likeliest.explorer.widget import ExplorerWidget


class Answers(Protocol):
    """What answers a page: the title of it, and a function for each kind of request."""

    @property
    def title(self) -> str:
        """What is explored, in words."""

    @property
    def kinds(self) -> Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        """The kinds of requests, with what answers each."""


class Explorer:
    """Data or a language model to be explored: shown by a notebook, or served to the browser.

    Parameters
    ----------
    answers : Answers

    Examples
    --------
    >>> import likeliest as lk
    >>> explorer = lk.explore([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> explorer
    <explorer of the values: .serve() opens it in the browser>
    >>> at = {"kind": "at", "family": "normal", "parameters": {"mean": 50.0, "std": 5.0}}
    >>> round(explorer.ask(at)["logLikelihood"], 4)
    -14.1718
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = Lock()
        self._widget: ExplorerWidget | None = None

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a request of the page, ready for JSON: ∞ is "inf".

        What a user can put right is told in the answer, under "error".

        Raises
        ------
        ParameterError
            If there is no such kind of request.
        """
        kind = request.get("kind")
        answer = self._answers.kinds.get(kind) if isinstance(kind, str) else None
        if answer is None:
            raise ParameterError(f"The page asks nothing of kind {kind!r:.60}.")
        with self._lock:
            try:
                return json_ready(answer(request))
            except LikeliestError as error:
                return {"error": str(error)}

    def serve(self, port: int = 0, *, open_browser: bool = True) -> None:
        """Serve the page to the browser of this machine until Ctrl-C.

        The address has a random token; nobody without it is answered, and no other machine.

        Parameters
        ----------
        port : int
            Where to listen; 0 takes a free one.
        open_browser : bool
            Whether to open the page in the browser; the address is printed either way.

        Raises
        ------
        MissingExtraError
            If Starlette and uvicorn are not installed.
        DataError
            If the port is taken.
        """
        from likeliest.explorer.server import serve

        serve(self, port, open_browser=open_browser)

    @property
    def title(self) -> str:
        """What is explored, in words."""
        return self._answers.title

    def widget(self) -> ExplorerWidget:
        """Return the explorer as a widget of a notebook: the same one each time.

        Raises
        ------
        MissingExtraError
            If anywidget is not installed.
        """
        if self._widget is None:
            from likeliest.explorer.widget import widget_of

            self._widget = widget_of(self)
        return self._widget

    def _repr_mimebundle_(self, **_: object) -> Any:
        try:
            return self.widget()._repr_mimebundle_()
        except MissingExtraError as error:
            return {"text/plain": f"{self!r}\n{error}"}

    def __repr__(self) -> str:
        return f"<explorer of {self.title}: .serve() opens it in the browser>"
