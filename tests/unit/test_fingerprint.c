/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fingerprint of the key that sshd tells of is the one that ssh-keygen
 * prints, and where it is not clear which key is meant there is none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>

#include "daemon/store/fingerprint.h"

/* By ssh-keygen; the fingerprints are what `ssh-keygen -l` says. */
#define ED25519 \
	"ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAIBXT2YTLM/+rT/iWoCKmbI9jVvmhpPIExKidP3OE" \
	"f/pR"
#define ED25519_PRINT \
	"SHA256:bG3Qm0GaUzTUo1jWx+g3jrOSwktQUbKHiFhqX0a9wbg"
#define ECDSA \
	"ecdsa-sha2-nistp256 " \
	"AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEExVeDvw8Z7" \
	"Vi1ORbr5aDBfSOWis0lASTaRUYas9vgMowSPb54aAi2NFMsS0vExnvVfTfTj63b2" \
	"5ubocCfeliU="
#define ECDSA_PRINT \
	"SHA256:egDHOis7Gd0y+9tXkA1aOQXlNTZP8um/TDoo4C13rLc"
#define CERTIFICATE \
	"ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAx"

static void
assert_print(const char *info, const char *expected)
{
	char fingerprint[FINGERPRINT_SIZE];

	assert_int_equal(fingerprint_of_auth_info(info, fingerprint), 0);
	assert_string_equal(fingerprint, expected);
}

static void
test_as_ssh_keygen_says(void **state)
{
	(void)state;
	assert_print("publickey " ED25519 "\n", ED25519_PRINT);
	assert_print("publickey " ED25519, ED25519_PRINT);
	assert_print("publickey " ECDSA " more of it\n", ECDSA_PRINT);
	assert_print("password\npublickey " ECDSA "\ngssapi-with-mic a@B\n",
	    ECDSA_PRINT);
}

static void
test_refused(void **state)
{
	static const struct {
		const char	*info;
		int		 r;
	} rows[] = {
		{ "", -ENOENT },
		{ "password\n", -ENOENT },
		{ "hostbased " ED25519 "\n", -ENOENT },
		{ " publickey " ED25519 "\n", -ENOENT },
		{ "publickey " ED25519 "\npublickey " ECDSA "\n", -ENOENT },
		{ "publickey " ED25519 "\npublickey " ED25519 "\n", -ENOENT },
		{ "publickey " CERTIFICATE "\n", -ENOTSUP },
		{ "publickey ", -EBADMSG },
		{ "publickey ssh-ed25519", -EBADMSG },
		{ "publickey ssh-ed25519 AAAA\n", -EBADMSG },
		{ "publickey ssh-ed25519 ====\n", -EBADMSG },
		{ "publickey ssh-ed25519 AAA*\n", -EBADMSG },
		{ "publickey ssh-ed25519 AAAAC\n", -EBADMSG },
		/* a type that the blob does not have */
		{ "publickey ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAAA\n", -EBADMSG },
		/* a type and nothing else */
		{ "publickey ssh-rsa AAAAB3NzaC1yc2E=\n", -EBADMSG },
	};
	char fingerprint[FINGERPRINT_SIZE] = "untouched";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (fingerprint_of_auth_info(rows[i].info, fingerprint) !=
		    rows[i].r)
			fail_msg("%s", rows[i].info);
		assert_string_equal(fingerprint, "untouched");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_ssh_keygen_says),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
