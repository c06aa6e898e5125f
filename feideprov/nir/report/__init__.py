"""The worklist as a page, a sheet and a mail for the case worker."""
