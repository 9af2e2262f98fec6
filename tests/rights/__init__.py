"""Tests of the applications for rights."""
