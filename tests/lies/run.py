# SPDX-License-Identifier: BSD-2-Clause
"""run.py HOSTPASSD STATEDIR LOG: tell every lie to one hostpassd, and see
each end in its reason, in time, with the next honest sign-in granted; first by
the device flow, then by that of the browser."""

import concurrent.futures
import os
import re
import select
import sys
import tempfile
import threading
import time
import urllib.parse

import browser_lies
import lies
import pki
import refresh_lies
from browser import PASTE_URI, BrowserLie, Person
from daemon import Daemon
from lies import stall
from provider import SECRET, Lie, Provider, Reply, SignIn

AT_A_TIME = 8
PATIENCE = 60   # seconds for a verdict, of which lies need a few


class Suite:
    """The device flow."""

    flow, honest = 'auto', Lie('the truth', 'granted')
    all_lies = staticmethod(lies.all_lies)

    def __init__(self, binary, statedir, log):
        self.passed, self.failed = 0, 0
        self.lock = threading.Lock()
        self.beginning = threading.Lock()
        self.scratch = tempfile.TemporaryDirectory(prefix='hostpass-pki-')
        os.chmod(self.scratch.name, 0o755)
        self.provider = Provider(pki.Authority(self.scratch.name),
                                 self.flow == 'browser')
        self.daemon = Daemon(binary, statedir, log)
        self.users = self.told = 0

    def result(self, what, problem):
        with self.lock:
            if problem:
                self.failed += 1
                print(f'FAILED: {what}: {problem}', flush=True)
            else:
                self.passed += 1
                print(what, flush=True)

    def new_user(self):
        with self.lock:
            self.users += 1
            return f'u{self.users}'

    def sign_in(self, lie, user=None):
        """Reason code, seconds, and what was shown."""
        user = user or lie.user or self.new_user()
        expected = SignIn(user, lie)
        # One at a time, so that a device request is this sign-in's, until
        # there was one or there is a verdict.
        with self.beginning:
            begun = time.monotonic()
            self.provider.expect(expected)
            client = self.daemon.begin(user, lie.service, PATIENCE)
            while not expected.asked.wait(0.02):
                if select.select([client], [], [], 0)[0]:
                    break
            self.provider.expect(None)
        reason, shown = self.daemon.finish(client)
        return reason, time.monotonic() - begun, shown, user

    def judge(self, lie, reason, seconds, shown, user):
        allowed = lie.ends if isinstance(lie.ends, tuple) else (lie.ends,)
        if reason not in allowed:
            return f'{reason} instead of {lie.ends}'
        if seconds > lie.seconds:
            return f'{seconds:.1f} s instead of {lie.seconds}'
        if re.search(r'[\0-\x08\x0b-\x1f\x7f]', shown):
            return 'a control character was shown'
        line = self.daemon.verdict_line(user)
        if lie.log and not re.search(lie.log, line):
            return f'{lie.log!r} is not in "{line}"'
        return None

    def tell(self, lie):
        """One lie, and the truth after it."""
        try:
            if lie.is_shared():
                self.provider.lie = lie
            problem = self.judge(lie, *self.sign_in(lie))
            if lie.is_shared():
                self.provider.lie = None
            problem = problem or self.tell_truth(lie)
        except OSError as error:
            problem = f'the daemon: {error}'
        ends = lie.ends if isinstance(lie.ends, str) else ' or '.join(
            lie.ends)
        self.result(f'{lie.what}: {ends}', problem)

    def tell_truth(self, after):
        """The daemon serves; where it may keep the lie for a while, it says
        at least how it is."""
        if after.is_kept:
            return None if self.daemon.status() else 'no status'
        reason, seconds, _, _ = self.sign_in(self.honest)
        if reason == 'granted' and seconds <= self.honest.seconds:
            return None
        return f'then the truth: {reason}, {seconds:.1f} s'

    def tell_shared(self, lie):
        """A lie about what a daemon keeps: to a new one each."""
        self.start()
        self.tell(lie)
        self.end(lie.what)

    def start(self):
        self.daemon.start()

    def end(self, what):
        self.provider.lie = None
        status = self.daemon.stop()
        if status != 0:
            self.result(f'{what}: the end of hostpassd', f'{status}')

    def one_stalls(self):
        """While one provider's answer is awaited, another sign-in is done."""
        slow = Lie('a stall', 'provider-unreachable', lifetime=20,
                   poll=lambda s: slow.stalled.set() or Reply(raw=stall))
        slow.stalled = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.sign_in, slow)
            slow.stalled.wait(PATIENCE)
            reason, *_ = self.sign_in(self.honest)
            problem = None
            if reason != 'granted':
                problem = reason
            elif waiting.done():
                problem = 'the one that should stall was over'
            elif waiting.result()[0] != 'provider-unreachable':
                problem = f'the one that stalled: {waiting.result()[0]}'
        self.result('one sign-in stalls, another is granted', problem)

    def replay(self):
        """An ID token that was issued for another sign-in."""
        kept = []

        def keep(provider, claims):
            kept.append(provider.key.token(claims))
            return kept[0]

        self.sign_in(Lie('', 'granted', jws=keep), user='replay1')
        reason, *_ = self.sign_in(
            Lie('', 'token-nonce', jws=lambda p, c: kept[0]), user='replay2')
        self.result('an ID token of another sign-in: token-nonce',
                    None if reason == 'token-nonce' else reason)

    def status_tells(self):
        """`hostpass status` has the state of the last exchange."""
        self.sign_in(Lie('', '', device=lambda h: Reply(500, {
            'error': 'out of order', 'request_id': 'request-77'})))
        status = self.daemon.status()
        wanted = ('provider-busy', 'HTTP 500', 'out of order', 'request-77')
        missing = [word for word in wanted if word not in status]
        self.result('status has reason and detail',
                    f'{missing} not in {status}' if missing else None)

    def log_keeps_secrets(self):
        with open(self.daemon.log, encoding='utf-8',
                  errors='replace') as file:
            log = file.read()
        found = [s for s in self.provider.secrets() if s in log]
        self.result(
            f'{len(self.provider.secrets())} tokens, codes and secrets: '
            'none is in the log', f'{found[:3]} are' if found else None)
        odd = re.findall(r'[\0-\x08\x0b-\x1f\x7f\x9b].{0,40}', log)
        self.result('no control character is in the log',
                    f'{odd[:3]}' if odd else None)

    def more(self):
        """What is not one lie and one end."""
        self.one_stalls()
        self.replay()
        self.status_tells()

    def run(self):
        self.daemon.configure(self.provider, self.provider.authority.ca_file,
                              SECRET, self.flow)
        lies = list(self.all_lies())
        self.told = len(lies)
        self.start()
        reason, *_ = self.sign_in(self.honest, user='honest1')
        self.result('the truth is granted',
                    None if reason == 'granted' else reason)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(self.tell,
                          [lie for lie in lies if not lie.is_shared()]))
        self.more()
        self.end('all of these')
        for lie in lies:
            if lie.is_shared():
                self.tell_shared(lie)
        self.log_keeps_secrets()
        self.daemon.remove()


class BrowserSuite(Suite):
    """The browser flow, by pasting and by the listener."""

    flow, honest = 'browser', BrowserLie('the truth', 'granted')
    all_lies = staticmethod(browser_lies.all_lies)

    def sign_in(self, lie, user=None):
        user = user or lie.user or self.new_user()
        person = Person(self.provider, lie)
        begun = time.monotonic()
        client = self.daemon.begin(user, lie.service, PATIENCE,
                                   lie.conversation())
        reason, shown = self.daemon.finish(client, person)
        if person.problem:
            raise OSError(person.problem)
        return reason, time.monotonic() - begun, shown, user

    def more(self):
        """Two sign-ins at once: the answer to one is none to the other."""
        kept = []

        def keep(_sign_in, members):
            kept.append(f'{PASTE_URI}?{urllib.parse.urlencode(members)}')
            return [kept[0]]

        self.sign_in(BrowserLie('', 'granted', paste=keep))
        reason, *_ = self.sign_in(BrowserLie(
            '', 'callback-state', paste=lambda s, m: kept * 3))
        self.result('the address that another sign-in ended on: '
                    'callback-state',
                    None if reason == 'callback-state' else reason)
        self.told += refresh_lies.tell_all(self)


def main():
    suites = [Suite(*sys.argv[1:4]), BrowserSuite(*sys.argv[1:4])]
    for suite in suites:
        suite.run()
    print(f'{sum(s.told for s in suites)} lies were told', flush=True)
    passed, failed = (sum(s.passed for s in suites),
                      sum(s.failed for s in suites))
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
