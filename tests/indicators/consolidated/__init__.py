"""Tests of the figures of many conventions together."""
