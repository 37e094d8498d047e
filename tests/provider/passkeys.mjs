// SPDX-License-Identifier: BSD-2-Clause
// WebAuthn ceremonies, verified by @simplewebauthn/server, and the file that
// holds the public halves of the passkeys. A passkey belongs to a sub.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generateAuthenticationOptions, generateRegistrationOptions,
  verifyAuthenticationResponse, verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { writeAtomic } from './config.mjs';
import { OAuthError } from './http.mjs';

const CEREMONY_MS = 5 * 60_000;
const RP_ID = 'localhost';

export class Passkeys {
  #file;
  #challenges = new Map();

  constructor(app, dir) {
    this.app = app;
    this.#file = join(dir, 'passkeys.json');
  }

  async startRegistration(user) {
    const options = await generateRegistrationOptions({
      rpName: 'Pocket ID stand-in',
      rpID: RP_ID,
      userName: user.username,
      userDisplayName: this.app.people.displayName(user),
      userID: new TextEncoder().encode(user.sub),
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });

    this.#remember(options.challenge, user.sub);
    return options;
  }

  async finishRegistration(response) {
    const { challenge, sub } = this.#take(response);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response, ...this.#expected(challenge),
    });

    if (!verified) {
      throw new OAuthError(400, 'invalid_request', 'The passkey could not be verified.');
    }
    const { id, publicKey } = registrationInfo.credential;

    this.#save([...this.#load(), {
      id, sub, publicKey: Buffer.from(publicKey).toString('base64url'),
    }]);
    return sub;
  }

  // No list of credentials: the authenticator offers whom it knows.
  async startAuthentication() {
    const options = await generateAuthenticationOptions({
      rpID: RP_ID, userVerification: 'required',
    });

    this.#remember(options.challenge);
    return options;
  }

  async finishAuthentication(response) {
    const { challenge } = this.#take(response);
    const passkey = this.#load().find(({ id }) => id === response.id);

    if (!passkey) {
      throw new OAuthError(401, 'invalid_grant', 'This passkey is not known here.');
    }
    // Counter 0: like Pocket ID, it refuses nobody over a signature counter,
    // and two browsers of a test may hold one passkey.
    const { verified } = await verifyAuthenticationResponse({
      response,
      ...this.#expected(challenge),
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: 0,
      },
    });

    if (!verified) {
      throw new OAuthError(401, 'invalid_grant', 'The passkey could not be verified.');
    }
    return passkey.sub;
  }

  #expected(challenge) {
    return {
      expectedChallenge: challenge,
      expectedOrigin: this.app.issuer,
      expectedRPID: RP_ID,
      requireUserVerification: true,
    };
  }

  #remember(challenge, sub) {
    this.#challenges.set(challenge, { sub, until: Date.now() + CEREMONY_MS });
  }

  // Each challenge is good for one answer.
  #take(response) {
    let challenge;

    try {
      const data = Buffer.from(response.response.clientDataJSON, 'base64url');

      ({ challenge } = JSON.parse(data));
    } catch {
      throw new OAuthError(400, 'invalid_request', 'This is not a passkey\'s answer.');
    }
    const ceremony = this.#challenges.get(challenge);

    this.#challenges.delete(challenge);
    if (!ceremony || ceremony.until < Date.now()) {
      throw new OAuthError(400, 'invalid_request', 'This took too long. Please try again.');
    }
    return { challenge, sub: ceremony.sub };
  }

  #load() {
    return existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : [];
  }

  #save(all) {
    writeAtomic(this.#file, `${JSON.stringify(all, null, 2)}\n`);
  }
}
