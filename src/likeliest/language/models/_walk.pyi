from collections.abc import Sequence
from typing import Self

class Walk:
    def __new__(
        cls,
        unigrams: memoryview[float],
        levels: Sequence[
            tuple[memoryview[int], memoryview[float], memoryview[float], memoryview[int] | None]
        ],
        floors: bool,
        /,
    ) -> Self: ...
    def total(self, numbers: Sequence[int], places: Sequence[int], /) -> float: ...
    def step(self, places: Sequence[int], number: int, /) -> tuple[float, int, list[int]]: ...
