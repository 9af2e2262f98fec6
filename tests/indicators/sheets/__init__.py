"""Tests of the yearly sheet."""
