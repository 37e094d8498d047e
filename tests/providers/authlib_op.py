#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""authlib_op.py serve DIR PORT CLIENT [key|workload]: an OpenID provider of
Authlib's parts on https://localhost:PORT, with alice, bob and carol; says
"ready" when it listens. DIR has the certificate. The client is a public one, or
signs its assertions with DIR/client.key, or has assertions that are signed with
that key by the issuer of its workload; they are made for the token endpoint in
the first case, and for the issuer in the second.

authlib_op.py mint DIR CLIENT ISSUER SECONDS: prints such an assertion.

authlib_op.py device|browser DIR NAME LINK: NAME approves the link; "not-NAME"
refuses it. Prints the address of the client that the browser ends on.

Authlib makes the codes, the tokens and the errors; this file keeps them, and
has the page. What no other provider of these tests does: a key without kid, a
code with a hyphen, access_denied.
"""
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

WORKLOAD_ISSUER = "https://workloads.example.com"
PEOPLE = {
    "alice": ["admins", "staff"],
    "bob": ["staff"],
    "carol": ["contractors"],
}


class Client:
    """A client: the questions that Authlib asks of one."""

    def __init__(self, client_id, method):
        self.client_id = client_id
        self.method = method

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        return scope

    def check_endpoint_auth_method(self, method, _endpoint):
        return method == self.method

    def check_grant_type(self, name):
        return name.rpartition(":")[2] in (
            "device_code", "authorization_code", "refresh_token")

    def check_response_type(self, name):
        return name == "code"

    def check_redirect_uri(self, uri):
        """Any port of the loopback: RFC 8252 7.3."""
        parts = urllib.parse.urlsplit(uri)
        return (parts.scheme, parts.hostname, parts.path) == (
            "http", "127.0.0.1", "/callback")


class Request:
    """What both flows remember of a sign-in that was asked for."""

    def __init__(self, client_id, scope, lifetime):
        self.client_id = client_id
        self.scope = scope
        self.until = time.time() + lifetime
        self.auth_time = None
        self.nonce = None

    def get_client_id(self):
        return self.client_id

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):      # it and amr: newer ones than Debian 12's ask
        return None

    def get_amr(self):
        return None

    def is_expired(self):
        return time.time() > self.until


class Code(Request):
    """A code of the browser flow."""

    def __init__(self, request):
        super().__init__(request.client.client_id, request.scope, 60)
        self.user = request.user
        self.redirect_uri = request.redirect_uri
        self.nonce = request.data.get("nonce")
        self.auth_time = int(time.time())
        self.code_challenge = request.data.get("code_challenge")
        self.code_challenge_method = request.data.get("code_challenge_method")

    def get_redirect_uri(self):
        return self.redirect_uri


class Sign(Request):
    """A request of a device and what became of it."""

    def __init__(self, client_id, scope, data):
        super().__init__(client_id, scope, data["expires_in"])
        self.user_code = data["user_code"]
        self.interval = data["interval"]
        self.asked = 0.0
        self.answer = None      # (name, whether they approved)

    def get_user_code(self):
        return self.user_code

    def asks_too_early(self):
        early = time.time() - self.asked < self.interval * 0.9
        self.asked = time.time()
        return early


class State:
    def __init__(self, directory, port, client, proof):
        from authlib.jose import ECKey

        self.issuer = f"https://localhost:{port}"
        self.proof = proof
        self.method = "client_assertion_jwt" if proof else "none"
        self.client = Client(client, self.method)
        self.client_key = directory + "/client.key"
        self.key = ECKey.generate_key("P-256", is_private=True)
        self.signs = {}         # by device code
        self.codes = {}
        self.certificate = (directory + "/server.pem",
                            directory + "/server.key")

    def by_user_code(self, code):
        return next((sign for sign in self.signs.values()
                     if sign.user_code == code), None)


def device_flow(state):
    """Authlib's classes with what they leave to be filled in: RFC 8628."""
    from authlib.oauth2.rfc8628 import (DeviceAuthorizationEndpoint,
                                        DeviceCodeGrant)

    class Endpoint(DeviceAuthorizationEndpoint):
        INTERVAL = 1
        CLIENT_AUTH_METHODS = [state.method]

        def get_verification_uri(self):
            return state.issuer + "/activate"

        def save_device_credential(self, client_id, scope, data):
            state.signs[data["device_code"]] = Sign(client_id, scope, data)

    class Grant(DeviceCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = [state.method]

        def query_device_credential(self, device_code):
            return state.signs.get(device_code)

        def query_user_grant(self, user_code):
            return state.by_user_code(user_code).answer

        def should_slow_down(self, credential):
            return credential.asks_too_early()

    return Endpoint, Grant


def browser_flow(state):
    """The same for RFC 6749 4.1."""
    from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant

    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = [state.method]

        def save_authorization_code(self, code, request):
            state.codes[code] = Code(request)

        def query_authorization_code(self, code, client):
            return state.codes.get(code)

        def delete_authorization_code(self, authorization_code):
            state.codes = {code: kept for code, kept in state.codes.items()
                           if kept is not authorization_code}

        def authenticate_user(self, authorization_code):
            return authorization_code.user

    return Grant


def assertions(state):
    """RFC 7523. Authlib's own claims are those of a client that signs; a
    workload's token comes from an issuer of its own, and is used more than
    once."""
    from authlib.jose import JsonWebKey
    from authlib.oauth2.rfc7523 import JWTBearerClientAssertion

    class Assertion(JWTBearerClientAssertion):
        used = set()

        def create_claims_options(self):
            options = super().create_claims_options()
            if state.proof == "workload":
                options["iss"] = {"essential": True, "value": WORKLOAD_ISSUER}
                options["aud"] = {"essential": True, "value": state.issuer}
            return options

        def validate_jti(self, claims, jti):
            fresh = jti not in self.used
            self.used.add(jti)
            return fresh

        def resolve_client_public_key(self, client, headers):
            with open(state.client_key, "rb") as file:
                return JsonWebKey.import_key(file.read())

    return Assertion(state.issuer + "/token",
                     validate_jti=state.proof == "key")


def id_tokens(state):
    from authlib.oidc.core import OpenIDCode, UserInfo
    from authlib.oidc.core.grants.code import OpenIDToken

    class Content:
        def get_jwt_config(self, grant):
            return {"key": state.key, "alg": "ES256", "iss": state.issuer,
                    "exp": 600}

        def generate_user_info(self, user, scope):
            return UserInfo(sub="person|" + user, preferred_username=user,
                            groups=PEOPLE[user])

        def exists_nonce(self, nonce, request):
            return any(code.nonce == nonce for code in state.codes.values())

    class DeviceToken(Content, OpenIDToken):
        pass

    class CodeToken(Content, OpenIDCode):
        pass

    return DeviceToken, CodeToken


def metadata(issuer):
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + "/authorize",
        "token_endpoint": issuer + "/token",
        "device_authorization_endpoint": issuer + "/device",
        "jwks_uri": issuer + "/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": [
            "urn:ietf:params:oauth:grant-type:device_code",
            "authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
    }


def public_key(state):
    key = state.key.as_dict(is_private=False)
    key.pop("kid", None)
    return key


def application(state):
    from authlib.integrations.flask_oauth2 import AuthorizationServer
    from authlib.oauth2.rfc7636 import CodeChallenge
    from flask import Flask, abort, request

    app = Flask(__name__)
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(
        app, lambda name: state.client if name == state.client.client_id
        else None, lambda token, request: None)
    if state.proof:
        server.register_client_auth_method(state.method, assertions(state))
    endpoint, device_grant = device_flow(state)
    device_token, code_token = id_tokens(state)
    server.register_endpoint(endpoint)
    server.register_grant(device_grant, [device_token()])
    server.register_grant(browser_flow(state), [
        code_token(require_nonce=True), CodeChallenge(required=True)])

    for path, method, view in (
            ("/.well-known/openid-configuration", "GET",
             lambda: metadata(state.issuer)),
            ("/keys", "GET", lambda: {"keys": [public_key(state)]}),
            ("/device", "POST", lambda: server.create_endpoint_response(
                "device_authorization")),
            ("/token", "POST", server.create_token_response)):
        app.add_url_rule(path, path, view, methods=[method])

    @app.post("/activate")
    def activate():
        sign = state.by_user_code(request.form["user_code"])
        name = request.form["name"]
        if sign is None or sign.answer is not None or name not in PEOPLE:
            abort(403)
        sign.auth_time = int(time.time())
        sign.answer = (name, request.form["approve"] == "yes")
        return "done\n"

    @app.post("/authorize")
    def authorize():
        name = request.form["name"]
        return server.create_authorization_response(
            grant_user=name if request.form["approve"] == "yes" else None)

    return app


def serve(directory, port, client, proof=None):
    from werkzeug.serving import make_server

    state = State(directory, port, client, proof)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*state.certificate)
    server = make_server("127.0.0.1", int(port), application(state),
                         threaded=True, ssl_context=context)
    print("ready", flush=True)
    server.serve_forever()


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: where they lead, nobody may listen."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return None


def answer(directory, name, url, **fields):
    """The page of a person who is signed in already. Returns where it leads,
    if it does."""
    form = urllib.parse.urlencode({
        **fields, "name": name.removeprefix("not-"),
        "approve": "no" if name.startswith("not-") else "yes"})
    trust = ssl.create_default_context(cafile=directory + "/ca.pem")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trust), StayHere())
    try:
        with opener.open(url, form.encode(), timeout=10):
            return None
    except urllib.error.HTTPError as error:
        if error.code != 302:
            raise
        return error.headers["Location"]


def mint(directory, client, issuer, seconds):
    """What a workload is given: a token that it is the client."""
    from authlib.jose import jwt

    now = int(time.time())
    with open(directory + "/client.key", "rb") as file:
        token = jwt.encode({"alg": "ES256"}, {
            "iss": WORKLOAD_ISSUER, "sub": client, "aud": issuer, "iat": now,
            "exp": now + int(seconds)}, file.read())
    print(token.decode())


def device(directory, name, link):
    page, _, query = link.partition("?")
    answer(directory, name, page,
           user_code=urllib.parse.parse_qs(query)["user_code"][0])


def browser(directory, name, link):
    print(answer(directory, name, link))


def main():
    command, *arguments = sys.argv[1:]
    {"serve": serve, "mint": mint, "device": device,
     "browser": browser}[command](*arguments)


main()
