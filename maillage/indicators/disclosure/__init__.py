"""Statistical disclosure control of count tables: arrays in, a pattern of hidden cells and its proof out. Knows no Django.

`tables` says what is published, `systems` which sums tie its cells, `sensitive` what must not be read, `suppression` what else to
hide, `proofs` why nothing hidden can be computed, `releases` what that means from one month to the next. Read ADR 30 first.
"""
