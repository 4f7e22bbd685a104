"""Static files with a hash in their name, compressed once, for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Third-party sheets point to a few files they do not ship: that is no reason to stop a deployment."""

    manifest_strict = False
