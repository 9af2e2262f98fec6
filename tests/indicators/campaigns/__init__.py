"""Tests of yearly campaigns."""
