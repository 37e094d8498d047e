// SPDX-License-Identifier: BSD-2-Clause
// ID tokens and access tokens in Pocket ID's shape. oidc-provider runs the
// grants and keeps the opaque records; its own ID token has a string aud and
// lacks jti, rat and type, and its JWT access tokens are refused by its own
// userinfo endpoint. So what it issued is written anew here, by the same key.

import { createHash, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { faultNamed } from './faults.mjs';
import { PATHS } from './paths.mjs';
import { now } from './store.mjs';
import { versionOf } from './versions.mjs';

const ID_TOKEN_TTL = 3600;
const REMEMBER_ID_TOKEN = 30 * 24 * 3600;

// The left half of SHA-2 by the digits of alg; for EdDSA, which has none,
// Pocket ID's engine takes SHA-256.
function accessTokenHash(accessToken, alg) {
  const digest = createHash(`sha${/\d+$/.exec(alg)?.[0] ?? 256}`).update(accessToken).digest();

  return digest.subarray(0, digest.length / 2).toString('base64url');
}

export class Tokens {
  constructor(app) {
    this.app = app;
  }

  // login: { client_id, sub, scope, auth_time, amr, nonce, rat, claims }, where
  // claims, when given, were fixed at an approval.
  async idToken(login, { accessToken, header = {}, claims = {}, fault } = {}) {
    const { app } = this;
    const key = await app.keys.current();
    const row = faultNamed(fault ?? app.config().fault);
    const iat = now();
    const jti = randomUUID();
    const version = versionOf(app);
    const shape = {
      ...(login.claims ?? app.people.claims(app.people.bySub(login.sub), login.scope)),
      iss: app.issuer,
      sub: login.sub,
      aud: version.audience(login.client_id),
      iat,
      exp: iat + ID_TOKEN_TTL,
      rat: login.rat ?? iat,
      jti,
      auth_time: login.auth_time,
      amr: login.amr,
      type: 'id-token',
      ...(accessToken && { at_hash: accessTokenHash(accessToken, key.alg) }),
      ...(login.nonce && { nonce: login.nonce }),
    };

    version.absentClaims.forEach((name) => { delete shape[name]; });
    const plain = { ...shape, ...claims };
    const finished = row.claims ? row.claims(plain) : plain;
    const fullHeader = { alg: key.alg, kid: key.kid, typ: 'JWT', ...header };
    const jwt = await (row.sign ?? sign)(fullHeader, finished, key);

    return { jwt: row.token ? row.token(jwt) : jwt, jti };
  }

  // RFC 9068. jti is oidc-provider's opaque token.
  async accessToken(record) {
    const { app } = this;
    const key = await app.keys.current();

    return sign({ alg: key.alg, kid: key.kid, typ: 'at+jwt' }, {
      iss: app.issuer,
      sub: record.accountId ?? record.clientId,
      client_id: record.clientId,
      aud: [record.clientId, app.issuer],
      scope: record.scope ?? '',
      scp: (record.scope ?? '').split(' ').filter(Boolean),
      jti: record.jti,
      iat: now(),
      exp: now() + record.expiration,
    }, key);
  }

  // The opaque id inside a JWT access token, or undefined.
  async accessTokenId(jwt) {
    const key = await this.app.keys.current();

    try {
      const { payload } = await jwtVerify(jwt, key.publicKey, {
        issuer: this.app.issuer, audience: this.app.issuer, typ: 'at+jwt',
      });
      return payload.jti;
    } catch {
      return undefined;
    }
  }
}

function sign(header, claims, key) {
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey);
}

// Koa middleware: the token endpoint's answer, rewritten.
export function rewriteTokens(app) {
  return async (ctx, next) => {
    await next();
    if (ctx.path === PATHS.token && ctx.status === 200) {
      ctx.body = await rewritten(app, ctx);
    }
  };
}

async function rewritten(app, ctx) {
  const { AccessToken, ClientCredentials, RefreshToken: refresh } = ctx.oidc.entities;
  const access = AccessToken ?? ClientCredentials;
  const body = {
    access_token: await app.tokens.accessToken(access),
    token_type: versionOf(app).tokenType,
    expires_in: access.expiration,
    scope: access.scope ?? '',
  };

  if (refresh && access.scopes.has('openid')) {
    const { jwt, jti } = await app.tokens.idToken({
      client_id: refresh.clientId,
      sub: refresh.accountId,
      scope: access.scope,
      auth_time: refresh.authTime,
      amr: refresh.amr,
      nonce: refresh.nonce,
      rat: refresh.iiat,
      claims: ctx.state.approvedClaims,
    }, { accessToken: body.access_token });

    // So that end-session can find the chain by this token.
    app.store.put('IdToken', jti, { grantId: refresh.grantId }, REMEMBER_ID_TOKEN);
    body.id_token = jwt;
  }
  if (refresh) {
    body.refresh_token = ctx.body.refresh_token;
  }
  const { result } = faultNamed(app.config().fault);

  return result ? result(body) : body;
}
