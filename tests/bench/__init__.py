"""Measured ratios: how fast the product answers beside a bare Flask + JWT endpoint under the same server settings."""
