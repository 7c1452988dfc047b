from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Pbkdf2Sha256(PBKDF2PasswordHasher):
    iterations = settings.PBKDF2_ITERATIONS
