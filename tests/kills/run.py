# SPDX-License-Identifier: BSD-2-Clause
"""run.py BUILD STATEDIR LOG FAULT: see tests/suites/kills. Run in a mount
namespace of its own, as root."""

import concurrent.futures
import errno
import os
import random
import shutil
import sys
import threading
import time

from disk import Disk
from host import Host, Results, new_authority
from refreshes import Refreshes
from steps import WAYS, Problem, Steps

HOSTS = 8
ROUNDS = 10
SEED = 20261121
TROUBLES = (('a full disk', errno.ENOSPC),
            ('a read-only file system', errno.EROFS))
# For a host each: how it is killed, and what is wrong with its disk.
REFRESHES = (*(((way,), ()) for way in WAYS), ((), TROUBLES))

result = Results()


class Victim:
    """One host: sign in, kill, look, start again, sign in."""

    def __init__(self, number, host, steps, fault):
        self.host, self.steps, self.fault = host, steps, fault
        self.random = random.Random(SEED + number)
        self.bound = {}
        self.kills = 0

    def start(self, **extra):
        self.host.start(**extra)
        for _ in range(200):
            try:
                if self.host.status():
                    return True
            except OSError:
                pass
            if not self.host.is_up():
                return False
            time.sleep(0.02)
        raise Problem('it does not answer')

    def killed_at_a_moment(self, user):
        """By somebody else, up to two seconds after it began: a sign-in takes
        one, because of the interval."""
        if not self.start():
            raise Problem('it does not start')
        timer = threading.Timer(self.random.uniform(0, 1.5), self.host.kill)
        timer.start()
        said = self.host.sign_in(user)
        timer.join()
        return said

    def killed_at_a_step(self, user):
        """Counted from the start, so that starts are killed too."""
        way = self.random.choice(('before', 'half', 'after'))
        extra = {'LD_PRELOAD': self.fault, 'KILL_HOW': way,
                 'KILL_AT': self.random.randint(1, 90)}
        said = self.host.sign_in(user) if self.start(**extra) else None
        self.host.kill()
        return said

    def round(self, number):
        user = f'p{self.random.randint(1, 4)}'
        killed = (self.killed_at_a_moment if number % 2 else
                  self.killed_at_a_step)
        said = killed(user)
        self.kills += 1
        if said == 'granted' and user not in self.bound:
            self.bound[user] = self.host_people().get(user)
        self.look()
        if not self.start():
            raise Problem('it does not start again')
        said = self.host.sign_in(user)
        if said != 'granted':
            raise Problem(f'the next sign-in of {user}: {said}')
        uid = self.host_people()[user]
        if self.bound.setdefault(user, uid) != uid:
            raise Problem(f'{user} was {self.bound[user]} and is {uid}')
        self.look()
        if self.host.account(user) != 'granted':
            raise Problem(f'the account phase refuses {user}')
        self.host.kill()

    def host_people(self):
        shown = self.steps.published(self.host.state) or {}
        return {name: uid for name, (uid, _) in shown.items()}

    def look(self):
        shown = self.host_people()
        for name, uid in self.bound.items():
            if shown.get(name) != uid:
                raise Problem(f'{name} was {uid}, is {shown.get(name)}')

    def run(self, number):
        try:
            for i in range(ROUNDS):
                self.round(i)
        except (Problem, OSError, KeyError) as problem:
            result(f'host {number}, after {self.kills} kills', repr(problem))
        else:
            result(f'host {number}: hostpassd was killed {self.kills} times '
                   'during sign-ins and starts')
        return self.kills


def refreshed(host, steps, fault, scripted, ways, troubles):
    """How many kills it took."""
    refreshes = Refreshes(host, steps, fault, scripted)
    try:
        refreshes.prepare()
        for way in ways:
            refreshes.killed(way, result)
        for what, number in troubles:
            refreshes.trouble(what, number, result)
            refreshes.trouble_and_kill(what, number, result)
            refreshes.revoked(what, number, result)
    except (Problem, OSError, KeyError) as problem:
        result(f'refreshes killed {ways}, after {refreshes.kills} kills',
               repr(problem))
    return refreshes.kills


def main():
    build, statedir, log, fault = sys.argv[1:]
    binary = f'{build}/hostpassd'
    scripted = f'{build}/tests/unit/hostpass_scripted'
    steps = Steps(f'{build}/tests/kills/decide', f'{build}/hostpass', fault)
    authority, scratch = new_authority()
    os.makedirs(statedir, exist_ok=True)
    hosts = [Host(binary, statedir, log, authority)
             for _ in range(HOSTS + 1 + len(REFRESHES))]
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(hosts)) as pool:
        victims = [pool.submit(Victim(i, host, steps, fault).run, i + 1)
                   for i, host in enumerate(hosts[:HOSTS])]
        victims += [pool.submit(refreshed, host, steps, fault, scripted, *job)
                    for host, job in zip(hosts[HOSTS + 1:], REFRESHES)]
        disk = Disk(hosts[HOSTS], steps, result, fault, scripted)
        for check in (steps.run, lambda _: disk.full(),
                      lambda _: disk.read_only(),
                      lambda _: disk.damaged()):
            try:
                check(result)
            except (Problem, OSError) as problem:
                result('on the way', repr(problem))
        kills = steps.kills + sum(victim.result() for victim in victims)
    for host in hosts:
        host.close()
    shutil.rmtree(scratch)
    result(f'{kills} kills in {time.monotonic() - begun:.0f} s',
           '' if kills >= 200 else 'fewer than 200')
    print(f'{result.passed} passed, {result.failed} failed, 0 skipped')
    sys.exit(result.failed > 0)


if __name__ == '__main__':
    main()
