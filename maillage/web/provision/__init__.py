"""Pages of year-end provisions."""
