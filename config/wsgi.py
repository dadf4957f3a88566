"""The entrance for the WSGI server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# A process is given work when this file is loaded: the first people would wait for all the pages to be read in.
_ = get_resolver().url_patterns
