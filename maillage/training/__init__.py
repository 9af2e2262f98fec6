"""Modules and sessions that inform and train partners: registrations, attendance, certificates (rows F1-F4)."""
