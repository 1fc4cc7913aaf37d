"""The addresses of the pages."""

from django.conf import settings
from django.urls import URLPattern, path

from governance.web import auth, gallery, preferences, provider_door

urlpatterns: list[URLPattern] = [
    path("sign-in/", auth.sign_in, name="sign_in"),
    path("sign-out/", auth.sign_out, name="sign_out"),
    path("step-up/", auth.step_up, name="step_up"),
    path("first-admin/<str:token>/", auth.first_admin, name="first_admin"),
    path("sign-in/provider/", provider_door.provider_start, name="provider_start"),
    # The name is allauth's: it builds the address that the provider sends people back to.
    path("sign-in/<slug:provider_id>/return/", provider_door.provider_return, name="openid_connect_callback"),
    path("theme", preferences.theme, name="theme"),
]
if settings.DEMO:
    urlpatterns += [path("gallery", gallery.gallery, name="gallery")]
