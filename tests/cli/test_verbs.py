"""The other verbs: probability, likelihood, logarithm, sample, families."""

import json

import pytest

import likeliest as lk


def test_probability_between(command, golden):
    code, out, _ = command("probability", "normal:mean=50,std=2.5", "--between", "50", "52.5")
    assert code == 0
    assert "0.3413" in out
    golden("probability", out)


@pytest.mark.parametrize(("option", "value"), [("--above", 0.5), ("--below", 0.5)])
def test_probability_of_a_tail(command, option, value):
    code, out, _ = command("probability", "normal(mean=0, std=1)", option, "0")
    assert code == 0
    assert f"= {value}" in out


def test_probability_as_json_and_picture(command, tmp_path):
    code, out, err = command(
        "probability", "poisson:4", "--above", "2", "--json", "--plot", "p.svg"
    )
    assert (code, err) == (0, "picture: p.svg\n")
    record = json.loads(out)
    assert record["probability"] == pytest.approx(float(lk.Poisson(4).sf(1)))
    assert record["to"] is None
    assert "<svg" in (tmp_path / "p.svg").read_text()


def test_likelihood_of_the_reference_document(command, golden, tmp_path):
    code, out, err = command(
        "likelihood", "five_points", "normal:mean=50,std=5", "normal:mean=45,std=8",
        "--plot", "two.png",
    )  # fmt: skip
    assert (code, err) == (0, "picture: two.png\n")
    assert "7.002975e-07" in out
    assert "2.606803e-08" in out
    assert "0.0776 0.0790 0.0705 0.0647 0.0250" in out
    golden("likelihood", out)
    assert (tmp_path / "two.png").exists()


def test_likelihood_outside_the_support(command):
    code, out, _ = command("likelihood", "five_points", "beta:1,2", "normal:50,5")
    assert code == 0
    assert "−∞" in out
    record = json.loads(command("likelihood", "five_points", "beta:1,2", "--json")[1])[0]
    assert record["log_likelihood"] is None
    assert record["likelihood"] == 0.0


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--above", "inf"], "P(x ≥ inf) = 0 "),
        (["--below", "-inf"], "P(x ≤ -inf) = 0 "),
        (["--above", "-1e400"], "P(x ≥ -inf) = 1 "),
        (["--between", "-inf", "0"], "P(-inf ≤ x ≤ 0) = 0.5 "),
    ],
)
def test_probability_of_an_event_without_an_end(command, options, shown):
    code, out, _ = command("probability", "normal:0,1", *options)
    assert code == 0
    assert shown in out


def test_a_mass_is_not_ranked_against_a_density(command, tmp_path):
    (tmp_path / "counts.txt").write_text("2\n3\n5\n3\n4\n")
    verb = ("likelihood", "counts.txt", "poisson:3", "normal:3,1.5")
    code, out, _ = command(*verb)
    assert code == 0
    assert "interval of width 1" in " ".join(out.split())
    records = json.loads(command(*verb, "--json")[1])
    normal = next(r for r in records if r["family"] == "normal")
    cells = lk.Observations.of([2, 3, 5, 3, 4], rounding=1.0)
    assert normal["log_likelihood"] == lk.Normal(3, 1.5).log_likelihood(cells)
    assert normal["densities"][1] == pytest.approx(float(lk.Normal(3, 1.5).probability(2.5, 3.5)))
    code, out, err = command(*verb, "--plot", "p.png")
    assert (code, out) == (2, "")
    assert "draw two pictures" in err


def test_a_likelihood_beyond_float64(command, tmp_path):
    (tmp_path / "zeros.txt").write_text("0\n" * 200)
    code, out, err = command("likelihood", "zeros.txt", "normal:0,0.001")
    assert (code, err) == (0, "")
    assert "∞ is one too large for a float" in " ".join(out.split())
    record = json.loads(command("likelihood", "zeros.txt", "normal:0,0.001", "--json")[1])[0]
    assert record["likelihood"] is None
    assert record["log_likelihood"] > 1_000


@pytest.mark.parametrize("options", [[], ["--negative"]])
def test_logarithm(command, tmp_path, options):
    assert command("logarithm", "--plot", "ln.png", *options)[0] == 0
    assert (tmp_path / "ln.png").stat().st_size > 10_000


def test_sample_is_seeded(command):
    one, two, other = (
        command("sample", "gamma:shape=2,scale=3", "-n", "4", "--seed", seed)[1] for seed in "112"
    )
    assert one == two != other
    assert len(one.split()) == 4
    assert command("sample", "poisson:4", "-n", "3", "--seed", "1")[1].replace("\n", "").isdigit()
    assert command("sample", "poisson:4", "-n", "0")[1] == ""


def test_families(command, golden):
    code, out, _ = command("families")
    assert code == 0
    golden("families", out)
    assert len(json.loads(command("families", "--json")[1])) == len(lk.families.all_families())
    told = command("families", "Gamma")[1]
    assert "In SciPy: gamma(a=shape, scale=scale)" in told
    assert "Relations: With shape = 1 it is exponential." in told
    assert command("families", "shifted weibull")[1].startswith("shifted weibull\n")
    record = json.loads(command("families", "shifted weibull", "--json")[1])
    assert list(record["parameters"]) == ["shift", "shape", "scale"]
