"""How sums over observations are taken: on threads here; over files and clusters beside it."""
