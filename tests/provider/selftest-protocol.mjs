// SPDX-License-Identifier: BSD-2-Clause
// Does the stand-in answer as Pocket ID 2.14 does, byte for byte where it matters?

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { CLIENT, Provider, SCOPE } from './harness.mjs';

const SECRET = 'a secret: 100% %2B';

let op;

before(async () => { op = await Provider.start(); });
after(() => op.stop());

function is(response, status, error) {
  assert.equal(response.status, status, JSON.stringify(response.body));
  assert.equal(response.body.error, error);
}

function leftHalf(text) {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

const userIn = (state, name) => state.users.find(({ username }) => username === name);

test('discovery has the fields of Pocket ID and no others', async () => {
  const { body, headers } = await op.get('/.well-known/openid-configuration');

  assert.equal(body.issuer, op.issuer);
  assert.equal(body.authorization_endpoint, `${op.issuer}/authorize`);
  assert.equal(body.token_endpoint, `${op.issuer}/api/oidc/token`);
  assert.equal(body.device_authorization_endpoint, `${op.issuer}/api/oidc/device/authorize`);
  assert.deepEqual(body.id_token_signing_alg_values_supported, ['RS256']);
  assert.equal(Object.keys(body).length, 27);
  assert.ok(!('revocation_endpoint' in body));
  assert.equal(headers['cache-control'], 'private, no-store');
  assert.deepEqual((await op.get('/.well-known/oauth-authorization-server')).body, body);
});

test('an internal URL moves what back ends ask for', async () => {
  const inside = op.issuer.replace('localhost', '127.0.0.1');

  await op.during((state) => { state.internal_url = inside; }, async () => {
    const { body } = await op.get('/.well-known/openid-configuration');

    assert.equal(body.issuer, op.issuer);
    assert.equal(body.token_endpoint, `${inside}/api/oidc/token`);
    assert.equal(body.jwks_uri, `${inside}/.well-known/jwks.json`);
    assert.equal(body.device_authorization_endpoint, `${op.issuer}/api/oidc/device/authorize`);
  });
});

test('one key, with its algorithm', async () => {
  const { body: { keys } } = await op.get('/.well-known/jwks.json');

  assert.equal(keys.length, 1);
  assert.deepEqual([keys[0].alg, keys[0].use, keys[0].kty], ['RS256', 'sig', 'RSA']);
  assert.equal(keys[0].d, undefined);
  assert.equal(Buffer.from(keys[0].kid, 'base64url').length, 8);
});

test('the device response', async () => {
  const path = '/api/oidc/device/authorize';
  const { status, headers, body } = await op.form(path, { client_id: CLIENT, scope: SCOPE });

  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  assert.match(body.device_code, /^pocket_id_dc_[\w-]+\.[\w-]+$/);
  assert.match(body.user_code, /^E[ABCDEFGHJKMNPQRSTUVWXYZ0-9]{7}$/);
  assert.equal(body.verification_uri, `${op.issuer}/device`);
  assert.equal(body.verification_uri_complete, `${op.issuer}/device?user_code=${body.user_code}`);
  assert.deepEqual([body.expires_in, body.interval], [900, 5]);

  is(await op.form(`${path}?client_id=${CLIENT}`, {}), 400, 'invalid_request');
  is(await op.form(path, { client_id: 'nobody' }), 401, 'invalid_client');
});

test('polling', async () => {
  const device = await op.device();

  is(await op.poll(device), 400, 'authorization_pending');
  is(await op.poll(device), 400, 'authorization_pending');
  is(await op.poll({ device_code: 'garbage' }), 400, 'invalid_grant');
  is(await op.poll(device, { client_id: 'nobody' }), 401, 'invalid_client');
  assert.equal((await op.approve(device)).status, 200);
  assert.equal((await op.approve(device)).status, 403);
  const { status, headers, body } = await op.poll(device);

  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/json;charset=UTF-8');
  assert.deepEqual([headers['cache-control'], headers.pragma], ['no-store', 'no-cache']);
  assert.deepEqual(Object.keys(body).sort(),
    ['access_token', 'expires_in', 'id_token', 'refresh_token', 'scope', 'token_type']);
  assert.deepEqual([body.token_type, body.expires_in, body.scope], ['bearer', 3600, SCOPE]);
  assert.match(body.refresh_token, /^pocket_id_rt_/);
  const again = await op.poll(device);

  is(again, 400, 'invalid_grant');
  assert.equal(again.body.error_description, 'The authorization code has already been used.');
});

test('a code that runs out stays pending, an approved one expires', async () => {
  await op.during((state) => { state.device_expires_in = 1; }, async () => {
    const [waiting, approved] = [await op.device(), await op.device()];

    await op.approve(approved);
    await sleep(1600);
    is(await op.poll(waiting), 400, 'authorization_pending');
    is(await op.approve(waiting), 403, 'access_denied');
    is(await op.poll(approved), 400, 'expired_token');
  });
});

test('slow_down only when state.json asks for it', async () => {
  await op.during((state) => { state.slow_down = true; }, async () => {
    const device = await op.device();

    is(await op.poll(device), 400, 'authorization_pending');
    is(await op.poll(device), 400, 'slow_down');
  });
  await op.during((state) => { state.slow_down = 1; }, async () => {
    const device = await op.device();

    is(await op.poll(device), 400, 'slow_down');
    is(await op.poll(device), 400, 'authorization_pending');
  });
});

test('a person disabled or put out of the group between approval and poll', async () => {
  const [first, second] = [await op.device(), await op.device()];

  await op.approve(first, 'bob');
  await op.approve(second, 'bob');
  await op.during((state) => { userIn(state, 'bob').disabled = true; }, async () => {
    is(await op.poll(first), 400, 'invalid_grant');
  });
  await op.during((state) => { state.clients[0].allowed_groups = ['admins']; }, async () => {
    is(await op.poll(second), 403, 'access_denied');
    is(await op.approve(await op.device(), 'bob'), 403, 'access_denied');
  });
});

test('the ID token', async () => {
  const body = await op.login('alice', { auth_time: 1700000000 });
  const { payload, protectedHeader } = await op.verify(body.id_token);
  const header = decodeProtectedHeader(body.access_token);
  const access = decodeJwt(body.access_token);

  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
  assert.deepEqual(payload.aud, [CLIENT]);
  assert.deepEqual(payload.amr, ['phr']);
  assert.deepEqual(payload.groups, ['admins', 'staff']);
  assert.equal(payload.auth_time, 1700000000);
  assert.equal(payload.preferred_username, 'alice');
  assert.equal(payload.exp - payload.iat, 3600);
  assert.equal(payload.type, 'id-token');
  assert.match(payload.jti, /^[0-9a-f-]{36}$/);
  assert.equal(payload.at_hash, leftHalf(body.access_token));
  assert.ok(payload.rat && payload.email_verified);
  assert.ok(!('azp' in payload) && !('nonce' in payload));

  assert.deepEqual([header.typ, header.kid], ['at+jwt', protectedHeader.kid]);
  assert.deepEqual(access.aud, [CLIENT, op.issuer]);
  assert.deepEqual(access.scp, SCOPE.split(' '));
});

test('claims follow state.json and the scope', async () => {
  await op.during((state) => {
    Object.assign(userIn(state, 'mallory'), {
      username: 'root', email: null, groups: [], custom_claims: { uid: '10001', pin: '007', keys: '["a"]' },
    });
  }, async () => {
    const { payload } = await op.verify((await op.login('root')).id_token);

    assert.deepEqual([payload.preferred_username, payload.groups], ['root', []]);
    assert.deepEqual([payload.uid, payload.pin, payload.keys], [10001, '007', ['a']]);
    assert.ok(!('email' in payload));
  });
  const device = await op.device({ scope: 'openid unheard-of' });

  await op.approve(device);
  const { body } = await op.poll(device);
  const { payload } = await op.verify(body.id_token);

  assert.equal(body.scope, 'openid');
  assert.ok(!('groups' in payload) && !('preferred_username' in payload));
});

test('refresh: rotation, fresh groups, and the end of a family', async () => {
  const login = await op.login('bob');
  let next;

  await op.during((state) => { userIn(state, 'bob').groups = ['night shift']; }, async () => {
    next = (await op.refresh(login.refresh_token)).body;
    const { payload } = await op.verify(next.id_token);

    assert.deepEqual(payload.groups, ['night shift']);
    assert.equal(payload.auth_time, decodeJwt(login.id_token).auth_time);
  });
  assert.notEqual(next.refresh_token, login.refresh_token);
  const reused = await op.refresh(login.refresh_token);

  is(reused, 400, 'invalid_grant');
  assert.equal(reused.body.error_description, 'The refresh token was already used.');
  is(await op.refresh(next.refresh_token), 400, 'invalid_grant');
});

test('refresh asks again whether the person may', async () => {
  const { refresh_token: token } = await op.login('bob');

  await op.during((state) => { userIn(state, 'bob').disabled = true; }, async () => {
    is(await op.refresh(token), 400, 'invalid_grant');
  });
  await op.during((state) => { state.clients[0].allowed_groups = ['admins']; }, async () => {
    is(await op.refresh(token), 403, 'access_denied');
  });
  assert.equal((await op.refresh(token)).status, 200);
});

test('end-session with an ID token ends its chain', async () => {
  const [one, two] = [await op.login('bob'), await op.login('bob')];
  const { status } = await op.get(`/api/oidc/end-session?id_token_hint=${one.id_token}`);

  assert.equal(status, 302);
  is(await op.refresh(one.refresh_token), 400, 'invalid_grant');
  assert.equal((await op.refresh(two.refresh_token)).status, 200);
});

test('userinfo is live and does not care about disabled', async () => {
  const { access_token: token } = await op.login('carol');
  const userinfo = () => op.get('/api/oidc/userinfo', { Authorization: `Bearer ${token}` });

  await op.during((state) => { userIn(state, 'carol').disabled = true; }, async () => {
    assert.deepEqual((await userinfo()).body.groups, ['contractors']);
  });
  await op.during((state) => { state.users.splice(2, 1); }, async () => {
    const { status, headers } = await userinfo();

    assert.equal(status, 401);
    assert.match(headers['www-authenticate'], /^Bearer/);
  });
});

test('a confidential client: post, basic, introspection', async () => {
  const basic = (secret) => ({
    Authorization: `Basic ${Buffer.from(`${CLIENT}:${encodeURIComponent(secret)}`).toString('base64')}`,
  });
  const header = basic(SECRET);

  await op.during((state) => { state.clients[0].secret = SECRET; }, async () => {
    assert.equal((await op.device()).error, 'invalid_client');
    assert.equal((await op.device({ client_secret: 'wrong' })).error, 'invalid_client');
    for (const [fields, headers] of [[{ client_secret: SECRET }, {}], [{}, header]]) {
      const device = await op.device(fields, headers);

      await op.approve(device);
      const refused = await op.poll(device, {}, basic('wrong'));

      is(refused, 401, 'invalid_client');
      assert.equal(refused.headers['www-authenticate'], undefined);
      const { status, body } = await op.poll(device, fields, headers);

      assert.equal(status, 200);
      const seen = await op.form('/api/oidc/introspect', { token: body.refresh_token }, header);

      assert.deepEqual([seen.body.active, seen.body.client_id], [true, CLIENT]);
      assert.equal(seen.body.username, decodeJwt(body.id_token).sub);
    }
  });
});

test('HTTP/2 alone, when asked for', async () => {
  const h2 = await Provider.start('--h2');

  try {
    const session = connect(h2.issuer, { ca: h2.ca });
    const request = session.request({ ':path': '/.well-known/openid-configuration' });
    const [headers] = await once(request, 'response');

    assert.equal(headers[':status'], 200);
    session.close();
    await assert.rejects(h2.get('/.well-known/openid-configuration'));
  } finally {
    await h2.stop();
  }
});

test('restart keeps keys and refresh tokens; SIGTERM ends cleanly', async () => {
  const { refresh_token: token, id_token: idToken } = await op.login('alice');
  const { port } = new URL(op.issuer);

  assert.equal(await op.halt(), 0);
  await op.launch(port);
  await op.verify(idToken);
  assert.equal((await op.refresh(token)).status, 200);
});
