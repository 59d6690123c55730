"""`python -m likeliest.cli` is `likeliest`."""

from likeliest.cli import main

main()
