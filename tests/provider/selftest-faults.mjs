// SPDX-License-Identifier: BSD-2-Clause
// Is each fault what its name says, and are new keys really new?

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, exportSPKI, importJWK } from 'jose';
import { faults } from './faults.mjs';
import { Provider } from './harness.mjs';

let op;

before(async () => { op = await Provider.start(); });
after(() => op.stop());

const userinfo = (access) => (
  op.get('/api/oidc/userinfo', { Authorization: `Bearer ${access}` }));

const seconds = () => Math.floor(Date.now() / 1000);

async function refused(token, code) {
  await assert.rejects(op.verify(token), { code });
}

async function publicPem() {
  const { body: { keys: [jwk] } } = await op.get('/.well-known/jwks.json');

  return exportSPKI(await importJWK(jwk, jwk.alg, { extractable: true }));
}

// What the ID token of a whole sign-in must be, for each fault that makes one.
const tokens = {
  'bad-signature': (token) => refused(token, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'),
  async 'wrong-iss'(token) {
    assert.equal(decodeJwt(token).iss, 'https://other.example');
    await refused(token, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  },
  async 'wrong-aud'(token) {
    assert.deepEqual(decodeJwt(token).aud, ['another-client']);
    await refused(token, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  },
  async expired(token) {
    assert.ok(decodeJwt(token).exp < seconds() - 3000);
    await refused(token, 'ERR_JWT_EXPIRED');
  },
  async 'future-iat'(token) {
    await op.verify(token);
    assert.ok(decodeJwt(token).iat > seconds() + 3000);
  },
  async 'no-groups-claim'(token, access) {
    const { payload } = await op.verify(token);

    assert.ok(!('groups' in payload) && payload.preferred_username === 'alice');
    assert.ok(!('groups' in (await userinfo(access)).body));
  },
  async 'groups-in-userinfo'(token, access) {
    const { payload } = await op.verify(token);
    const { body } = await userinfo(access);

    assert.ok(!('groups' in payload) && body.groups.length > 0);
    assert.equal(body.sub, payload.sub);
  },
  async 'userinfo-other-sub'(token, access) {
    const { payload } = await op.verify(token);

    assert.ok(!('groups' in payload));
    assert.equal((await userinfo(access)).body.sub, 'somebody-else');
  },
  async 'userinfo-500'(token, access) {
    const { payload } = await op.verify(token);

    assert.ok(!('groups' in payload));
    assert.equal((await userinfo(access)).status, 500);
  },
  async 'no-auth-time'(token) {
    const { payload } = await op.verify(token);

    assert.ok(!('auth_time' in payload) && payload.preferred_username === 'alice');
  },
  async 'login-code'(token) {
    assert.deepEqual((await op.verify(token)).payload.amr, ['otp']);
  },
  'alg-none'(token) {
    const header = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));

    assert.equal(header.alg, 'none');
    assert.ok(header.kid && token.endsWith('.'));
    assert.equal(decodeJwt(token).preferred_username, 'alice');
  },
  async 'alg-hs256'(token) {
    const [header, payload, signature] = token.split('.');
    const mac = createHmac('sha256', await publicPem()).update(`${header}.${payload}`);

    assert.equal(decodeProtectedHeader(token).alg, 'HS256');
    assert.equal(signature, mac.digest('base64url'));
  },
  async 'access-token-as-id-token'(token) {
    assert.equal(decodeProtectedHeader(token).typ, 'at+jwt');
    await refused(token, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  },
};

const replies = {
  async 'device-429'() {
    const { status, headers, body } = await op.poll({ device_code: 'x' });

    assert.deepEqual([status, body.error, body.code], [429, 'Too many requests', 'rate_limited']);
    assert.ok(headers['retry-after'] && body.request_id === headers['x-request-id']);
  },
  async 'token-500'() {
    assert.equal((await op.poll({ device_code: 'x' })).status, 500);
    assert.match((await op.device()).user_code, /^E/);
  },
  async 'device-500'() {
    assert.equal((await op.device()).code, 'internal_error');
  },
  async stall() {
    const device = await op.device();
    const reply = op.poll(device).then(() => 'answered', () => 'cut off');
    const patience = new Promise((done) => { setTimeout(done, 1000, 'waiting'); });

    assert.equal(await Promise.race([reply, patience]), 'waiting');
  },
  async 'lost-reply'() {
    const device = await op.device();

    await op.approve(device);
    await assert.rejects(op.poll(device));
    await op.during((state) => { state.fault = null; }, async () => {
      assert.equal((await op.poll(device)).body.error, 'invalid_grant');
    });
  },
};

test('every fault has a test', () => {
  assert.deepEqual(Object.keys({ ...tokens, ...replies }).sort(), Object.keys(faults).sort());
});

for (const [fault, check] of Object.entries(tokens)) {
  test(`fault ${fault}`, () => op.during((state) => { state.fault = fault; }, async () => {
    const { id_token: token, access_token: access } = await op.login('alice');

    await check(token, access);
  }));
}

for (const [fault, check] of Object.entries(replies)) {
  test(`fault ${fault}`, () => op.during((state) => { state.fault = fault; }, check));
}

test('no fault, no harm', async () => {
  await op.verify((await op.login('alice')).id_token);
});

for (const alg of ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']) {
  test(`tokens signed with ${alg}`, () => op.during((state) => { state.signing_alg = alg; }, async () => {
    const { id_token: token, access_token: access } = await op.login('alice');
    const { protectedHeader, payload } = await op.verify(token);
    const discovery = await op.get('/.well-known/openid-configuration');
    const { body } = await userinfo(access);

    assert.equal(protectedHeader.alg, alg);
    assert.deepEqual(discovery.body.id_token_signing_alg_values_supported, [alg]);
    assert.equal(body.sub, payload.sub);
  }));
}

test('a new key replaces the old one without overlap', async () => {
  const { id_token: old, refresh_token: refresh } = await op.login('alice');

  op.edit((state) => { state.key_generation += 1; });
  await refused(old, 'ERR_JWKS_NO_MATCHING_KEY');
  const { status, body } = await op.refresh(refresh);

  assert.equal(status, 200);
  await op.verify(body.id_token);
});

test('the side door signs what it is told to', async () => {
  const { body } = await op.json('/test/token', {
    user: 'bob', nonce: 'n-123456', claims: { aud: 'x', email: null }, header: { typ: null },
  });
  const { aud, email, nonce, preferred_username: name } = decodeJwt(body.id_token);

  assert.deepEqual([aud, email, nonce, name], ['x', undefined, 'n-123456', 'bob']);
  assert.ok(!('typ' in decodeProtectedHeader(body.id_token)));
});
