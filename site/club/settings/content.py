"""The site's name and legal identity, Wagtail, what stands on every page."""

from club.settings.environment import SITE_URL, env

SITE_NAME = "Club National EcoQuartier"
SITE_TAGLINE = "Le réseau des collectivités qui conçoivent des quartiers durables"
# The bloc marque: the ministry's name, its lines parted by « | » as the charte graphique sets them.
MINISTRY = env.str("CLUB_MINISTRY", default="Ministère|de la Transition|écologique").split("|")
# Legal identity (mentions légales, données personnelles): a system check demands it in production.
LEGAL = {
    "editor": env.str("LEGAL_EDITOR", default=""),
    "director": env.str("LEGAL_DIRECTOR", default=""),
    "host_name": env.str("LEGAL_HOST_NAME", default=""),
    "host_address": env.str("LEGAL_HOST_ADDRESS", default=""),
    "host_phone": env.str("LEGAL_HOST_PHONE", default=""),
    "dpo": env.str("LEGAL_DPO", default=""),
    "contact": env.str("LEGAL_CONTACT", default=""),
}
# DSFR components shown on every page when set: notice bar (a sentence), beta badge, mourning band.
NOTICE = env.str("CLUB_NOTICE", default="")
BETA = env.bool("CLUB_BETA", default=False)
MOURNING = env.bool("CLUB_MOURNING", default=False)

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "cms.ClubImage"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.ClubDocument"
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "odt", "ods", "odp", "docx", "xlsx", "pptx", "txt", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "/compte/connexion/"
WAGTAILADMIN_LOGIN_URL = "/compte/connexion/"
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.uploads.ClubImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.uploads.ClubDocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_WEBP_QUALITY = 75
WAGTAILIMAGES_JPEG_QUALITY = 75
WAGTAILREDIRECTS_AUTO_CREATE = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": True}}
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("fr", "Français")]
DSFR_MARK_OPTIONAL_FIELDS = True
