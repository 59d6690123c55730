"""What the page of a language model asks and gets."""

import json
import math

import numpy as np
import pytest

import likeliest as lk

NAMES = list(lk.datasets.first_names())[:800]
MODELS = {
    "bigram": lambda: lk.language.fit(NAMES, order=2, smoothing="mle"),
    "smoothed": lambda: lk.language.fit(NAMES, order=4),
    "words": lambda: lk.language.fit(["the cat sat", "the dog sat", "a cat ran"], 2, "words"),
    "network": lambda: lk.language.fit(NAMES, method="mlp", context=1, hidden=4, steps=3),
    "mixture": lambda: lk.language.mix(
        [lk.language.fit(NAMES, order=n) for n in (2, 3)], weights=[0.5, 0.5]
    ),
}


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    return MODELS[request.param]()


def asked(model, kind, **request):
    answer = json.loads(json.dumps(model.explore().ask({"kind": kind, **request}), allow_nan=False))
    assert "error" not in answer, answer["error"]
    return answer


def test_numbers_are_the_model_s(model):
    text = model.generate(1, seed=4)[0]
    made = asked(model, "at", text=text, temperature=1)
    assert made["nll"] == pytest.approx(model.nll(text), rel=1e-12)
    assert np.sum(made["nats"]) == pytest.approx(made["nll"], rel=1e-12)
    assert float(made["likelihood"]) == pytest.approx(math.exp(-model.nll(text)), rel=1e-5)
    expected = model.next(text, top=len(made["next"]))
    assert made["shares"] == pytest.approx([*expected.values()], rel=1e-9)
    assert sum(made["shares"]) + made["rest"] == pytest.approx(1.0)


def test_temperature_is_that_of_drawing(model):
    shares = np.array([*model.next("").values()])
    logs = np.log(shares[shares > 0.0])
    for temperature in (0.5, 2.0):
        made = asked(model, "at", text="", temperature=temperature)
        raised = np.exp(logs / temperature)
        expected = np.sort(raised / raised.sum())[::-1]
        some = min(len(expected), len(made["shares"]))
        np.testing.assert_allclose(made["shares"][:some], expected[:some], rtol=1e-9)
    assert asked(model, "at", text="", temperature=0)["shares"][0] == 1.0


def test_what_is_drawn_goes_on_from_the_text(model):
    text = model.generate(1, seed=1, max_symbols=2)[0]
    one = asked(model, "draw", text=text, temperature=1, seed=3, most=1)
    assert [one["drawn"][0]] == model.generate(1, prefix=text, seed=3, max_symbols=1)
    assert one["ended"] is (one["drawn"][0] == text)
    many = asked(model, "draw", text=text, temperature=1, seed=3, most=20)
    assert many["drawn"] == model.generate(8, prefix=text, seed=3, max_symbols=20)


def test_the_table_of_a_bigram():
    for name in ("bigram", "network"):
        model = MODELS[name]()
        table = asked(model, "open")["table"]
        at = {symbol: number for number, symbol in enumerate(table["symbols"])}
        assert table["rows"][at["a"]][at["n"]] == pytest.approx(model.prob("n", after="a"))
    assert asked(MODELS["smoothed"](), "open")["table"] is None


@pytest.mark.parametrize(
    "wrong",
    [{"text": 3}, {"text": "a" * 3_000}, {"temperature": -1}, {"temperature": "hot"}],
)
def test_wrong_requests_are_told(wrong):
    request = {"kind": "at", "text": "anna", "temperature": 1} | wrong
    assert MODELS["bigram"]().explore().ask(request)["error"]
