"""Distributions: what a family is, and the families."""
