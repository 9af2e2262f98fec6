"""`make proof`: the promises of docs/security.md at full size, line by line, resumable.

A line is a file of units; a unit is a pytest test that says in its `tally` what it tried and what went wrong, and is
written to disk when it ends. A run goes on with the units that no former run of the same sources has finished.
"""
