"""`python -m likeliest` is `likeliest`."""

from likeliest.cli import main

main()
