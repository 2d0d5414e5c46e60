"""Addresses that every host answers."""

from django.urls import path

from dienstweg.reception import views

app_name = "reception"
urlpatterns = [
    path(".well-known/health", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
