// SPDX-License-Identifier: BSD-2-Clause
// What Pocket ID did otherwise before 2.14, for state.json's "version". One
// row for each version whose shape a relying party can tell from the next:
//   newUserCode(), readUserCode(text)  the code, and what a person may type
//   codeParameter                  its name in verification_uri_complete
//   extra                          what else the device response has
//   plainErrors                    errors are sentences, not OAuth codes
//   errorCodes                     its API's own errors have a code and an id
//   tokenType, audience(id)        as the token endpoint and the ID token say
//   absentClaims                   the ID token's claims that came later
//   echoesNonce                    the device flow's nonce is in the ID token
//   discovery(document)            the discovery document then
//   metadata                       RFC 8414's address answers as well

import { randomInt } from 'node:crypto';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MIXED = `${UPPER}${UPPER.toLowerCase()}0123456789`;
const UNMISTAKABLE = 'ABCDEFGHJKMNPQRSTUVWXYZ0123456789';

function letters(alphabet, count) {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const latest = {
  newUserCode: () => `E${letters(UNMISTAKABLE, 7)}`,
  readUserCode: (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, '').replace(/I/g, '1').replace(/O/g, '0'),
  codeParameter: 'user_code',
  extra: {},
  plainErrors: false,
  errorCodes: true,
  tokenType: 'bearer',
  audience: (clientId) => [clientId],
  absentClaims: [],
  echoesNonce: false,
  discovery: (document) => document,
  metadata: true,
};

function without(document, ...names) {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

const v2_11 = {
  ...latest,
  newUserCode: () => letters(UPPER, 8),
  readUserCode: (text) => text.toUpperCase().replace(/[^A-Z]/g, ''),
  errorCodes: false,
  discovery: (document) => without(document, 'client_id_metadata_document_supported'),
  metadata: false,
};

const v2_9 = {
  ...v2_11,
  newUserCode: () => letters(MIXED, 8),
  readUserCode: (text) => text,
  codeParameter: 'code',
  extra: { requires_authorization: true },
  plainErrors: true,
  tokenType: 'Bearer',
  audience: (clientId) => clientId,
  absentClaims: ['at_hash', 'auth_time', 'rat'],
  echoesNonce: true,
  discovery: (document) => ({
    ...v2_11.discovery(document),
    scopes_supported: document.scopes_supported.filter((scope) => scope !== 'offline_access'),
    response_types_supported: ['code', 'id_token'],
    token_endpoint_auth_methods_supported: [
      ...document.token_endpoint_auth_methods_supported, 'private_key_jwt'],
  }),
};

// Before 2.1 no nonce, before 2.3 no jti, before 2.5 no authentication methods
// in discovery, before 2.6 no amr and no prompt.
const v2_0 = {
  ...v2_9,
  absentClaims: [...v2_9.absentClaims, 'amr', 'jti'],
  echoesNonce: false,
  discovery: (document) => ({
    ...without(v2_9.discovery(document), 'token_endpoint_auth_methods_supported',
      'prompt_values_supported', 'pushed_authorization_request_endpoint',
      'require_pushed_authorization_requests'),
    claims_supported: document.claims_supported.filter((name) => !['amr', 'auth_time'].includes(name)),
  }),
};

export const versions = { '2.0': v2_0, 2.9: v2_9, 2.11: v2_11, 2.14: latest };

export function versionNamed(name) {
  const version = versions[name];

  if (!version) {
    throw new Error(`no such version: ${name}`);
  }
  return version;
}

// The version that state.json asks for now.
export function versionOf(app) {
  return versionNamed(app.config().version);
}

// RFC 6749's error as a version up to 2.9 says it (pocket-id issue 1502).
export function plainError({ error, error_description: sentence }, grantType) {
  if (error === 'authorization_pending' || error === 'slow_down') {
    return { error };
  }
  if (error === 'expired_token') {
    return { error: 'Device code has expired' };
  }
  if (error === 'invalid_grant' && grantType?.endsWith(':device_code')) {
    return { error: 'Invalid device code' };
  }
  return { error: sentence ?? error };
}
