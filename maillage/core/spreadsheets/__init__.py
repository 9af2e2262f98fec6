"""A table out of a file that somebody made with a spreadsheet: CSV, XLSX or ODS bytes in, a header and lines of typed cells out.

Nothing here knows what a table is about. Two passes, each a stream: the first judges the file, the second gives its lines.
"""
