#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""glewlwyd.py setup DIR URL CLIENT: makes of an empty glewlwyd at URL, whose
signing keys are DIR/keys.json, a provider with alice, bob and carol.

glewlwyd.py device|browser DIR NAME LINK: NAME signs in and approves the link;
prints the address of the client that the browser ends on, if it is one.

All trust DIR/ca.pem, and end with what they are refused.
"""
import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

ADMIN = ("admin", "password")   # as the package makes it
PASSWORD = "a passkey's stand-in"
PLUGIN = "oidc"
SCOPES = ["openid", "profile", "email", "groups"]
PEOPLE = {
    "alice": ["admins", "staff"],
    "bob": ["staff"],
    "carol": ["contractors"],
}


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to the client: where nobody may listen."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.startswith("https://localhost:"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Session:
    """What a browser is to glewlwyd: cookies and JSON."""

    def __init__(self, directory, url):
        trust = ssl.create_default_context(cafile=directory + "/ca.pem")
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trust),
            urllib.request.HTTPCookieProcessor(CookieJar()), StayHere())

    def send(self, method, path, value=None):
        """Returns (address in the end, text); raises what is no success."""
        request = urllib.request.Request(
            self.url + path, method=method,
            data=None if value is None else json.dumps(value).encode(),
            headers={"Content-Type": "application/json"})
        with self.opener.open(request, timeout=10) as answer:
            return answer.url, answer.read().decode()

    def sign_in(self, name, password):
        self.send("POST", "/api/auth/",
                  {"username": name, "password": password})


def claim(name, user_property):
    return {"name": name, "user-property": user_property, "type": "string",
            "mandatory": True, "on-demand": False, "scope": []}


def plugin(url, keys):
    """Its OpenID Connect, with what is not its default and what it insists
    on."""
    return {
        "iss": url,
        "jwt-type": "rsa",
        "jwt-key-size": "256",
        "jwks-private": keys,
        "jwks-show": True,
        "access-token-duration": 3600,
        "refresh-token-duration": 86400,
        "code-duration": 600,
        "refresh-token-rolling": True,
        "refresh-token-one-use": "always",
        "allow-non-oidc": False,
        "auth-type-code-enabled": True,
        "auth-type-token-enabled": False,
        "auth-type-id-token-enabled": True,
        "auth-type-none-enabled": False,
        "auth-type-password-enabled": False,
        "auth-type-client-enabled": False,
        "auth-type-device-enabled": True,
        "auth-type-refresh-enabled": True,
        "device-authorization-expiration": 600,
        "device-authorization-interval": 1,
        "subject-type": "public",
        "pkce-allowed": True,
        "oauth-as-iss-id": True,
        "allowed-scope": SCOPES,
        "claims": [claim("preferred_username", "login"),
                   claim("groups", "groups")],
    }


def setup(directory, url, client):
    session = Session(directory, url)
    with open(directory + "/keys.json", encoding="utf-8") as stream:
        keys = stream.read()
    session.sign_in(*ADMIN)

    module = json.loads(session.send("GET", "/api/mod/user/database")[1])
    for name, multiple in (("login", False), ("groups", True)):
        module["parameters"]["data-format"][name] = {
            "multiple": multiple, "read": True, "write": True,
            "profile-read": True, "profile-write": False}
    session.send("PUT", "/api/mod/user/database", module)
    session.send("PUT", "/api/mod/user/database/reset")

    for scope in SCOPES[1:]:
        session.send("POST", "/api/scope/", {
            "name": scope, "display_name": scope, "description": scope,
            "password_required": True, "password_max_age": 0, "scheme": {}})
    session.send("POST", "/api/mod/plugin/", {
        "module": "oidc", "name": PLUGIN, "display_name": PLUGIN,
        "parameters": plugin(f"{url}/api/{PLUGIN}", keys),
        "order_rank": 0, "readonly": False})
    session.send("POST", "/api/client/", {
        "client_id": client, "name": "hostpass", "confidential": False,
        "enabled": True, "scope": SCOPES,
        "redirect_uri": ["http://127.0.0.1:1/callback"],
        "authorization_type": ["code", "device_authorization",
                               "refresh_token"]})
    for name, groups in PEOPLE.items():
        session.send("POST", "/api/user/", {
            "username": name, "password": PASSWORD, "enabled": True,
            "scope": SCOPES, "login": name, "groups": groups,
            "email": name + "@example.com"})
    with open(directory + "/client", "w", encoding="utf-8") as stream:
        stream.write(client)


def grant(session, client):
    session.send("PUT", f"/api/auth/grant/{client}",
                 {"scope": " ".join(SCOPES)})


def follow(directory, name, link):
    """What the pages behind a link do, without their JavaScript. Returns the
    address in the end."""
    parts = urllib.parse.urlsplit(link)
    with open(directory + "/client", encoding="utf-8") as stream:
        client = stream.read()
    session = Session(directory, f"{parts.scheme}://{parts.netloc}")
    session.sign_in(name, PASSWORD)
    grant(session, client)
    try:
        return session.send("GET", f"{parts.path}?{parts.query}&g_continue")[0]
    except urllib.error.HTTPError as error:
        if error.code != 302:
            raise
        return error.headers["Location"]


def device(directory, name, link):
    end = follow(directory, name, link)
    if "prompt=deviceComplete" not in end:
        raise ValueError(f"the approval ended at {end}")


def browser(directory, name, link):
    print(follow(directory, name, link))


def main():
    command, *arguments = sys.argv[1:]
    try:
        {"setup": setup, "device": device, "browser": browser}[command](
            *arguments)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url}: {error} {error.read().decode()}")


main()
