"""Maximisers, which know no statistics."""
