"""What the tests of the desk start from, made once for a module."""

from tests.conventions.kept import drafted_s3, kept, signed_s3

__all__ = ["drafted_s3", "kept", "signed_s3"]
