// SPDX-License-Identifier: BSD-2-Clause
// What the provider does wrong when state.json names a fault. One row each:
//   claims(claims)           changes an ID token's claims before it is signed
//   sign(header, claims, key)  replaces the signature of an ID token
//   token(jwt)               changes the finished ID token
//   result(body)             changes the token endpoint's answer
//   userinfo(claims)         changes what the userinfo endpoint says
//   at, reply(ctx, next)     answers a request to one path itself

import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { apiError } from './http.mjs';
import { PATHS } from './paths.mjs';

const HOUR = 3600;
const STALL_MS = 60_000;

function flipSignature(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const bytes = Buffer.from(signature, 'base64url');

  bytes[bytes.length >> 1] ^= 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

// By hand: jose drops kid and typ from an unsecured token's header, and the
// lie is better with them.
function unsigned(header, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

  return `${part({ ...header, alg: 'none' })}.${part(claims)}.`;
}

// The old trick: the public key as an HMAC secret, for verifiers that let the
// token choose its algorithm.
function hmacWithPublicKey(header, claims, key) {
  return new SignJWT(claims)
    .setProtectedHeader({ ...header, alg: 'HS256' })
    .sign(Buffer.from(key.publicPem));
}

function internalError(ctx) {
  apiError(ctx, 500, 'Something went wrong', 'internal_error');
}

function tooManyRequests(ctx) {
  ctx.set('Retry-After', '1');
  apiError(ctx, 429, 'Too many requests', 'rate_limited');
}

// The grant is used up, and nobody hears of it.
async function loseReply(ctx, next) {
  await next();
  ctx.respond = false;
  (ctx.req.stream?.session ?? ctx.req.socket).destroy();
}

function withoutGroups({ groups, ...claims }) {
  return claims;
}

function withoutAuthTime({ auth_time, ...claims }) {
  return claims;
}

const shift = (seconds) => (claims) => ({
  ...claims,
  iat: claims.iat + seconds,
  rat: claims.rat + seconds,
  exp: claims.exp + seconds,
});

export const faults = {
  'bad-signature': { token: flipSignature },
  'wrong-iss': { claims: (claims) => ({ ...claims, iss: 'https://other.example' }) },
  'wrong-aud': { claims: (claims) => ({ ...claims, aud: ['another-client'] }) },
  expired: { claims: shift(-2 * HOUR) },
  'future-iat': { claims: shift(HOUR) },
  'no-groups-claim': { claims: withoutGroups, userinfo: withoutGroups },
  'groups-in-userinfo': { claims: withoutGroups },
  'userinfo-other-sub': {
    claims: withoutGroups,
    userinfo: (claims) => ({ ...claims, sub: 'somebody-else' }),
  },
  'no-auth-time': { claims: withoutAuthTime },
  'login-code': { claims: (claims) => ({ ...claims, amr: ['otp'] }) },
  'alg-none': { sign: unsigned },
  'alg-hs256': { sign: hmacWithPublicKey },
  'access-token-as-id-token': {
    result: (body) => ({ ...body, id_token: body.access_token }),
  },
  'device-429': { at: PATHS.token, reply: tooManyRequests },
  'token-500': { at: PATHS.token, reply: internalError },
  'device-500': { at: PATHS.device, reply: internalError },
  'userinfo-500': { claims: withoutGroups, at: PATHS.userinfo, reply: internalError },
  'lost-reply': { at: PATHS.token, reply: loseReply },
  stall: {
    at: PATHS.token,
    async reply(ctx, next) {
      await sleep(STALL_MS, undefined, { ref: false });
      return next();
    },
  },
};

export function faultNamed(name) {
  if (name && !faults[name]) {
    throw new Error(`no such fault: ${name}`);
  }
  return faults[name] ?? {};
}

// Koa middleware for the rows that answer by themselves.
export function faultyReplies(app) {
  return (ctx, next) => {
    const fault = faultNamed(app.config().fault);

    return fault.at === ctx.path ? fault.reply(ctx, next) : next();
  };
}
