"""Estimators by name for families whose likelihood has no maximum: one file each."""
