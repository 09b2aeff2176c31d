"""The real pages in a headless Chromium, against the running product."""
