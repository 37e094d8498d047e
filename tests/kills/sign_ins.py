# SPDX-License-Identifier: BSD-2-Clause
"""hostpassd killed at every step of a whole sign-in with an ssh key, by which a
binding, groups, a refresh token, a remembered key and a snapshot are written:
whatever is lost, nobody else's is harmed, who was let in is known, and the next
sign-in brings all of it."""

import struct

import uid
from daemon import AUTHENTICATE, frame, text
from host import HONEST
from provider import SignIn
from refreshes import PEOPLE, Refreshes
from steps import Problem

# As OpenSSH tells it of a key that it has verified.
KEY = ('publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC8hE9PBGv3TzxAAr3ulGwCL'
       'Bz6cy4lM+H4ZbkTgiSIn\n')
PROMPT = 1      # the conversation that sshd can show
NEW = 'carol'


class Enter:
    """Whoever is asked, and how often."""

    def __init__(self):
        self.asked = 0

    def see(self, shown):
        pass

    def answer(self, _):
        self.asked += 1
        return ''


class SignIns(Refreshes):
    """With a host of its own."""

    def prepare(self):
        with open(self.host.config, 'a', encoding='ascii') as file:
            file.write('[cache]\nremember_key = 12h\n')
        super().prepare()

    def sign_in(self, user, key=KEY):
        """The reason code and how often she was asked; None: it is gone."""
        host, person = self.host, Enter()
        host.provider.expect(SignIn(user, HONEST))
        number = uid.computed(host.issuer, user)
        try:
            client = host.connect(20)
            client.sendall(frame(
                AUTHENTICATE, text(user) + text('sshd') + text('')
                + text('192.0.2.7') + text('') + struct.pack('<I', number)
                + text(key) + struct.pack('<IIQ', PROMPT, 0, 0)))
            return host.finish(client, person)[0], person.asked
        except OSError:
            return None, person.asked

    def is_gone(self):
        """Also if it was killed after the last thing that it said."""
        try:
            self.host.account('alice')
            return False
        except OSError:
            self.host.process.wait(10)
            return True

    def look_at_people(self):
        """NEW is nobody yet, or all that she is to be; the others are there.
        Is she?"""
        shown = self.people()
        number = shown.pop(NEW, None)
        if shown != self.uids:
            raise Problem(f'{self.uids} became {shown}')
        said = self.host.account(NEW)
        if number not in (None, uid.computed(self.host.issuer, NEW)) or \
                (number is not None) != (said == 'granted'):
            raise Problem(f'{NEW} is {number}, and the account phase: {said}')
        if self.host.provider.reused:
            raise Problem('a token was used twice')
        return number is not None

    def go_on(self, was_granted):
        """After a start. The key may spare the first of these sign-ins."""
        is_known = self.look_at_people()
        if was_granted and not (is_known and self.refresh(NEW) == 'renewed'):
            raise Problem(f'{NEW} was let in, and is not known or has no token')
        for key, wrong in ((KEY, ()), ('', (False,)), (KEY, (True,))):
            said, asked = self.sign_in(NEW, key)
            if said != 'granted' or (asked > 0) in wrong:
                raise Problem(f'the next sign-in, asked {asked} times: {said}')
        for name in (NEW, *PEOPLE):
            if self.host.account(name) != 'granted':
                raise Problem(f'the account phase refuses {name}')
            if self.refresh(name) != 'renewed':
                raise Problem(f'{name} has no token')
        self.look_at_people()

    def one(self, step, way):
        """False if there are no more steps."""
        self.restore()
        self.host.provider.now = {}
        self.start(KILL_AT=str(step), KILL_HOW=way, COUNT_WHEN=self.flag)
        with open(self.flag, 'wb'):
            pass
        said, _ = self.sign_in(NEW)
        if not self.is_gone():
            self.host.kill()
            if said != 'granted':
                raise Problem(f'without a kill: {said}')
            return False
        self.kills += 1
        self.start()
        self.go_on(said == 'granted')
        self.host.kill()
        return True

    def share(self, way, first, stride, result):
        """The rest of the steps is for other hosts."""
        step = first
        while self.one(step, way):
            step += stride
        result(f'killed {way} step {first} of a sign-in, and each {stride} '
               f'steps later up to {step - stride}',
               '' if self.kills > 2 else 'there are hardly any')
