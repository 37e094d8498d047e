/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signed directory (design D8): who there is at a provider, in a file that
 * any web server may hand out.
 *
 * FORMAT
 *	The first line is the manifest, a JWS in compact form by EdDSA (RFC
 *	7515, RFC 8037) whose typ is SIGNED_TYPE and whose payload has
 *	  iss       the issuer of the provider, as in hostpass.conf
 *	  iat, exp  when it was made, and until when it is to be believed
 *	  serial    a number that no later document has a lower one than: the
 *	            time in seconds, or a little more
 *	  count     how many lines follow
 *	  complete  true: there is nobody else at this provider
 *	  sha256    the digest of all bytes behind the first newline, in
 *	            base64url
 *	Each of the lines that follow is a JSON object, ended by a newline: the
 *	claims that the ID token of one person would have, her sub among them.
 *	"disabled": true stands with those who may not enter anything.
 */
#ifndef DAEMON_DIRECTORY_SIGNED_H
#define DAEMON_DIRECTORY_SIGNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "daemon/oidc/digest.h"

#define SIGNED_TYPE		"hostpass-directory"
/* Of the whole file. */
#define SIGNED_SIZE_MAX		(256 * 1024 * 1024)
#define SIGNED_PEOPLE_MAX	1000000
/* Seconds by which clocks may differ. */
#define SIGNED_SKEW		300
/* How far a serial may be ahead of iat. Hosts take none that is lower than the
 * last one: a key in wrong hands could end all documents for ever. */
#define SIGNED_AHEAD		86400

struct jwk_set;
struct secret;

/* X(SYMBOL, code, sentence): what is wrong, for the log. */
#define SIGNED_TABLE(X) \
	X(GOOD, "good", "it is in force") \
	X(MANIFEST, "manifest", "its first line is no manifest") \
	X(SIGNATURE, "signature", "no key of key_file has signed it") \
	X(NOT_YET, "not-yet", "it was made in the future; see to the clocks") \
	X(AHEAD_OF_TIME, "ahead", "its serial is far ahead of its time") \
	X(EXPIRED, "expired", "it has expired; is `hostpass directory export` " \
	    "still run?") \
	X(DIGEST, "digest", "its lines are not those that were signed") \
	X(COUNT, "count", "it has not as many lines as were signed") \
	X(ISSUER, "issuer", "it is of a provider that is not configured") \
	X(SERIAL, "serial", "it is older than what is in force") \
	X(TWIN, "twin", "another one has its serial; let one machine alone " \
	    "make them") \
	X(MEMORY, "memory", "out of memory")

enum signed_verdict {
#define SIGNED_ENUM(symbol, code, sentence) SIGNED_##symbol,
	SIGNED_TABLE(SIGNED_ENUM)
#undef SIGNED_ENUM
};

/* A document that was verified. */
struct signed_directory {
	char		*issuer;
	int64_t		 issued;	/* seconds since 1970 */
	int64_t		 expires;
	int64_t		 serial;	/* > 0 */
	size_t		 count;
	bool		 complete;
	char		 digest[DIGEST_SIZE];
	char		*lines;		/* a copy */
	size_t		 len;
	size_t		 read;		/* by signed_next() */
};

const char *signed_code(enum signed_verdict verdict);
const char *signed_sentence(enum signed_verdict verdict);

/* The keys of Ed25519 in text: a JWK Set, or one JWK (RFC 7517). 0 and a set
 * that must be freed, -EKEYREJECTED if there is a private one among them,
 * -EBADMSG if there is none that can be used, or -ENOMEM. */
int	signed_keys_read(const struct secret *text,
	    struct jwk_set **ret_keys) MUST_USE;

/* Verify data by keys at the time now. SIGNED_GOOD and a document that must be
 * freed, or what is wrong. Who may be the issuer is not known here. */
enum signed_verdict signed_verify(const char *data, size_t len,
	    const struct jwk_set *keys, int64_t now,
	    struct signed_directory *ret_document) MUST_USE;

/* May document follow on the one with this serial and digest ("": is not
 * known)? The same one again may. SIGNED_GOOD, SERIAL or TWIN. */
enum signed_verdict signed_follows(const struct signed_directory *document,
	    int64_t serial, const char *digest) MUST_USE;

/* The next line, without its newline; false: there are no more. */
bool	signed_next(struct signed_directory *document, const char **ret_line,
	    size_t *ret_len);

void	signed_free(struct signed_directory *document);

#endif
