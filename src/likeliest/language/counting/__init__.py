"""Counting: from text to the counts of its n-grams, in memory, in files, on many machines."""
