"""`likeliest language`: what it prints, what it writes, and how it fails."""

import json
import re

import pytest

import likeliest as lk
from likeliest.cli import run


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(lk.datasets.first_names()[:800]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def model(text, tmp_path, capsys):
    path = tmp_path / "names.lm"
    assert run(["language", "fit", str(text), "--order", "3", "--save", str(path)]) == 0
    capsys.readouterr()
    return path


def output(capsys, *arguments):
    assert run(["language", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def failure(capsys, *arguments):
    assert run(["language", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("likeliest: ")
    assert said.err.count("\n") == 1
    return said.err


def test_fit(capsys, text, tmp_path):
    said = output(capsys, "fit", text, "--order", "2", "--arpa", tmp_path / "names.arpa")
    assert "characters model of order 2, kneser-ney, 28 symbols" in said
    assert (tmp_path / "names.arpa").exists()
    record = json.loads(output(capsys, "fit", text, "-n", "2", "-s", "mle", "--json"))
    assert record["sequences"] == 800
    assert record["ngrams"][0] == 27


def test_fit_the_bundled_names(capsys):
    assert "28 symbols" in output(capsys, "fit", "first_names")


def test_fit_from_standard_input(capsys, monkeypatch, text, tmp_path):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "likeliest", "language", "fit", "-", "--json"],
        input=text.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["sequences"] == 800


def test_every_option_of_fit(capsys, text, tmp_path):
    said = output(
        capsys, "fit", text, "-t", "words", "--min-count", "1", "--max-symbols", "100",
        "--prune", "0,0,1", "-n", "3", "-s", "witten-bell", "--memory", "200MB", "--json",
    )  # fmt: skip
    assert json.loads(said)["symbols"] == 102
    said = output(
        capsys, "fit", text, "-s", "jelinek-mercer", "--heldout", text, "--encoding", "utf-8"
    )
    assert "held-out text" in " ".join(said.split())


def test_gradient(capsys, text, tmp_path):
    said = output(
        capsys, "fit", text, "--method", "gradient", "--steps", "50", "--json", "--plot",
        tmp_path / "loss.png",
    )  # fmt: skip
    assert 2.0 < json.loads(said)["loss"] < 3.3
    assert (tmp_path / "loss.png").stat().st_size > 5_000


def test_score(capsys, model, text):
    record = json.loads(output(capsys, "score", model, text, "--json"))
    fitted = lk.language.load(model)
    assert record["nll"] == pytest.approx(fitted.nll(text))
    assert record["bits_per_byte"] == pytest.approx(fitted.bits_per_byte(text))
    assert "perplexity" in output(capsys, "score", model, text)


def test_score_without_smoothing(capsys, text, tmp_path):
    run(["language", "fit", str(text), "-s", "mle", "--save", str(tmp_path / "mle.lm")])
    (tmp_path / "new.txt").write_text("qqq\n", encoding="utf-8")
    capsys.readouterr()
    said = output(capsys, "score", tmp_path / "mle.lm", tmp_path / "new.txt")
    assert "∞" in said
    assert "probability 0" in said
    record = json.loads(
        output(capsys, "score", tmp_path / "mle.lm", tmp_path / "new.txt", "--json")
    )
    assert record["nll"] is None


def test_surprisal(capsys, model, tmp_path):
    (tmp_path / "new.txt").write_text("anna\n<b>\n", encoding="utf-8")
    said = output(
        capsys, "score", model, tmp_path / "new.txt", "--surprisal", "--html", tmp_path / "s.html"
    )
    assert "anna⏎" in said
    page = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "&lt;" in page
    assert "<b>" not in page


def test_generate(capsys, model):
    said = output(capsys, "generate", model, "-n", "5", "--seed", "3", "--prefix", "an")
    assert said == output(capsys, "generate", model, "-n", "5", "--seed", "3", "--prefix", "an")
    assert len(said.splitlines()) == 5
    assert all(line.startswith("an") for line in said.splitlines())


def test_show(capsys, model, text, tmp_path):
    record = json.loads(output(capsys, "show", model, "--after", "an", "--json", "--top", "3"))
    assert len(record["next"]) == 3
    assert "Likeliest after 'an'" in output(capsys, "show", model, "--after", "an")
    run(["language", "fit", str(text), "--save", str(tmp_path / "two.lm")])
    output(capsys, "show", tmp_path / "two.lm", "--plot", tmp_path / "table.png")
    assert (tmp_path / "table.png").stat().st_size > 20_000


def test_filter(capsys, model, tmp_path):
    (tmp_path / "new.txt").write_text("anna\nxqzvj\nmaria\n", encoding="utf-8")
    assert output(capsys, "filter", model, tmp_path / "new.txt", "--below", "30") == "anna\nmaria\n"
    said = output(
        capsys, "filter", model, tmp_path / "new.txt", "--top", "1", "--worst", "--scores"
    )
    assert said.endswith("\t2\txqzvj\n")


def test_text_is_written_as_it_was_read(model, tmp_path):
    import os
    import subprocess
    import sys

    lines = "né\n".encode() + b"na\xefve\n"
    (tmp_path / "mixed").write_bytes(lines)
    command = [sys.executable, "-m", "likeliest", "language", "filter", model, "mixed"]
    done = subprocess.run(  # noqa: S603
        [*command, "--above", "0", "--errors", "surrogateescape"], cwd=tmp_path, check=True,
        capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.stdout == lines


def test_surrogates_in_a_page(capsys, model, tmp_path):
    (tmp_path / "mixed").write_bytes(b"na\xefve\n")
    arguments = [model, tmp_path / "mixed", "--errors", "surrogateescape", "--surprisal"]
    said = output(capsys, "score", *arguments, "--html", tmp_path / "s.html")
    assert "na\ufffdve" in said
    assert "\ufffd" in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_errors(capsys, model, text, tmp_path):
    (tmp_path / "latin").write_bytes(b"\xef\xff\n")
    assert "not UTF-8" in failure(capsys, "fit", tmp_path / "latin")
    assert "There is no file" in failure(capsys, "fit", tmp_path / "none")
    assert "did you mean kneser-ney" in failure(capsys, "fit", text, "-s", "knesser-ney")
    assert "--prune" in failure(capsys, "fit", text, "--prune", "a,b")
    assert "no folder" in failure(capsys, "fit", text, "--save", tmp_path / "no" / "where.lm")
    for verb, file in (("fit", text), ("shrink", model)):
        assert "(--arpa)" in failure(capsys, verb, file, "--save", tmp_path / "words.arpa")
    assert "neither a saved one nor an ARPA file" in failure(capsys, "score", text, text)
    assert "cannot be read" in failure(capsys, "score", tmp_path / "none.lm", text)
    assert "which perplexity" in failure(capsys, "filter", model, text)
    assert "choose one" in failure(capsys, "filter", model, text, "--top", "3", "--below", "9")
    assert "--worst needs" in failure(capsys, "filter", model, text, "--below", "9", "--worst")
    assert "order 2" in failure(capsys, "show", model, "--plot", tmp_path / "a.png")
    assert "temperature" in failure(capsys, "generate", model, "--temperature", "-1")
    assert "order 2" in failure(
        capsys, "fit", text, "-n", "3", "--plot", tmp_path / "a.png", "--json"
    )


def on_a_terminal(*arguments):
    """Run the command with standard error on a terminal; return what it wrote there, and output."""
    import os
    import subprocess
    import sys

    pty = pytest.importorskip("pty")  # POSIX alone
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "likeliest", "language", *map(str, arguments)]
    with subprocess.Popen(  # noqa: S603
        command, stderr=theirs, stdout=subprocess.PIPE, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 1 << 16):
                said += piece
        except OSError:  # how Linux says that the other side was closed
            pass
        os.close(ours)
        written = process.stdout.read().decode()
    assert process.returncode == 0
    return said.decode(), written


def test_progress_is_shown_on_a_terminal(model, text, tmp_path):
    said, _ = on_a_terminal("fit", text, "--order", "4", "--resume", tmp_path / "parts")
    assert "counting" in said
    assert "━" in said
    assert re.search(r"estimating\W.*100%", said)
    said, _ = on_a_terminal("fit", text, "--order", "4", "--resume", tmp_path / "parts")
    assert re.search(r"estimating\W.*100%", said)
    assert "scoring" in on_a_terminal("score", model, text)[0]
    assert "scoring" in on_a_terminal("filter", model, text, "--top", "3")[0]
    said, written = on_a_terminal("filter", model, text, "--above", "1")
    assert "scoring" in said
    assert written == text.read_text(encoding="utf-8")


def test_score_reads_a_pipe_once(capsys, monkeypatch, model, text, tmp_path):
    import io
    import sys

    expected = json.loads(output(capsys, "score", model, text, "--json"))
    modules = sys.modules  # the package has its command line under the name of the folder
    monkeypatch.setattr(modules["likeliest.cli.language.score"], "_MOST_COLOURED", 50)
    stream = io.StringIO(text.read_text(encoding="utf-8"))
    monkeypatch.setattr(modules["likeliest.cli.language.common"], "sources", lambda names: stream)
    assert (
        run(["language", "score", str(model), "-", "--html", str(tmp_path / "s.html"), "--json"])
        == 0
    )
    said = capsys.readouterr()
    assert json.loads(said.out) == pytest.approx(expected)
    assert said.err == "coloured: the first 50 lines\n"


def test_shrink(capsys, model, text, tmp_path):
    small, arpa = tmp_path / "small.lm", tmp_path / "small.arpa"
    how = ["--threshold", "1e-4", "--bits", "8", "--text", text]
    said = output(capsys, "shrink", model, *how, "--save", small, "--arpa", arpa)
    assert "n-grams of order 2 and up are left" in said
    assert said.count("perplexity of the text") == 2
    before, after = lk.language.load(model), lk.language.load(small)
    assert sum(after.sizes) < sum(before.sizes)
    assert lk.language.load(arpa, "characters").sizes == after.sizes
    record = json.loads(output(capsys, "shrink", model, "--size", "9KB", "--save", small, "--json"))
    assert record["bytes"] == small.stat().st_size <= 9_000
    assert "own guess" in record["notes"][-1]
    assert "size" in failure(capsys, "shrink", model, "--size", "small")
    assert "threshold" in failure(capsys, "shrink", model, "--size", "9KB", "--threshold", "1")


def test_generate_says_what_is_in_the_text(capsys, model, text):
    assert (
        run(["language", "generate", str(model), "-n", "30", "--seed", "1", "--text", str(text)])
        == 0
    )
    said = capsys.readouterr()
    names = set(text.read_text(encoding="utf-8").split())
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert [told == "in the text" for told, _ in rows] == [name in names for _, name in rows]
    assert f"{sum(name in names for _, name in rows)} of 30 are in" in said.err


def test_fit_with_a_closed_vocabulary(capsys, text, tmp_path):
    listed = tmp_path / "letters.txt"
    listed.write_text("a\nb\n\nz\n", encoding="utf-8")
    record = json.loads(output(capsys, "fit", text, "--vocabulary", listed, "--json"))
    assert record["symbols"] == 5  # with the end and <unk>
    assert "min_count" in failure(capsys, "fit", text, "--vocabulary", listed, "--min-count", "2")
    assert "method is counts" in failure(capsys, "fit", text, "--method", "transformer")


def test_a_network_from_fit_to_generate(tmp_path, capsys):
    names, saved = tmp_path / "names.txt", tmp_path / "network.lk"
    names.write_text("emma\nolivia\nava\nisabella\n" * 5, encoding="utf-8")
    verb = ["language", "fit", str(names), "--method", "mlp", "--hidden", "8", "--steps", "40"]
    picture = tmp_path / "loss.svg"
    assert run([*verb, "--save", str(saved), "--plot", str(picture), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    model = lk.language.load_mlp(saved)
    assert record["parameters"] == model.weights.size
    assert picture.exists()
    assert run(["language", "score", str(saved), str(names), "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert scored["mean_nll"] == pytest.approx(model.nll(names, reduction="mean"), rel=1e-9)
    assert run(["language", "generate", str(saved), "-n", "3", "--seed", "1"]) == 0
    assert capsys.readouterr().out.split() == model.generate(3, seed=1)
    assert run(["language", "show", str(saved), "--after", "em", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["next"] == pytest.approx(model.next("em", top=10))
    for refused, word in (
        (["language", "report", str(saved), "--output", str(tmp_path / "r.html")], "a network"),
        ([*verb, "--arpa", str(tmp_path / "n.arpa")], "--arpa writes n-grams"),
        (["language", "fit", str(names), "--steps", "3"], "a model that is trained"),
    ):
        assert run(refused) == 2
        assert word in capsys.readouterr().err
