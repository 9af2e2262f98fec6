"""What tests of figures start from: conventions made once."""

from tests.conventions.kept import kept, signed_s3

__all__ = ["kept", "signed_s3"]
