"""The pieces of a Hugging Face `tokenizers.Tokenizer`, and tokenizers by their name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import MissingExtraError, ParameterError
from likeliest.language.text.tokenizers import TOKENIZERS, Encoder, Ids, Tokenizer
from likeliest.language.text.vocabulary import END, START, Vocabulary

if TYPE_CHECKING:
    from likeliest.language.text.reading import Block


class _PieceEncoder(Encoder):
    def __init__(self, vocabulary: Vocabulary, own: Sequence[str], pieces: Any) -> None:
        super().__init__(vocabulary.symbols, learns=False)
        self.pieces = pieces
        unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        # An ARPA file has the pieces in an order of its own, and perhaps not all of them.
        numbers = [vocabulary.index.get(piece, unknown) for piece in own]
        self.numbers = np.array([*numbers, 0], dtype=np.int32)

    def __call__(self, block: Block) -> Ids:
        text = block.text.decode("utf-8", "replace").split(block.separator)[:-1]
        ids: list[int] = []
        for one in self.pieces.encode_batch(text, add_special_tokens=False):
            ids.extend(one.ids)
            ids.append(-1)  # the last of the numbers: the end of a sequence
        return self.numbers[ids]


@dataclass(frozen=True, eq=False)
class HuggingFace(Tokenizer):
    """The pieces of a `tokenizers.Tokenizer`; its whole vocabulary is the model's.

    Parameters
    ----------
    pieces : tokenizers.Tokenizer
        Without padding and truncation, which would change the text.
    """

    name = "hugging-face"
    cut = "line"
    pieces: Any

    def __post_init__(self) -> None:
        for what in ("padding", "truncation"):
            if getattr(self.pieces, what, None) is not None:
                raise ParameterError(
                    f"the tokenizer changes the text by {what}: call its no_{what}() first."
                )

    def vocabulary(self) -> list[str]:
        """Return the boundary and the pieces."""
        size = self.pieces.get_vocab_size(with_added_tokens=True)
        named = (self.pieces.id_to_token(i) for i in range(size))
        return [END, *(n if n is not None else f"<{i}>" for i, n in enumerate(named))]

    def encoder(self, vocabulary: Vocabulary | None = None, *, learns: bool = False) -> Encoder:
        """Return an encoder; it never learns, for all pieces are known."""
        own = self.vocabulary()
        return _PieceEncoder(vocabulary or Vocabulary(tuple(own)), own[1:], self.pieces)

    def decode(self, symbols: Sequence[str]) -> str:
        """Return the text of a sequence of pieces."""
        return str(self.pieces.decode([self.pieces.token_to_id(s) for s in symbols]))

    def continued(self, prefix: str, symbols: Sequence[str]) -> str:
        """Return a text and the pieces that follow it, which know whether a space is between."""
        before = self.pieces.encode_batch([prefix], add_special_tokens=False)[0].ids
        return self.decode([*map(self.pieces.id_to_token, before), *symbols])

    def written(self, symbol: str) -> str:
        """Return a piece as an ARPA file has it: not the name of an end, and without spaces."""
        marked = symbol in {START, END} or "<U+" in symbol
        return "".join(
            f"<U+{ord(c):04X}>" if c.isspace() or (marked and c == "<") else c for c in symbol
        )

    def read(self, written: str) -> str:
        """Return the piece that `written` wrote."""
        return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda match: chr(int(match[1], 16)), written)

    def to_dict(self) -> dict[str, str]:
        """Return the whole tokenizer as JSON text, to make it again."""
        return {"name": self.name, "pieces": self.pieces.to_str()}


def find(tokenizer: str | Tokenizer | object) -> Tokenizer:
    """Return a tokenizer by its name, or wrap one of Hugging Face's.

    Raises
    ------
    ParameterError
        If there is none of this name.
    """
    if isinstance(tokenizer, Tokenizer):
        return tokenizer
    if isinstance(tokenizer, str) and tokenizer in TOKENIZERS:
        return TOKENIZERS[tokenizer]()
    if hasattr(tokenizer, "encode_batch") and hasattr(tokenizer, "id_to_token"):
        return HuggingFace(tokenizer)
    raise ParameterError(
        f"tokenizer is one of {', '.join(TOKENIZERS)}, or a tokenizers.Tokenizer; got "
        f"{tokenizer!r:.60}."
    )


def from_dict(record: dict[str, str]) -> Tokenizer:
    """Return the tokenizer that `to_dict` described."""
    if record.get("name") != HuggingFace.name:
        return find(str(record.get("name")))
    try:
        import tokenizers
    except ImportError:
        raise MissingExtraError(
            "this model was made with a Hugging Face tokenizer: pip install tokenizers."
        ) from None
    try:
        return HuggingFace(tokenizers.Tokenizer.from_str(record["pieces"]))
    except Exception as error:  # noqa: BLE001 - the library raises nothing narrower
        raise ParameterError(f"the saved tokenizer cannot be made again: {error}.") from None
