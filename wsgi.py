"""The servers' entry: settings from the environment, then the app. Its clock does not jump."""

import os

from blueprints.app import create_app
from config.settings import load_or_exit
from service.core import clock

clock.hold_steady()
app = create_app(load_or_exit(os.environ))
