"""A release: what a host needs in one archive, made of what is committed and what is built, and of nothing else."""

import tarfile
from pathlib import Path

import pytest

from tools import clients, npm, release

COMMITTED = ["wsgi.py", "service/core/db.py", "tests/conftest.py", "client/worker/src/main.ts", "client/openapi.json"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A small checkout whose git answers as this says; everything is built."""
    said = {"status": "", "log": "abc1234 1767225600", "ls-files": "\n".join(COMMITTED)}
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "FOLDER", tmp_path / "var" / "release")
    monkeypatch.setattr(clients, "CLIENT", tmp_path / "client")
    monkeypatch.setattr(release, "_git", lambda *command: said[command[0]])
    monkeypatch.setattr(npm, "find", lambda: npm.Node("node", "npm"))
    monkeypatch.setattr(clients, "ensure", lambda _node: True)
    monkeypatch.setenv("VITE_API_BASE", "https://gongyun.example")
    built = [str(build.path / "index.html") for build in clients.BUILDS]
    for name in [*COMMITTED, "var/gongyun.db", "client/worker/node_modules/x.js", *built]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return said


def test_it_holds_the_product_and_its_pages_and_nothing_else(
    checkout: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.main() == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.name == "gongyun-20260101-abc1234.tar.gz"
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        assert {(each.uid, each.uname) for each in archive.getmembers()} == {(0, "")}
    assert names == {
        "RELEASE", "wsgi.py", "service/core/db.py", "client/openapi.json", "client/console/dist/index.html",
        "client/worker/dist/build/h5/index.html", "client/worker/dist/build/mp-weixin/index.html",
    }  # fmt: skip


def test_what_is_not_committed_is_not_released(checkout: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    checkout["status"] = " M wsgi.py"
    assert release.main() == 1
    assert "not committed" in capsys.readouterr().err


def test_a_mini_program_that_does_not_know_its_server_is_not_released(
    checkout: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VITE_API_BASE")
    assert release.main() == 1
    assert "VITE_API_BASE" in capsys.readouterr().err


def test_pages_that_do_not_build_are_not_released(checkout: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "ensure", lambda _node: False)
    assert release.main() == 1
