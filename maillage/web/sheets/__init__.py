"""Pages of the action sheets of a convention."""
