// SPDX-License-Identifier: BSD-2-Clause
// Runs in the browser: the two passkey ceremonies behind the buttons.

const { startAuthentication, startRegistration } = SimpleWebAuthnBrowser;

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();

  if (!response.ok) {
    throw new Error(answer.error_description ?? answer.error);
  }
  return answer;
}

const ceremonies = {
  async login() {
    const optionsJSON = await post('/api/webauthn/login/start', {});

    await post('/api/webauthn/login/finish', await startAuthentication({ optionsJSON }));
  },
  async register({ user }) {
    const optionsJSON = await post('/api/webauthn/register/start', { user });

    await post('/api/webauthn/register/finish', await startRegistration({ optionsJSON }));
  },
};

function explain(error) {
  return error.name === 'NotAllowedError'
    ? 'The passkey was not used. Please try again.'
    : error.message;
}

for (const button of document.querySelectorAll('[data-passkey]')) {
  const problem = button.parentElement.querySelector('.problem');

  button.addEventListener('click', async () => {
    button.disabled = true;
    problem.hidden = true;
    try {
      await ceremonies[button.dataset.passkey](button.dataset);
      location.assign(button.dataset.next);
    } catch (error) {
      problem.textContent = explain(error);
      problem.hidden = false;
      button.disabled = false;
    }
  });
}
