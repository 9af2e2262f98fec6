"""Every reader of what comes from outside, fed by a coverage-guided fuzzer (`make proof ONLY=PARSERS`).

`table.py` names them, the other files call each one as a target: bytes in, nothing out but the reader's own refusal.
`feeding.py` is a process of its own under atheris (libFuzzer): it counts, judges, and writes what it found.
"""
