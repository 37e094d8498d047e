# SPDX-License-Identifier: BSD-2-Clause
"""hostpassd killed at every step of a refresh, by a provider that takes each
refresh token once: whatever is lost, no token comes twice, nobody's binding or
snapshot is harmed, and the next sign-in brings a new token. The same with a
disk that is full or read-only on the way."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time

import metrics
from host import HONEST, NOBODY
from provider import Lie, Reply
from steps import Problem

PEOPLE = ('alice', 'bob')


class Refreshes:
    """With a host of its own."""

    def __init__(self, host, steps, fault, scripted):
        self.scripted = scripted    # hostpass, for a socket below run
        self.host, self.steps, self.fault = host, steps, fault
        self.base = f'{host.dir}/base'
        self.flag, self.number = f'{host.dir}/begun', f'{host.dir}/fault'
        self.kills = 0

    def prepare(self):
        """Two who have signed in; what is tried begins with a copy."""
        self.host.start()
        self.host.wait_ready()
        for name in PEOPLE:
            if self.host.sign_in(name) != 'granted':
                raise Problem(f'{name} cannot sign in')
        self.uids = self.people()
        self.host.kill()
        shutil.copytree(self.host.state, self.base)

    def people(self):
        shown = self.steps.published(self.host.state) or {}
        return {name: uid for name, (uid, _) in shown.items()}

    def restore(self):
        """Also for the provider: it knows nothing of the tries before."""
        host, provider = self.host, self.host.provider
        shutil.rmtree(host.state)
        shutil.copytree(self.base, host.state)
        for path in (host.state, *(f'{host.state}/{name}' for name in
                                   os.listdir(host.state))):
            os.chown(path, NOBODY, NOBODY)
        provider.spent.clear()
        provider.now = {'groups': ['staff', 'admins'], 'name': 'Another'}
        for path in (self.flag, self.number):
            if os.path.exists(path):
                os.unlink(path)

    def start(self, **extra):
        if extra:
            extra['LD_PRELOAD'] = self.fault
        self.host.start(**extra)
        self.host.wait_ready()

    def refresh(self, user='alice'):
        """The outcome; None: hostpassd is gone."""
        try:
            return self.host.refresh(user).get('outcome')
        except OSError:
            self.host.process.wait(10)
            return None

    def look(self):
        if self.people() != self.uids:
            raise Problem(f'{self.uids} became {self.people()}')
        if self.host.provider.reused:
            raise Problem('a token was used twice')
        for name in PEOPLE:
            said = self.host.account(name)
            if said != 'granted':
                raise Problem(f'the account phase of {name}: {said}')

    def go_on(self):
        """After a start: her token is refreshed, or was lost and the next
        sign-in brings another."""
        self.look()
        said = self.refresh()
        if said == 'no-token':
            if self.host.sign_in('alice') != 'granted':
                raise Problem('the next sign-in is refused')
            said = self.refresh()
        if said != 'renewed' or self.refresh('bob') != 'renewed':
            raise Problem(f'then her refresh is: {said}')
        self.look()

    def one(self, step, way):
        """False once all steps were tried."""
        self.restore()
        self.start(KILL_AT=str(step), KILL_HOW=way, COUNT_WHEN=self.flag)
        with open(self.flag, 'wb'):
            pass
        said = self.refresh()
        if said is not None:
            if said != 'renewed':
                raise Problem(f'without a kill: {said}')
            self.host.kill()
            return False
        self.kills += 1
        self.start()
        self.go_on()
        self.host.kill()
        return True

    def killed(self, way, result):
        step = 1
        while self.one(step, way):
            step += 1
        result(f'killed {way} each of {step - 1} steps of a refresh',
               '' if step > 10 else 'there are hardly any')

    def set_errno(self, number):
        with open(self.number, 'w', encoding='ascii') as file:
            file.write(str(number) if number else '')

    def expect(self, what, found, wanted):
        if found != wanted:
            raise Problem(f'{what}: {found}')

    def break_on_the_way(self, number):
        """The disk fails while her token is at the provider."""
        provider = self.host.provider
        sign_in = provider.grants[next(iter(provider.spent))]
        sign_in.lie = Lie('', 'granted', refresh=lambda answer:
                          self.set_errno(number) or answer)
        self.refresh()
        sign_in.lie = HONEST

    def renewed(self):
        text = subprocess.run([self.scripted, 'metrics'], cwd=self.host.dir,
                              capture_output=True, text=True, check=True)
        return metrics.read(text.stdout)[('hostpass_refreshes_total',
                                          'outcome="renewed"')]

    def trouble(self, what, number, result):
        """No token leaves that cannot be marked; one that comes and cannot be
        kept is kept in memory, and goes nowhere before it is on the disk."""
        provider = self.host.provider
        self.restore()
        self.start(FAULT_FILE=self.number)
        self.set_errno(number)
        self.expect('before', self.refresh(), 'later')
        self.expect('tokens that left', len(provider.spent), 0)
        self.set_errno(0)
        self.expect('over', self.refresh(), 'renewed')
        self.break_on_the_way(number)
        self.expect('still', self.refresh(), 'later')
        self.expect('tokens that left', len(provider.spent), 2)
        self.set_errno(0)
        self.expect('over', self.refresh(), 'renewed')
        self.look()
        self.expect('metrics', self.renewed(), 2)
        result(f'{what} at a refresh, and between a token and its next')

    def written(self):
        """Who is revoked in the store itself."""
        with contextlib.closing(sqlite3.connect(
                f'file:{self.host.state}/store.db?mode=ro', uri=True)) as db:
            return [name for name, in
                    db.execute('SELECT name FROM person WHERE revoked')]

    def revoked(self, what, number, result):
        """The provider lets go of her when the disk fails: she is out at once,
        and stays out when hostpassd could write it and is killed."""
        provider = self.host.provider
        self.restore()
        self.start(FAULT_FILE=self.number)
        self.expect('before', self.refresh(), 'renewed')
        sign_in = provider.grants[next(iter(provider.spent))]
        sign_in.lie = Lie('', 'granted', refresh=lambda _:
                          self.set_errno(number) or
                          Reply(400, {'error': 'invalid_grant'}))
        self.expect('refused', self.refresh(), 'revoked')
        sign_in.lie = HONEST
        self.expect('meanwhile', self.host.account('alice'), 'revoked')
        self.expect('in the store', self.written(), [])
        self.set_errno(0)
        for _ in range(600):
            if self.written():
                break
            time.sleep(0.1)
        self.host.kill()
        self.start()
        self.expect('afterwards', self.host.account('alice'), 'revoked')
        self.expect('bob', self.host.account('bob'), 'granted')
        self.host.kill()
        result(f'{what}, and she is revoked: out at once, and for good')

    def trouble_and_kill(self, what, number, result):
        self.break_on_the_way(number)
        self.host.kill()
        self.kills += 1
        self.start()
        self.expect('its token', self.refresh(), 'no-token')
        self.go_on()
        self.host.kill()
        result(f'{what}, and killed: the token is lost and not used twice')
