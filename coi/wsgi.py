"""The way in for the web server. Marks the process as web, so that its database connections get pool and time
limit.
"""

import os

os.environ["COI_PROCESS"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coi.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
