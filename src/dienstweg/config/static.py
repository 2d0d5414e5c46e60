"""How static files are stored: under names with their hash, so that they are cached for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Files(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Compressed files under hashed names; a name that is not there is no error of the server."""

    manifest_strict = False
