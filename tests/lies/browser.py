# SPDX-License-Identifier: BSD-2-Clause
"""People at a browser: one who pastes addresses at a prompt, and one whose
browser comes back to hostpassd's own listener."""

import re
import socket
import time
import urllib.parse

from daemon import DESKTOP, TERMINAL
from provider import Lie

PASTE_URI = 'http://127.0.0.1:1/callback'
# An answer that comes sooner is a program's: session.c.
THINKING = 0.6


def query(members):
    """A list of pairs or a dict as a query; what is text stays as it is."""
    return members if isinstance(members, str) else \
        urllib.parse.urlencode(members)


class BrowserLie(Lie):
    """paste: what is pasted, one after the other, as a function of the sign-in
    and of the parameters that an honest provider sends. visits: what is asked
    of the listener in its place, as a function of the same and the port: a list
    of Visits. act: a function that does this by itself, and gives back what
    was wrong."""

    def __init__(self, what, ends, *, paste=None, visits=None, act=None,
                 **more):
        super().__init__(what, ends, **more)
        self.paste, self.visits, self.act = paste, visits, act

    def conversation(self):
        return DESKTOP if self.visits or self.act else TERMINAL


class Visit:
    """One request to the listener, and the status it must get; None: none."""

    def __init__(self, status, target, method='GET', host='127.0.0.1:{port}',
                 headers='', raw=None):
        self.status, self.target, self.method = status, target, method
        self.host, self.headers, self.raw = host, headers, raw

    def send(self, port):
        sock = socket.create_connection(('127.0.0.1', port), timeout=30)
        request = f'{self.method} {self.target} HTTP/1.1\r\n'
        if self.host is not None:
            request += f'Host: {self.host.format(port=port)}\r\n'
        request += self.headers + '\r\n'
        sock.sendall(request.encode() if self.raw is None else self.raw)
        return sock

    def wrong(self, sock):
        """Read the answer: what is wrong with it, or None."""
        data = b''
        try:
            while chunk := sock.recv(65536):
                data += chunk
        except ConnectionResetError:
            pass
        sock.close()
        found = re.match(rb'HTTP/1\.[01] (\d+) ', data)
        status = int(found.group(1)) if found else None
        return None if status == self.status else \
            f'{status} in place of {self.status} for {self.target[:60]}'


class Person:
    def __init__(self, provider, lie):
        self.provider, self.lie = provider, lie
        self.sign_in = self.problem = self.addresses = None

    def open(self, shown):
        link = re.search(r'https://\S+/authorize\?\S+', shown).group(0)
        self.sign_in, members = self.provider.authorize(link, self.lie)
        return members

    def answer(self, shown):
        """Paste the next address; what comes after the last is an Enter."""
        if self.addresses is None:
            members = self.open(shown)
            self.addresses = self.lie.paste(self.sign_in, members) \
                if self.lie.paste else [f'{PASTE_URI}?{query(members)}']
        else:
            time.sleep(THINKING)
        return self.addresses.pop(0) if self.addresses else ''

    def see(self, shown):
        """At a desktop: the browser comes to the listener."""
        members = self.open(shown)
        port = urllib.parse.urlsplit(
            self.sign_in.form['redirect_uri']).port
        if self.lie.act:
            self.problem = self.lie.act(self.sign_in, members, port)
            return
        for visit in self.lie.visits(self.sign_in, members):
            self.problem = self.problem or visit.wrong(visit.send(port))
