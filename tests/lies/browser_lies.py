# SPDX-License-Identifier: BSD-2-Clause
"""What is said that is not so where a browser carries it: on the way back from
the provider, to the listener, and by the userinfo endpoint."""

import socket

from browser import PASTE_URI, THINKING, BrowserLie, Visit, query
from lies import (HTML, OTHER, WIRE, body, error, header, now, put, put_reply,
                  raw, stall)
from provider import Reply

HOUR = 3600
TRIES = 3   # wrong addresses that are enough


def pasted(change, times=1, uri=PASTE_URI):
    """What an honest provider sends, changed, and pasted so often."""
    return lambda s, members: [f'{uri}?{query(change(members))}'] * times


def but(**changes):
    """With these members; None takes one out."""
    return lambda members: put(**changes)(members)


def plus(text):
    """And this at the end, as it stands."""
    return lambda members: query(members) + text


def refusal(text, *without):
    """error= in place of the code."""
    return lambda members: text + '&' + query(
        {k: v for k, v in members.items() if k != 'code' and k not in without})


ESCAPES = '%1b[31mroot%0d%0asign-in%2099%3a'


# --- what is pasted ---

def not_ours():
    """Somebody else's address, or none: asked again, three times."""
    state = 'x' * 22
    rows = [
        ('the state of another sign-in', 'callback-state', but(state=state)),
        ('a state that is cut', 'callback-state',
         lambda m: {**m, 'state': m['state'][:-1]}),
        ('an error, with the state of another', 'callback-state',
         lambda m: refusal('error=access_denied')({**m, 'state': state})),
        ('state missing', 'callback-malformed', but(state=None)),
        ('state empty', 'callback-malformed', but(state='')),
        ('state twice', 'callback-malformed', plus(f'&state={state}')),
        ('code missing', 'callback-malformed', but(code=None)),
        ('code empty', 'callback-malformed', but(code='')),
        ('code twice', 'callback-malformed', plus('&code=x')),
        ('code and error', 'callback-malformed', plus('&error=server_error')),
        ('a NUL in the code', 'callback-malformed',
         lambda m: query(but(code=None)(m)) + '&code=a%00b'),
        ('an escape sequence in the error', 'callback-malformed',
         refusal('error=%1b[2J')),
        ('iss twice', 'callback-malformed', plus('&iss=x')),
        ('an address of 9,000 characters', 'callback-malformed',
         plus('&a=' + 'a' * 9000)),
        ('a fragment', 'callback-malformed', plus('#x')),
    ]
    for what, ends, change in rows:
        yield BrowserLie(f'callback: {what}', ends,
                         paste=pasted(change, TRIES))
    for uri in (f'{OTHER}/callback', 'http://127.0.0.1:2/callback',
                'http://localhost:1/callback', 'https://127.0.0.1:1/callback',
                'http://127.0.0.1:1@other.example/callback',
                'http://127.0.0.1:1/Callback'):
        yield BrowserLie(f'callback: it is {uri}', 'callback-malformed',
                         paste=pasted(lambda m: m, TRIES, uri))
    yield BrowserLie(
        'callback: the third is the right one', 'granted',
        paste=lambda s, m: ['something else',
                            f'{PASTE_URI}?{query(but(state=state)(m))}',
                            f'{PASTE_URI}?{query(m)}'])


def final():
    """An answer to this sign-in, and that is its end."""
    rows = [
        ('iss of another provider (mix-up)', 'callback-issuer',
         but(iss=OTHER), f"iss is '{OTHER}', configured is 'https://local"),
        ('iss with a slash more', 'callback-issuer',
         lambda m: {**m, 'iss': m['iss'] + '/'}, "iss is 'https://local"),
        ('iss missing, where it was announced', 'callback-issuer',
         but(iss=None), "iss is '', configured is"),
        ('an error without the iss that was announced', 'callback-issuer',
         refusal('error=access_denied', 'iss'), "iss is ''"),
        ('a code that nobody gave', 'grant-invalid', but(code='ac_forged'),
         "HTTP 400, error 'invalid_grant'"),
        ('access_denied', 'access-denied', refusal('error=access_denied'),
         r"error 'access_denied'\)"),
        ('escape sequences in a description', 'access-denied',
         refusal(f'error=access_denied&error_description={ESCAPES}'),
         r"error_description '\?\[31mroot\?\?sign-in 99:'"),
        ('a description of something that may be a token', 'access-denied',
         refusal('error=access_denied&error_description=no+' + 'aB3-' * 20),
         r"error_description 'no \.\.\.'"),
        ('a description that is no text', 'access-denied',
         refusal('error=access_denied&error_description=%zz%00%ff'),
         r"error_description '\?+'"),
    ]
    for what, ends, change, log in rows:
        yield BrowserLie(f'callback: {what}', ends, log=log,
                         paste=pasted(change))
    for name, ends in (('login_required', 'access-denied'),
                       ('interaction_required', 'access-denied'),
                       ('consent_required', 'access-denied'),
                       ('unauthorized_client', 'client-refused'),
                       ('unsupported_response_type', 'client-refused'),
                       ('invalid_scope', 'scope-refused'),
                       ('invalid_request', 'request-refused'),
                       ('server_error', 'provider-busy'),
                       ('temporarily_unavailable', 'provider-busy'),
                       ('what_is_this', 'provider-reply')):
        yield BrowserLie(f'callback: {name}', ends, log=f"error '{name}'",
                         paste=pasted(refusal(f'error={name}')))


def redeemed_before(sign_in, members):
    sign_in.code_is_used = True
    return [f'{PASTE_URI}?{query(members)}']


def made_for_another(sign_in, members):
    """A code that was issued for somebody else's challenge."""
    sign_in.form = {**sign_in.form, 'code_challenge': 'A' * 43}
    return [f'{PASTE_URI}?{query(members)}']


def code_lies():
    yield BrowserLie('a code that was used before', 'grant-invalid',
                     paste=redeemed_before)
    yield BrowserLie('a code for another challenge (PKCE)', 'grant-invalid',
                     paste=made_for_another)
    rows = [
        ('nonce missing', 'token-nonce', {'nonce': None}),
        ('nonce empty', 'token-nonce', {'nonce': ''}),
        ('nonce of another sign-in', 'token-nonce', {'nonce': 'x' * 22}),
        ('iss of another provider', 'token-issuer', {'iss': OTHER}),
        ("another client's aud", 'token-audience', {'aud': 'other'}),
        ('somebody else has signed in', 'other-person',
         {'preferred_username': 'somebody'}),
        ('auth_time of an hour ago', 'auth-not-fresh',
         {'auth_time': now(-HOUR)}),
    ]
    for what, ends, members in rows:
        yield BrowserLie(f'code: {what}', ends, claims=put(**members))
    yield BrowserLie('code: alg none, with a signature', 'token-algorithm',
                     jws=header(alg='none'))
    yield BrowserLie('code: no ID token', 'token-missing',
                     answer=put(id_token=None))
    for name, ends in (('invalid_grant', 'grant-invalid'),
                       ('invalid_client', 'client-refused'),
                       ('authorization_pending', 'provider-reply'),
                       ('slow_down', 'provider-reply')):
        yield BrowserLie(f'code: {name}', ends, poll=error(name))
    yield BrowserLie('code: 307 to another place', 'provider-redirect',
                     poll=body('', 307, {'Location': OTHER}))
    yield BrowserLie('code: no reply at all', 'provider-unreachable',
                     poll=raw(stall))
    yield BrowserLie('code: HTML', 'provider-reply', poll=body(HTML))


# --- the listener ---

def come_back(members, status=200):
    return Visit(status, f'/callback?{query(members)}')


def then_honest(*visits):
    """What must not count, and then the browser comes."""
    return lambda s, members: [
        visit(members) if callable(visit) else visit for visit in visits
    ] + [come_back(members)]


def with_host(host, **more):
    return lambda members: Visit(400, f'/callback?{query(members)}',
                                 host=host, **more)


def listener_lies():
    rows = [
        ('a state of its own', then_honest(
            lambda m: come_back({**m, 'state': 'x' * 22}, 400))),
        ('no state', then_honest(
            lambda m: come_back(but(state=None)(m), 400))),
        ('an error without the state', then_honest(
            Visit(400, '/callback?error=access_denied&state=x'))),
        ('Host of a name that leads here', then_honest(
            with_host('other.example:{port}'))),
        ('Host localhost', then_honest(with_host('localhost:{port}'))),
        ('Host without a port', then_honest(with_host('127.0.0.1'))),
        ('no Host', then_honest(with_host(None))),
        ('two Hosts', then_honest(with_host(
            '127.0.0.1:{port}', headers='Host: other.example\r\n'))),
        ('another path', then_honest(
            lambda m: Visit(404, f'/?{query(m)}'),
            lambda m: Visit(404, f'/callback/../callback?{query(m)}'),
            Visit(404, '/callback'), Visit(404, '/favicon.ico'))),
        ('a POST', then_honest(
            lambda m: Visit(405, f'/callback?{query(m)}', 'POST'))),
        ('headers of 100 KB', then_honest(
            lambda m: Visit(400, f'/callback?{query(m)}',
                            headers='A: ' + 'a' * 100000 + '\r\n'))),
        ('something that is not HTTP', then_honest(
            Visit(400, 'nothing', raw=b'\x16\x03\x01\x02\0\x01\0\r\n\r\n'))),
    ]
    for what, visits in rows:
        yield BrowserLie(f'listener: {what}, then the browser', 'granted',
                         visits=visits)
    yield BrowserLie(
        'listener: iss of another provider', 'callback-issuer',
        visits=lambda s, m: [come_back({**m, 'iss': OTHER}, 403)])
    yield BrowserLie(
        'listener: iss missing', 'callback-issuer',
        visits=lambda s, m: [come_back(but(iss=None)(m), 403)])
    yield BrowserLie(
        'listener: access_denied, escape sequences', 'access-denied',
        log=r"error_description '\?\[31mroot",
        visits=lambda s, m: [Visit(403, '/callback?' + refusal(
            f'error=access_denied&error_description={ESCAPES}')(m))])
    yield BrowserLie(
        'listener: nonce of another sign-in', 'token-nonce',
        claims=put(nonce='x' * 22),
        visits=lambda s, m: [come_back(m, 403)])
    yield BrowserLie('listener: the same request twice', 'granted',
                     act=come_twice, poll=wait_for_second)
    yield BrowserLie('listener: half a request, held for ever', 'granted',
                     act=hold_half)


def wait_for_second(sign_in):
    """The token endpoint, until a second one was at the listener."""
    sign_in.go_on.wait(20)


def come_twice(sign_in, members, port):
    first, second = come_back(members), come_back(members, 400)
    sock = first.send(port)
    if not sign_in.redeemed.wait(20):
        return 'the code was not redeemed'
    problem = second.wrong(second.send(port))
    sign_in.go_on.set()
    return problem or first.wrong(sock)


def hold_half(_sign_in, members, port):
    with socket.create_connection(('127.0.0.1', port)) as half:
        half.sendall(b'GET /callback?code=')
        visit = come_back(members)
        return visit.wrong(visit.send(port))


# --- userinfo (OpenID Connect Core 5.3) ---

def jwt(change=lambda c: c, key='key', more=None):
    """A signed answer of userinfo, wrong in one way."""
    def reply(provider, honest):
        claims = {'iss': provider.issuer, 'aud': 'lies', **honest}
        token = getattr(provider, key).token(change(claims), more)
        return Reply(200, token, {'Content-Type': 'application/jwt'})
    return reply


def says(**members):
    return lambda p, honest: put_reply(**members)(honest)


def as_type(kind, data=None):
    return lambda p, honest: Reply(200, data or honest, {'Content-Type': kind})


def userinfo_lies():
    rows = [
        ('the truth', 'granted', None),
        ('the truth, signed', 'granted', jwt()),
        ('another sub', 'userinfo-subject', says(sub='sub-other')),
        ('sub missing', 'userinfo-subject', says(sub=None)),
        ('sub an array', 'userinfo-subject', says(sub=['a'])),
        ('groups still missing', 'groups-missing', says(groups=None)),
        ('groups a number', 'groups-malformed', says(groups=7)),
        ('groups of others', 'not-allowed', says(groups=['guests'])),
        ('another name, which counts for nothing', 'granted',
         says(preferred_username='root')),
        ('an array', 'provider-reply', body('[]')),
        ('HTML', 'provider-reply', as_type('text/html', HTML)),
        ('HTML that says it is JSON', 'provider-reply', body(HTML)),
        ('JSON that says it is HTML', 'provider-reply', as_type('text/html')),
        ('a JWT that says it is JSON', 'provider-reply',
         body('eyJhbGciOiJub25lIn0.e30.')),
        ('JSON that says it is a JWT', 'token-malformed',
         as_type('application/jwt')),
        ("signed by another's key under our kid", 'token-signature',
         jwt(key='attacker')),
        ('signed by nobody', 'token-algorithm', jwt(more={'alg': 'none'})),
        ('signed, of another issuer', 'token-issuer', jwt(put(iss=OTHER))),
        ('signed, for another client', 'token-audience',
         jwt(put(aud='other'))),
        ('signed, of an hour ago', 'token-expired', jwt(put(exp=now(-HOUR)))),
        ('signed, as an access token', 'token-type',
         jwt(more={'typ': 'at+jwt'})),
        ('signed, another sub', 'userinfo-subject', jwt(put(sub='other'))),
        ('401', 'userinfo-refused', body({'error': 'invalid_token'}, 401)),
        ('404', 'userinfo-refused', body('', 404)),
        ('204', 'provider-reply', body('', 204)),
        ('302 to another place', 'provider-redirect',
         body('', 302, {'Location': OTHER})),
        ('429', 'provider-limited', body('', 429)),
        ('500', 'provider-busy', body('', 500)),
    ]
    for what, ends, userinfo in rows:
        yield BrowserLie(f'userinfo: {what}', ends, userinfo=userinfo,
                         claims=put(groups=None))
    for what, function, ends, log in WIRE:
        yield BrowserLie(f'userinfo: {what}', ends, log=log,
                         userinfo=raw(function), claims=put(groups=None))
    yield BrowserLie('userinfo: a newer auth_time than the token has',
                     'auth-time-missing', service='su',
                     userinfo=says(auth_time=now(0)),
                     claims=put(groups=None, auth_time=None))


def silent_about_iss():
    """Where iss was not announced it may be missing, and is compared if it is
    there (RFC 9207 2.4)."""
    def discovery(honest):
        return put_reply(
            authorization_response_iss_parameter_supported=None)(honest)

    yield BrowserLie('iss missing, and not announced', 'granted',
                     discovery=discovery, paste=pasted(but(iss=None)))
    yield BrowserLie('iss of another provider, and not announced',
                     'callback-issuer', discovery=discovery,
                     paste=pasted(but(iss=OTHER)))
    yield BrowserLie('no authorization endpoint', 'browser-unsupported',
                     discovery=put_reply(authorization_endpoint=None),
                     is_kept=True)
    yield BrowserLie('an authorization endpoint by http', 'provider-reply',
                     log='authorization_endpoint', discovery=put_reply(
                         authorization_endpoint='http://localhost/a'))
    yield BrowserLie('an authorization endpoint that is javascript',
                     'provider-reply', log='authorization_endpoint',
                     discovery=put_reply(
                         authorization_endpoint='javascript:1'))


def all_lies():
    for lie in (*not_ours(), *final(), *code_lies(), *listener_lies(),
                *userinfo_lies(), *silent_about_iss()):
        # The wait of an own person is no lateness of the daemon's.
        lie.seconds += TRIES * THINKING
        yield lie
