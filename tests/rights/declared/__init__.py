"""Tests of the declared rights."""
