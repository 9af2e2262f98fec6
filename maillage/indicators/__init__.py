"""What is counted and shown: definitions, campaigns, reports, and the control of what leaves the parties of a convention."""
