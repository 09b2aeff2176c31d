"""The WeChat sandbox: a second small app, in its own process and on its own port, that answers as WeChat does.

The product's client knows nothing of it but its address. Production refuses it.
"""
