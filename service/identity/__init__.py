"""Identity: people, how they sign in, what they may do.

Words: a *person* (人员) is one human being; a *verified* person's name, ID number and phone agree with the roster.
A *sign-in* (登录) is one device's session: short access tokens, a refresh token that changes at each use.
A *grant* (授权) is a role on a node of the union tree and everything below it.
"""
