/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One method per request. MUST: a public client sends no secret, and a secret
 * is sent in one place only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/names.h"
#include "daemon/oidc/base64url.h"
#include "daemon/oidc/client_auth.h"
#include "daemon/oidc/form.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/sign.h"

/* RFC 7523 2.2. */
#define ASSERTION_TYPE \
	"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define ASSERTION_SECONDS	60
#define ASSERTION_FILE_MAX	(16 * 1024)
#define JTI_BYTES		16

struct client_auth {
	char			*client_id;
	enum client_auth_method	 method;	/* AUTO: there is a secret */
	struct secret		 secret;
	struct sign_key		*key;
	char			*assertion_file;
	enum client_auth_audience audience;
};

/* Is what the method needs there? */
static bool
is_complete(const struct client_auth *client)
{
	switch (client->method) {
	case CLIENT_AUTH_NONE:
		return true;
	case CLIENT_AUTH_AUTO:
	case CLIENT_AUTH_SECRET_BASIC:
	case CLIENT_AUTH_SECRET_POST:
		return client->secret.len > 0;
	case CLIENT_AUTH_PRIVATE_KEY:
		return client->key != NULL;
	case CLIENT_AUTH_ASSERTION:
		return client->assertion_file != NULL;
	}
	return false;
}

static int
copy_config(struct client_auth *client,
    const struct client_auth_config *config)
{
	int r = 0;

	client->client_id = strdup(config->client_id);
	if (client->client_id == NULL)
		return -ENOMEM;
	if (config->assertion_file != NULL &&
	    (client->assertion_file = strdup(config->assertion_file)) == NULL)
		return -ENOMEM;
	if (config->secret != NULL && config->secret->len > 0)
		r = secret_set(&client->secret, config->secret->data,
		    config->secret->len);
	if (r == 0 && config->key != NULL && config->key->len > 0) {
		r = sign_key_read(config->key, &client->key);
		if (r == -EBADMSG)
			r = -ENOKEY;
	}
	client->method = config->method;
	client->audience = config->audience;
	if (client->method != CLIENT_AUTH_AUTO || client->secret.len > 0)
		return r;
	if (client->key != NULL)
		client->method = CLIENT_AUTH_PRIVATE_KEY;
	else if (client->assertion_file != NULL)
		client->method = CLIENT_AUTH_ASSERTION;
	else
		client->method = CLIENT_AUTH_NONE;
	return r;
}

int
client_auth_new(const struct client_auth_config *config,
    struct client_auth **ret_client)
{
	struct client_auth *client = calloc(1, sizeof(*client));
	int r;

	if (client == NULL)
		return -ENOMEM;
	r = copy_config(client, config);
	if (r == 0 && !is_complete(client))
		r = -EINVAL;
	if (r < 0)
		client_auth_free(client);
	else
		*ret_client = client;
	return r;
}

void
client_auth_free(struct client_auth *client)
{
	if (client == NULL)
		return;
	secret_free(&client->secret);
	sign_key_free(client->key);
	free(client->assertion_file);
	free(client->client_id);
	free(client);
}

/* RFC 4648 4: the other alphabet, and padding. */
static void
to_base64(char *text, size_t len)
{
	for (; *text != '\0'; text++) {
		if (*text == '-')
			*text = '+';
		else if (*text == '_')
			*text = '/';
	}
	for (; len % 3 != 0; len++)
		*text++ = '=';
	*text = '\0';
}

/* RFC 6749 2.3.1: each of the two is form-encoded before they are joined, so
 * that a colon in the id cannot be taken for the one between them. */
static int
put_basic(const struct client_auth *client, struct secret *ret_authorization)
{
	static const char scheme[] = "Basic ";
	struct secret pair = SECRET_INIT, header = SECRET_INIT;
	size_t most;
	char *text;
	int r;

	r = form_put(&pair, client->client_id, client->secret.data);
	if (r < 0)
		goto out;
	*strchr(pair.data, '=') = ':';	/* the only one: others are %3D */
	most = sizeof(scheme) + BASE64URL_SIZE(pair.len) + 2;
	text = calloc(1, most);
	if (text == NULL) {
		r = -ENOMEM;
		goto out;
	}
	memcpy(text, scheme, sizeof(scheme));
	base64url_encode((const uint8_t *)pair.data, pair.len,
	    text + sizeof(scheme) - 1);
	to_base64(text + sizeof(scheme) - 1, pair.len);
	r = secret_set(&header, text, strlen(text));
	explicit_bzero(text, most);
	free(text);
	if (r == 0)
		secret_move(ret_authorization, &header);
out:
	secret_free(&pair);
	return r;
}

static int
make_jti(char jti[BASE64URL_SIZE(JTI_BYTES)])
{
	uint8_t bytes[JTI_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -EIO;
	base64url_encode(bytes, sizeof(bytes), jti);
	return 0;
}

/* RFC 7523 3, OpenID Connect Core 9. */
static int
make_assertion(const struct client_auth *client,
    const struct client_auth_facts *facts, struct secret *ret_assertion)
{
	char jti[BASE64URL_SIZE(JTI_BYTES)];
	struct json *claims;
	int r;

	r = make_jti(jti);
	if (r < 0)
		return r;
	claims = json_new_object();
	json_set_string(claims, "iss", client->client_id);
	json_set_string(claims, "sub", client->client_id);
	json_set_string(claims, "aud",
	    client->audience == CLIENT_AUTH_TOKEN_ENDPOINT ?
	    facts->token_endpoint : facts->issuer);
	json_set_string(claims, "jti", jti);
	json_set_integer(claims, "iat", facts->now);
	json_set_integer(claims, "exp", facts->now + ASSERTION_SECONDS);
	r = sign_jwt(client->key, claims, ret_assertion);
	json_free(claims);
	return r;
}

/* One line without blanks, at whose end a newline may stand. 0, -EBADMSG for
 * anything else, or -errno. */
static int
read_assertion(int fd, struct secret *ret_assertion)
{
	char buf[ASSERTION_FILE_MAX + 1];
	ssize_t n = read(fd, buf, sizeof(buf) - 1);
	size_t len;
	int r = -EBADMSG;

	if (n < 0)
		return -errno;
	len = (size_t)n;
	buf[len] = '\0';
	if (len > 0 && buf[len - 1] == '\n')
		buf[--len] = '\0';
	if (len > 0 && (size_t)n < sizeof(buf) - 1 && strlen(buf) == len &&
	    text_is_plain(buf) && strchr(buf, ' ') == NULL)
		r = secret_set(ret_assertion, buf, len);
	explicit_bzero(buf, sizeof(buf));
	return r;
}

static int
read_assertion_file(const char *path, struct secret *ret_assertion)
{
	struct stat st;
	int fd, r;

	/* Not blocking: the loop must not wait for the writer of a FIFO. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EBADMSG;
	else
		r = read_assertion(fd, ret_assertion);
	(void)close(fd);
	return r;
}

static int
put_assertion(struct secret *form, const struct secret *assertion)
{
	int r;

	r = form_put(form, "client_assertion_type", ASSERTION_TYPE);
	if (r < 0)
		return r;
	return form_put(form, "client_assertion", assertion->data);
}

static enum reason
put_file(const struct client_auth *client, struct secret *form)
{
	struct secret assertion = SECRET_INIT;
	int r;

	r = read_assertion_file(client->assertion_file, &assertion);
	if (r < 0)
		return r == -ENOMEM ? REASON_INTERNAL :
		    REASON_CLIENT_CREDENTIAL;
	r = put_assertion(form, &assertion);
	secret_free(&assertion);
	return r < 0 ? REASON_INTERNAL : REASON_GRANTED;
}

static int
put_signed(const struct client_auth *client,
    const struct client_auth_facts *facts, struct secret *form)
{
	struct secret assertion = SECRET_INIT;
	int r;

	r = make_assertion(client, facts, &assertion);
	if (r == 0)
		r = put_assertion(form, &assertion);
	secret_free(&assertion);
	return r;
}

enum reason
client_auth_put(const struct client_auth *client,
    const struct client_auth_facts *facts, struct secret *form,
    struct secret *ret_authorization)
{
	enum client_auth_method method = client->method;
	int r;

	r = form_put(form, "client_id", client->client_id);
	if (r < 0)
		return REASON_INTERNAL;
	if (method == CLIENT_AUTH_AUTO)
		method = facts->takes_post ? CLIENT_AUTH_SECRET_POST :
		    CLIENT_AUTH_SECRET_BASIC;
	switch (method) {
	case CLIENT_AUTH_AUTO:
	case CLIENT_AUTH_NONE:
		break;
	case CLIENT_AUTH_SECRET_BASIC:
		r = put_basic(client, ret_authorization);
		break;
	case CLIENT_AUTH_SECRET_POST:
		r = form_put(form, "client_secret", client->secret.data);
		break;
	case CLIENT_AUTH_PRIVATE_KEY:
		r = put_signed(client, facts, form);
		break;
	case CLIENT_AUTH_ASSERTION:
		return put_file(client, form);
	}
	return r < 0 ? REASON_INTERNAL : REASON_GRANTED;
}
