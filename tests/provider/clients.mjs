// SPDX-License-Identifier: BSD-2-Clause
// Clients as state.json lists them: as oidc-provider metadata, and for the
// endpoints that do not go through oidc-provider, their authentication.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { OAuthError } from './http.mjs';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

function same(a, b) {
  const hash = (text) => createHash('sha256').update(text).digest();

  return timingSafeEqual(hash(a), hash(b));
}

// RFC 6749 section 2.3.1: both halves are form-encoded before base64.
function basicCredentials(header) {
  const [, encoded] = /^basic (.+)$/i.exec(header) ?? [];
  const [id, secret] = Buffer.from(encoded ?? '', 'base64').toString().split(':');
  const decode = (text = '') => decodeURIComponent(text.replace(/\+/g, ' '));

  return { id: decode(id), secret: decode(secret) };
}

// RFC 7523 section 3. oidc-provider does this for its own endpoints, and there
// keeps an assertion from being used twice.
async function isSignedBy(client, assertion, audience) {
  try {
    await jwtVerify(assertion, createLocalJWKSet(client.jwks), {
      issuer: client.client_id,
      subject: client.client_id,
      audience,
      requiredClaims: ['exp', 'jti'],
    });
    return true;
  } catch {
    return false;
  }
}

function authMethod(client) {
  if (client.jwks) {
    return 'private_key_jwt';
  }
  return client.secret ? 'client_secret_basic' : 'none';
}

export class Clients {
  constructor(app) {
    this.app = app;
  }

  byId(id) {
    return this.app.config().clients.find((client) => client.client_id === id);
  }

  // What oidc-provider wants to know (OpenID Connect Registration section 2).
  metadata(id) {
    const client = this.byId(id);

    return client && {
      client_id: id,
      client_name: client.name,
      application_type: 'native',
      redirect_uris: client.redirect_uris ?? [],
      response_types: client.redirect_uris?.length ? ['code'] : [],
      grant_types: [
        ...(client.redirect_uris?.length ? ['authorization_code'] : []),
        'refresh_token', DEVICE_GRANT,
        ...(client.secret ? ['client_credentials'] : []),
      ],
      token_endpoint_auth_method: authMethod(client),
      ...(client.jwks && { jwks: client.jwks }),
      ...(client.secret && { client_secret: client.secret }),
      id_token_signed_response_alg: this.app.config().signing_alg,
    };
  }

  // Returns the client that this form post comes from, or throws. Pocket ID
  // wants client_id in the body even when the header names it too.
  async authenticate(ctx, form) {
    const header = ctx.get('authorization');
    const given = header
      ? basicCredentials(header)
      : { id: form.client_id, secret: form.client_secret };

    if (!form.client_id || form.client_id !== given.id) {
      throw new OAuthError(400, 'invalid_request', 'Provided client_id mismatch.');
    }
    const client = this.byId(given.id);

    if (!client || (client.secret && !same(client.secret, given.secret ?? ''))
      || (client.jwks && !await isSignedBy(client, form.client_assertion ?? '', this.app.issuer))) {
      throw new OAuthError(401, 'invalid_client', 'Client authentication failed.');
    }
    return client;
  }
}
