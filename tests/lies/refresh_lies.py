# SPDX-License-Identifier: BSD-2-Clause
"""Lies at a refresh: what each makes of the refresh, and of the person in the
account phase. Told to somebody who signed in well; then the truth, that her
refresh token was not lost by it."""

from browser import BrowserLie
from provider import Reply


def without(*names):
    return lambda whole: {name: value for name, value in whole.items()
                          if name not in names}


def no_groups(_provider, honest):
    return Reply(body=without('groups')(honest))


class RefreshLie:
    """claims, answer and userinfo as a Lie has them, at refreshes alone; times:
    how often; ends: (outcome, reason), and account: her reason code after."""

    def __init__(self, what, ends, account='granted', *, times=1, claims=None,
                 answer=None, jws=None, userinfo=None, goes_on=True):
        self.what, self.ends, self.account = what, ends, account
        self.times, self.goes_on = times, goes_on
        self.lie = BrowserLie('', 'granted', claims=claims, jws=jws,
                              refresh=answer, userinfo=userinfo)


def all_lies():
    no_token = without('id_token')
    renewed = ('renewed', 'granted')
    yield RefreshLie('nothing', renewed)
    yield RefreshLie('she is in no group', renewed, 'not-allowed',
                     claims=lambda c: {**c, 'groups': []})
    yield RefreshLie('no ID token, userinfo: in no group of this host',
                     renewed, 'not-allowed', answer=no_token,
                     userinfo=lambda p, h: Reply(body={
                         **h, 'groups': ['guests']}))
    yield RefreshLie('no ID token, userinfo is about somebody else',
                     ('later', 'userinfo-subject'), answer=no_token,
                     userinfo=lambda p, h: Reply(body={
                         **h, 'sub': 'sub-other', 'groups': ['admins']}))
    yield RefreshLie('no ID token, userinfo is out of order', renewed,
                     answer=no_token, userinfo=lambda p, h: Reply(500))
    yield RefreshLie('an ID token of somebody else',
                     ('later', 'token-subject'),
                     claims=lambda c: {**c, 'sub': 'sub-other'})
    yield RefreshLie('an ID token with the signature of somebody else',
                     ('later', 'token-signature'),
                     jws=lambda p, c: p.attacker.token(c))
    for times, account in ((4, 'granted'), (5, 'groups-too-old')):
        yield RefreshLie(f'groups are left out {times} times',
                         ('later', 'groups-missing'), account, times=times,
                         claims=without('groups'), userinfo=no_groups)
    yield RefreshLie('groups that are numbers, 5 times',
                     ('later', 'groups-malformed'), 'groups-too-old', times=5,
                     claims=lambda c: {**c, 'groups': [1, 2]})
    yield RefreshLie('an answer that is no JSON', ('lost', 'provider-reply'),
                     answer=lambda a: Reply(200, b'<html>'), goes_on=False)
    yield RefreshLie('she is not vouched for any more',
                     ('revoked', 'grant-invalid'), 'revoked',
                     answer=lambda a: Reply(400, {'error': 'invalid_grant'}),
                     goes_on=False)


def problem_of(suite, lie, user):
    """None if all is as it should be."""
    provider, daemon = suite.provider, suite.daemon
    reason, *_ = suite.sign_in(BrowserLie('', 'granted'), user)
    if reason != 'granted':
        return f'the sign-in: {reason}'
    sign_in = [s for s in provider.grants.values() if s.user == user][-1]
    sign_in.lie = lie.lie
    for _ in range(lie.times):
        said = daemon.refresh(user)
        if (said.get('outcome'), said.get('reason')) != lie.ends:
            return f'{said} instead of {lie.ends}'
    if daemon.account(user) != lie.account:
        return f'the account phase: {daemon.account(user)}'
    sign_in.lie = suite.honest
    said = daemon.refresh(user).get('outcome')
    if said != ('renewed' if lie.goes_on else 'no-token'):
        return f'then the truth: {said}'
    if lie.goes_on and daemon.account(user) != 'granted':
        return f'then the account phase: {daemon.account(user)}'
    return 'a token came twice' if provider.reused else None


def tell_all(suite):
    """How many."""
    lies = list(all_lies())
    for i, lie in enumerate(lies):
        try:
            problem = problem_of(suite, lie, f'refreshed{i}')
        except OSError as error:
            problem = f'the daemon: {error}'
        suite.result(f'at a refresh, {lie.what}: {lie.ends[0]}, '
                     f'{lie.account}', problem)
    return len(lies)
