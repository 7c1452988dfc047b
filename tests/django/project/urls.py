from accounts import views
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("token/", views.token),
    path("owner/", views.owner),
]
