"""Hot lists: made once however many ask, kept for a second, never more than so many."""

import threading
import time

import pytest
from flask import Flask
from marshmallow import fields

from blueprints import hot
from schemas.fields import View


class NumberView(View):
    number = fields.Integer()


@pytest.fixture
def app():
    return Flask("hot")


@pytest.fixture
def counted():
    """A hot view, and how often it was really asked."""
    asked = []

    @hot.hot(NumberView)
    def show():
        time.sleep(0.05)
        asked.append(1)
        return {"number": len(asked)}

    return show, asked


def ask(app, show, path="/x", **headers):
    with app.test_request_context(path, headers=headers):
        return show()


def test_a_cold_list_is_made_once_for_all_who_wait(app, counted):
    show, asked = counted
    barrier = threading.Barrier(50)
    answers = []

    def wait_and_ask():
        barrier.wait()
        answers.append(ask(app, show).json["number"])

    threads = [threading.Thread(target=wait_and_ask) for _ in range(50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(asked), set(answers), len(answers)) == (1, {1}, 50)


def test_a_list_is_made_anew_after_a_second(app, counted, monkeypatch):
    show, asked = counted
    assert ask(app, show).json["number"] == 1
    assert ask(app, show).json["number"] == 1
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + hot.KEPT_SECONDS + 0.1)
    assert ask(app, show).json["number"] == 2
    assert len(asked) == 2


def test_each_query_has_its_own_answer_in_whatever_order_it_is_written(app, counted):
    show, asked = counted
    ask(app, show, "/x?a=1&b=2")
    ask(app, show, "/x?b=2&a=1")
    ask(app, show, "/x?a=1")
    assert len(asked) == 2


def test_the_servers_time_goes_on_while_the_list_is_kept(app, counted):
    show, _ = counted
    first, second = ask(app, show), ask(app, show)
    assert first.json["server_time"] < second.json["server_time"]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert ask(app, show, **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_what_is_kept_is_bounded():
    kept = hot.Bounded()
    for number in range(hot.MOST_KEPT + 10):
        kept[str(number)] = number
    assert len(kept) == hot.MOST_KEPT
    assert "0" not in kept


def test_what_is_dropped_is_made_anew(app, counted):
    show, asked = counted
    ask(app, show)
    hot.forget()
    ask(app, show)
    assert len(asked) == 2
