"""The yearly figures of a convention: read, printed, exported."""
