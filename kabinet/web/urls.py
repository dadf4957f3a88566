from django.urls import path, register_converter

from kabinet.web import views
from kabinet.web.views import BrandKey

app_name = "web"

register_converter(BrandKey, "brand")

urlpatterns = [
    path("language/", views.set_language, name="language"),
    path("look/", views.set_look, name="look"),
    path("brand/<brand:key>.css", views.brand_stylesheet, name="brand"),
    path("ui/", views.styleguide, name="styleguide"),
]
