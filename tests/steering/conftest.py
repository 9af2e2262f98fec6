"""What a module's tests start from, made once: a convention signed by all."""

from tests.conventions.kept import kept, signed_s3

__all__ = ["kept", "signed_s3"]
