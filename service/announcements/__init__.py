"""Announcements (公告): what a union tells its members at large.

Staff write a *draft* for an *audience*, see how many it reaches, and send it now or at a time. It goes out in pieces,
once to each person's inbox, and may be called off at any time: who has not been reached then never is.
"""
