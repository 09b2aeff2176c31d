"""The built pages are served: as they were built, compressed, kept as long as they may be, and nothing beside them."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from blueprints import clients

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
SCRIPT = b"console.log('gongyun')\n" * 100
PACKED = b"gzip"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_name: str) -> Path:
    """Both clients, built: an index, a script with its compressed twins, a picture. What lies beside is a secret."""
    monkeypatch.setattr(clients, "CLIENT", tmp_path)
    for site in (clients.PHONE, clients.CONSOLE):
        assets = site.folder / "assets"
        assets.mkdir(parents=True)
        (site.folder / "index.html").write_text(f"<title>{site.name}</title>", encoding="utf-8")
        (assets / "index-CjKJXvMN.js").write_bytes(SCRIPT)
        (assets / "index-CjKJXvMN.js.gz").write_bytes(PACKED)
        (assets / "index-CjKJXvMN.js.br").write_bytes(b"brotli")
        (site.folder / "static").mkdir()
        (site.folder / "static" / "tab.png").write_bytes(b"\x89PNG")
        (site.folder / "notes.md").write_text("secret")
        (site.folder.parent / "secret.txt").write_text("secret")
    return tmp_path


SCRIPTS = pytest.mark.parametrize("path", ["/m/assets/index-CjKJXvMN.js", "/console/assets/index-CjKJXvMN.js"])
STARTS = pytest.mark.parametrize("path", ["/m/", "/console/"])


@pytest.mark.parametrize(("browser", "place"), [(IPHONE, "/m/"), (DESK, "/console/"), ("", "/console/")])
def test_the_address_alone_leads_phones_to_the_phone_pages(client: FlaskClient, browser: str, place: str) -> None:
    answer = client.get("/", headers={"User-Agent": browser})
    assert (answer.status_code, answer.headers["Location"]) == (302, place)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/m", "/console"])
def test_without_its_slash_relative_addresses_would_miss(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith(f"{path}/")


@STARTS
def test_the_start_is_asked_for_again_each_time(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.content_type == "text/html; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"


@STARTS
def test_a_new_build_has_a_new_tag(client: FlaskClient, path: str) -> None:
    site = clients.PHONE if path == "/m/" else clients.CONSOLE
    first = client.get(path).headers["ETag"]
    (site.folder / "index.html").write_text("<title>newer</title>", encoding="utf-8")
    newer = client.get(path, headers={"If-None-Match": first})
    assert newer.status_code == 200
    assert "newer" in newer.text


@SCRIPTS
def test_what_bears_its_hash_in_its_name_is_kept_for_ever(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.data == SCRIPT


def test_what_does_not_is_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/m/static/tab.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "no-cache"


@SCRIPTS
@pytest.mark.parametrize(
    ("accepts", "coding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip, br;q=0", "gzip", PACKED),
        ("gzip", "gzip", PACKED),
        ("deflate", None, SCRIPT),
        ("identity", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
def test_it_is_sent_as_the_browser_can_read_it(
    client: FlaskClient, path: str, accepts: str, coding: str | None, body: bytes
) -> None:
    answer = client.get(path, headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.data == body


@SCRIPTS
def test_each_coding_has_a_tag_of_its_own(client: FlaskClient, path: str) -> None:
    tags = {client.get(path, headers={"Accept-Encoding": how}).headers["ETag"] for how in ("br", "gzip", "identity")}
    assert len(tags) == 3
    plain = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": plain, "Accept-Encoding": "gzip"}).status_code == 200


@SCRIPTS
def test_a_part_is_cut_from_the_file_itself(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Range": "bytes=0-6", "Accept-Encoding": "br"})
    assert (answer.status_code, answer.data) == (206, b"console")
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Range"] == f"bytes 0-6/{len(SCRIPT)}"
    assert client.get(path, headers={"Range": "bytes=999999-"}).status_code == 416


@pytest.mark.parametrize("path", ["/", "/m/", "/console/", "/m/assets/index-CjKJXvMN.js"])
def test_head_tells_the_same_without_a_body(client: FlaskClient, path: str) -> None:
    asked, told = client.get(path), client.head(path)
    assert (told.status_code, told.data) == (asked.status_code, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert told.headers.get(name) == asked.headers.get(name), name


@pytest.mark.parametrize("path", ["/console/classes/7", "/console/classes", "/console/people/7/bookings"])
def test_a_path_of_the_consoles_router_gets_its_start(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, f"<title>{clients.CONSOLE.name}</title>")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/m/pages/class",
        "/m/assets/gone-CjKJXvMN.js",
        "/console/assets/gone-CjKJXvMN.js",
        "/console/assets/index-CjKJXvMN.js.br",
        "/console/favicon.ico",
        "/console/notes.md",
        "/m/notes.md",
        "/m/../secret.txt",
        "/m/%2e%2e/secret.txt",
        "/m/..%2fsecret.txt",
        "/m/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/m/..\\secret.txt",
        "/m/assets/../../secret.txt",
        "/m/static/%00tab.png",
        "/console/../secret.txt",
        "/console/..%2fsecret.txt",
        "/console/assets/..%2f..%2f..%2fsecret.txt",
        "/console/%2e%2e%2fsecret.txt",
    ],
)
def test_nothing_else_is_there(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.get_json(force=True)["code"] == "request.not_found"
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/m/", "/m/assets/index-CjKJXvMN.js", "/console/", "/console/classes/7"])
def test_a_page_may_ask_this_host_alone_and_run_no_script_of_strangers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["media-src"] == "blob:"  # a voice note comes with a token in the request
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not any("http" in sources or "*" in sources or "unsafe-eval" in sources for sources in policy.values())
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/m/", "/console/", "/console/classes", "/m/assets/index-CjKJXvMN.js"])
def test_what_is_not_built_says_what_to_do(client: FlaskClient, path: str, built: Path) -> None:
    for site in (clients.PHONE, clients.CONSOLE):
        (site.folder / "index.html").unlink()
    answer = client.get(path)
    assert answer.status_code == 503
    assert "make clients" in answer.text
    assert "Node.js 20.19" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Retry-After"] == "60"


def test_a_bad_token_keeps_nobody_from_the_pages(client: FlaskClient) -> None:
    assert client.get("/m/", headers={"Authorization": "Bearer old"}).status_code == 200
