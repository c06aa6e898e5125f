"""The generated tables of the pages in docs/. `python -m feideprov.reference docs` writes them."""
