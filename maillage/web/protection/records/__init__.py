"""Pages of the record of processing, and of the evidence folder of a convention."""
