// SPDX-License-Identifier: BSD-2-Clause
// The whole way with a real browser and a real (virtual) passkey.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { approve, CLIENT, Provider } from './harness.mjs';

const ALICE = '0f7d1c3a-6b52-4e0d-9a41-000000000001';

let op;

before(async () => { op = await Provider.start(); });
after(() => op.stop());

function person(user, url, ...more) {
  return approve(['--state', op.dir, '--user', user, '--url', url, ...more]);
}

async function approved(user, ...more) {
  const device = await op.device();
  const { code, out, err } = await person(user, device.verification_uri_complete, ...more);

  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).ok, true);
  return op.poll(device);
}

test('enrol, sign in, approve; and again with the same passkey', async () => {
  const began = Math.floor(Date.now() / 1000);

  for (const round of [1, 2]) {
    const { status, body } = await approved('alice');
    const { payload } = await op.verify(body.id_token);

    assert.equal(status, 200, `round ${round}`);
    assert.equal(payload.sub, ALICE);
    assert.deepEqual(payload.amr, ['phr']);
    assert.ok(payload.auth_time >= began);
  }
});

test('cancel leaves the code pending', async () => {
  const { status, body } = await approved('alice', '--decline');

  assert.deepEqual([status, body.error], [400, 'authorization_pending']);
});

test('alice\'s name with another sub is another person', async () => {
  const other = { ...op.state().users[0], sub: 'f0000000-0000-4000-8000-00000000000a' };

  await op.during((state) => { state.users.push(other); }, async () => {
    const { body } = await approved(other.sub);
    const { payload } = await op.verify(body.id_token);
    const { code, err } = await person('alice', `${op.issuer}/device`);

    assert.deepEqual([payload.sub, payload.preferred_username], [other.sub, 'alice']);
    assert.equal(code, 1);
    assert.match(err, /2 people are called alice/);
  });
});

test('a passkey that the server does not know signs nobody in', async () => {
  const kept = readFileSync(`${op.dir}/passkeys.json`);
  const device = await op.device();

  writeFileSync(`${op.dir}/passkeys.json`, '[]');
  const { code, err } = await person('alice', device.verification_uri_complete);

  writeFileSync(`${op.dir}/passkeys.json`, kept);
  assert.equal(code, 1);
  assert.match(err, /passkey is not known here/);
});

test('one person in two browsers at once', async () => {
  const answers = await Promise.all([approved('alice'), approved('alice')]);

  assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
});

test('who is not in an allowed group gets no further than the page', async () => {
  await op.during((state) => { state.clients[0].allowed_groups = ['admins']; }, async () => {
    const device = await op.device();
    const { code, err } = await person('bob', device.verification_uri_complete);

    assert.equal(code, 1);
    assert.match(err, /not allowed to access this service/);
    assert.equal((await op.poll(device)).body.error, 'authorization_pending');
  });
});

test('a browser that stays signed in needs its passkey only when the client says so', async () => {
  const profile = ['--keep-profile', `${op.dir}/profile`];
  const first = await approved('carol', ...profile);
  const second = await approved('carol', ...profile);
  const time = async ({ body }) => (await op.verify(body.id_token)).payload.auth_time;

  assert.equal(await time(first), await time(second));
  await op.during((state) => { state.session_age = 600; }, async () => {
    assert.equal(await time(await approved('carol', ...profile)), await time(first) - 600);
  });
  await op.during((state) => { state.clients[0].requires_reauthentication = true; }, async () => {
    await approved('carol', ...profile);
    const again = await approved('carol', ...profile);

    assert.ok(await time(again) > await time(first));
  });
});

test('authorization code with PKCE, to a loopback address', async () => {
  const arrived = [];
  const listener = createServer((req, res) => {
    arrived.push(new URL(req.url, 'http://127.0.0.1'));
    res.end('done');
  });

  await new Promise((done) => { listener.listen(0, '127.0.0.1', done); });
  try {
    await codeFlow(`http://127.0.0.1:${listener.address().port}/callback`, arrived);
  } finally {
    listener.close();
  }
});

async function codeFlow(callback, arrived) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid groups',
    state: 'state-1234',
    nonce: 'nonce-1234',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { code, err } = await person('alice', `${op.issuer}/authorize?${query}`);

  assert.equal(code, 0, err);
  const { searchParams: answer } = arrived.find(({ pathname }) => pathname === '/callback');

  assert.deepEqual([answer.get('iss'), answer.get('state')], [op.issuer, 'state-1234']);
  const { status, body } = await op.form('/api/oidc/token', {
    grant_type: 'authorization_code',
    client_id: CLIENT,
    code: answer.get('code'),
    redirect_uri: callback,
    code_verifier: verifier,
  });

  assert.equal(status, 200, JSON.stringify(body));
  const { payload } = await op.verify(body.id_token);

  assert.deepEqual([payload.sub, payload.nonce], [ALICE, 'nonce-1234']);
  assert.deepEqual([payload.amr, payload.groups], [['phr'], ['admins', 'staff']]);
  assert.equal((await op.refresh(body.refresh_token)).status, 200);
}
