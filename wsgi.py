"""The web server's entry: settings from the environment, then the app."""

import os

from blueprints.app import create_app
from config.settings import load

app = create_app(load(os.environ))
