"""The built pages: `/m/` for phones, `/console/` for staff, and where `/` leads. Nothing is made here, only served.

What a page may load is said by its Content-Security-Policy; what the libraries need of it stands in docs/adr/0012.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

CLIENT = Path(__file__).resolve().parent.parent / "client"
MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
"""What is served at all, and as what: the machine's own table differs from one system to the next."""
PACKED = (("br", ".br"), ("gzip", ".gz"))
"""What the build wrote beside a file, the better first."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(self), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
ON_A_PHONE = ("Mobile", "Android", "MicroMessenger")
NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>工云</title></head><body><h1>{name}还没有生成</h1>
<p>在服务器的项目目录运行 <code>make clients</code>（需要 Node.js 20.19 或更高版本），完成后刷新本页。</p>
<p>接口不受影响，照常可用。</p></body></html>"""


@dataclass(frozen=True, slots=True)
class Site:
    """A client as it was built. Where its router speaks through paths, paths unknown here are its own."""

    name: str
    output: str
    has_paths: bool

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return CLIENT / self.output


PHONE = Site("手机页面", "worker/dist/build/h5", has_paths=False)
CONSOLE = Site("工作台页面", "console/dist", has_paths=True)

bp = Blueprint("clients", __name__)


@bp.get("/")
def show_start() -> Response:
    """The address alone leads phones to the phone pages, and desks to the console."""
    said = request.user_agent.string
    place = "/m/" if any(mark in said for mark in ON_A_PHONE) else "/console/"
    return Response(status=302, headers={"Location": place})


@bp.get("/m/", defaults={"path": "index.html"}, strict_slashes=True)
@bp.get("/m/<path:path>")
def show_phone_pages(path: str) -> Response:
    """The phone client."""
    return _serve(PHONE, path)


@bp.get("/console/", defaults={"path": "index.html"}, strict_slashes=True)
@bp.get("/console/<path:path>")
def show_console(path: str) -> Response:
    """The staff console."""
    return _serve(CONSOLE, path)


def _serve(site: Site, path: str) -> Response:
    index = site.folder / "index.html"
    if not index.is_file():
        page = NOT_BUILT.format(name=site.name)
        return Response(page, 503, {"Retry-After": "60"}, mimetype="text/html")
    file = _file(site.folder, path)
    if file is not None:
        return _send(file, FOR_EVER if path.startswith("assets/") else ASK_AGAIN)
    if site.has_paths and not PurePosixPath(path).suffix:
        return _send(index, ASK_AGAIN)
    raise NotFound


def _file(folder: Path, path: str) -> Path | None:
    """The file of the build that a path names, None for anything else."""
    inside = safe_join(str(folder), path)
    if inside is None or PurePosixPath(path).suffix not in MEDIA_TYPES:
        return None
    file = Path(inside)
    return file if file.is_file() else None


def _send(file: Path, kept: str) -> Response:
    packed, coding = _packed(file)
    seen = packed.stat()
    content, tag = _read(packed, seen.st_mtime_ns, seen.st_size)
    answer = Response(content, 200, HEADERS, mimetype=MEDIA_TYPES[file.suffix])
    answer.headers["Cache-Control"] = kept
    answer.headers["Vary"] = "Accept-Encoding"
    if coding is not None:
        answer.headers["Content-Encoding"] = coding
    answer.set_etag(tag)
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


def _packed(file: Path) -> tuple[Path, str | None]:
    """What to send of a file and how it is coded. A part of it is cut from the file itself."""
    if "Range" not in request.headers:
        for coding, ending in PACKED:
            beside = file.with_name(file.name + ending)
            if request.accept_encodings[coding] > 0 and beside.is_file():
                return beside, coding
    return file, None


@functools.lru_cache(maxsize=512)
def _read(file: Path, _changed_ns: int, _size: int) -> tuple[bytes, str]:
    """Its content and its tag: one of the content, so that hosts behind a balancer give the same."""
    content = file.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:32]
