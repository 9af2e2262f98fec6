"""Yearly campaigns: a national text's questions asked of all the conventions that implement it, and what comes of them together."""
