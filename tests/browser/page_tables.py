"""Every page of both clients, read from the clients' own tables: one that is added is looked at unasked."""

import json
import re
from collections.abc import Mapping

from tools import clients

WORKER, CONSOLE = clients.CLIENT / "worker" / "src", clients.CLIENT / "console" / "src"
ROUTE = re.compile(r"\bpath: '([^']*)'")
PARAMETER = re.compile(r":\w+(?:\([^)]*\))?")
LOST = "/:rest(.*)*"


def phone_pages(queries: Mapping[str, str]) -> list[str]:
    """`pages/class/index?id=7`: what src/pages.json lists, each with the query it needs."""
    table = json.loads((WORKER / "pages.json").read_text(encoding="utf-8"))
    paths = [each["path"] for each in table["pages"]]
    paths += [f"{part['root']}/{each['path']}" for part in table.get("subPackages", []) for each in part["pages"]]
    unknown = queries.keys() - set(paths)
    assert not unknown, f"no such pages any more: {unknown}"
    return [f"{path}?{queries[path]}" if path in queries else path for path in paths]


def console_paths(ids: Mapping[str, object]) -> list[str]:
    """`/classes/7/roster`: the paths of the router, ids put in by their first part. KeyError for a new part."""
    found = []
    above = ""
    for file in sorted((CONSOLE / "router").glob("*.ts")):
        text = file.read_text(encoding="utf-8").replace("\\\\", "\\").replace(LOST, "/no-such-page")
        for path in ROUTE.findall(text):
            if path.startswith("/"):
                above = path
            whole = path if path.startswith("/") else f"{above}/{path}".rstrip("/")
            first = whole.split("/")[1]
            if PARAMETER.search(whole):
                whole = PARAMETER.sub(str(ids[first]), whole)
            if whole not in found:
                found.append(whole)
    return found


def file_name(path: str) -> str:
    """A path as the name of a picture."""
    return re.sub(r"[^a-z0-9]+", "-", path.removeprefix("pages/").partition("?")[0].lower()).strip("-") or "start"
