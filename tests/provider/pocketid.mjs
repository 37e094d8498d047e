// SPDX-License-Identifier: BSD-2-Clause
// Pocket ID's discovery document, its words for errors, and the three
// endpoints that oidc-provider would answer in too different a way.

import { compactVerify, decodeJwt } from 'jose';
import { faultNamed } from './faults.mjs';
import { apiError, OAuthError, readForm, routeTable } from './http.mjs';
import { PATHS } from './paths.mjs';
import { plainError, versionOf } from './versions.mjs';

async function discovery(app, ctx) {
  const at = (path) => app.issuer + path;
  // Where back ends go, when Pocket ID is told of an INTERNAL_APP_URL.
  const inside = (path) => (app.config().internal_url ?? app.issuer) + path;

  ctx.body = versionOf(app).discovery({
    issuer: app.issuer,
    authorization_endpoint: at(PATHS.authorization),
    token_endpoint: inside(PATHS.token),
    userinfo_endpoint: inside(PATHS.userinfo),
    end_session_endpoint: at(PATHS.endSession),
    introspection_endpoint: inside(PATHS.introspection),
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'Bearer'],
    device_authorization_endpoint: at(PATHS.device),
    jwks_uri: inside(PATHS.jwks),
    pushed_authorization_request_endpoint: inside(PATHS.par),
    grant_types_supported: [
      'authorization_code', 'refresh_token',
      'urn:ietf:params:oauth:grant-type:device_code', 'client_credentials',
    ],
    scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims_supported: [
      'sub', 'given_name', 'family_name', 'name', 'display_name', 'email', 'email_verified',
      'preferred_username', 'picture', 'groups', 'auth_time', 'amr',
    ],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [app.config().signing_alg],
    authorization_response_iss_parameter_supported: true,
    code_challenge_methods_supported: ['plain', 'S256'],
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: ['none'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    require_pushed_authorization_requests: false,
    client_id_metadata_document_supported: false,
    service_documentation: 'https://pocket-id.org/docs',
  });
}

// RFC 8414: the same document at another address.
async function authorizationServer(app, ctx) {
  return versionOf(app).metadata ? discovery(app, ctx)
    : apiError(ctx, 404, 'Not found', 'not_found');
}

// oidc-provider refuses to introspect a JWT, and Pocket ID's are JWTs.
async function introspect(app, ctx) {
  const { token = '', ...form } = await readForm(ctx);
  const client = await app.clients.authenticate(ctx, { ...form, client_id: form.client_id ?? basicId(ctx) });
  const kind = token.startsWith('pocket_id_rt_') ? 'RefreshToken' : 'AccessToken';
  const id = kind === 'RefreshToken' ? token : await app.tokens.accessTokenId(token);
  const record = app.store.get(kind, id);

  if (!client.secret) {
    throw new OAuthError(401, 'request_unauthorized', 'The request could not be authorized.');
  }
  if (!record || record.consumed || record.clientId !== client.client_id) {
    ctx.body = { active: false };
    return;
  }
  ctx.body = {
    active: true,
    iss: app.issuer,
    exp: record.exp,
    client_id: record.clientId,
    scope: record.scope,
    iat: record.iat,
    sub: record.accountId,
    aud: [record.clientId, app.issuer],
    username: record.accountId,
  };
}

function basicId(ctx) {
  const encoded = ctx.get('authorization').split(' ')[1] ?? '';

  return decodeURIComponent(Buffer.from(encoded, 'base64').toString().split(':')[0]);
}

// oidc-provider asks the person first; Pocket ID takes the ID token's word,
// expired or not, revokes the chain it came with and always answers 302.
async function endSession(app, ctx) {
  const params = ctx.method === 'POST' ? await readForm(ctx) : ctx.query;
  const hint = params.id_token_hint;
  const key = await app.keys.current();
  let target = `${app.issuer}/logout`;

  try {
    await compactVerify(hint ?? '', key.publicKey);
    const { jti, aud } = decodeJwt(hint);
    const issued = app.store.get('IdToken', jti);

    if (issued) {
      app.store.dropGrant(issued.grantId);
    }
    if (app.clients.byId([aud].flat()[0])?.logout_uris?.includes(params.post_logout_redirect_uri)) {
      const callback = new URL(params.post_logout_redirect_uri);

      if (params.state) {
        callback.searchParams.set('state', params.state);
      }
      target = callback.href;
    }
  } catch {
    // Not one of our tokens: off to the logout page, like a success.
  }
  app.sessions.end(ctx);
  ctx.redirect(target);
}

// Pocket ID's engine wants a state of eight characters, which
// oidc-provider does not ask for.
async function requireState(app, ctx, next) {
  const { state = '', redirect_uri: uri, client_id: id, request_uri: pushed, request } = ctx.query;

  if (state.length >= 8 || pushed || request) {
    return next();
  }
  if (!app.clients.byId(id)?.redirect_uris?.includes(uri)) {
    throw new OAuthError(400, 'invalid_request', 'The redirect URI is not registered.');
  }
  const back = new URL(uri);

  back.searchParams.set('error', 'invalid_state');
  back.searchParams.set('error_description', 'The state is missing or has less than 8 characters.');
  back.searchParams.set('iss', app.issuer);
  return ctx.redirect(back.href);
}

// How Pocket ID words what oidc-provider says in its error_detail.
const WORDS = [
  [/refresh token already used/, 'The refresh token was already used.'],
  [/code already/, 'The authorization code has already been used.'],
  [/referenced account not found/, 'The user is disabled or does not exist.'],
  [/./, 'The provided authorization grant is invalid, expired or revoked.'],
];

function reword(ctx) {
  if (ctx.body?.error === 'invalid_grant') {
    const detail = ctx.state.errorDetail ?? '-';

    ctx.body.error_description = WORDS.find(([pattern]) => pattern.test(detail))[1];
  }
  if (ctx.body?.error === 'invalid_client') {
    ctx.remove('WWW-Authenticate');
  }
}

// What has gone through our own words, in those of an older version.
function rewordForVersion(version, ctx) {
  if (ctx.status < 400 || !ctx.body?.error) {
    return;
  }
  if (ctx.body.code && !version.errorCodes) {
    ctx.body = { error: ctx.body.error };
  } else if (version.plainErrors && [PATHS.token, PATHS.device].includes(ctx.path)) {
    ctx.body = plainError(ctx.body, ctx.oidc?.params?.grant_type);
  }
}

// Koa middleware around everything: headers, words, and userinfo's claims,
// which oidc-provider would cut down to the ones it was told of beforehand.
export function pocketIdManners(app) {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'private, no-store');
    await next();

    if (ctx.path.startsWith('/api/oidc/')) {
      ctx.set('Cache-Control', 'no-store');
      ctx.set('Pragma', 'no-cache');
    }
    if (ctx.path === PATHS.token && !ctx.body?.code) {
      reword(ctx);
      ctx.set('Content-Type', 'application/json;charset=UTF-8');
    }
    rewordForVersion(versionOf(app), ctx);
    if (ctx.path === PATHS.userinfo && ctx.status === 200) {
      const { accountId, scope } = ctx.oidc.accessToken;

      const claims = app.people.claims(app.people.bySub(accountId), scope);
      const { userinfo } = faultNamed(app.config().fault);

      ctx.body = userinfo ? userinfo(claims) : claims;
    }
    if (ctx.path === PATHS.jwks) {
      ctx.set('Content-Type', 'application/json');
      ctx.set('Cache-Control', 'private, no-store');
    }
  };
}

export function pocketIdEndpoints(app) {
  return routeTable(app, {
    [`GET ${PATHS.openidConfiguration}`]: discovery,
    [`GET ${PATHS.oauthServer}`]: authorizationServer,
    [`POST ${PATHS.introspection}`]: introspect,
    [`GET ${PATHS.endSession}`]: endSession,
    [`POST ${PATHS.endSession}`]: endSession,
  });
}

export const checkState = (app) => async (ctx, next) => {
  if (ctx.path !== PATHS.authorization) {
    return next();
  }
  return requireState(app, ctx, next);
};
