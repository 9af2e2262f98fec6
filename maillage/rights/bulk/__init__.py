"""Tables of applications that a partner brings: read, tried, then imported line by line as files to be completed. Never sent."""
