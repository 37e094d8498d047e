# SPDX-License-Identifier: BSD-2-Clause
"""A disk that is full, and one that is read-only: nothing is lost, sign-ins are
refused with the reason, and go on without a restart."""

import contextlib
import errno
import os
import pathlib
import re
import sqlite3
import subprocess
import time

import metrics
from host import NOBODY


def mount(*arguments):
    subprocess.run(['mount', *arguments], check=True)


def fill(path):
    """Leave no room at all."""
    with open(path, 'wb', buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b'x' * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


class Disk:
    def __init__(self, host, steps, result, fault, scripted):
        self.scripted = scripted    # hostpass, for a socket below run
        self.host, self.steps, self.result = host, steps, result
        self.ballast = f'{host.state}/ballast'
        self.flag = f'{host.dir}/fault'
        self.fault = fault

    def expect(self, what, found, *wanted):
        self.result(what, '' if found in wanted else f'{found!r}')

    def names(self):
        return sorted(self.steps.published(self.host.state) or {})

    def wait_published(self, *names):
        """What is behind is published again within seconds."""
        for _ in range(300):
            if self.names() == sorted(names):
                break
            time.sleep(0.1)
        self.expect(f'published: {", ".join(names)}', self.names(),
                    sorted(names))

    def log_since(self, start):
        with open(self.host.log, encoding='utf-8') as file:
            file.seek(start)
            return file.read()

    def trouble(self, what, reason, begin, finish):
        host = self.host
        self.expect(f'{what}: alice signs in before', host.sign_in('alice'),
                    'granted')
        begin()
        self.expect(f'{what}: bob is refused', host.sign_in('bob'), reason)
        self.expect(f'{what}: so is alice, who has to be kept too',
                    host.sign_in('alice'), reason)
        self.expect(f'{what}: the account phase knows alice',
                    host.account('alice'), 'granted')
        self.expect(f'{what}: and nobody else', host.account('bob'),
                    'unknown-person')
        self.expect(f'{what}: lookups find alice', self.names(), ['alice'])
        finish()
        self.expect(f'{what}, over: bob signs in', host.sign_in('bob'),
                    'granted')
        self.wait_published('alice', 'bob')
        self.result(f'{what}: it was the same process',
                    '' if host.is_up() else 'it ended')
        self.told(what, reason)

    def revoke(self):
        """Room is kept for that."""
        reserve = f'{self.host.state}/store.db.reserve'
        self.result('room is reserved for a revocation',
                    '' if os.path.getsize(reserve) >= 200_000 else 'there is '
                    'less')
        fill(self.ballast)
        said = self.command('revoke', 'bob')
        self.result('a full disk: bob can be revoked',
                    '' if 'bob' in said else said)
        self.host.kill()
        os.unlink(self.ballast)
        self.host.start()
        self.host.wait_ready()
        self.expect('a full disk: he is, after a restart',
                    self.host.account('bob'), 'revoked')
        self.result('a full disk, over: room is reserved again',
                    '' if os.path.exists(reserve) else 'there is none')
        self.expect('a full disk, over: bob signs in again',
                    self.host.sign_in('bob'), 'granted')

    def command(self, *arguments, may_fail=False):
        return subprocess.run([self.scripted, *arguments], cwd=self.host.dir,
                              stdout=subprocess.PIPE, text=True,
                              check=not may_fail).stdout

    def told(self, what, reason):
        """hostpass events and hostpass metrics say the same."""
        count = metrics.read(self.command('metrics')).get(
            ('hostpass_decisions_total',
             f'kind="sign-in",reason="{reason}"'))
        self.expect(f'{what}: metrics have both refusals', count, 2)
        events = self.command('events').splitlines()
        self.expect(f'{what}: so have the events', sum(
            f': {reason} by device' in event for event in events), 2)
        self.result(f'{what}: and the last one is that bob signed in',
                    '' if re.search(r' sign-in bob sshd from -: granted by '
                                    r'device in \d+\.\d s$', events[-1])
                    else events[-1])

    def full(self):
        host = self.host
        mount('-t', 'tmpfs', '-o', f'size=2m,mode=755,uid={NOBODY}',
              'hostpass', host.state)
        host.start()
        host.wait_ready()
        self.trouble('a full disk', 'disk-full', lambda: fill(self.ballast),
                     lambda: os.unlink(self.ballast))
        self.revoke()
        self.restart_full()
        subprocess.run(['umount', host.state], check=True)

    def restart_full(self):
        """Started again while it is full: who is known comes in, or it says
        what to do and systemd tries again."""
        host = self.host
        host.kill()
        fill(self.ballast)
        start = os.path.getsize(host.log)
        host.start()
        for _ in range(100):
            if not host.is_up() or 'ready' in self.log_since(start):
                break
            time.sleep(0.1)
        said = self.log_since(start)
        self.result('a start on a full disk says what to do',
                    '' if 'the disk is full; free some space' in said
                    else said)
        self.expect('lookups find everybody', self.names(), ['alice', 'bob'])
        if host.is_up():
            host.kill()
        os.unlink(self.ballast)
        host.start()
        host.wait_ready()
        self.expect('with room again: alice signs in', host.sign_in('alice'),
                    'granted')
        host.kill()

    def damaged(self):
        """A part of the store cannot be read any more."""
        host, store = self.host, f'{self.host.state}/store.db'
        host.new_state()
        host.start()
        host.wait_ready()
        for name in ('alice', 'bob'):
            self.expect(f'a damaged store: {name} signs in before',
                        host.sign_in(name), 'granted')
        host.kill()
        with contextlib.closing(sqlite3.connect(store)) as db:
            page, = db.execute('SELECT rootpage FROM sqlite_master'
                               ' WHERE name = "token"').fetchone()
        with open(store, 'r+b') as file:
            file.seek((page - 1) * 4096)
            file.write(bytes(4096))
        before = pathlib.Path(store).read_bytes()
        host.start()
        host.wait_ready()
        self.expect('a damaged store: the account phase knows alice',
                    host.account('alice'), 'granted')
        self.expect('a damaged store: a sign-in is refused',
                    host.sign_in('bob'), 'store-damaged')
        self.expect('a damaged store: lookups find both', self.names(),
                    ['alice', 'bob'])
        said = self.command('status', may_fail=True)
        self.result('a damaged store: status says so, and how many there are',
                    '' if 'A DAMAGED STORE' in said and
                    re.search(r'^people +2', said, re.MULTILINE) else said)
        self.expect('a damaged store: no second one while it runs',
                    host.once('-r'), None)
        host.kill()
        self.result('a damaged store: nothing was written to it', '' if
                    pathlib.Path(store).read_bytes() == before else
                    'it is another one')
        said = host.once('-r') or ''
        self.result('a damaged store: people come into a new one', '' if
                    '2 people and 0 refresh tokens' in said else said)
        self.expect('a damaged store: that is sound', host.once('-r'), None)
        host.start()
        host.wait_ready()
        self.expect('a new store: the account phase knows alice',
                    host.account('alice'), 'granted')
        self.expect('a new store: bob signs in', host.sign_in('bob'),
                    'granted')
        host.kill()

    def read_only(self):
        host = self.host

        def set_errno(number):
            with open(self.flag, 'w', encoding='ascii') as file:
                file.write(str(number) if number else '')
        set_errno(0)
        host.new_state()
        host.start(LD_PRELOAD=self.fault, FAULT_FILE=self.flag)
        host.wait_ready()
        self.trouble('a read-only file system', 'disk-read-only',
                     lambda: set_errno(errno.EROFS), lambda: set_errno(0))
        host.kill()
        mount('--bind', host.state, host.state)
        mount('-o', 'remount,bind,ro', host.state)
        start = os.path.getsize(host.log)
        host.start()
        for _ in range(100):
            if not host.is_up() or 'ready' in self.log_since(start):
                break
            time.sleep(0.1)
        said = self.log_since(start)
        self.result('a start on a read-only file system says what to do',
                    '' if 'read-only; see dmesg(1)' in said else said)
        if host.is_up():
            host.kill()
        subprocess.run(['umount', host.state], check=True)
        host.start()
        host.wait_ready()
        self.expect('writable again: bob signs in', host.sign_in('bob'),
                    'granted')
        self.wait_published('alice', 'bob')
        host.kill()
