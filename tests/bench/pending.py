# SPDX-License-Identifier: BSD-2-Clause
"""pending.py BUILD STATEDIR COUNT http|https: so many sign-ins wait at one time
on one hostpassd, at a provider that is asked in that way. What does each cost,
and how long does anybody else wait?"""

import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'lies')]

# pylint: disable=wrong-import-position
from daemon import ACCOUNT, STATUS, Daemon, frame, text  # noqa: E402
from pki import Authority  # noqa: E402

ASKED = 300
INTERVAL = 5


class Stub:
    """A provider that knows the device flow and nobody who approves; in a
    process of its own, so that what is measured does not wait for it."""

    def __init__(self, context):
        self.context = context
        self.counts = multiprocessing.Array('Q', 3, lock=False)
        self.codes = 0
        port = multiprocessing.Queue()
        self.child = multiprocessing.Process(
            target=lambda: asyncio.run(self.run(port)), daemon=True)
        self.child.start()
        self.issuer = self.name(port.get())

    def name(self, port):
        return f'https://localhost:{port}' if self.context else \
            f'http://127.0.0.1:{port}'

    @property
    def polls(self):
        return self.counts[0]

    @property
    def connections(self):
        """So many were opened, and so many are open."""
        return self.counts[1], self.counts[2]

    async def run(self, port):
        server = await asyncio.start_server(self.serve, '127.0.0.1', 0,
                                            backlog=4096, ssl=self.context)
        number = server.sockets[0].getsockname()[1]
        self.issuer = self.name(number)
        port.put(number)
        await server.serve_forever()

    async def serve(self, reader, writer):
        self.counts[1] += 1
        self.counts[2] += 1
        try:
            while True:
                head = (await reader.readuntil(b'\r\n\r\n')).decode()
                length = 0
                for line in head.split('\r\n')[1:]:
                    name, _, value = line.partition(':')
                    if name.lower() == 'content-length':
                        length = int(value)
                await reader.readexactly(length)
                status, body = self.answer(head.split(' ')[1])
                data = json.dumps(body).encode()
                writer.write(f'HTTP/1.1 {status} X\r\nContent-Type: '
                             'application/json\r\nContent-Length: '
                             f'{len(data)}\r\n\r\n'.encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
        finally:
            self.counts[2] -= 1

    def answer(self, path):
        if path == '/device':
            self.codes += 1
            return 200, {
                'device_code': f'code-{self.codes}-' + 'x' * 40,
                'user_code': f'C{self.codes:07}',
                'verification_uri': 'https://id.example.com/go',
                'verification_uri_complete':
                    'https://id.example.com/go?user_code='
                    f'C{self.codes:07}',
                'expires_in': 900, 'interval': INTERVAL}
        if path == '/token':
            self.counts[0] += 1
            return 400, {'error': 'authorization_pending'}
        if path == '/jwks':
            return 200, {'keys': []}
        return 200, {
            'issuer': self.issuer, 'token_endpoint': f'{self.issuer}/token',
            'jwks_uri': f'{self.issuer}/jwks',
            'device_authorization_endpoint': f'{self.issuer}/device'}


class Loaded(Daemon):
    def configure_for(self, issuer, count, ca_file=None):
        self.issuer = issuer
        trust = f'ca_file = {ca_file}\n' if ca_file else \
            'allow_http_loopback = yes\n'
        with open(self.config, 'w', encoding='ascii') as file:
            file.write(f'[provider]\nissuer = {issuer}\nclient_id = bench\n'
                       f'{trust}'
                       '[access]\nallow_groups = staff\n'
                       f'[limits]\npending = {count}\n')
        os.chmod(self.config, 0o644)

    def connect(self, seconds):
        """Python does not wait while the backlog is full."""
        while True:
            try:
                return super().connect(seconds)
            except BlockingIOError:
                time.sleep(0.01)

    def memory(self):
        """Kilobytes that are its own."""
        with open(f'/proc/{self.child}/status', encoding='ascii') as file:
            fields = dict(line.split(':', 1) for line in file)
        return int(fields['RssAnon'].split()[0])

    def cpu(self):
        with open(f'/proc/{self.child}/stat', encoding='ascii') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def time_requests(self, payload):
        """Milliseconds of each, one after the other."""
        times = []
        for _ in range(ASKED):
            start = time.perf_counter()
            with self.connect(60) as client:
                client.sendall(payload)
                self.receive(client)
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        return times


def show(what, times):
    print(f'  {what:<34} median {statistics.median(times):7.2f} ms, '
          f'99 of 100 below {times[len(times) * 99 // 100]:7.2f} ms')


def requests(daemon, when):
    show(f'STATUS {when}', daemon.time_requests(frame(STATUS)))
    show(f'ACCOUNT {when}', daemon.time_requests(frame(
        ACCOUNT, text('alice') + text('sshd') + text('') + text('') + bytes(12))))


def pending(daemon):
    with daemon.connect(60) as client:
        client.sendall(frame(STATUS))
        return json.loads(daemon.receive(client)[1].text())['pending']


def main():
    build, statedir, count, how = *sys.argv[1:3], int(sys.argv[3]), sys.argv[4]
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (16384, 16384))
    log = f'{build}/pending.log'
    open(log, 'w', encoding='ascii').close()
    daemon = Loaded(f'{build}/hostpassd', statedir, log)
    authority = None
    if how == 'https':
        authority = Authority(daemon.dir)
        os.chmod(authority.ca_file, 0o644)
    stub = Stub(authority and authority.contexts['good'])
    daemon.configure_for(stub.issuer, count,
                         authority and authority.ca_file)
    daemon.start()
    daemon.wait_ready()
    print(f'{count} sign-ins that wait for an approval at one time, over '
          f'{how}')
    requests(daemon, 'before')
    base = daemon.memory()
    start = time.monotonic()
    clients = []
    for i in range(count):
        clients.append(daemon.begin(f'user{i}', 'login', 120))
    for client in clients:
        kind, _ = daemon.receive(client)
        if kind != 64:
            raise SystemExit(f'a frame of type {kind} instead of a prompt')
    took = time.monotonic() - start
    if pending(daemon) != count:
        raise SystemExit(f'{pending(daemon)} are pending')
    peak = daemon.memory()
    print(f'  all have their link and code after {took:.1f} s '
          f'({count / took:.0f} a second)')
    print(f'  memory of its own: {base} kB before, {peak} kB with them: '
          f'{(peak - base) / count:.1f} kB each')
    polls, spent, start = stub.polls, daemon.cpu(), time.monotonic()
    requests(daemon, 'meanwhile')
    time.sleep(2 * INTERVAL)
    seconds = time.monotonic() - start
    print(f'  meanwhile {(stub.polls - polls) / seconds:.0f} polls a second '
          f'(interval {INTERVAL} s), {100 * (daemon.cpu() - spent) / seconds:.0f}'
          ' % of one core')
    print(f'  and {daemon.memory()} kB; of {stub.connections[0]} connections '
          f'to the provider {stub.connections[1]} are open')
    for client in clients:
        client.close()
    for _ in range(600):
        if pending(daemon) == 0:
            break
        time.sleep(0.1)
    print(f'  pending once the clients are gone: {pending(daemon)}')
    print(f'  the end: {daemon.stop()}')
    daemon.remove()


if __name__ == '__main__':
    main()
