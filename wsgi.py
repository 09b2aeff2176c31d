"""The web server's entry: settings from the environment, then the app."""

import os

from blueprints.app import create_app
from config.settings import load_or_exit

app = create_app(load_or_exit(os.environ))
