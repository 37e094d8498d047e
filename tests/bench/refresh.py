# SPDX-License-Identifier: BSD-2-Clause
"""refresh.py BUILD STATEDIR COUNT SECONDS SPAN: one hostpassd refreshes the
tokens of so many people, each once in so many seconds, by TLS, at a provider
that takes each token once. For a span of seconds it is looked at: how much at
once, at what cost? Then the provider goes away for a while. What comes when it
is back?"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'lies')]

# pylint: disable=wrong-import-position
import pki  # noqa: E402
from daemon import NOBODY  # noqa: E402
from pending import Loaded  # noqa: E402

AWAY, BACK = 60, 60


class Provider:
    """Of COUNT people; a token is rt-PERSON-GENERATION."""

    def __init__(self, authority, count):
        self.context = authority.contexts['good']
        self.key = pki.Signer('key-1', 'ES256')
        self.next = [0] * count
        self.reused = self.at_once = self.peak = 0
        self.away = False
        self.seconds = {}   # requests in each
        self.ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.run()),
                         daemon=True).start()
        self.ready.wait()
        self.issuer = f'https://localhost:{self.port}'

    async def run(self):
        server = await asyncio.start_server(
            self.serve, '127.0.0.1', 0, ssl=self.context, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b'\r\n\r\n')).decode()
                length = 0
                for line in head.split('\r\n')[1:]:
                    name, _, value = line.partition(':')
                    if name.lower() == 'content-length':
                        length = int(value)
                body = (await reader.readexactly(length)).decode()
                self.at_once += 1
                self.peak = max(self.peak, self.at_once)
                try:
                    status, answer = self.answer(head.split(' ')[1], body)
                    # As far away as a provider in the next town.
                    await asyncio.sleep(0.02)
                finally:
                    self.at_once -= 1
                data = json.dumps(answer).encode()
                writer.write(f'HTTP/1.1 {status} X\r\nContent-Type: '
                             'application/json\r\nContent-Length: '
                             f'{len(data)}\r\n\r\n'.encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def answer(self, path, body):
        if path == '/token':
            second = int(time.monotonic())
            self.seconds[second] = self.seconds.get(second, 0) + 1
            if self.away:
                return 503, {}
            return self.refresh(dict(urllib.parse.parse_qsl(body)))
        if path == '/jwks':
            return 200, {'keys': [self.key.jwk()]}
        return 200, {
            'issuer': self.issuer, 'token_endpoint': f'{self.issuer}/token',
            'jwks_uri': f'{self.issuer}/jwks',
            'device_authorization_endpoint': f'{self.issuer}/device'}

    def refresh(self, form):
        _, person, generation = form['refresh_token'].split('-')
        person, now = int(person), int(time.time())
        if int(generation) != self.next[person]:
            self.reused += 1
            return 400, {'error': 'invalid_grant'}
        self.next[person] += 1
        return 200, {
            'access_token': f'at-{person}', 'token_type': 'Bearer',
            'expires_in': 3600,
            'refresh_token': f'rt-{person}-{self.next[person]}',
            'id_token': self.key.token({
                'iss': self.issuer, 'aud': 'bench', 'sub': f'sub-{person}',
                'iat': now, 'exp': now + 3600, 'type': 'id-token',
                'groups': ['staff'],
                'name': f'user{person}'})}

    def told(self, since):
        """Requests since then: in all, and in the busiest second."""
        counts = [count for second, count in list(self.seconds.items())
                  if second >= int(since)]
        return sum(counts), max(counts, default=0)


class Refreshing(Loaded):
    def prepare(self, build, provider, ca_file, count, seconds):
        with open(self.config, 'w', encoding='ascii') as file:
            file.write(f'[provider]\nissuer = {provider.issuer}\n'
                       f'client_id = bench\nca_file = {ca_file}\n'
                       '[access]\nallow_groups = staff\n'
                       f'[cache]\nrefresh = {seconds}s\n')
        os.chmod(self.config, 0o644)
        self.prepare_state()
        subprocess.run([f'{build}/tests/bench/tokens', str(count), self.dir,
                        f'{self.credentials}/hostpass.key', str(seconds)],
                       check=True)
        for name in os.listdir(self.dir):
            if name.startswith('store.db'):
                path = f'{self.statedir}/{name}'
                shutil.move(f'{self.dir}/{name}', path)
                os.chown(path, NOBODY, NOBODY)


def show(what, provider, daemon, since, spent):
    took = time.monotonic() - since
    count, busiest = provider.told(since)
    print(f'  {what}: {count} requests in {took:.0f} s, {count / took:.1f} a '
          f'second, {busiest} in the busiest, {provider.peak} at once; '
          f'{daemon.cpu() - spent:.1f} s of CPU, {daemon.memory()} kB',
          flush=True)
    provider.peak = 0
    return count


def main():
    build, statedir = sys.argv[1:3]
    count, seconds, span = (int(arg) for arg in sys.argv[3:6])
    log = f'{build}/refresh.log'
    open(log, 'w', encoding='ascii').close()
    scratch = tempfile.TemporaryDirectory(prefix='hostpass-pki-')
    os.chmod(scratch.name, 0o755)
    authority = pki.Authority(scratch.name)
    provider = Provider(authority, count)
    daemon = Refreshing(f'{build}/hostpassd', statedir, log)
    daemon.prepare(build, provider, authority.ca_file, count, seconds)
    print(f'{count} people, each refreshed every {seconds} s')
    daemon.start_as_it_is()
    daemon.wait_ready()
    base, since, spent = daemon.memory(), time.monotonic(), daemon.cpu()
    time.sleep(span)
    done = show('provider there', provider, daemon, since, spent)
    cost = (daemon.cpu() - spent) / max(done, 1)
    print(f'  {base} kB before; due in that time: {count * span // seconds}; '
          f'{1000 * cost:.2f} ms of CPU each, which is '
          f'{100 * cost * count / seconds:.2f} % of one core')
    turns = min(span, seconds) * count // seconds
    print(f'  people who had their turn: {sum(n > 0 for n in provider.next)} '
          f'of {turns}; tokens used twice: {provider.reused}')
    for what, away, rest in (('provider away', True, AWAY),
                             ('provider back', False, BACK)):
        provider.away = away
        since, spent = time.monotonic(), daemon.cpu()
        time.sleep(rest)
        show(what, provider, daemon, since, spent)
    print(f'  used twice: {provider.reused}; the end: {daemon.stop()}')
    daemon.remove()


if __name__ == '__main__':
    main()
