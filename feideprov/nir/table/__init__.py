"""The rules as dated data: the table of the package, and rows of a municipality's own."""
