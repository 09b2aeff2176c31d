"""Settings, logging and the web server's own configuration. Read by `wsgi.py` and `blueprints/app.py` alone."""
