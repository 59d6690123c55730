"""Small batches, for which PyTorch's own nodes are used in float64 while they have the digits."""

import numpy as np
import pytest

from losses.exact import at_margin, nll

torch = pytest.importorskip("torch")
losses = pytest.importorskip("likeliest.losses.torch")

MARGINS = (0, 5, 10, 14, 15.9, 16.2, 17, 20, 40, 87)


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("target", [0, 1])
def test_losses_and_slopes_keep_their_digits_on_both_sides_of_the_threshold(margin, target):
    z = at_margin(margin, 10, np.float32)
    logits = torch.tensor(z)[None].requires_grad_()
    loss = losses.cross_entropy(logits, torch.tensor([target]))
    loss.backward()
    exact, slopes = nll(z, target)
    assert loss.item() == pytest.approx(float(exact), rel=3e-7, abs=0)
    assert logits.grad[0].tolist() == pytest.approx([float(s) for s in slopes], rel=1e-6, abs=0)


def test_a_count_divides_the_sum_of_a_small_batch():
    logits, target = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, -100, 0])
    total = torch.nn.functional.cross_entropy(logits, target, reduction="sum").item()
    for count in (10, torch.tensor(10)):
        assert losses.cross_entropy(logits, target, count=count).item() == pytest.approx(total / 10)


def test_the_threshold_is_crossed_by_one_row_of_a_batch():
    sure, unsure = at_margin(30, 10, np.float32), at_margin(2, 10, np.float32)
    each = losses.cross_entropy(
        torch.tensor(np.stack([sure, unsure])), torch.tensor([0, 0]), reduction="none"
    )
    exact = [float(nll(z, 0)[0]) for z in (sure, unsure)]
    assert each.tolist() == pytest.approx(exact, rel=3e-7, abs=0)


def test_nll_loss_of_no_row_is_zero_and_nan_stays_nan():
    logs = torch.log_softmax(torch.randn(3, 4), 1).requires_grad_()
    nothing = losses.nll_loss(logs, torch.full((3,), -100))
    nothing.backward()
    assert nothing.item() == 0.0
    assert logs.grad.abs().max() == 0.0
    spoilt = logs.detach().clone()
    spoilt[1] = torch.nan
    assert losses.nll_loss(spoilt, torch.tensor([0, 1, 2])).isnan()
    assert losses.nll_loss(spoilt, torch.tensor([0, -100, 2])).isfinite()
