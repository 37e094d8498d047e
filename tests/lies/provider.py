# SPDX-License-Identifier: BSD-2-Clause
"""An OpenID provider on loopback that is honest until a Lie says otherwise.

A device request belongs to the one sign-in that is expected; what comes with
its device code is then answered by that sign-in's Lie, so that many lies are
told at one time. In the browser flow a person brings the link that she was shown to
authorize(). Discovery, keys and certificates are lied about to everybody."""

import base64
import email.utils
import hashlib
import json
import secrets
import socket
import ssl
import threading
import time
import urllib.parse

from pki import Signer, left_hash

CLIENT = 'lies'
SECRET = 'client-' + secrets.token_urlsafe(32)


class Reply:
    """An answer; raw(sock) takes the place of everything."""

    def __init__(self, status=200, body=b'', headers=None, raw=None):
        self.status, self.raw = status, raw
        self.headers = {'Content-Type': 'application/json',
                        'Date': email.utils.formatdate(usegmt=True),
                        **(headers or {})}
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.body = body

    def send(self, sock):
        if self.raw is not None:
            self.raw(sock)
            return False
        head = f'HTTP/1.1 {self.status} X\r\n'
        headers = {'Content-Length': len(self.body), **self.headers}
        for name, value in headers.items():
            head += f'{name}: {value}\r\n'
        sock.sendall(head.encode('latin-1') + b'\r\n' + self.body)
        return True


class SignIn:
    """One sign-in as the provider sees it."""

    def __init__(self, user, lie):
        self.user, self.lie = user, lie
        self.asked = threading.Event()
        self.form = {}
        self.polls = 0
        self.device_code = 'dc_' + secrets.token_urlsafe(32)
        self.user_code = ''.join(
            secrets.choice('BCDFGHJKLMNPQRSTVWXZ') for _ in range(8))
        self.access_token = 'at_' + secrets.token_urlsafe(32)
        self.refresh_token = 'rt_' + secrets.token_urlsafe(32)
        self.is_ended = False   # nothing is refreshed any more
        self.id_token = None
        self.code = 'ac_' + secrets.token_urlsafe(32)
        self.code_is_used = False
        self.redeemed = threading.Event()
        self.go_on = threading.Event()

    def secrets(self):
        found = [self.device_code, self.user_code, self.access_token,
                 self.refresh_token, self.code, *self.of_the_link()]
        if isinstance(self.id_token, str):
            found += [p for p in self.id_token.split('.') if len(p) > 40]
        return found

    def of_the_link(self):
        return [self.form[name] for name in ('state', 'nonce')
                if self.form.get(name)]


def query_of(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def has_hung_up(sock):
    """Whoever awaits an answer has sent all; what comes is the end."""
    try:
        socket.socket.recv(sock, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


class Provider:
    def __init__(self, authority, has_browser=False):
        self.authority = authority
        self.has_browser = has_browser
        self.key = Signer('key-1')
        self.attacker = Signer('key-1')
        self.curve = Signer('key-2', 'ES256')
        self.expected = None    # the sign-in that begins now
        self.lock = threading.Lock()
        self.sign_ins = {}  # by device code, nonce, code, access token
        self.lie = None     # about what all sign-ins share
        self.grants = {}    # by refresh token
        self.spent, self.reused = set(), []     # refresh tokens
        self.now = {}       # claims that are another since the sign-in
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.issuer = f'https://localhost:{self.port}'
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(sock,),
                             daemon=True).start()

    def serve(self, sock):
        certificate = self.lie.certificate if self.lie else 'good'
        try:
            if callable(certificate):
                certificate(sock)
                return
            context = self.authority.contexts[certificate]
            with context.wrap_socket(sock, server_side=True) as tls:
                while self.exchange(tls):
                    pass
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            sock.close()

    def exchange(self, sock):
        data = b''
        while b'\r\n\r\n' not in data:
            chunk = sock.recv(65536)
            if not chunk:
                return False
            data += chunk
        head, _, body = data.partition(b'\r\n\r\n')
        lines = head.decode().split('\r\n')
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(':')
            headers[name.lower()] = value.strip()
        if 'accept-encoding' in headers:
            raise AssertionError('an encoding was asked for')
        while len(body) < int(headers.get('content-length', 0)):
            body += sock.recv(65536)
        path = lines[0].split(' ')[1]
        form = dict(urllib.parse.parse_qsl(body.decode()))
        return self.answer(path, form, headers, sock).send(sock)

    def answer(self, path, form, headers, sock):
        lie = self.lie
        if path == '/.well-known/openid-configuration':
            honest = self.discovery()
            return lie.discovery(honest) if lie and lie.discovery else \
                Reply(body=honest)
        if path == '/jwks':
            honest = {'keys': [self.key.jwk(), self.curve.jwk()]}
            return lie.keys(self, honest) if lie and lie.keys else \
                Reply(body=honest)
        if path == '/device':
            return self.device(form, sock)
        if path == '/token':
            return self.token(form)
        if path == '/userinfo' and self.has_browser:
            return self.userinfo(headers.get('authorization', ''))
        return Reply(404, {'error': 'not found'})

    def discovery(self):
        common = {
            'issuer': self.issuer,
            'token_endpoint': f'{self.issuer}/token',
            'jwks_uri': f'{self.issuer}/jwks',
            'token_endpoint_auth_methods_supported': ['client_secret_post'],
        }
        if not self.has_browser:
            return {**common, 'device_authorization_endpoint':
                    f'{self.issuer}/device'}
        return {
            **common,
            'authorization_endpoint': f'{self.issuer}/authorize',
            'userinfo_endpoint': f'{self.issuer}/userinfo',
            'authorization_response_iss_parameter_supported': True,
        }

    def authorize(self, link, lie):
        """Somebody opened the link and approved: her sign-in, and what the
        browser is sent back with."""
        query = query_of(link)
        sign_in = SignIn(query['login_hint'], lie)
        sign_in.form = query
        self.sign_ins[sign_in.code] = sign_in
        self.sign_ins[sign_in.access_token] = sign_in
        return sign_in, {'code': sign_in.code, 'state': query['state'],
                         'iss': self.issuer}

    def redeem(self, form):
        """RFC 6749 4.1.3, RFC 7636 4.6."""
        sign_in = self.sign_ins.get(form.get('code'))
        if sign_in is None or sign_in.code_is_used:
            return None
        sign_in.code_is_used = True
        sign_in.redeemed.set()
        digest = hashlib.sha256(form['code_verifier'].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b'=').decode()
        if form['redirect_uri'] != sign_in.form['redirect_uri'] or \
                challenge != sign_in.form['code_challenge']:
            return None
        return sign_in

    def userinfo(self, authorization):
        sign_in = self.sign_ins.get(authorization.removeprefix('Bearer '))
        if sign_in is None:
            return Reply(401)
        honest = {'sub': f'sub-{sign_in.user}', 'groups': ['staff'],
                  'preferred_username': sign_in.user}
        if sign_in.lie.userinfo:
            return sign_in.lie.userinfo(self, honest)
        return Reply(body=honest)

    def expect(self, sign_in):
        with self.lock:
            self.expected = sign_in

    def claim(self, nonce, sock):
        """The sign-in that a device request belongs to. Not every request is
        the first of its own: HTTP clients repeat some; and not everybody still
        waits: on a busy machine it may be read late."""
        with self.lock:
            if nonce not in self.sign_ins and self.expected and \
                    not has_hung_up(sock):
                self.sign_ins[nonce] = self.expected
                self.expected = None
            return self.sign_ins.get(nonce)

    def device(self, form, sock):
        sign_in = self.claim(form['nonce'], sock)
        if sign_in is None:
            return Reply(raw=lambda sock: sock.close())
        sign_in.form = form
        self.sign_ins[sign_in.device_code] = sign_in
        lie = sign_in.lie
        honest = {
            'device_code': sign_in.device_code,
            'user_code': sign_in.user_code,
            'verification_uri': f'{self.issuer}/go',
            'verification_uri_complete':
                f'{self.issuer}/go?user_code={sign_in.user_code}',
            'expires_in': lie.lifetime, 'interval': 1,
        }
        sign_in.asked.set()
        return lie.device(honest) if lie.device else Reply(body=honest)

    def token(self, form):
        if form.get('grant_type') == 'refresh_token':
            return self.refresh(form['refresh_token'])
        if form.get('grant_type') == 'authorization_code':
            sign_in = self.redeem(form)
        else:
            sign_in = self.sign_ins.get(form.get('device_code'))
        if sign_in is None:
            return Reply(400, {'error': 'invalid_grant'})
        sign_in.polls += 1
        lie = sign_in.lie
        if lie.poll:
            reply = lie.poll(sign_in)
            if reply is not None:
                return reply
        claims = self.claims(sign_in)
        if lie.claims:
            claims = lie.claims(claims)
        if lie.jws:
            sign_in.id_token = lie.jws(self, claims)
        else:
            sign_in.id_token = self.key.token(claims)
        self.grants[sign_in.refresh_token] = sign_in
        answer = {
            'access_token': sign_in.access_token, 'token_type': 'Bearer',
            'expires_in': 3600, 'refresh_token': sign_in.refresh_token,
            'id_token': sign_in.id_token,
        }
        if lie.answer:
            answer = lie.answer(answer)
        return answer if isinstance(answer, Reply) else Reply(body=answer)

    def refresh(self, token):
        """RFC 6749 6, with a new token each time. One that comes twice ends
        all that came of the sign-in (RFC 9700 4.14.2)."""
        with self.lock:
            sign_in = self.grants.get(token)
            if token in self.spent:
                self.reused.append(token)
                sign_in.is_ended = True
            if sign_in is None or sign_in.is_ended:
                return Reply(400, {'error': 'invalid_grant'})
            self.spent.add(token)
            sign_in.refresh_token = 'rt_' + secrets.token_urlsafe(32)
            sign_in.access_token = 'at_' + secrets.token_urlsafe(32)
            self.grants[sign_in.refresh_token] = sign_in
            self.sign_ins[sign_in.access_token] = sign_in
        claims = {**self.claims(sign_in), **self.now}
        if sign_in.lie.claims:
            claims = sign_in.lie.claims(claims)
        answer = {
            'access_token': sign_in.access_token, 'token_type': 'Bearer',
            'expires_in': 3600, 'refresh_token': sign_in.refresh_token,
            'id_token': sign_in.lie.jws(self, claims) if sign_in.lie.jws else
                        self.key.token(claims),
        }
        if sign_in.lie.refresh:
            answer = sign_in.lie.refresh(answer)
        return answer if isinstance(answer, Reply) else Reply(body=answer)

    def claims(self, sign_in):
        now = int(time.time())
        return {
            'iss': self.issuer, 'aud': [CLIENT], 'sub': f'sub-{sign_in.user}',
            'iat': now, 'exp': now + 3600, 'auth_time': now, 'amr': ['phr'],
            'type': 'id-token', 'nonce': sign_in.form.get('nonce'),
            'at_hash': left_hash(sign_in.access_token),
            'preferred_username': sign_in.user, 'groups': ['staff'],
        }

    def secrets(self):
        found = [SECRET]
        for sign_in in list(self.sign_ins.values()):
            found += sign_in.secrets()
        return found


class Lie:
    """What is said to one sign-in, or to all: each a function, or None for
    the truth. ends: the reason code; log: a pattern of the verdict's line;
    is_kept: it may be believed for a while (a document that is valid)."""

    def __init__(self, what, ends, *, log=None, seconds=45, lifetime=300,
                 user=None, service='sshd', certificate='good',
                 discovery=None, keys=None, device=None, poll=None,
                 claims=None, jws=None, answer=None, is_kept=False,
                 userinfo=None, refresh=None):
        self.what, self.ends, self.log = what, ends, log
        self.seconds, self.lifetime = seconds, lifetime
        self.user, self.service = user, service
        self.certificate = certificate
        self.discovery, self.keys, self.device = discovery, keys, device
        self.poll, self.claims = poll, claims
        self.jws, self.answer = jws, answer
        self.is_kept, self.userinfo = is_kept, userinfo
        self.refresh = refresh

    def is_shared(self):
        return bool(self.discovery or self.keys or self.certificate != 'good')
