"""Building the clients: what changed and nothing else, one build at a time, a broken one leaves what was there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines import ROOT
from tools import clients, npm

FAKE_NODE = "#!/bin/sh\necho v20.19.0\n"
FAKE_NPM = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$1 $2" in
  "ci "*) mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json;;
  "run types") mkdir -p src/api; echo types > src/api/schema.d.ts;;
  "run build"*) [ ! -e broken ] || exit 1; sleep 0.2; mkdir -p "$5"; cat src/page.vue > "$5/index.html";;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both clients and an npm of ours, which writes down what it is asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("node", FAKE_NODE), ("npm", FAKE_NPM)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(clients, "CLIENT", tmp_path)
    monkeypatch.setattr(clients, "CONTRACT", tmp_path / "openapi.json")
    (tmp_path / "openapi.json").write_text("{}")
    for part in ("worker", "console"):
        (tmp_path / part / "src").mkdir(parents=True)
        (tmp_path / part / "src" / "page.vue").write_text("first")
        (tmp_path / part / "package.json").write_text("{}")
        (tmp_path / part / "package-lock.json").write_text(
            json.dumps({"packages": {"": {}, "vue": {"integrity": "x"}}})
        )
    return tmp_path


def calls(machine: Path) -> list[str]:
    """What npm was asked since the last question, without where to put it."""
    file = machine / "calls"
    asked = [line.partition(" --")[0] for line in file.read_text().splitlines()] if file.exists() else []
    file.unlink(missing_ok=True)
    return asked


BUILT = ["run build:h5", "run build:mp-weixin"]


def test_the_first_time_everything_is_made(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clients.main(["all"]) == 0
    assert calls(machine) == ["ci", "run types", BUILT[0], "ci", "run types", "run build", BUILT[1]]
    assert clients.PHONE.path.joinpath("index.html").read_text() == "first"
    said = capsys.readouterr().err
    assert "client/worker: installing its packages" in said
    assert "console: building …" in said


def test_what_is_served_does_without_the_mini_program(machine: Path) -> None:
    assert clients.main(["served"]) == 0
    assert BUILT[1] not in calls(machine)


def test_the_second_time_nothing_is_asked_of_npm(machine: Path) -> None:
    clients.main(["all"])
    calls(machine)
    assert clients.main(["all"]) == 0
    assert calls(machine) == []


def test_what_changed_is_built_alone(machine: Path) -> None:
    clients.main(["all"])
    calls(machine)
    (machine / "worker" / "src" / "page.vue").write_text("second")
    assert clients.main(["all"]) == 0
    assert calls(machine) == BUILT
    assert clients.PHONE.path.joinpath("index.html").read_text() == "second"


@pytest.mark.parametrize("name", ["node_modules/x.js", "dist/x.js", "tests/x.test.ts", "src/api/schema.d.ts"])
def test_what_is_no_source_changes_nothing(machine: Path, name: str) -> None:
    clients.main(["all"])
    calls(machine)
    file = machine / "console" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("other")
    assert clients.main(["all"]) == 0
    assert calls(machine) == []


def test_another_api_means_other_types_and_other_builds(machine: Path) -> None:
    clients.main(["served"])
    calls(machine)
    (machine / "openapi.json").write_text('{"new": 1}')
    assert clients.main(["served"]) == 0
    assert calls(machine) == ["run types", BUILT[0], "run types", "run build"]


def test_another_lock_installs_again(machine: Path) -> None:
    clients.main(["served"])
    calls(machine)
    lock = {"packages": {"": {}, "vue": {"integrity": "y"}}}
    (machine / "console" / "package-lock.json").write_text(json.dumps(lock))
    clients.main(["served"])
    assert calls(machine) == ["ci", "run types", "run build"]


def test_another_address_for_the_mini_program_builds_it_again(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clients.main(["all"])
    calls(machine)
    monkeypatch.setenv("VITE_API_BASE", "https://gongyun.example")
    clients.main(["all"])
    assert BUILT[1] in calls(machine)


def test_a_broken_build_leaves_what_was_there(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clients.main(["all"])
    (machine / "worker" / "src" / "page.vue").write_text("second")
    (machine / "worker" / "broken").touch()
    (machine / "console" / "src" / "page.vue").write_text("second")
    assert clients.main(["all"]) == 1
    assert clients.PHONE.path.joinpath("index.html").read_text() == "first"
    assert clients.CONSOLE.path.joinpath("index.html").read_text() == "second"
    assert "build.log" in capsys.readouterr().err
    (machine / "worker" / "broken").unlink()
    assert clients.main(["all"]) == 0
    assert clients.PHONE.path.joinpath("index.html").read_text() == "second"


def test_two_at_once_build_once(machine: Path) -> None:
    program = (
        "from pathlib import Path; from tools import clients;"
        f"clients.CLIENT = Path({str(machine)!r}); clients.CONTRACT = clients.CLIENT / 'openapi.json';"
        "raise SystemExit(clients.main(['served']))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=os.environ) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert sorted(calls(machine)) == ["ci", "ci", "run build", BUILT[0], "run types", "run types"]


def test_without_node_it_says_so_in_one_line(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert clients.main(["served"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "node is not there: install Node.js 20.19 or newer" in said


@pytest.mark.parametrize(("version", "is_taken"), [("v20.18.3", False), ("v18.19.0", False), ("v22.12.0", True)])
def test_an_old_node_is_named(machine: Path, version: str, is_taken: bool) -> None:
    (machine / "bin" / "node").write_text(f"#!/bin/sh\necho {version}\n")
    if is_taken:
        assert npm.find().node == str(machine / "bin" / "node")
    else:
        with pytest.raises(npm.NoNode, match=f"{version} is too old"):
            npm.find()
