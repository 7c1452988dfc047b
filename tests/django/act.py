"""Does in this project what the test asks for: one JSON object a line, many at a time.

`{"id": 1, "do": "check", ...}` is answered with `{"id": 1, "answer": ...}` or `{"id": 1, "error": ...}`.
"""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth import authenticate  # noqa: E402
from django.contrib.auth.hashers import get_hasher, make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402

ANSWERS = threading.Lock()


def migrate():
    call_command("migrate", verbosity=0)
    return django.get_version()


def create(name, email, password, hasher="default", iterations=None, superuser=False):
    user = User(username=name, email=email, is_staff=superuser, is_superuser=superuser)
    if iterations is None:
        user.password = make_password(password, hasher=hasher)
    else:
        chosen = get_hasher(hasher)
        user.password = chosen.encode(password, chosen.salt(), iterations)
    if password is None:
        user.set_unusable_password()
    user.save()
    return user.pk


def row(name):
    fields = User.objects.filter(username=name).values().get()
    return {field: str(value) if field in ("date_joined", "last_login") else value for field, value in fields.items()}


def check(name, password):
    return authenticate(username=name, password=password) is not None


def change(name, password):
    user = User.objects.get(username=name)
    user.set_password(password)
    user.save(update_fields=["password"])


def change_if(name, old, new):
    with transaction.atomic():
        user = User.objects.select_for_update().get(username=name)
        if not user.check_password(old):
            return False
        user.set_password(new)
        user.save(update_fields=["password"])
        return True


def delete(name):
    User.objects.get(username=name).delete()


def signed_in_client(name, password):
    client = Client()
    answer = client.post("/admin/login/?next=/admin/", {"username": name, "password": password})
    return client if answer.status_code == 302 else None


def admin(name, password):
    client = signed_in_client(name, password)
    return client is not None and client.get("/admin/accounts/user/").status_code == 200


def admin_change(name, password, of, new):
    client = signed_in_client(name, password)
    page = f"/admin/accounts/user/{User.objects.get(username=of).pk}/password/"
    return client.post(page, {"password1": new, "password2": new}).status_code == 302


def token(name, password):
    sent = json.dumps({"username": name, "password": password})
    return Client().post("/token/", sent, content_type="application/json").json()["token"]


def owner(token):
    return Client().post("/owner/", json.dumps({"token": token}), content_type="application/json").json()


DEEDS = {
    deed.__name__: deed
    for deed in (migrate, create, row, check, change, change_if, delete, admin, admin_change, token, owner)
}


def act(line):
    asked = json.loads(line)
    number, deed = asked.pop("id"), asked.pop("do")
    try:
        told = {"id": number, "answer": DEEDS[deed](**asked)}
    except Exception as error:  # the test is told, and fails there
        told = {"id": number, "error": f"{deed}: {type(error).__name__}: {error}"}
    finally:
        connection.close()
    with ANSWERS:
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    with ThreadPoolExecutor(16) as pool:
        for line in sys.stdin:
            pool.submit(act, line)
