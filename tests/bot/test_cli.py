"""The command as a user runs it: some times in a process of its own, most times in this one."""

import io
import json
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from answers.catalog import SHIPPED
from answers.pipeline import INSTEAD, Verdict
from bot.cli import main
from bot.cli.ask import to_json, to_text
from bot.reply import AnswerReply

QUESTION = "But is it a problem of backpropagation itself?"


def backchat(*arguments: str, folder: Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the installed console script in a folder of its own."""
    script = Path(sys.executable).with_name("backchat")
    return subprocess.run(
        [str(script), *arguments],
        cwd=folder, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the command in this process: a second less for each, and the same from `main` on."""
    monkeypatch.chdir(tmp_path)

    def here(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["backchat", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        code = end.value.code if isinstance(end.value.code, int) else 0
        return Done(arguments, code, printed.out, printed.err)

    return here


def size_of(png: Path) -> tuple[int, int]:
    data = png.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_ask_answers_and_writes_the_plot(tmp_path: Path) -> None:
    done = backchat("ask", QUESTION, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Is backpropagation itself the reason gradients vanish?" in done.stdout
    assert "✓ Forward mode differs from backpropagation by at most" in done.stdout
    assert "Plot: backprop_not_cause.png" in done.stdout
    assert size_of(tmp_path / "backprop_not_cause.png") == (1320, 840)


def test_ask_prints_one_json_document(run: Run, tmp_path: Path) -> None:
    done = run("ask", QUESTION, "--json", "--plot", "here.png", "--theme", "light")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    keys = "decision answer title markdown more note claims plot alt sources see_also candidates seconds"
    assert set(document) == set(keys.split())
    assert document["decision"] == "answer"
    assert document["answer"] == "backprop_not_cause"
    assert document["see_also"]
    assert document["plot"] == "here.png"
    assert (tmp_path / "here.png").exists()
    assert 0 < len(document["alt"]) <= 1024
    assert all(claim["holds"] and claim["measured"] for claim in document["claims"])
    assert document["candidates"][0]["id"] == "backprop_not_cause"


def test_a_question_needs_no_quotes(run: Run) -> None:
    done = run("ask", "when", "is", "lunch")
    assert done.returncode == 0
    assert done.stdout.startswith("I have no answer")


def test_ask_says_what_it_can_answer_when_it_has_no_answer(run: Run, tmp_path: Path) -> None:
    done = run("ask", "When is the homework due?")
    assert done.returncode == 0
    assert done.stdout.startswith("I have no answer to that.")
    assert list(tmp_path.iterdir()) == []


def test_ask_follows_up_a_question_asked_before(run: Run) -> None:
    title = "Why do sigmoid and tanh make the gradient vanish?"
    source = run("ask", "--after", title, "source?")
    assert source.returncode == 0, source.stderr
    assert "Understanding the difficulty of training deep feedforward" in source.stdout
    code = json.loads(run("ask", "--after", title, "show me the code", "--json").stdout)
    assert (code["decision"], code["answer"]) == ("answer", "sigmoid")
    assert code["markdown"].count("```python\n") == 3
    gelu = run("ask", "--after", title, "and GELU?")
    assert gelu.stdout.startswith("This answer cannot be run with activation=gelu.")
    unknown = run("ask", "--after", "when is lunch?", "and GELU?")
    assert unknown.returncode == 2
    assert "A follow-up needs a question that one answer belongs to" in unknown.stderr


def test_simulate_gives_the_json_of_the_contract(run: Run) -> None:
    text = "depth=30 width=512 seeds=4 activation=sigmoid vs activation=relu init=he"
    done = run("simulate", text, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document) == {"version", "experiment", "key", "seconds", "variants"}
    sigmoid, relu = document["variants"]
    assert sigmoid["label"] == "sigmoid · glorot"
    assert sigmoid["layers"] == list(range(1, 31))
    for quantity in ("signal", "weight"):
        assert set(sigmoid[quantity]) == {"median", "p10", "p90"}
        assert len(sigmoid[quantity]["median"]) == 30
    assert sigmoid["factor_per_layer"] == pytest.approx(sigmoid["theory_factor_per_layer"], rel=0.03)
    assert relu["factor_per_layer"] == pytest.approx(1.0, rel=0.03)
    assert relu["training"] is None


def test_simulate_trains_and_writes_the_plot(tmp_path: Path) -> None:
    done = backchat(
        "simulate", "4x16 tanh data=blobs steps=30 lr=0.5 seeds=4", "--plot", "plot.png", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "\n  loss " in done.stdout
    assert "\n  accuracy " in done.stdout
    assert "\n  factor per layer after 30 training steps " in done.stdout
    assert size_of(tmp_path / "plot.png") == (1320, 840)


def test_the_same_simulation_gives_the_same_numbers(run: Run) -> None:
    runs: list[Any] = []
    for _ in range(2):
        document = json.loads(run("simulate", "6x16 seeds=3", "--json").stdout)
        document.pop("seconds")
        runs.append(document)
    assert runs[0] == runs[1]


def test_code_is_a_script_that_runs(run: Run) -> None:
    printed = run("simulate", "3x8 seeds=2 tanh", "--code")
    assert printed.returncode == 0
    ran = subprocess.run(
        [sys.executable, "-c", printed.stdout], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    measured = json.loads(run("simulate", "3x8 seeds=2 tanh", "--json").stdout)
    factor = float(ran.stdout.splitlines()[-1].split()[-1])
    assert factor == pytest.approx(measured["variants"][0]["factor_per_layer"], abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("simulate", "sigmod"), 2, "did you mean 'sigmoid'?"),
        (("simulate", "depht=30"), 2, "did you mean 'depth'?"),
        (("simulate", "depth=0"), 2, "the nearest valid value is 1."),
        (("simulate", "sigmoid vs"), 2, "an empty one"),
        (("simulate", "lr=3"), 2, "add steps=200, or remove lr."),
        (("simulate", "rnn skip=dense"), 2, "has skip=none; got skip=dense."),
        (("simulate", "cnn 50x256 image=32 steps=1000"), 3, "the limit is 30 s"),
        (("simulate", "3x8", "--plot", "no/such/folder/a.png"), 2, "an existing folder"),
        (("simulate", "3x8", "--plot", "a.jpg"), 2, "name it a.png."),
        (("simulate", "3x8", "--code", "--json"), 2, "leave one out."),
        (("simulate", "relu slope=0.5"), 2, "remove slope, or add activation=leaky_relu."),
        (("simulate", "20"), 2, "for example depth=20."),
        (
            ("simulate", "3x8", "--theme", "pink"),
            2,
            "--theme is one of dark, light; got 'pink'; known: dark,",
        ),
        (("simulate", "3x8", "--theme", "lihgt"), 2, "got 'lihgt'; did you mean 'light'?"),
        (("simulate", "3x8", "--theme", "light"), 2, "add --plot plot.png, or leave --theme out."),
        (("simulate", "3x8 experiment=gradient"), 2, "got 'gradient'; did you mean 'gradients'?"),
        (("simulate", "3x8 experiment=speed", "--experiment", "surface"), 2, "leave one out."),
        (
            ("simulate", "3x8 experiment=surface", "--code"),
            2,
            "got the experiment 'surface'; run it without --code.",
        ),
        (("simulate", "3x8", "--experiment", "gradient"), 2, "got 'gradient'; did you mean 'gradients'?"),
        (("simulate", "3x8", "--plot", ""), 2, "--plot needs the name of a file; got an empty one"),
        (("ask", "why?", "--plot", ""), 2, "--plot needs the name of a file; got an empty one"),
        (("simulate", ""), 2, "A configuration has at least one word; got none"),
        (("simulate", "", "--code"), 2, "A configuration has at least one word; got none"),
        (("simulate", "lr=0,5 steps=3"), 2, "got 'lr=0,5'; write lr=0.5."),
        (
            ("simulate", "arch=logistic", "--code"),
            2,
            "got arch=logistic, which has none; run it without --code",
        ),
        (
            ("simulate", "3x8", "--code", "--experiment", "surface"),
            2,
            "got the experiment 'surface'; run it without --code.",
        ),
        (("simulate", "20x64", "--experiment", "differentiation"), 3, " would fit."),
        (("simulat", "3x8"), 2, "did you mean 'simulate'?"),
        (("ask", ""), 2, "A question has at least one word"),
        (("ask",), 2, "Missing argument 'QUESTION'"),
        ((), 2, "A command was wanted; got none"),
        (("check", "nowhere.md"), 2, "got nowhere.md"),
        (("run",), 78, "DISCORD_TOKEN"),
    ],
)
def test_a_mistake_gets_one_sentence_and_its_exit_code(
    arguments: Sequence[str], code: int, message: str, run: Run
) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("simulat", "3x8"), 2), (("simulate", "20x64", "--experiment", "differentiation"), 3), (("run",), 78)],
)
def test_a_mistake_ends_a_process_with_its_exit_code(
    arguments: Sequence[str], code: int, tmp_path: Path
) -> None:
    done = backchat(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_run_that_takes_too_long_is_stopped_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCHAT_JOB_SECONDS", "0.3")
    done = backchat("ask", "do gpus solve the vanishing gradient problem", folder=tmp_path)
    assert done.returncode == 4
    assert done.stderr.startswith("backchat: The run was stopped after 0.3 s; ask for fewer steps")
    assert list(tmp_path.iterdir()) == []


def test_match_answers_every_line_in_order(run: Run) -> None:
    lines = [json.dumps({"text": QUESTION}), "not json", json.dumps({"text": "lunch?"}), json.dumps([1])]
    done = run("match", stdin="\n".join(lines) + "\n")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["decision"] for row in found] == ["answer", "silent", "silent", "silent"]
    assert found[0]["answer"] == "backprop_not_cause"
    assert set(found[0]) == {"decision", "answer", "confidence", "candidates"}
    assert all(0 <= row["confidence"] <= 1 for row in found)
    assert len(found[0]["candidates"]) <= 3
    assert done.returncode == 2
    assert "line 2" in found[1]["error"]
    assert "line 4" in found[3]["error"]


def test_check_runs_every_claim_of_an_answer_on_nine_sets_of_seeds(run: Run) -> None:
    done = run("check", str(SHIPPED / "what_is_vanishing.md"), "--json")
    assert done.returncode == 0, done.stdout
    document = json.loads(done.stdout)
    assert document["problems"] == []
    assert document["checked"] == ["what_is_vanishing"]
    margins = document["claims"]["what_is_vanishing"]
    assert [margin["claim"] for margin in margins] == ["shrinks", "product", "top", "steady"]
    assert all(margin["held"] == margin["rounds"] == 9 for margin in margins)


def test_check_names_file_line_and_cure_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("---\nid: broken\ntitel: A question about nothing?\n---\nbody\n")
    done = run("check", "broken.md")
    assert done.returncode == 1
    assert "broken.md:3: titel is not a key of an answer; did you mean 'title'? [schema]" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 answers checked")


def test_a_claim_that_does_not_hold_fails_the_check(run: Run, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "answers" / "library" / "cnn.md"
    text = shipped.read_text(encoding="utf-8").replace(
        "holds: cnn.factor_per_layer <", "holds: cnn.factor_per_layer >"
    )
    (tmp_path / "cnn.md").write_text(text, encoding="utf-8")
    done = run("check", "cnn.md")
    assert done.returncode == 1
    assert done.stdout.count("claim edge does not hold") == 1
    assert "on the seeds as shipped and on 8 of 8 sets of fresh seeds" in done.stdout
    assert "warning: This answer replaces the shipped one, " in done.stdout


def test_help_names_every_command(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("ask", "simulate", "match", "check", "run"):
        assert f"  {name} " in done.stdout


def test_the_examples_in_the_help_of_simulate_stand_on_lines_of_their_own(run: Run) -> None:
    done = run("simulate", "--help")
    assert done.returncode == 0
    assert "\\b" not in done.stdout
    examples = [line for line in done.stdout.splitlines() if 'backchat simulate "' in line]
    assert len(examples) == 3
    assert all(line.rstrip().endswith((".png", '"')) for line in examples)


def test_a_configuration_may_name_its_experiment(run: Run) -> None:
    done = run("simulate", "3x8 seeds=2 experiment=surface", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["experiment"] == "surface"


def test_an_undecided_claim_is_null_for_programs_and_silent_for_people() -> None:
    undecided = Verdict(id="c", text="", measured="x = n/a", holds=None)
    reply = AnswerReply(
        id="a", question="?", title="T", short="S", body="B", more="", misconception="", markdown="",
        verdicts=(undecided,), images=(), finding="", sources=(), try_next=(), candidates=(), problems=(),
        seconds=0.0,
    )  # fmt: skip
    assert to_json(reply, [])["claims"] == [{"text": "", "measured": "x = n/a", "holds": None}]
    shown = to_text(reply, [])
    assert INSTEAD not in shown
    assert "n/a" not in shown


def test_asking_loads_neither_torch_nor_discord_into_the_command(tmp_path: Path) -> None:
    program = (
        "import sys; from bot.cli import cli\n"
        f"cli.main(['ask', {QUESTION!r}, '--json'], standalone_mode=False)\n"
        "print(sorted({'torch', 'discord', 'matplotlib'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"
    assert json.loads(done.stdout)["decision"] == "answer"
