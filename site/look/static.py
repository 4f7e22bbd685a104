"""Static files with a hash in their name, compressed once, for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Third-party sheets point to a few files they do not ship: that is no reason to stop a deployment."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # our modules import each other by the names that a release gives them
