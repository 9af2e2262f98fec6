"""Tests of the two clocks of an application."""
