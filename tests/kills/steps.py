# SPDX-License-Identifier: BSD-2-Clause
"""Kill what decides about a sign-in at every step that changes a file, in each
way, and look at what is left. decide.c is what is killed, fault.c kills."""

import json
import os
import shutil
import signal
import subprocess
import tempfile

WAYS = ('before', 'half', 'after')
CONFIG = ('[provider]\nissuer = https://id.example.com\nclient_id = host\n'
          '[access]\nallow_groups = staff, guests\n[groups]\nadmins = sudo\n')
PASSWD = 'root:x:0:0:root:/root:/bin/bash\n'
GROUP = 'root:x:0:\nsudo:x:27:\n'


class Problem(Exception):
    pass


def claims(name, *groups):
    return json.dumps({'preferred_username': name, 'groups': list(groups)})


class Steps:
    def __init__(self, decide, hostpass, fault):
        self.decide, self.hostpass, self.fault = decide, hostpass, fault
        self.kills = 0

    def new_host(self):
        where = tempfile.mkdtemp(prefix='hostpass-kills-')
        for name, text in (('hostpass.conf', CONFIG), ('passwd', PASSWD),
                           ('group', GROUP)):
            with open(f'{where}/{name}', 'w', encoding='ascii') as file:
                file.write(text)
        return where

    def sign_in(self, where, name, *groups, **environment):
        """How it ended, and the reason code."""
        if environment:
            environment['LD_PRELOAD'] = self.fault
        done = subprocess.run(
            [self.decide, where, name, f'sub-{name}', claims(name, *groups)],
            env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip() or done.stderr.strip()

    def people(self, where):
        """Everybody in the store: name -> uid."""
        text = subprocess.run([self.decide, where], check=True, text=True,
                              capture_output=True).stdout
        found = {}
        for line in text.splitlines():
            name, uid, sub, groups = line.split(' ')
            if sub != f'sub-{name}':
                raise Problem(f'{name} belongs to {sub}')
            # As they were or as they are, and nothing between.
            if sorted(groups.split(',')) not in (['', 'staff'],
                                                 ['', 'admins', 'staff']):
                raise Problem(f'{name} is in the groups {groups}')
            found[name] = int(uid)
        return found

    def published(self, where):
        """Everybody in the snapshot, if there is one: name -> uid and gids.
        hostpass dump looks at all of it."""
        path = f'{where}/snapshot'
        if not os.path.exists(path):
            return None
        done = subprocess.run([self.hostpass, '--json', 'dump', path],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Problem(f'a torn snapshot: {done.stderr.strip()}')
        return {user['name']: (user['uid'], user['gids'])
                for user in json.loads(done.stdout)['users']}

    def look(self, where, bound):
        """What must hold at every moment."""
        people = self.people(where)
        for name, uid in bound.items():
            if people.get(name) != uid:
                raise Problem(f'{name} was {uid} and is {people.get(name)}')
        shown = self.published(where)
        if shown is None:
            if bound:
                raise Problem('the snapshot is gone')
            return
        for name, (uid, _) in shown.items():
            if people.get(name) != uid:
                raise Problem(f'{name} is published and not bound')
        for name in bound:
            if name not in shown:
                raise Problem(f'{name} is bound and not published')

    def one(self, before, name, groups, bound, step, way):
        """False once all steps were tried."""
        where = tempfile.mkdtemp(prefix='hostpass-kill-')
        try:
            shutil.rmtree(where)
            shutil.copytree(before, where)
            status, said = self.sign_in(where, name, *groups,
                                        KILL_AT=str(step), KILL_HOW=way)
            if status == 0:
                return False
            if status != -signal.SIGKILL:
                raise Problem(f'ended with {status}: {said}')
            self.kills += 1
            self.look(where, bound)
            again = self.sign_in(where, name, *groups)
            if again != (0, 'granted'):
                raise Problem(f'the next sign-in: {again}')
            self.look(where, {**bound, name: self.uids[name]})
            shown = self.published(where)[name]
            if (27 in shown[1]) != ('admins' in groups):
                raise Problem(f'{name} has the gids {shown[1]}')
            return True
        finally:
            shutil.rmtree(where)

    def scenario(self, what, before, name, groups, bound, result):
        for way in WAYS:
            step = 1
            try:
                while self.one(before, name, groups, bound, step, way):
                    step += 1
                result(f'killed {way} each of {step - 1} steps: {what}',
                       '' if step > 5 else 'there are hardly any')
            except Problem as problem:
                result(f'killed {way} step {step}: {what}', str(problem))

    def run(self, result):
        empty = self.new_host()
        known = self.new_host()
        for name in ('alice', 'bob'):
            if self.sign_in(known, name, 'staff') != (0, 'granted'):
                raise SystemExit('nobody can sign in')
        self.uids = self.people(known)
        alice = {'alice': self.uids['alice']}
        shutil.copytree(empty, f'{empty}-alice')
        self.sign_in(f'{empty}-alice', 'alice', 'staff')
        self.scenario('the first sign-in on a new host', empty, 'alice',
                      ['staff'], {}, result)
        self.scenario('the first sign-in of bob', f'{empty}-alice', 'bob',
                      ['staff'], alice, result)
        self.scenario('alice, now an admin', known, 'alice',
                      ['staff', 'admins'], self.uids, result)
        for where in (empty, known, f'{empty}-alice'):
            shutil.rmtree(where)
