"""A CSV file or a spreadsheet as rows of named cells, for whoever reads lists: of people, of numbers, of services.

Which columns a list has is told by its `Layout`; what their cells mean is for the reader of that list to say.
"""
