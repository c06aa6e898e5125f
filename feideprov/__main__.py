"""`python -m feideprov`."""

from feideprov.cli import main

main()
