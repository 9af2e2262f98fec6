"""The two clocks of an application: what the convention promises, counted strictly, and what the law says, rolled.

Pure: dates in, dates out. Nothing here reads a database nor the time.
"""
