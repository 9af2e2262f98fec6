"""A partner's table of applications: which columns mean what, and each line as an application or what is wrong with it. Pure."""
