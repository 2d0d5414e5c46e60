"""What this machine can do at most: a bare Django view, and one SELECT and INSERT.

Run by the same Gunicorn settings on the same database as Dienstweg, with no middleware, so that
the ratios say what our own work costs. `application` is for the HTTP server.
"""

import os

import django
from django.conf import settings

if not settings.configured:
    from dienstweg.config.environment import database

    settings.configure(
        SECRET_KEY="limits",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        DATABASES={"default": database(os.environ.get("DATABASE_URL", ""))},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {
                                "small.html": "<!DOCTYPE html><title>{{ title }}</title>"
                                "<h1>{{ title }}</h1><ul>{% for one in list %}<li>{{ one }}</li>"
                                "{% endfor %}</ul>"
                            },
                        )
                    ]
                },
            }
        ],
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with a small template."""
    return render(request, "small.html", {"title": "Grenze", "list": range(10)})


@csrf_exempt
def write(_request: HttpRequest) -> HttpResponse:
    """Read one row and insert one, in a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM bench_limit LIMIT 1) AS one")
        cursor.fetchone()
        cursor.execute("INSERT INTO bench_limit (what) VALUES (%s)", ["x" * 200])
    return HttpResponse("ok")


urlpatterns = [path("bare", bare), path("write", write)]
application = get_wsgi_application()
