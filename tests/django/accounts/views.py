"""Tokens by PyJWT, as a service on this table would have them."""

import json
import time

import jwt
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def token(request):
    sent = json.loads(request.body)
    user = authenticate(username=sent["username"], password=sent["password"])
    if user is None:
        return JsonResponse({"token": None}, status=404)
    ends = int(time.time()) + 60 * settings.JWT_EXP_MINUTES
    claims = {"role": "api", "userid": str(user.pk), "exp": ends}
    return JsonResponse({"token": jwt.encode(claims, settings.JWT_SECRET, algorithm="HS256")})


@csrf_exempt
def owner(request):
    shown = json.loads(request.body)["token"]
    try:
        claims = jwt.decode(shown, settings.JWT_SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        return JsonResponse({"userid": None, "error": type(error).__name__}, status=401)
    return JsonResponse({"userid": claims["userid"], "role": claims.get("role")})
