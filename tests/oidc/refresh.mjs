// SPDX-License-Identifier: BSD-2-Clause
// PROBE=refresh_probe PROVIDER=DIR node --test refresh.mjs
// What refreshing comes to at a provider that rotates tokens and revokes a
// family when one is used twice, over HTTP/1.1 and HTTP/2.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { CLIENT, Provider } = await import(
  pathToFileURL(join(process.env.PROVIDER, 'harness.mjs')));

let op;

// By the side door; the harness speaks HTTP/1.1 alone.
async function approve(code, user) {
  if (!op.flags.includes('--h2')) {
    const { status } = await op.approve({ user_code: code }, user);

    assert.equal(status, 200);
    return;
  }
  const door = connect(op.issuer, { ca: op.ca });

  try {
    const body = JSON.stringify({ user_code: code, user });
    const request = door.request({
      ':method': 'POST',
      ':path': '/test/approve',
      'content-type': 'application/json',
      'content-length': body.length,
    });

    request.end(body);
    const [[headers]] = await Promise.all([once(request, 'response'), once(request.resume(), 'end')]);

    assert.equal(headers[':status'], 200);
  } finally {
    door.close();
  }
}

// A person who has signed in: refresh_probe with her tokens.
class Person {
  constructor() {
    this.child = spawn(process.env.PROBE, [op.issuer, CLIENT, join(op.dir, 'ca.pem')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.exited = new Promise((done) => { this.child.once('exit', done); });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    const { value, done } = await this.lines.next();

    assert.ok(!done, 'the probe has ended');
    return value;
  }

  ask(command) {
    this.child.stdin.write(`${command}\n`);
    return this.line();
  }

  async signIn(user) {
    const [, code] = (await this.ask('sign-in')).split(' ');

    await approve(code, user);
    return this.line();
  }
}

async function signedIn(body) {
  const person = new Person();

  try {
    assert.match(await person.signIn('alice'), /^granted \[/);
    await body(person);
  } catch (error) {
    person.child.kill();
    throw error;
  }
  person.child.stdin.end();
  assert.equal(await person.exited, 0);
}

const during = (fault, body) => op.during((state) => { state.fault = fault; }, body);
const alice = (state) => state.users.find(({ username }) => username === 'alice');

const scenarios = {
  'each refresh brings a new token': async (person) => {
    for (let i = 0; i < 3; i += 1) {
      assert.match(await person.ask('refresh'), /^renewed granted new \[/);
    }
  },
  'groups are those of now': (person) => op.during((state) => {
    alice(state).groups = ['just-made'];
  }, async () => {
    assert.equal(await person.ask('refresh'), 'renewed granted new ["just-made"]');
  }),
  'a token used twice is a revocation of all': async (person) => {
    await person.ask('refresh');
    assert.equal(await person.ask('reuse'), 'revoked grant-invalid kept -');
    assert.equal(await person.ask('refresh'), 'revoked grant-invalid kept -');
  },
  'disabled: revoked': (person) => op.during((state) => {
    alice(state).disabled = true;
  }, async () => {
    assert.equal(await person.ask('refresh'), 'revoked grant-invalid kept -');
  }),
  'deleted: revoked': (person) => op.during((state) => {
    state.users.splice(state.users.indexOf(alice(state)), 1);
  }, async () => {
    assert.equal(await person.ask('refresh'), 'revoked grant-invalid kept -');
  }),
  'in no allowed group any more: revoked': (person) => op.during((state) => {
    state.clients[0].allowed_groups = ['nobody-is-in-it'];
  }, async () => {
    assert.equal(await person.ask('refresh'), 'revoked access-denied kept -');
  }),
  'the client is refused: not a word about the person': async (person) => {
    await op.during((state) => { state.clients[0].secret = 'unknown to the host'; }, async () => {
      assert.equal(await person.ask('refresh'), 'try-later client-refused kept -');
    });
    assert.match(await person.ask('refresh'), /^renewed /);
  },
  'bad signature: later, but the new token is kept': async (person) => {
    await during('bad-signature', async () => {
      assert.equal(await person.ask('refresh'), 'try-later token-signature new -');
    });
    assert.match(await person.ask('refresh'), /^renewed granted new \[/);
  },
  'no answer: lost': (person) => during('stall', async () => {
    assert.equal(await person.ask('refresh'), 'lost provider-unreachable kept -');
  }),
  'the answer is lost: so is the token': async (person) => {
    await during('lost-reply', async () => {
      assert.equal(await person.ask('refresh'), 'lost provider-unreachable kept -');
    });
    // This is what LOST forbids, and why.
    assert.equal(await person.ask('refresh'), 'revoked grant-invalid kept -');
  },
  'new keys without overlap': async (person) => {
    op.edit((state) => { state.key_generation += 1; });
    assert.match(await person.ask('refresh'), /^renewed granted new \[/);
  },
  'the provider is away and comes back': async (person) => {
    const { port } = new URL(op.issuer);

    await op.halt();
    assert.equal(await person.ask('refresh'), 'try-later provider-unreachable kept -');
    await op.launch(port);
    assert.match(await person.ask('refresh'), /^renewed granted new \[/);
  },
  'groups from userinfo': (person) => during('groups-in-userinfo', async () => {
    assert.match(await person.ask('refresh'), /^renewed granted new \[/);
    assert.match(await person.signIn('alice'), /^granted \[/);
  }),
  'userinfo about somebody else': (person) => during('userinfo-other-sub', async () => {
    assert.equal(await person.ask('refresh'), 'try-later userinfo-subject new -');
    assert.equal(await person.signIn('alice'), 'userinfo-subject -');
  }),
  'userinfo fails': (person) => during('userinfo-500', async () => {
    assert.equal(await person.signIn('alice'), 'provider-busy -');
  }),
  'groups are nowhere': (person) => during('no-groups-claim', async () => {
    assert.equal(await person.signIn('alice'), 'granted -');
  }),
};

for (const [fault, reason] of [
  ['device-429', 'provider-limited'], ['token-500', 'provider-busy'],
]) {
  scenarios[`${fault}: later, with the same token`] = async (person) => {
    await during(fault, async () => {
      assert.equal(await person.ask('refresh'), `try-later ${reason} kept -`);
    });
    assert.match(await person.ask('refresh'), /^renewed granted new \[/);
  };
}

for (const [name, flags] of [['HTTP/1.1', []], ['HTTP/2', ['--h2']]]) {
  describe(name, () => {
    before(async () => {
      op = await Provider.start(...flags);
      op.edit((state) => { state.interval = 1; });
    });
    after(() => op.stop());
    for (const [what, body] of Object.entries(scenarios)) {
      test(what, () => signedIn(body));
    }
  });
}
