/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sealed value is a byte that says how (SEAL_FORMAT), 12 random bytes, the
 * ciphertext, and a tag of 16 bytes.
 *
 * MUST draw a new nonce for each value, from the system's generator.
 * MUST hand out nothing of a value whose tag is wrong.
 * MUST write each part of a place with its length, so that no two places
 *	make the same text.
 */
#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/seal.h"

#define SEAL_FORMAT	1
#define NONCE_SIZE	12
#define TAG_SIZE	16
#define HEAD_SIZE	(1 + NONCE_SIZE)

/* So that nothing else that is ever derived from the key is the same. */
#define SEAL_PURPOSE	"hostpass seal 1"

struct seal {
	unsigned char	 key[SEAL_KEY_SIZE];
};

int
seal_new(const struct secret *key, struct seal **ret_seal)
{
	struct seal *seal;

	if (key->len != SEAL_KEY_SIZE)
		return -EINVAL;
	seal = calloc(1, sizeof(*seal));
	if (seal == NULL)
		return -ENOMEM;
	memcpy(seal->key, key->data, sizeof(seal->key));
	*ret_seal = seal;
	return 0;
}

void
seal_free(struct seal *seal)
{
	if (seal == NULL)
		return;
	explicit_bzero(seal, sizeof(*seal));
	free(seal);
}

static unsigned char *
put_text(unsigned char *at, const char *text)
{
	uint32_t length = (uint32_t)strlen(text);
	int i;

	for (i = 0; i < 4; i++)
		*at++ = (unsigned char)(length >> (8 * i));
	memcpy(at, text, length);
	return at + length;
}

/* The texts, each after its length in 4 bytes. NULL when memory is short. */
static unsigned char *
join(const char *const *texts, size_t count, size_t *ret_len)
{
	unsigned char *joined, *at;
	size_t len = 0, i;

	for (i = 0; i < count; i++)
		len += 4 + strlen(texts[i]);
	at = joined = malloc(len);
	if (joined == NULL)
		return NULL;
	for (i = 0; i < count; i++)
		at = put_text(at, texts[i]);
	*ret_len = len;
	return joined;
}

/* RFC 5869 with SHA-256 and no salt: the key is random already. */
static int
derive(const struct seal *seal, const struct seal_place *place,
    unsigned char key[SEAL_KEY_SIZE])
{
	const char *texts[] = { SEAL_PURPOSE, place->table, place->column };
	static char digest[] = "SHA256";
	unsigned char *info;
	EVP_KDF_CTX *context = NULL;
	OSSL_PARAM params[4];
	EVP_KDF *kdf;
	size_t len;
	int r = -EIO;

	info = join(texts, sizeof(texts) / sizeof(texts[0]), &len);
	if (info == NULL)
		return -ENOMEM;
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
	    digest, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
	    (void *)(uintptr_t)seal->key, sizeof(seal->key));
	params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
	    info, len);
	params[3] = OSSL_PARAM_construct_end();
	kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	if (kdf != NULL)
		context = EVP_KDF_CTX_new(kdf);
	if (context != NULL &&
	    EVP_KDF_derive(context, key, SEAL_KEY_SIZE, params) == 1)
		r = 0;
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
	free(info);
	return r;
}

/* Begin to close or to open: key, nonce and place. */
static int
begin(const struct seal *seal, const struct seal_place *place,
    const unsigned char *nonce, int closing, EVP_CIPHER_CTX **ret_context)
{
	const char *texts[] = {
		place->table, place->column, place->issuer, place->subject,
		place->row,
	};
	unsigned char key[SEAL_KEY_SIZE], *bound;
	EVP_CIPHER_CTX *context;
	size_t len;
	int r, out;

	context = EVP_CIPHER_CTX_new();
	bound = join(texts, sizeof(texts) / sizeof(texts[0]), &len);
	r = context == NULL || bound == NULL || len > SECRET_MAX ? -ENOMEM :
	    derive(seal, place, key);
	if (r == 0 && (EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), key,
	    nonce, closing, NULL) != 1 ||
	    EVP_CipherUpdate(context, NULL, &out, bound, (int)len) != 1))
		r = -EIO;
	explicit_bzero(key, sizeof(key));
	free(bound);
	if (r < 0)
		EVP_CIPHER_CTX_free(context);
	else
		*ret_context = context;
	return r;
}

int
seal_close(const struct seal *seal, const struct seal_place *place,
    const struct secret *plain, struct secret *ret_sealed)
{
	size_t size = HEAD_SIZE + plain->len + TAG_SIZE;
	EVP_CIPHER_CTX *context = NULL;
	unsigned char *sealed;
	int out = 0, r;

	if (size > SECRET_MAX)
		return -E2BIG;
	sealed = malloc(size);
	if (sealed == NULL)
		return -ENOMEM;
	sealed[0] = SEAL_FORMAT;
	r = RAND_bytes(sealed + 1, NONCE_SIZE) == 1 ?
	    begin(seal, place, sealed + 1, 1, &context) : -EIO;
	if (r == 0 && plain->len > 0 &&
	    EVP_CipherUpdate(context, sealed + HEAD_SIZE, &out,
	    (const unsigned char *)plain->data, (int)plain->len) != 1)
		r = -EIO;
	if (r == 0 && (EVP_CipherFinal_ex(context, sealed + HEAD_SIZE + out,
	    &out) != 1 || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
	    TAG_SIZE, sealed + HEAD_SIZE + plain->len) != 1))
		r = -EIO;
	if (r == 0)
		r = secret_set(ret_sealed, sealed, size);
	EVP_CIPHER_CTX_free(context);
	explicit_bzero(sealed, size);
	free(sealed);
	return r;
}

int
seal_open(const struct seal *seal, const struct seal_place *place,
    const void *sealed, size_t len, struct secret *ret_plain)
{
	const unsigned char *bytes = sealed;
	unsigned char tag[TAG_SIZE], *plain;
	EVP_CIPHER_CTX *context = NULL;
	int out = 0, last = 0, r;
	size_t size;

	if (len > SECRET_MAX)
		return -E2BIG;
	if (len < SEAL_OVERHEAD || bytes[0] != SEAL_FORMAT)
		return -EBADMSG;
	size = len - SEAL_OVERHEAD;
	memcpy(tag, bytes + HEAD_SIZE + size, TAG_SIZE);
	plain = malloc(size + 1);
	if (plain == NULL)
		return -ENOMEM;
	r = begin(seal, place, bytes + 1, 0, &context);
	if (r == 0 && (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG,
	    TAG_SIZE, tag) != 1 || (size > 0 && EVP_CipherUpdate(context,
	    plain, &out, bytes + HEAD_SIZE, (int)size) != 1)))
		r = -EIO;
	if (r == 0 && EVP_CipherFinal_ex(context, plain + out, &last) != 1)
		r = -EBADMSG;
	if (r == 0)
		r = secret_set(ret_plain, plain, size);
	EVP_CIPHER_CTX_free(context);
	explicit_bzero(plain, size);
	free(plain);
	return r;
}
