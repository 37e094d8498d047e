# SPDX-License-Identifier: BSD-2-Clause
"""What the provider says that is not so, and the reason that each must end
in. One row is one lie; the sections follow the way of a sign-in."""

import json
import socket
import time

from pki import Signer
from provider import Lie, Reply

OTHER = 'https://other.example'
LONG = 8        # seconds that a code lives where the daemon polls on
HTML = '<!doctype html><title>Welcome</title>'


def body(data, status=200, headers=None):
    return lambda *_: Reply(status, data, headers)


def raw(function):
    return lambda *_: Reply(raw=function)


def put(**members):
    """The honest document with these members; None takes one out, and what can
    be called says what to put."""
    def change(honest):
        honest = {**honest, **{k: v() if callable(v) else v
                               for k, v in members.items()}}
        return {k: v for k, v in honest.items() if v is not None}
    return change


def put_reply(**members):
    return lambda honest: Reply(body=put(**members)(honest))


def splice(old, new):
    """The honest document as text with a piece replaced, for what no
    serializer writes."""
    def change(honest):
        text = json.dumps(honest)
        assert old in text
        return Reply(body=text.replace(old, new, 1))
    return change


# --- bytes on the wire ---

HEAD = (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n')


def endless(sock):
    sock.sendall(HEAD + b'Transfer-Encoding: chunked\r\n\r\n')
    while True:
        sock.sendall(b'10000\r\n' + b' ' * 65536 + b'\r\n')


def two_gigabytes(sock):
    sock.sendall(HEAD + b'Content-Length: 2147483648\r\n\r\n')
    for _ in range(32768):
        sock.sendall(b' ' * 65536)


def one_byte_a_second(sock):
    sock.sendall(HEAD + b'Content-Length: 100\r\n\r\n')
    for _ in range(100):
        sock.sendall(b' ')
        time.sleep(1)


def stall(_sock):
    time.sleep(12)


def half_then_reset(sock):
    sock.sendall(HEAD + b'Content-Length: 100\r\n\r\n{"access')
    sock.unwrap = None
    linger = (1).to_bytes(4, 'little') + (0).to_bytes(4, 'little')
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    sock.close()


def nothing(sock):
    sock.close()


def too_short(sock):
    sock.sendall(HEAD + b'Content-Length: 100\r\n\r\n{}')
    sock.close()


def endless_headers(sock):
    sock.sendall(HEAD)
    for n in range(100000):
        sock.sendall(b'X-Lie-%d: %s\r\n' % (n, b'x' * 1000))


def old_http(sock):
    sock.sendall(b'{"access_token": "a", "token_type": "Bearer"}')
    sock.close()


def bad_status(sock):
    sock.sendall(b'HTTP/1.1 abc OK\r\n\r\n{}')
    sock.close()


def two_lengths(sock):
    sock.sendall(HEAD + b'Content-Length: -5\r\n\r\n{}')
    sock.close()


def bomb(sock):
    # Ten bytes of a gzip stream: whoever decodes it finds an error of zlib's,
    # and whoever does not, as he should, no JSON.
    data = bytes.fromhex('1f8b0800000000000003') + b'\0' * 100
    sock.sendall(HEAD + b'Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n'
                 % len(data) + data)


WIRE = [
    ('a body without end', endless, 'provider-oversized', None),
    ('a body of 2 GB', two_gigabytes, 'provider-oversized', None),
    ('one byte a second', one_byte_a_second, 'provider-unreachable', 'timed?'),
    ('no reply at all', stall, 'provider-unreachable', 'timed?'),
    ('a reset in the body', half_then_reset, 'provider-unreachable', None),
    ('a connection that is closed', nothing, 'provider-unreachable', None),
    ('a body shorter than it says', too_short, 'provider-unreachable', None),
    ('headers without end', endless_headers, 'provider-unreachable', None),
    ('HTTP/0.9', old_http, 'provider-unreachable',
     r'HTTP/0\.9|HTTP version'),
    ('a status that is no number', bad_status, 'provider-unreachable', None),
    ('a length below zero', two_lengths, 'provider-unreachable', None),
    ('a body in gzip', bomb, 'provider-reply', 'not JSON'),
]

# --- bodies that are no answer anywhere ---

DEEP = '[' * 20000 + ']' * 20000
NO_JSON = [
    ('an empty body', b''),
    ('HTML', HTML),
    ('a number', '7'),
    ('an array', '[]'),
    ('an empty object', '{}'),
    ('JSON 20,000 deep', DEEP),
    ('JSON in JSON 17 deep', '{"a":' * 17 + '1' + '}' * 17),
    ('half of a document', '{"access_token":"a'),
    ('something after the document', '{} {}'),
    ('a byte order mark', b'\xef\xbb\xbf{}'),
    ('bytes that are not UTF-8', b'{"a":"\xff\xfe"}'),
    ('a NUL in the document', b'{}\0'),
    ('NaN', '{"expires_in":NaN}'),
]


def wire_lies():
    for what, function, ends, log in WIRE:
        yield Lie(f'token endpoint: {what}', ends, log=log, lifetime=LONG,
                  poll=raw(function))
        yield Lie(f'device endpoint: {what}', ends, log=log,
                  device=raw(function))
    for what, data in NO_JSON:
        yield Lie(f'token endpoint: {what}', 'provider-reply',
                  poll=body(data))
        yield Lie(f'device endpoint: {what}', 'provider-reply',
                  device=body(data))


# --- refusals ---

def error(name, status=400, **more):
    return body({'error': name, **more}, status)


API = {'code': 'rate_limited',
       'request_id': 'd2719a3c-14b7-4c62-9fcb-7e2c0a5d9f10'}
ERRORS = [
    ('access_denied', 403, 'access-denied'),
    ('access_denied', 400, 'access-denied'),
    ('expired_token', 400, 'grant-invalid'),
    ('invalid_grant', 400, 'grant-invalid'),
    ('Invalid device code', 400, 'grant-invalid'),
    ('Device code has expired', 400, 'grant-invalid'),
    ('invalid_client', 401, 'client-refused'),
    ('unauthorized_client', 400, 'client-refused'),
    ('invalid_scope', 400, 'scope-refused'),
    ('unsupported_grant_type', 400, 'grant-unsupported'),
    ('invalid_request', 400, 'request-refused'),
    ('what_is_this', 400, 'provider-reply'),
]


def refusal_lies():
    for name, status, ends in ERRORS:
        yield Lie(f'token endpoint: {status} {name}', ends,
                  log=f"HTTP {status}, error '{name}'",
                  poll=error(name, status))
        yield Lie(f'device endpoint: {status} {name}', ends,
                  device=error(name, status))
    for name in ('server_error', 'temporarily_unavailable'):
        yield Lie(f'token endpoint: {name} for ever', 'provider-busy',
                  lifetime=LONG, poll=error(name))
    yield Lie('an error that is an array', 'provider-reply',
              poll=error(['authorization_pending']))
    yield Lie("Pocket ID's own error shape", 'provider-reply',
              log='request_id .d2719a3c-14b7-4c62-9fcb-7e2c0a5d9f10',
              poll=error('Something went wrong', 400, **API))
    yield Lie('the same with 429, for ever', 'provider-limited',
              lifetime=LONG, log='HTTP 429, .*Retry-After 1 s',
              poll=body({'error': 'Too many requests', **API}, 429,
                        {'Retry-After': '1'}))
    yield Lie('429 at the first request', 'provider-limited',
              device=body({'error': 'Too many requests', **API}, 429))
    yield Lie('503 and Retry-After of years', 'provider-busy', lifetime=LONG,
              poll=body('', 503, {'Retry-After': '99999999999999999999'}))
    yield Lie('500 with HTML', 'provider-busy', device=body(HTML, 500))
    yield Lie('escape sequences and line breaks in a description',
              'access-denied', log=r"\?\[31mroot\?\?sign-in 99",
              poll=error('access_denied', 403,
                         error_description='\x1b[31mroot\r\nsign-in 99:'))
    yield Lie('the device code in a description', 'grant-invalid',
              poll=lambda s: Reply(400, {
                  'error': 'invalid_grant', 'error_description':
                  f'no such code: {s.device_code}'}))
    yield Lie('a description of 100,000 characters', 'grant-invalid',
              poll=error('invalid_grant', 400,
                         error_description='so ' * 33333))
    yield Lie('authorization_pending for ever', 'timed-out', lifetime=LONG,
              poll=error('authorization_pending'))
    yield Lie('a storm of slow_down', 'timed-out', lifetime=LONG,
              poll=error('slow_down'))
    for status in (301, 302, 303, 307, 308):
        yield Lie(f'token endpoint: {status} to http', 'provider-redirect',
                  log=f'HTTP {status}, to http://other.example/x',
                  poll=body('', status,
                            {'Location': 'http://other.example/x?code=1'}))
    yield Lie('device endpoint: 302 to a login page', 'provider-redirect',
              device=body(HTML, 302, {'Location': '/login'}))
    yield Lie('device endpoint: 300 and no place', 'provider-redirect',
              device=body('', 300))
    for status in (201, 204, 404, 418):
        yield Lie(f'token endpoint: {status}', 'provider-reply',
                  log=f'HTTP {status}', poll=body('{}', status))


# --- the answer of the device endpoint (RFC 8628 3.2) ---

def device_lies():
    rows = [
        ('user_code', '\x1b]0;root\x07', 'escape sequence'),
        ('user_code', '‮ABCD', 'right to left'),
        ('user_code', 'A' * 100, 'too long'),
        ('user_code', 'AB\0CD', 'NUL'),
        ('user_code', 'AB\nCD', 'line break'),
        ('user_code', '', 'empty'),
        ('user_code', 12345678, 'a number'),
        ('user_code', None, 'missing'),
        ('verification_uri', 'http://localhost/go', 'http'),
        ('verification_uri', 'javascript:alert(1)', 'javascript'),
        ('verification_uri', 'file:///etc/shadow', 'file'),
        ('verification_uri', 'https://x/\x1b[2J', 'escape sequence'),
        ('verification_uri', 'https://x/ y', 'blank'),
        ('verification_uri', 'https://x/' + 'y' * 2000, 'too long'),
        ('verification_uri', ['https://x/'], 'an array'),
        ('verification_uri', None, 'missing'),
        ('verification_uri_complete', 'http://localhost/go', 'http'),
        ('verification_uri_complete', 'https://x/​y', 'zero width'),
        ('device_code', None, 'missing'),
        ('device_code', '', 'empty'),
        ('device_code', 7, 'a number'),
        ('expires_in', 0, 'zero'),
        ('expires_in', -1, 'negative'),
        ('expires_in', '300', 'a string'),
        ('expires_in', 1e300, 'beyond all numbers'),
        ('expires_in', None, 'missing'),
    ]
    for name, value, what in rows:
        yield Lie(f'{name}: {what}', 'provider-reply',
                  log=None if what == 'NUL' else f'{name} is',
                  device=put_reply(**{name: value}))
    yield Lie('user_code twice', 'provider-reply',
              device=splice('"user_code"', '"user_code":"A","user_code"'))
    yield Lie('a NUL, escaped, in a link', 'provider-reply',
              device=splice('/go"', '/go\\u0000"'))
    yield Lie('interval: longer than anybody lives', 'timed-out',
              lifetime=LONG, device=put_reply(interval=10**17),
              poll=error('authorization_pending'))
    yield Lie('interval: a number of 31 digits', 'provider-reply',
              device=put_reply(interval=10**30))
    for what, value in (('zero', 0), ('negative', -5)):
        yield Lie(f'interval: {what}, then nothing but pending', 'timed-out',
                  lifetime=LONG, device=put_reply(interval=value),
                  poll=error('authorization_pending'))


# --- the answer of the token endpoint (RFC 6749 5.1) ---

def answer_lies():
    rows = [
        ('token_type', 'mac', 'provider-reply'),
        ('token_type', None, 'provider-reply'),
        ('access_token', None, 'provider-reply'),
        ('access_token', '', 'provider-reply'),
        ('access_token', {'a': 1}, 'provider-reply'),
        ('refresh_token', ['a'], 'provider-reply'),
        ('id_token', None, 'token-missing'),
        ('id_token', 7, 'provider-reply'),
        ('id_token', '', 'provider-reply'),
        ('id_token', 'a.b', 'token-malformed'),
        ('id_token', 'a.b.c', 'token-malformed'),
        ('id_token', 'a.b.c.d.e', 'token-malformed'),
        ('id_token', '...', 'token-malformed'),
        ('id_token', 'x' * 70000, None),
        ('id_token', 'AB CD.EF.GH', 'token-malformed'),
    ]
    for name, value, ends in rows:
        shown = 'missing' if value is None else repr(value)[:20]
        yield Lie(f'{name}: {shown}', ends or
                  ('provider-reply', 'token-malformed'),
                  answer=put(**{name: value}))
    yield Lie('id_token twice', 'provider-reply',
              answer=splice('"id_token"', '"id_token":"a.b.c","id_token"'))


# --- the signature (RFC 7515) ---

def header(**members):
    return lambda p, claims: p.key.token(claims, members)


def change_payload(p, claims):
    part = p.key.token(claims).split('.')
    other = p.key.token({**claims, 'groups': ['admins']}).split('.')
    return '.'.join([part[0], other[1], part[2]])


def flip(p, claims):
    token = p.key.token(claims)
    middle = token.rindex('.') + 100
    swapped = 'A' if token[middle] != 'A' else 'B'
    return token[:middle] + swapped + token[middle + 1:]


def unsigned(p, claims):
    return p.key.token(claims, {'alg': 'none'}).rpartition('.')[0] + '.'


def signature_lies():
    rows = [
        ('a bit of the signature', 'token-signature', flip),
        ('another payload under a good signature', 'token-signature',
         change_payload),
        ("another's key under our kid", 'token-signature',
         lambda p, c: p.attacker.token(c)),
        ('alg none, without a signature', 'token-algorithm', unsigned),
        ('alg none, with a signature', 'token-algorithm',
         header(alg='none')),
        ('alg missing', 'token-algorithm', header(alg=None)),
        ('alg rs256', 'token-algorithm', header(alg='rs256')),
        ('HS256 with the public key in PEM', 'token-algorithm',
         lambda p, c: p.key.token(c, {'alg': 'HS256'}, p.key.public_pem())),
        ('HS256 with the modulus', 'token-algorithm',
         lambda p, c: p.key.token(c, {'alg': 'HS256'},
                                  p.key.jwk()['n'].encode())),
        ('RS256 said, HMAC done', 'token-signature',
         lambda p, c: p.key.token(c, {}, p.key.public_pem())),
        ('RS384 for a key of RS256', 'token-key', header(alg='RS384')),
        ('ES256 for an RSA key', 'token-key', header(alg='ES256')),
        ('a kid that nobody has', 'token-key', header(kid='key-9')),
        ('a kid that is a number', 'token-malformed', header(kid=1)),
        ('a kid with an escape sequence', 'token-key',
         header(kid='\x1b[2Jx')),
        ('crit', 'token-critical', header(crit=['exp'])),
        ('b64', 'token-critical', header(b64=False)),
        ('its own key as jwk', 'token-malformed',
         lambda p, c: p.attacker.token(c, {'jwk': p.attacker.jwk()})),
        ('its own key by jku', 'token-malformed',
         lambda p, c: p.attacker.token(c, {'jku': OTHER})),
        ('its own key by x5u', 'token-malformed',
         lambda p, c: p.attacker.token(c, {'x5u': OTHER})),
        ('a header that is no JSON', 'token-malformed',
         lambda p, c: p.key.token(c, b'alg=RS256')),
        ('a header with alg twice', 'token-malformed',
         lambda p, c: p.key.token(c, b'{"alg":"none","alg":"RS256"}')),
        ('a header that is an array', 'token-malformed',
         lambda p, c: p.key.token(c, b'["RS256"]')),
        ('claims that are an array', 'token-malformed',
         lambda p, c: p.key.token([c])),
        ('claims that are no JSON', 'token-malformed',
         lambda p, c: p.key.token(b'sub=alice')),
        ('claims with sub twice', 'token-malformed',
         lambda p, c: p.key.token(json.dumps(c).replace(
             '"sub"', '"sub":"other","sub"').encode())),
        ('claims 17 deep', 'token-malformed',
         lambda p, c: p.key.token(b'{"a":' * 17 + b'1' + b'}' * 17)),
        ('padding at the end', 'token-malformed',
         lambda p, c: p.key.token(c) + '=='),
        ('a line break at the end', 'token-malformed',
         lambda p, c: p.key.token(c) + '\n'),
        ('typ at+jwt', 'token-type', header(typ='at+jwt')),
        ('typ logout+jwt', 'token-type', header(typ='logout+jwt')),
    ]
    for what, ends, jws in rows:
        yield Lie(f'ID token: {what}', ends, jws=jws)


# --- the claims (OpenID Connect Core 3.1.3.7) ---

def now(seconds):
    """As late as possible: the lies before this one take their time."""
    return lambda: int(time.time()) + seconds


HOUR = 3600


def claim_lies():
    rows = [
        ('another issuer (mix-up)', 'token-issuer', {'iss': OTHER},
         f"iss is '{OTHER}', configured is"),
        ('iss missing', 'token-issuer', {'iss': None}, 'iss is missing'),
        ('iss an array', 'token-issuer', {'iss': [OTHER]}, None),
        ("another client's aud", 'token-audience', {'aud': 'other'},
         "aud is 'other'"),
        ('aud without us', 'token-audience', {'aud': ['a', 'b']}, None),
        ('aud missing', 'token-audience', {'aud': None}, 'aud is missing'),
        ('aud with a number in it', 'token-audience', {'aud': ['lies', 1]},
         None),
        ('azp of another client', 'token-audience', {'azp': 'other'},
         "azp is 'other'"),
        ('type of an access token', 'token-type', {'type': 'access-token'},
         "type is 'access-token'"),
        ('sub missing', 'token-subject', {'sub': None}, None),
        ('sub empty', 'token-subject', {'sub': ''}, None),
        ('sub a number', 'token-subject', {'sub': 7}, None),
        ('sub of 300 characters', 'token-subject', {'sub': 's' * 300}, None),
        ('sub with an escape sequence', 'token-subject', {'sub': '\x1bc'},
         None),
        ('exp an hour ago', 'token-expired', {'exp': now(-HOUR)},
         r'exp is 36\d\d s ago'),
        ('exp missing', 'token-expired', {'exp': None}, 'exp is missing'),
        ('exp a string', 'token-expired',
         {'exp': lambda: str(now(HOUR)())}, None),
        ('exp beyond all numbers', 'token-expired', {'exp': 1e300}, None),
        ('iat two days ago', 'token-expired', {'iat': now(-48 * HOUR)}, None),
        ('iat an hour ahead', 'token-future', {'iat': now(HOUR)},
         r'iat is 3[56]\d\d s ahead'),
        ('iat missing', 'token-future', {'iat': None}, 'iat is missing'),
        ('nbf an hour ahead', 'token-future', {'nbf': now(HOUR)}, None),
        ('nbf a string', 'token-future', {'nbf': 'now'}, None),
        ('nonce of another', 'token-nonce', {'nonce': 'x' * 32}, None),
        ('nonce a number', 'token-nonce', {'nonce': 7}, None),
        ('at_hash of another token', 'token-hash', {'at_hash': 'A' * 22},
         None),
        ('at_hash a number', 'token-hash', {'at_hash': 7}, None),
        ('no name', 'claim-missing', {'preferred_username': None}, None),
        ('a name with a blank', 'claim-not-a-name',
         {'preferred_username': 'Alice Smith'}, None),
        ('a name with an escape sequence', 'claim-not-a-name',
         {'preferred_username': '\x1b[2J'}, None),
        ('the name of somebody else', 'other-person',
         {'preferred_username': 'somebody'}, None),
        ('no groups', 'groups-missing', {'groups': None}, None),
        ('groups that are a number', 'groups-malformed', {'groups': 7}, None),
        ('a group that is a number', 'groups-malformed',
         {'groups': ['staff', 7]}, None),
        ('groups of others', 'not-allowed', {'groups': ['guests']}, None),
    ]
    for what, ends, members, log in rows:
        yield Lie(f'claims: {what}', ends, log=log, claims=put(**members))
    yield Lie('claims: iss with a slash more', 'token-issuer',
              claims=lambda c: {**c, 'iss': c['iss'] + '/'})
    yield Lie('claims: no admin for sudo', 'service-not-allowed',
              service='sudo')
    yield Lie('claims: auth_time of an hour ago', 'auth-too-old',
              service='su', log='auth_time is 36.. s ago',
              claims=put(auth_time=now(-HOUR)))
    yield Lie('claims: auth_time missing', 'auth-time-missing',
              service='su', claims=put(auth_time=None))
    yield Lie('claims: auth_time from before the sign-in', 'auth-not-fresh',
              log='auth_time is 36.. s ago', claims=put(auth_time=now(-HOUR)))
    yield Lie('claims: an e-mailed code in place of a passkey',
              'auth-method', log='amr has otp', claims=put(amr=['otp']))
    yield Lie('claims: amr a string', 'auth-method', claims=put(amr='phr'))
    yield Lie('claims: auth_time an hour ahead', 'token-future',
              service='su', claims=put(auth_time=now(HOUR)))
    yield Lie("claims: somebody else's name, bound before", 'name-bound',
              user='honest1', claims=put(sub='sub-other'))
    yield Lie('root is asked for', 'local-name', user='root')
    yield Lie('a name that is none', 'bad-name', user='../root')


# --- what all sign-ins share: discovery, keys, TLS ---

def discovery_lies():
    rows = [
        ('another issuer', 'discovery-issuer', {'issuer': OTHER},
         f"issuer says '{OTHER}', configured is"),
        ('issuer missing', 'provider-reply', {'issuer': None}, 'no issuer'),
        ('issuer an array', 'provider-reply', {'issuer': [OTHER]}, None),
        ('no token endpoint', 'provider-reply', {'token_endpoint': None},
         'token_endpoint'),
        ('no jwks_uri', 'provider-reply', {'jwks_uri': None}, 'jwks_uri'),
        ('no device endpoint', 'browser-unsupported',
         {'device_authorization_endpoint': None}, None),
        ('a token endpoint by http', 'provider-reply',
         {'token_endpoint': 'http://localhost/t'}, 'token_endpoint'),
        ('jwks_uri a file', 'provider-reply',
         {'jwks_uri': 'file:///etc/passwd'}, 'jwks_uri'),
        ('jwks_uri with an escape sequence', 'provider-reply',
         {'jwks_uri': 'https://x/\x1b[2J'}, 'jwks_uri'),
        ('a device endpoint that is javascript', 'provider-reply',
         {'device_authorization_endpoint': 'javascript:1'}, 'device_auth'),
    ]
    for what, ends, members, log in rows:
        yield Lie(f'discovery: {what}', ends, log=log,
                  is_kept=ends == 'browser-unsupported',
                  discovery=put_reply(**members))
    yield Lie('discovery: issuer with a slash more', 'discovery-issuer',
              log="issuer says 'https://localhost:\\d+/', configured",
              discovery=lambda h: Reply(
                  body={**h, 'issuer': h['issuer'] + '/'}))
    yield Lie('discovery: issuer twice', 'provider-reply',
              discovery=splice('{"issuer"', '{"issuer":"a","issuer"'))
    for status, ends in ((404, 'provider-reply'), (500, 'provider-busy'),
                         (429, 'provider-limited'),
                         (302, 'provider-redirect')):
        yield Lie(f'discovery: {status}', ends, log=f'HTTP {status}',
                  discovery=body({'error': 'no'}, status,
                                 {'Location': 'http://other.example/'}))
    for what, data in NO_JSON[:6]:
        yield Lie(f'discovery: {what}', 'provider-reply',
                  discovery=body(data))
    for row in (0, 1, 3, 4):
        what, function, ends, log = WIRE[row]
        yield Lie(f'discovery: {what}', ends, log=log,
                  discovery=raw(function))


def small_key(_provider, _honest):
    jwk = Signer('key-1', bits=1024).jwk()
    return Reply(body={'keys': [jwk]})


def key_lies():
    def keys(change):
        return lambda p, h: Reply(body={'keys': change(h['keys'])})

    rows = [
        ('none at all', 'token-key', keys(lambda k: [])),
        ('10,000 of them', 'provider-oversized', keys(lambda k: k * 5000)),
        ('10,000 small ones', 'provider-reply',
         keys(lambda k: [{'kty': 'oct'}] * 10000)),
        ('65 of them', 'provider-reply',
         keys(lambda k: [k[0]] * 65)),
        ('an RSA key of 1024 bits', 'token-key', small_key),
        ('a key for encryption', 'token-key',
         keys(lambda k: [{**k[0], 'use': 'enc'}])),
        ('a symmetric key', 'token-key', keys(
            lambda k: [{'kty': 'oct', 'k': 'AAAA', 'kid': 'key-1'}])),
        ('the modulus missing', 'token-key', keys(
            lambda k: [put(n=None)(k[0])])),
        ('a point that is on no curve', 'token-key', keys(
            lambda k: [{**k[1], 'kid': 'key-1', 'y': k[1]['x']}])),
        ('kid and alg of the wrong type', 'token-key', keys(
            lambda k: [{**k[0], 'kid': 1, 'alg': []}])),
        ('keys that are an object', 'provider-reply',
         body({'keys': {}})),
        ('HTML', 'provider-reply', body(HTML)),
        ('500', 'provider-busy', body('', 500)),
        ('307', 'provider-redirect', body('', 307, {'Location': OTHER})),
        ('a body without end', 'provider-oversized', raw(endless)),
        ('no reply at all', 'provider-unreachable', raw(stall)),
    ]
    for what, ends, function in rows:
        yield Lie(f'keys: {what}', ends, keys=function,
                  is_kept=ends == 'token-key')


def plain_http(sock):
    sock.recv(4096)
    sock.sendall(HEAD + b'Content-Length: 2\r\n\r\n{}')


def tls_lies():
    rows = [
        ('for another name', 'wrong-name', 'provider-tls', 'localhost'),
        ('that has expired', 'expired', 'provider-tls', 'expired'),
        ('that is not valid yet', 'not-yet', 'provider-tls', 'not yet'),
        ('of an unknown authority', 'unknown-ca', 'provider-tls', 'issuer'),
        ('that it signed itself', 'self-signed', 'provider-tls', 'self'),
        ('that is missing: http in its place', plain_http,
         'provider-unreachable', 'SSL'),
        ('that never comes', stall, 'provider-unreachable', None),
        ('and a connection that is closed', nothing,
         'provider-unreachable', None),
    ]
    for what, certificate, ends, log in rows:
        yield Lie(f'a certificate {what}', ends, log=log,
                  certificate=certificate)


def late(seconds):
    """Discovery whose Date says that our clock is wrong."""
    stamp = time.strftime('%a, %d %b %Y %H:%M:%S GMT',
                          time.gmtime(time.time() + seconds))
    return stamp


def all_lies():
    yield from wire_lies()
    yield from refusal_lies()
    yield from device_lies()
    yield from answer_lies()
    yield from signature_lies()
    yield from claim_lies()
    yield from discovery_lies()
    yield from key_lies()
    yield from tls_lies()
    yield Lie('a clock that is an hour ahead of ours', 'token-future',
              log=r'this clock is 3[56]\d\d s behind',
              claims=put(iat=now(HOUR)),
              answer=lambda a: Reply(body=a, headers={'Date': late(HOUR)}))
