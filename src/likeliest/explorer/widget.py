"""The explorer in a notebook: the same script and style, its requests sent as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.errors import LikeliestError, MissingExtraError
from likeliest.explorer import module

if TYPE_CHECKING:
    from likeliest.explorer.explorer import Explorer

try:
    import anywidget
    import traitlets
except ImportError:
    raise MissingExtraError(
        "The explorer in a notebook needs anywidget: pip install 'likeliest[explore]'."
    ) from None


class ExplorerWidget(anywidget.AnyWidget):
    """The page as a widget: it sends {id, request} and gets {id, answer}.

    Parameters
    ----------
    explorer : Explorer
    """

    _esm = module.script()
    style_sheet = traitlets.Unicode(module.style()).tag(sync=True)

    def __init__(self, explorer: Explorer) -> None:
        super().__init__()
        self._explorer = explorer
        self.on_msg(self._answer)

    def _answer(self, _: object, message: Any, buffers: object) -> None:
        try:
            answer = self._explorer.ask(message["request"])
        except LikeliestError as error:
            answer = {"error": str(error)}
        self.send({"id": message["id"], "answer": answer})


def widget_of(explorer: Explorer) -> ExplorerWidget:
    """Return the widget of an explorer."""
    return ExplorerWidget(explorer)
