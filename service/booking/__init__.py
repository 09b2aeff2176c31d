"""Booking: scarce places handed out first come, first served. Used by every feature that hands out places.

Words: an *offering* (可预约项目) is a thing with places (a training class, later an event or a competition);
a *booking* (预约) is one person's hold on it: booked, waitlisted, offered, or ended; an *offer* (候补递补) is a freed
place kept for the next person for a limited time, and counts as taken; a *gate* (报名条件) is one audience rule;
a *receipt* (回执) is the sequence number, time and chained hash that prove the order in which requests were accepted.

`desk.py` decides a batch of requests in one transaction; `places.py` is the one way a place is freed.
"""
