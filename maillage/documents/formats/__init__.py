"""Recognising a file by its content. Pure functions: bytes in, a kind or a French refusal out."""
