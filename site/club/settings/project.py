"""Applications, request path, templates, language."""

import importlib.util

from club.settings.environment import BASE_DIR, DEVELOPMENT, TESTING, env

# Off unless asked for: a newcomer meets our own error pages; a developer sets DEBUG=1 for traces and live templates.
DEBUG = DEVELOPMENT and env.bool("DEBUG", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "club.urls"
WSGI_APPLICATION = "club.wsgi.application"
ASGI_APPLICATION = "club.asgi.application"

OURS = [
    "club",
    "directory",
    "search",
    "notifications",
    "cms",
    "forum",
    "meetings",
    "projects",
    "members",
    "territories",
    "files",
    "realtime",
    "changes",
    "look",
    "slots",
]

INSTALLED_APPS = [
    "daphne",
    *OURS,
    "dsfr",
    "widget_tweaks",
    "django_prose_editor",  # only its static files: the forum's editor is built from them
    "allauth",
    "allauth.account",
    "wagtail.contrib.redirects",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

if TESTING and importlib.util.find_spec("django_migration_linter"):
    INSTALLED_APPS.append("django_migration_linter")  # only its command, for `make lint`

MIDDLEWARE = [
    "club.middleware.observed",
    "club.visitors.visitors",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "club.middleware.page_headers",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "club.middleware.refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.middleware.viewer_middleware",
    "directory.acceptance.ask_for_acceptance",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.redirects.ReadableRedirectMiddleware",
]

# Our own templates get their non-breaking spaces when they are read; the others come as they are.
_loaders = ["look.typography.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "club.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would write identifiers as « 1 234 »; figures for people take `quantity`, `grouped`
