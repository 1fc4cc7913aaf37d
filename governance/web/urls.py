"""The addresses of the pages."""

from django.conf import settings
from django.urls import URLPattern, path

from governance.web import (
    audit,
    auth,
    catalogue,
    destinations,
    gallery,
    health,
    home,
    initiatives,
    keys,
    people,
    preferences,
    provider_door,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("initiatives/", initiatives.initiatives, name="initiatives"),
    path("initiatives/<slug:code>/", initiatives.initiative, name="initiative"),
    path("initiatives/<slug:code>/claim", initiatives.initiative_claim, name="initiative_claim"),
    path("initiatives/<slug:code>/claims/<uuid:claim_id>/withdraw", initiatives.claim_withdraw, name="claim_withdraw"),
    path("datasets/", catalogue.datasets, name="datasets"),
    path("datasets/new", catalogue.dataset_new, name="dataset_new"),
    path("datasets/<slug:ref>/", catalogue.dataset, name="dataset"),
    path("datasets/<slug:ref>/edit", catalogue.dataset_edit, name="dataset_edit"),
    path("datasets/<slug:ref>/retire", catalogue.dataset_retire, name="dataset_retire"),
    path("destinations/", destinations.destinations, name="destinations"),
    path("destinations/new", destinations.destination_new, name="destination_new"),
    path("destinations/<slug:ref>/", destinations.destination, name="destination"),
    path("destinations/<slug:ref>/terms", destinations.destination_terms, name="destination_terms"),
    path("destinations/<slug:ref>/open", destinations.destination_open, name="destination_open"),
    path("destinations/<slug:ref>/suspend", destinations.destination_suspend, name="destination_suspend"),
    path("destinations/<slug:ref>/key", destinations.destination_key, name="destination_key"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new", keys.key_new, name="key_new"),
    path("keys/<uuid:key_id>/revoke", keys.key_revoke, name="key_revoke"),
    path("audit/", audit.audit, name="audit"),
    path("people/", people.people, name="people"),
    path("people/new", people.person_new, name="person_new"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/deactivate", people.person_deactivate, name="person_deactivate"),
    path("people/<uuid:person_id>/roles/give", people.role_give, name="role_give"),
    path("people/<uuid:person_id>/roles/take", people.role_take, name="role_take"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
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
