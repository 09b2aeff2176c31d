"""WeChat: a thin client of its server API. It knows nothing of people; where the API lives is a setting, so that the
sandbox answers in its place until there is a real mini-program.
"""
