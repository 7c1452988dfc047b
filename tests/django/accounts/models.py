from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    restoring_token = models.CharField(max_length=145, null=True, blank=True)
