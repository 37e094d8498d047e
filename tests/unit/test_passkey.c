/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a passkey was used, by what a token says, and what a person keeps of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/identity/passkey.h"
#include "daemon/oidc/json.h"
#include "tests/unit/fixture.h"

static void
times_of_tokens(void **state)
{
	static const struct {
		const char *claims;
		int64_t expected;
	} rows[] = {
		{ "{}", 0 },
		{ "{\"auth_time\":900}", 900 },
		{ "{\"auth_time\":1000}", 1000 },
		{ "{\"auth_time\":1001}", 1000 },
		{ "{\"auth_time\":999999999999}", 1000 },
		{ "{\"auth_time\":-1}", 0 },
		{ "{\"auth_time\":\"900\"}", 0 },
		{ "{\"auth_time\":900.5}", 0 },
		{ "{\"auth_time\":null}", 0 },
		{ "{\"amr\":[\"phr\"]}", 0 },
		{ "{\"auth_time\":900,\"amr\":[\"phr\"]}", 900 },
		{ "{\"auth_time\":900,\"amr\":[\"hwk\",\"pin\"]}", 900 },
		{ "{\"auth_time\":900,\"amr\":[\"pwd\",\"swk\"]}", 900 },
		{ "{\"auth_time\":900,\"amr\":[\"otp\"]}", 0 },
		{ "{\"auth_time\":900,\"amr\":[\"pwd\",\"mfa\"]}", 0 },
		{ "{\"auth_time\":900,\"amr\":[\"PHR\"]}", 0 },
		{ "{\"auth_time\":900,\"amr\":[\"phr2\"]}", 0 },
		{ "{\"auth_time\":900,\"amr\":[]}", 0 },
		{ "{\"auth_time\":900,\"amr\":null}", 0 },
		{ "{\"auth_time\":900,\"amr\":\"phr\"}", 0 },
		{ "{\"auth_time\":900,\"amr\":[1,[\"phr\"]]}", 0 },
	};
	struct json *claims;
	int64_t when;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (json_parse(rows[i].claims, strlen(rows[i].claims),
		    &claims) < 0)
			fail_msg("not JSON: %s", rows[i].claims);
		when = passkey_time(claims, 1000);
		json_free(claims);
		if (when != rows[i].expected)
			fail_msg("%s: %lld", rows[i].claims, (long long)when);
	}
}

/* Sign in as alice with these claims besides, at 1000000. */
static int64_t
used_after(struct fixture *f, const char *claims)
{
	struct person *person;
	char text[256];
	int64_t used;

	(void)snprintf(text, sizeof(text), "{\"preferred_username\":\"alice\","
	    "\"groups\":[]%s}", claims);
	assert_int_equal(fixture_resolve(f, ALICE_SUB, text, "alice", &person),
	    REASON_GRANTED);
	used = person->last_passkey;
	assert_int_equal(store_save(f->store, person), 0);
	person_free(person);
	return used;
}

/* A token that is older, or of another kind, takes nothing back. */
static void
a_person_keeps_the_latest(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f, "");
	assert_int_equal(used_after(&f, ""), 0);
	assert_int_equal(used_after(&f, ",\"auth_time\":5000"), 5000);
	assert_int_equal(used_after(&f, ",\"auth_time\":4000"), 5000);
	assert_int_equal(used_after(&f, ",\"auth_time\":6000,\"amr\":[\"otp\"]"),
	    5000);
	assert_int_equal(used_after(&f, ""), 5000);
	assert_int_equal(used_after(&f, ",\"auth_time\":6000,\"amr\":[\"phr\"]"),
	    6000);
	assert_int_equal(used_after(&f, ",\"auth_time\":2000000"), 1000000);
	fixture_teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_of_tokens),
		cmocka_unit_test(a_person_keeps_the_latest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
