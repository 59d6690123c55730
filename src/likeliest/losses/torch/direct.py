"""The cross entropies that PyTorch has, as one autograd function that keeps no logits.

`operators.py` has every option and is one node to a compiler, which costs a small batch more than
its arithmetic. Here the logits are read once, a block at a time. Of each row the slopes of its NLL
are kept: p_j, and at the class p - 1, taken as the sum over the others. They are kept as
exponentials and a factor for each row, which is multiplied with what comes from upstream.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch.autograd import Function
from torch.nn import functional

from likeliest.losses.torch.arguments import check_classes
from likeliest.losses.torch.chunks import accumulator, is_accelerator, wide_dtype
from likeliest.numerics.cross_entropy import wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from likeliest.losses.reduction import Reduction

_FEW = 128  # classes: of so few, the slopes are cheaper made at once than kept apart
_ACROSS = range(11, 32)  # classes: of so many, PyTorch finds the greatest along a row slowly
_BLOCK = 1 << 17  # logits that a thread works on at a time: what a core's cache holds
_BLOCK_ROWS = 1 << 15  # and rows, whose own numbers are worked on together
_ON_ACCELERATOR = 1 << 27
_SMALL = 1 << 14  # logits whose arithmetic costs less than the calls of it
_CERTAIN = -1e-7  # log probability from which on float64 leaves an NLL less digits than float32 has

_LOG2_E = 1.4426950408889634
_LINEAR_FROM = 50.0  # softplus is its argument from here on, to float64's last digit

_Part: TypeAlias = Any  # an index of rows


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of the logits.

    Parameters
    ----------
    axis : int
        Where the classes are, from 0 on.
    ignore_index : int
        A class index that does not count.
    weight : tensor of shape (classes,), optional
    label_smoothing : float
    reduction : {"mean", "sum", "none"}
    count : float or tensor, optional
        What a mean is divided by.
    dtype : torch.dtype
        Of the loss.
    counted : bool tensor of the rows' shape, optional
        Rows of probabilities that count, unless all do.
    """

    axis: int
    ignore_index: int
    weight: Tensor | None
    label_smoothing: float
    reduction: Reduction
    count: float | Tensor | None
    dtype: torch.dtype
    counted: Tensor | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a row's loss is its NLL alone, where it is of a class."""
        return self.weight is None and not self.label_smoothing

    @property
    def each(self) -> bool:
        """Whether each row's loss is returned."""
        return self.reduction == "none"


def cross_entropy(input: Tensor, target: Tensor, asked: Asked) -> Tensor:
    """Return the loss of logits and targets whose shapes fit: class indices or probabilities."""
    if _is_small(input, target, asked) and input.dtype != torch.float64:
        kind = asked.reduction if asked.count is None else "sum"
        known = _of_small(input, target, kind, asked.ignore_index)
        if known is not None:
            return (known if asked.count is None else known / _divisor(0, asked)).to(asked.dtype)
    if input.requires_grad and torch.is_grad_enabled():
        loss: Tensor = _CrossEntropy.apply(input, target, asked)[0]  # type: ignore[no-untyped-call]
        return loss
    return _find(input, target, asked, slopes=False).loss


@dataclass(slots=True, eq=False)
class _Found:
    """A loss, and what its gradient is made of.

    Parameters
    ----------
    loss : tensor
    divisor : float or tensor
        What the sum over the rows was divided by.
    others : tensor, optional
        The slopes, of the shape of the logits; or rows of exponentials, where there are the next.
    to_others, to_class : one for each row, optional
        What the exponentials are multiplied by to be the slopes, and the slope by the class.
    top : whole, one for each row, optional
        The likeliest class, of which the slopes are where the targets are probabilities.
    """

    loss: Tensor
    divisor: float | Tensor
    others: Tensor | None
    to_others: Tensor | None = None
    to_class: Tensor | None = None
    top: Tensor | None = None


class _CrossEntropy(Function):
    """The loss, and what stands for the slopes: their gradient is taken as that by the slopes."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, target: Tensor, asked: Asked) -> tuple[Tensor, Any]:
        found = _find(input, target, asked, slopes=True)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(found.others, found.to_others, found.to_class, target, found.top)
        ctx.asked, ctx.divisor = asked, found.divisor
        ctx.shape, ctx.dtype = input.shape, input.dtype
        return found.loss, found.others

    @staticmethod
    def backward(
        ctx: Any, by_loss: Tensor | None, by_slopes: Tensor | None
    ) -> tuple[Tensor | None, None, None]:
        others, to_others, to_class, target, top = ctx.saved_tensors
        asked: Asked = ctx.asked
        factor = None
        if by_loss is not None:
            kind = accumulator(others.dtype)
            factor = (by_loss if by_loss.dtype == kind else by_loss.to(kind)) / ctx.divisor
            one_factor = to_others is None and asked.is_plain and not asked.each and top is None
            if one_factor and by_slopes is None:
                return others * factor, None, None
        if to_others is None:
            others = _rows(others, asked.axis)
            by_slopes = None if by_slopes is None else _rows(by_slopes, asked.axis)
        rows = _Rows(others, target, top, asked)
        made = None
        scaled = by_slopes is None and top is None and not asked.label_smoothing
        if torch.is_grad_enabled() or not scaled:
            slopes = others
            if to_others is not None:
                slopes = _Slopes.apply(others, to_others, to_class, rows.at)  # type: ignore[no-untyped-call]
            if factor is not None:
                made = rows.gradient(slopes, factor)
            if by_slopes is not None:
                curved = rows.curved(slopes, by_slopes)
                made = curved if made is None else made + curved
        elif factor is not None:
            made = rows.scaled(others, to_others, to_class, factor)
        if made is not None:
            made = made.reshape(ctx.shape).to(ctx.dtype)
        return made, None, None


class _Slopes(Function):
    """The slopes, of exponentials and what these are multiplied by."""

    @staticmethod
    def forward(
        ctx: Any, others: Tensor, to_others: Tensor, to_class: Tensor, at: Tensor
    ) -> Tensor:
        made = others * to_others
        return made.scatter_(1, at, to_class.to(made.dtype))

    @staticmethod
    def backward(ctx: Any, by_slopes: Tensor) -> tuple[Tensor, None, None, None]:
        return by_slopes, None, None, None


# Rows: of shape (outer, classes, inner)


def _rows(x: Tensor, axis: int) -> Tensor:
    shape = x.shape
    return x.reshape(shape[:axis].numel(), shape[axis], shape[axis + 1 :].numel())


def _beside(x: Tensor, rows: Tensor) -> Tensor:
    """Return what there is one of for each row, in the rows' shape."""
    return x.reshape(rows.shape[0], 1, rows.shape[2])


def _parts(rows: Tensor, most: int) -> Iterator[_Part]:
    """Yield parts of so many rows."""
    outer, _, inner = rows.shape
    if outer * inner <= most:
        yield ...
        return
    most = max(most, 1)
    across, along = max(most // max(inner, 1), 1), max(min(most, inner), 1)
    for a in range(0, outer, across):
        for b in range(0, inner, along):
            yield slice(a, a + across), slice(None), slice(b, b + along)


def _rows_of_block(rows: Tensor) -> int:
    size = _ON_ACCELERATOR if is_accelerator(rows.device) else _BLOCK * torch.get_num_threads()
    return size // rows.shape[1]


# Losses and slopes


def _find(input: Tensor, target: Tensor, asked: Asked, *, slopes: bool) -> _Found:
    if _is_small(input, target, asked) and not (target == asked.ignore_index).any():
        return _find_small(input, target, asked)
    rows = _rows(input, asked.axis)
    shape, kind = (rows.shape[0], 1, rows.shape[2]), accumulator(input.dtype)
    kept = rows.new_empty(rows.shape) if slopes else None
    # What multiplies many is left to the backward pass; and half precision would be rounded twice.
    waits = slopes and (rows.shape[1] > _FEW or input.dtype != kind)
    to_others, to_class = (rows.new_empty(shape, dtype=kind) if waits else None for _ in "12")
    each = rows.new_empty(shape, dtype=asked.dtype) if asked.each else None
    top = rows.new_empty(shape, dtype=torch.int64) if target.is_floating_point() else None
    sums, weighed = [], []
    for part, block, losses, shares in _blocks(rows, kept, target, asked):
        if each is None:
            sums.append(losses.sum(dtype=wide_dtype(rows)))
            weighed.append(shares)
        else:
            each[part] = losses
        if to_others is not None and to_class is not None and block.to_class is not None:
            to_others[part], to_class[part] = block.to_others, block.to_class
        else:
            block.multiply()
        if top is not None:
            top[part] = block.at
    divisor = _divisor(sum(weighed), asked)
    if each is not None:
        loss = each.reshape(_without(input.shape, asked.axis))
    else:
        total = torch.stack(sums).sum() if len(sums) != 1 else sums[0]
        loss = total / divisor
    if kept is not None and not waits:
        kept = kept.reshape(input.shape)
    return _Found(loss.to(asked.dtype), divisor, kept, to_others, to_class, top)


def _without(shape: torch.Size, axis: int) -> tuple[int, ...]:
    return (*shape[:axis], *shape[axis + 1 :])


def _blocks(
    rows: Tensor, kept: Tensor | None, target: Tensor, asked: Asked
) -> Iterator[tuple[_Part, _Block, Tensor, Tensor | int]]:
    """Yield blocks of rows, the losses that are found of them, and what they weigh."""
    of_class = not target.is_floating_point()
    targets = _beside(target, rows) if of_class else _rows(target, asked.axis)
    counted = None if asked.counted is None else _beside(asked.counted, rows)
    most = _rows_of_block(rows)
    if of_class and not asked.label_smoothing:
        most = max(most, _BLOCK_ROWS)
    for part in _parts(rows, most):
        block = _Block(rows[part], None if kept is None else kept[part])
        if of_class:
            yield part, block, *_of_class(block, targets[part], asked)
        else:
            some = None if counted is None else counted[part]
            yield part, block, *_of_probabilities(block, targets[part], some, asked)


def _divisor(share: Tensor | int, asked: Asked) -> float | Tensor:
    """Return what the sum over the rows is divided by: what the rows that count weigh."""
    if asked.reduction != "mean":
        return 1.0
    if asked.count is None:
        if isinstance(share, torch.Tensor):
            return share.masked_fill(share == 0, 1.0)
        return max(share, 1)
    if isinstance(asked.count, torch.Tensor):  # counted on the device, where none may be found
        return asked.count.masked_fill(asked.count == 0, 1)
    return asked.count


class _Block:
    """Some of the rows, and what is found of them.

    Parameters
    ----------
    logits : rows
    kept : rows, optional
        Where the exponentials are kept.
    """

    def __init__(self, logits: Tensor, kept: Tensor | None) -> None:
        self.logits, self.kept = logits, kept
        self.to_class: Tensor | None = None

    @property
    def is_of_two(self) -> bool:
        """Whether there are two classes, and the slopes are kept as they are computed."""
        return self.logits.shape[1] == 2 and accumulator(self.logits.dtype) == self.logits.dtype

    def find(
        self, at: Tensor, ignored: Tensor | None, *, others: bool = False
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the NLL of a class in each row, its logit, and the others' logsumexp or top."""
        self.at = at
        kind = accumulator(self.logits.dtype)
        own = self.logits.gather(1, at).to(kind)
        top, total = torch.empty_like(own), torch.empty_like(own)
        for part in _parts(self.logits, _rows_of_block(self.logits)):
            self._exponentials(part, top, total, ignored)
        own.nan_to_num_(torch.nan, torch.nan, -torch.inf)  # a logit of inf says nothing
        log_total = total.log()
        against = wide(top).sub(own).add_(log_total)
        if ignored is not None:  # it is as if their class were certain
            against.masked_fill_(ignored, -torch.inf)
            total.masked_fill_(ignored, 1.0)
        nll, wrong = _nll(against, kind)
        self.to_others, self.to_class = wrong / total.clamp_min_(1.0), 0.0 - wrong
        return nll, own, wide(top) + log_total if others else top

    def find_of_two(self, at: Tensor, ignored: Tensor | None) -> Tensor:
        """Return the NLL of one of two classes in each row: the other is all the others."""
        self.at, kind = at, accumulator(self.logits.dtype)
        if not is_accelerator(at.device) and (at >> 1).any():
            raise IndexError
        z = self.logits.to(kind, copy=True).nan_to_num_(torch.nan, torch.nan, -torch.inf)
        sign = at.to(kind).mul_(-2.0).add_(1.0)
        against = wide(z[:, 1:]).sub(z[:, :1]).mul_(sign)
        if ignored is not None:
            against.masked_fill_(ignored, -torch.inf)
        nll, wrong = _nll(against, kind)
        self.to_others = sign.mul_(wrong)
        return nll

    def multiply(self) -> None:
        """Make the exponentials that are kept slopes."""
        if self.kept is None:
            return
        if self.to_class is None:
            self.kept[:, 1:] = self.to_others
            self.kept[:, :1] = 0.0 - self.to_others
        else:
            self.kept.mul_(self.to_others).scatter_(1, self.at, self.to_class)

    def _exponentials(
        self, part: _Part, top: Tensor, total: Tensor, ignored: Tensor | None
    ) -> None:
        logits, kept = self.logits[part], None if self.kept is None else self.kept[part]
        if kept is not None and kept.dtype == top.dtype:
            z = kept.copy_(logits)
        else:
            z = logits.to(top.dtype, copy=True)
        z.scatter_(1, self.at[part], -torch.inf)
        # Where all others are masked, their greatest is not -inf: -inf - -inf is no number.
        greatest = _greatest(z).clamp_min_(torch.finfo(z.dtype).min)
        z.sub_(greatest).mul_(_LOG2_E).exp2_()  # twice as fast as exp, and not slowed by -inf
        top[part], total[part] = greatest, z.sum(1, keepdim=True)
        if ignored is not None:  # such a row may hold anything, and 0 · NaN is not 0
            z.nan_to_num_(0.0)
        if kept is not None and kept is not z:
            kept.copy_(z)


def _greatest(z: Tensor) -> Tensor:
    """Return the greatest logit of each row; of some lengths it is found faster across."""
    outer, classes, inner = z.shape
    if inner == 1 and classes in _ACROSS and z.is_cpu:
        return z[:, :, 0].t().contiguous().amax(0).reshape(outer, 1, 1)
    return z.amax(1, keepdim=True)


def _nll(against: Tensor, kind: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return log(1 + exp(against)) and its slope 1/(1 + exp(-against)), to a dtype's digits.

    To round log odds of -80 is to lose digits of the odds: what rounding leaves is carried on.
    """
    if against.dtype == kind:
        return functional.softplus(against, threshold=_LINEAR_FROM), torch.sigmoid(against)
    near = against.to(kind)
    wrong = torch.sigmoid(near)
    rest = against.sub_(near).to(kind).nan_to_num_(0.0)  # of ∞ - ∞, none
    shift = wrong * rest
    return functional.softplus(near).add_(shift), torch.addcmul(
        wrong + shift, shift, wrong, value=-1
    )


def _ignored(target: Tensor, ignore_index: int) -> tuple[Tensor | None, Tensor]:
    """Return which rows do not count, None if all do, and classes to stand for theirs."""
    ignored = target == ignore_index
    if target.is_cpu and not ignored.any():  # elsewhere to look would be to wait
        return None, target
    return ignored, torch.where(ignored, 0, target)


def _of_class(block: _Block, target: Tensor, asked: Asked) -> tuple[Tensor, Tensor | int]:
    """Return each row's loss and what the rows weigh."""
    ignored, at = _ignored(target, asked.ignore_index)
    try:
        if block.is_of_two and not asked.label_smoothing:
            nll = block.find_of_two(at, ignored)
        else:
            nll, own, others = block.find(at, ignored, others=bool(asked.label_smoothing))
    except (RuntimeError, IndexError):
        check_classes(target.reshape(-1), block.logits.shape[1], asked.ignore_index)
        raise
    if asked.is_plain:
        return nll, nll.numel() if ignored is None else (~ignored).sum()
    share = torch.ones_like(nll) if asked.weight is None else asked.weight[at].to(nll.dtype)
    if ignored is not None:
        share = share.masked_fill(ignored, 0.0)
    loss = (1.0 - asked.label_smoothing) * _expected(share, nll)
    if asked.label_smoothing:
        logsumexp = torch.where(own == -torch.inf, others, own + nll)
        to_each = asked.label_smoothing * _mean_weight(asked)
        spread = _spread(block.logits, asked)
        smoothed = to_each * logsumexp - spread
        loss = loss + (smoothed if ignored is None else smoothed.masked_fill(ignored, 0.0))
    return loss, share.sum()


def _of_probabilities(
    block: _Block, target: Tensor, counted: Tensor | None, asked: Asked
) -> tuple[Tensor, Tensor | int]:
    """Return each row's loss and how many count."""
    z, ignored = block.logits, None if counted is None else ~counted
    nll, own, _ = block.find(z.argmax(1, keepdim=True), ignored)
    wanted = _wanted(target, ignored, z.dtype, asked)
    below = _expected(wanted, own - z).sum(1, keepdim=True)
    loss = _expected(wanted.sum(1, keepdim=True, dtype=wide_dtype(z)), nll) + below
    return loss, nll.numel() if counted is None else counted.sum()


def _wanted(target: Tensor, ignored: Tensor | None, kind: torch.dtype, asked: Asked) -> Tensor:
    """Return what is asked of each class by probabilities, smoothing and weights."""
    wanted = target.to(torch.promote_types(target.dtype, accumulator(kind)))
    if asked.label_smoothing:
        even = asked.label_smoothing / target.shape[1]
        wanted = wanted * (1.0 - asked.label_smoothing) + even
    if asked.weight is not None:
        wanted = wanted * asked.weight[:, None]
    return wanted if ignored is None else wanted.masked_fill(ignored, 0.0)


def _spread(z: Tensor, asked: Asked) -> Tensor:
    """Return the logits' mean under the classes' weights, times the share that smoothing has."""
    weighted = z if asked.weight is None else _expected(asked.weight[:, None], z)
    return asked.label_smoothing * weighted.mean(1, keepdim=True, dtype=wide_dtype(z))


def _mean_weight(asked: Asked) -> float | Tensor:
    return 1.0 if asked.weight is None else asked.weight.mean(dtype=wide_dtype(asked.weight))


def _expected(share: Tensor, surprisal: Tensor) -> Tensor:
    """Return share · surprisal; where nothing is asked for, anything may be impossible."""
    return torch.where(share == 0.0, 0.0, share * surprisal)


# Gradients, which autograd differentiates again


class _Rows:
    """What there is one of for each row in the backward pass.

    Parameters
    ----------
    others : rows
        Of the shape and dtype of the slopes.
    target : tensor
    top : whole, one for each row, optional
    asked : Asked
    """

    def __init__(self, others: Tensor, target: Tensor, top: Tensor | None, asked: Asked) -> None:
        self.asked, self.target, self.top = asked, target, top
        self.kind, self.wide = accumulator(others.dtype), wide_dtype(others)
        self.classes = others.shape[1]
        self.ignored: Tensor | None
        if top is None:
            target = _beside(target, others)
            self.ignored = target == asked.ignore_index
            self.at = torch.where(self.ignored, 0, target)
        else:
            self.ignored = None if asked.counted is None else ~_beside(asked.counted, others)
            self.at = top

    def scaled(
        self, others: Tensor, to_others: Tensor | None, to_class: Tensor | None, factor: Tensor
    ) -> Tensor:
        """Return factor times the gradient of losses that are a multiple of the NLL."""
        factor = self._of_rows(factor)
        if self.asked.weight is not None:
            factor = factor * self.asked.weight[self.at].to(self.kind)
        if to_others is None or to_class is None:
            return others * factor
        return (others * (to_others * factor)).scatter_(1, self.at, to_class * factor)

    def gradient(self, slopes: Tensor, factor: Tensor) -> Tensor:
        """Return factor times the gradient of the losses by the logits."""
        in_all, rest = self._asked_of_all(slopes)
        made = slopes * in_all
        if rest is not None:
            made = made + rest
        if self.ignored is not None:
            made = made.masked_fill(self.ignored, 0.0)
        return made * self._of_rows(factor)

    def curved(self, slopes: Tensor, by_slopes: Tensor) -> Tensor:
        """Return the gradient by the logits, of that by the slopes: p∘v - p (p·v)."""
        one = torch.ones_like(self.at, dtype=slopes.dtype)
        one = one if self.ignored is None else one.masked_fill(self.ignored, 0.0)
        p = slopes.scatter_add(1, self.at, one)
        mean = (slopes * by_slopes).sum(1, keepdim=True)
        return p * (by_slopes - by_slopes.gather(1, self.at) - mean)

    def _of_rows(self, factor: Tensor) -> Tensor:
        """Return the factor of each row: none of what comes from upstream of ignored ones."""
        if not self.asked.each:
            return factor
        factor = factor.reshape(self.at.shape)
        return factor if self.ignored is None else factor.masked_fill(self.ignored, 0.0)

    def _asked_of_all(self, slopes: Tensor) -> tuple[Any, Tensor | None]:
        """Return what is asked of all classes; and that at the class, less what is of each."""
        asked, smoothing = self.asked, self.asked.label_smoothing
        if self.top is not None:
            wanted = _wanted(_rows(self.target, asked.axis), self.ignored, self.kind, asked)
            in_all = wanted.sum(1, keepdim=True, dtype=self.wide)
            of_others = (in_all - wanted.gather(1, self.at)).to(wanted.dtype)
            return in_all.to(wanted.dtype), (-wanted).scatter(1, self.at, of_others)
        own: Any = 1.0 - smoothing
        if asked.weight is not None:
            own = own * asked.weight[self.at].to(self.kind)
        if not smoothing:
            return own, None
        even = slopes.new_full((self.classes,), smoothing / self.classes, dtype=self.wide)
        even = even if asked.weight is None else even * asked.weight
        rest = (-even).to(self.kind)[:, None].expand(slopes.shape)
        of_others = (even.sum() - even)[self.at].to(self.kind)
        return own + even.sum().to(self.kind), rest.scatter(1, self.at, of_others)


# Small batches


def _is_small(input: Tensor, target: Tensor, asked: Asked) -> bool:
    """Whether float64 costs nothing: all that counts is how few calls there are."""
    return (
        asked.axis == 1
        and asked.is_plain
        and input.is_cpu
        and input.ndim == 2
        and 0 < input.numel() <= _SMALL
        and not target.is_floating_point()
    )


def _of_small(
    input: Tensor, target: Tensor, reduction: Reduction, ignore_index: int
) -> Tensor | None:
    """Return the loss by PyTorch's own nodes in float64; None where these would lose digits.

    A node of one's own costs a small batch as much as all of PyTorch's loss. Float64 has the digits
    of an NLL, and of its slope p - 1, unless some class is all but certain.
    """
    logs = torch.log_softmax(input, 1, torch.float64)
    if not logs.detach().amax().item() < _CERTAIN:  # or NaN, of a row that may be ignored
        return None
    try:
        loss = functional.nll_loss(logs, target, None, None, ignore_index, None, reduction)
    except (RuntimeError, IndexError):
        check_classes(target, input.shape[1], ignore_index)
        raise
    if reduction == "mean" and math.isnan(loss.item()):  # no row counts
        return None
    return loss


def of_small_batch(
    input: Tensor, target: Tensor, reduction: Reduction, ignore_index: int
) -> Tensor | None:
    """Return the loss of float32 logits of a small batch and no options; None of anything else.

    To look at each argument in turn would cost a small batch a quarter of its time.
    """
    shape = input.shape
    plain = (
        input.dtype == torch.float32
        and target.dtype == torch.int64
        and len(shape) == 2
        and target.shape == shape[:1]
        and 0 < input.numel() <= _SMALL
        and input.is_cpu
        and type(ignore_index) is int
        and reduction in {"mean", "sum", "none"}
    )
    loss = _of_small(input, target, reduction, ignore_index) if plain else None
    return None if loss is None else loss.to(torch.float32)


def _find_small(input: Tensor, target: Tensor, asked: Asked) -> _Found:
    """Return what `_find` does, where every row counts."""
    at = target.unsqueeze(1)
    slopes = torch.log_softmax(input, 1, torch.float64)
    try:
        own = slopes.gather(1, at)
    except (RuntimeError, IndexError):
        check_classes(target, input.shape[1], asked.ignore_index)
        raise
    wrong = slopes.exp_().scatter_(1, at, 0.0).sum(1, keepdim=True)
    nll = functional.softplus(wrong.log().sub_(own), threshold=_LINEAR_FROM)
    slopes = slopes.scatter_(1, at, wrong.neg_()).to(input.dtype)
    if asked.each:
        return _Found(nll[:, 0].to(asked.dtype), 1.0, slopes)
    if asked.reduction == "mean" and asked.count is None:
        return _Found(nll.mean(dtype=asked.dtype), nll.shape[0], slopes)
    divisor = 1.0 if asked.count is None else asked.count
    return _Found((nll.sum() / divisor).to(asked.dtype), divisor, slopes)
