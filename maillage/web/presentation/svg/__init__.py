"""Drawings as SVG markup: pure functions from plain values to escaped strings, without inline style."""
