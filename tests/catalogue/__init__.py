"""Tests of the vocabulary of services, rights and measures."""
