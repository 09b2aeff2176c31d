"""The desk process and the line to it."""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.booking import line
from service.booking.counter import Counter
from service.booking.receipts import Answer
from service.booking.rules import Ask
from service.core import configuration
from service.core.errors import DatabaseAway, Unavailable

ASK = Ask(1, 2, 1, "k", "x")


class Desk:
    """A counter in a thread, deciding by `decide`."""

    def __init__(self, path: str, decide) -> None:
        self.counter = Counter(path, decide)
        self.thread = threading.Thread(target=self.counter.serve, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        self.counter.is_open = False
        self.thread.join()


@pytest.fixture
def path() -> Iterator[str]:
    # A socket's name may have 107 bytes; pytest's own folders are often longer.
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "desk")


@pytest.fixture
def configured(path: str, app) -> Iterator[None]:
    before = configuration.current()
    configuration.use(replace(before, desk_socket=path))
    yield
    configuration.use(before)
    line._hang_up()


@pytest.fixture(params=["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def yes(asks):
    return [Answer(True, f'{{"state":"booked","key":"{ask.key}"}}'.encode()) for ask in asks]


@pytest.mark.usefixtures("configured")
def test_a_request_goes_to_the_desk_and_its_answer_comes_back(path):
    desk = Desk(path, yes)
    try:
        assert line.ask(ASK).receipt() == b'{"state":"booked","key":"k"}'
        assert line.ask(ASK).code == "booked"
        assert oct(Path(path).stat().st_mode & 0o777) == "0o600"
    finally:
        desk.close()
    assert not Path(path).exists()


@pytest.mark.usefixtures("configured")
def test_a_desk_that_died_and_came_back_is_asked_again_with_the_same_key(path):
    first = Desk(path, yes)
    line.ask(ASK)
    first.close()
    second = Desk(path, yes)
    try:
        assert line.ask(ASK).code == "booked"
        unkeyed = line.ask(Ask(1, 2, 1))
        assert b'"key":"line:' in unkeyed.body
    finally:
        second.close()


@pytest.mark.usefixtures("configured")
def test_without_a_desk_the_request_is_decided_here(monkeypatch):
    monkeypatch.setattr(line.desk, "decide", yes)
    assert line.ask(ASK).code == "booked"


@pytest.mark.usefixtures("configured")
def test_a_desk_that_answers_nothing_in_time_is_unavailable(path, monkeypatch):
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 0.1)
    release = threading.Event()

    def slow(asks):
        release.wait(5)
        return yes(asks)

    desk = Desk(path, slow)
    try:
        with pytest.raises(Unavailable):
            line.ask(ASK)
    finally:
        release.set()
        desk.close()


@pytest.mark.usefixtures("configured")
def test_a_database_that_is_away_is_told_to_all_at_once(path):
    asked = []

    def away(asks):
        asked.append(len(asks))
        raise DatabaseAway

    desk = Desk(path, away)
    try:
        with pytest.raises(DatabaseAway):
            line.ask(ASK)
    finally:
        desk.close()
    assert asked == [1]


def knock(path: str, packets: list[bytes]) -> list[bytes]:
    """Send each packet on a line of its own, all before the desk looks; what came back on each."""
    callers = []
    for packet in packets:
        caller = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        caller.settimeout(5)
        caller.connect(path)
        callers.append(caller)
        caller.send(packet)
    answers = [caller.recv(line.LONGEST_ANSWER) for caller in callers]
    for caller in callers:
        caller.close()
    return answers


def test_what_arrives_together_is_decided_together(path):
    sizes = []

    def count(asks):
        sizes.append(len(asks))
        time.sleep(0.05)
        return yes(asks)

    desk = Desk(path, count)
    try:
        answers = knock(path, [line.pack(replace(ASK, key=str(number))) for number in range(40)])
    finally:
        desk.close()
    assert sum(sizes) == 40
    assert max(sizes) > 5
    assert [line.unpack(answer).body for answer in answers] == [
        f'{{"state":"booked","key":"{number}"}}'.encode() for number in range(40)
    ]


def test_one_poisoned_request_does_not_spoil_its_neighbours(path):
    def picky(asks):
        time.sleep(0.05)
        if any(ask.key == "poison" for ask in asks):
            raise ZeroDivisionError
        return yes(asks)

    desk = Desk(path, picky)
    try:
        keys = ["a", "b", "poison", "c", "d"]
        answers = knock(path, [line.pack(replace(ASK, key=key)) for key in keys])
    finally:
        desk.close()
    assert [answer[:1] for answer in answers] == [b"A", b"A", b"F", b"A", b"A"]


def test_a_malformed_packet_is_refused_and_the_desk_goes_on(path):
    desk = Desk(path, yes)
    try:
        answers = knock(path, [b"not json", line.pack(ASK)])
    finally:
        desk.close()
    assert answers[0] == line.FAILED
    assert answers[1][:1] == line.ACCEPTED


def test_an_answer_survives_the_line():
    refused = Answer(False, b'{"code":"booking.full","details":{}}')
    assert line.unpack(line.pack_answer(refused)) == refused
    assert line.unpack_ask(line.pack(ASK)) == ASK
