# SPDX-License-Identifier: BSD-2-Clause
"""An OpenID provider on loopback that is honest until a Lie says otherwise.

Every device request takes the next sign-in from a queue; what belongs to its
device code is then answered by that sign-in's Lie, so that many lies are told
at one time. Discovery, keys and certificates are lied about to everybody."""

import email.utils
import json
import queue
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
        self.id_token = None

    def secrets(self):
        found = [self.device_code, self.user_code, self.access_token,
                 self.refresh_token]
        if isinstance(self.id_token, str):
            found += [p for p in self.id_token.split('.') if len(p) > 40]
        return found


class Provider:
    def __init__(self, authority):
        self.authority = authority
        self.key = Signer('key-1')
        self.attacker = Signer('key-1')
        self.curve = Signer('key-2', 'ES256')
        self.expected = queue.Queue()
        self.sign_ins = {}
        self.lie = None     # about what all sign-ins share
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
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(':')
            if name.lower() == 'content-length':
                length = int(value)
            if name.lower() == 'accept-encoding':
                raise AssertionError('an encoding was asked for')
        while len(body) < length:
            body += sock.recv(65536)
        path = lines[0].split(' ')[1]
        form = dict(urllib.parse.parse_qsl(body.decode()))
        return self.answer(path, form).send(sock)

    def answer(self, path, form):
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
            return self.device(form)
        if path == '/token':
            return self.token(form)
        return Reply(404, {'error': 'not found'})

    def discovery(self):
        return {
            'issuer': self.issuer,
            'token_endpoint': f'{self.issuer}/token',
            'jwks_uri': f'{self.issuer}/jwks',
            'device_authorization_endpoint': f'{self.issuer}/device',
            'token_endpoint_auth_methods_supported': ['client_secret_post'],
        }

    def device(self, form):
        sign_in = self.expected.get(timeout=5)
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
        answer = {
            'access_token': sign_in.access_token, 'token_type': 'Bearer',
            'expires_in': 3600, 'refresh_token': sign_in.refresh_token,
            'id_token': sign_in.id_token,
        }
        if lie.answer:
            answer = lie.answer(answer)
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

    def __init__(self, what, ends, *, log=None, seconds=8, lifetime=300,
                 user=None, service='sshd', certificate='good',
                 discovery=None, keys=None, device=None, poll=None,
                 claims=None, jws=None, answer=None, is_kept=False):
        self.what, self.ends, self.log = what, ends, log
        self.seconds, self.lifetime = seconds, lifetime
        self.user, self.service = user, service
        self.certificate = certificate
        self.discovery, self.keys, self.device = discovery, keys, device
        self.poll, self.claims = poll, claims
        self.jws, self.answer = jws, answer
        self.is_kept = is_kept

    def is_shared(self):
        return bool(self.discovery or self.keys or self.certificate != 'good')
