"""Losses: negative log likelihood and cross entropy that stay right."""
