"""The rights that one applies for: who may, with which pieces, on which form, for how long; declared as data. Pure."""
