/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small readers and writers of daemon/oidc: base64url, forms, the answers
 * of the device and token endpoints, the discovery document.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/url.h"
#include "daemon/oidc/base64url.h"
#include "daemon/oidc/devicecode.h"
#include "daemon/oidc/discovery.h"
#include "daemon/oidc/form.h"
#include "daemon/oidc/json.h"
#include "daemon/oidc/token.h"

#define URI	"\"verification_uri\":\"https://id.example/device\""

static struct json *
parse(const char *text)
{
	struct json *json = NULL;

	if (json_parse(text, strlen(text), &json) != 0)
		fail_msg("%s", text);
	return json;
}

static void
test_base64url(void **state UNUSED)
{
	static const struct {
		const char	*text;
		int		 r;
		const char	*bytes;
	} rows[] = {
		{ "", 0, "" }, { "Zg", 0, "f" }, { "Zm8", 0, "fo" },
		{ "Zm9v", 0, "foo" }, { "Zm9vYg", 0, "foob" },
		{ "-_-_", 0, "\xfb\xff\xbf" },
		{ "Z", -EBADMSG, NULL }, { "Zm9vY", -EBADMSG, NULL },
		{ "Zg==", -EBADMSG, NULL }, { "Zh", -EBADMSG, NULL },
		{ "Zm9", -EBADMSG, NULL }, { "+/+/", -EBADMSG, NULL },
		{ "Zm 9", -EBADMSG, NULL }, { "Zm9v\n", -EBADMSG, NULL },
		{ "Zm9vYmFy", -EMSGSIZE, NULL },
	};
	uint8_t buf[5];
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (base64url_decode(rows[i].text, strlen(rows[i].text), buf,
		    sizeof(buf), &len) != rows[i].r)
			fail_msg("%s", rows[i].text);
		if (rows[i].r == 0) {
			assert_int_equal(len, strlen(rows[i].bytes));
			assert_memory_equal(buf, rows[i].bytes, len);
		}
	}
}

static void
test_base64url_encode(void **state UNUSED)
{
	/* RFC 4648 10, without the padding, and the two last letters */
	static const char *const rows[][2] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbf", "-_-_" },
	};
	char text[16];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		base64url_encode((const uint8_t *)rows[i][0],
		    strlen(rows[i][0]), text);
		assert_string_equal(text, rows[i][1]);
		assert_true(strlen(text) < BASE64URL_SIZE(strlen(rows[i][0])));
	}
}

static void
test_form(void **state UNUSED)
{
	struct secret form = SECRET_INIT;
	char *big;

	assert_int_equal(form_put(&form, "a", "b c&d=e+\xc3\xa9%"), 0);
	assert_int_equal(form_put(&form, "x-._~", ""), 0);
	assert_string_equal(form.data, "a=b%20c%26d%3De%2B%C3%A9%25&x-._~=");
	assert_int_equal(form.len, strlen(form.data));
	big = malloc(SECRET_MAX + 2);
	assert_non_null(big);
	memset(big, '%', SECRET_MAX + 1);
	big[SECRET_MAX + 1] = '\0';
	assert_int_equal(form_put(&form, "b", big), -E2BIG);
	big[SECRET_MAX / 2] = '\0';
	assert_int_equal(form_put(&form, "b", big), -E2BIG);
	assert_string_equal(form.data, "a=b%20c%26d%3De%2B%C3%A9%25&x-._~=");
	free(big);
	secret_free(&form);
}

static void
test_devicecode_refused(void **state UNUSED)
{
	static const char *const rows[] = {
		"[]", "{}",
		"{\"user_code\":\"A\",\"expires_in\":9," URI "}",
		"{\"device_code\":\"\",\"user_code\":\"A\",\"expires_in\":9,"
		    URI "}",
		"{\"device_code\":\"d\",\"expires_in\":9," URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\"," URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":0,"
		    URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":-1,"
		    URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\","
		    "\"expires_in\":\"9\"," URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"\",\"expires_in\":9,"
		    URI "}",
		"{\"device_code\":\"d\",\"user_code\":7,\"expires_in\":9,"
		    URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\\u001b[2J\","
		    "\"expires_in\":9," URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9,"
		    "\"verification_uri\":\"http://id.example/device\"}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9,"
		    "\"verification_uri\":\"https://id.example/a b\"}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9,"
		    "\"verification_uri\":\"https://id.example/\\r\\n\"}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9,"
		    "\"verification_uri_complete\":\"javascript:x\"," URI "}",
		"{\"device_code\":\"d\",\"user_code\":\"A\",\"expires_in\":9,"
		    "\"verification_uri_complete\":1," URI "}",
		"{\"device_code\":\"d\",\"expires_in\":9,\"user_code\":"
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		    "AAAAAAAAAAAAAAA\"," URI "}",
	};
	struct devicecode code;
	struct json *json;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json = parse(rows[i]);
		if (devicecode_read(json, NULL, &code) != REASON_PROVIDER_REPLY)
			fail_msg("%s", rows[i]);
		json_free(json);
	}
}

static void
test_devicecode_taken(void **state UNUSED)
{
	static const struct {
		const char	*more;
		uint32_t	 interval;
		uint32_t	 expires_in;
	} rows[] = {
		{ "\"expires_in\":899", 5, 899 },
		{ "\"expires_in\":900,\"interval\":7", 7, 900 },
		{ "\"expires_in\":900,\"interval\":0", 1, 900 },
		{ "\"expires_in\":900,\"interval\":-9", 1, 900 },
		{ "\"expires_in\":900,\"interval\":86400", 60, 900 },
		{ "\"expires_in\":900,\"interval\":\"7\"", 5, 900 },
		{ "\"expires_in\":99999999999", 5, 1800 },
	};
	struct devicecode code;
	struct json *json;
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(text, sizeof(text), "{\"device_code\":\"d.e\","
		    "\"user_code\":\"aB3-x\",\"requires_authorization\":false,"
		    "\"verification_uri_complete\":null,%s," URI "}",
		    rows[i].more);
		json = parse(text);
		assert_int_equal(devicecode_read(json, NULL, &code),
		    REASON_GRANTED);
		assert_int_equal(code.interval, rows[i].interval);
		assert_int_equal(code.prompt.expires_in, rows[i].expires_in);
		assert_string_equal(code.device_code, "d.e");
		assert_string_equal(code.prompt.user_code, "aB3-x");
		assert_string_equal(code.prompt.verification_uri,
		    "https://id.example/device");
		assert_null(code.prompt.verification_uri_complete);
		json_free(json);
	}
}

static void
test_token_set(void **state UNUSED)
{
	static const struct {
		const char	*text;
		enum reason	 reason;
	} rows[] = {
		{ "{\"access_token\":\"a\",\"token_type\":\"bearer\","
		    "\"id_token\":\"i\",\"refresh_token\":\"r\"}",
		    REASON_GRANTED },
		{ "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}",
		    REASON_GRANTED },
		{ "{\"access_token\":\"a\",\"token_type\":\"Bearer\","
		    "\"id_token\":\"i\"}", REASON_GRANTED },
		{ "{\"access_token\":\"a\",\"token_type\":\"DPoP\","
		    "\"id_token\":\"i\"}", REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"a\",\"id_token\":\"i\"}",
		    REASON_PROVIDER_REPLY },
		{ "{\"token_type\":\"Bearer\",\"id_token\":\"i\"}",
		    REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"\",\"token_type\":\"Bearer\","
		    "\"id_token\":\"i\"}", REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"a\",\"token_type\":\"Bearer\","
		    "\"id_token\":7}", REASON_PROVIDER_REPLY },
		{ "{\"access_token\":\"a\",\"token_type\":\"Bearer\","
		    "\"id_token\":\"i\",\"refresh_token\":[]}",
		    REASON_PROVIDER_REPLY },
		{ "[]", REASON_PROVIDER_REPLY },
	};
	struct token_set set;
	struct json *json;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json = parse(rows[i].text);
		if (token_set_read(json, &set) != rows[i].reason)
			fail_msg("%s", rows[i].text);
		if (rows[i].reason == REASON_GRANTED) {
			assert_string_equal(set.access_token.data, "a");
			if (json_has(json, "id_token"))
				assert_string_equal(set.id_token.data, "i");
			else
				assert_int_equal(set.id_token.len, 0);
			token_set_free(&set);
		}
		json_free(json);
	}
}

/* A new refresh token counts, whatever is wrong with the rest. */
static void
test_take_refresh(void **state UNUSED)
{
	struct secret token = SECRET_INIT;
	struct json *json;

	json = parse("{\"id_token\":7,\"refresh_token\":\"r\"}");
	assert_int_equal(token_take_refresh(json, &token), REASON_GRANTED);
	assert_string_equal(token.data, "r");
	secret_free(&token);
	json_free(json);
	json = parse("{\"refresh_token\":\"\"}");
	assert_int_equal(token_take_refresh(json, &token),
	    REASON_PROVIDER_REPLY);
	json_free(json);
	json = parse("{\"id_token\":7}");
	assert_int_equal(token_take_refresh(json, &token), REASON_GRANTED);
	assert_int_equal(token.len, 0);
	json_free(json);
}

static void
test_token_error(void **state UNUSED)
{
	assert_int_equal(token_error_reason("access_denied"),
	    REASON_ACCESS_DENIED);
	assert_int_equal(token_error_reason("expired_token"),
	    REASON_GRANT_INVALID);
	assert_int_equal(token_error_reason("invalid_client"),
	    REASON_CLIENT_REFUSED);
	assert_int_equal(token_error_reason("Device code has expired"),
	    REASON_GRANT_INVALID);
	assert_int_equal(token_error_reason("authorization_pending"),
	    REASON_PROVIDER_REPLY);
	assert_int_equal(token_error_reason(NULL), REASON_PROVIDER_REPLY);
}

static void
test_urls(void **state UNUSED)
{
	static const struct {
		const char	*url;
		bool		 allowed;
		bool		 loopback;
	} rows[] = {
		{ "https://id.example", true, true },
		{ "https://id.example:8443/a?b=c", true, true },
		{ "https://[2001:db8::1]/", true, true },
		{ "http://127.0.0.1", false, true },
		{ "http://127.0.0.1:80/a", false, true },
		{ "http://127.255.0.9:80?a", false, true },
		{ "http://localhost:8080/", false, true },
		{ "http://[::1]:8080/", false, true },
		{ "http://[::1]", false, true },
		{ NULL, false, false },
		{ "", false, false },
		{ "id.example", false, false },
		{ "https://", false, false },
		{ "https:///a", false, false },
		{ "https://:443/", false, false },
		{ "https:/id.example", false, false },
		{ "HTTPS://id.example/", false, false },
		{ " https://id.example", false, false },
		{ "https://id.example/a b", false, false },
		{ "https://id.example/\r\nX: y", false, false },
		{ "https://id.example/\x1b[2J", false, false },
		{ "https://a:b@id.example/", false, false },
		{ "https://id.example\\@other.example/", false, false },
		{ "file:///etc/passwd", false, false },
		{ "ftp://127.0.0.1/", false, false },
		{ "http://id.example/", false, false },
		{ "http://128.0.0.1/", false, false },
		{ "http://127.1/", false, false },
		{ "http://127.0.0.1.example/", false, false },
		{ "http://127.0.0.1@id.example/", false, false },
		{ "http://127.0.0.1:80@id.example/", false, false },
		{ "http://id.example:127.0.0.1/", false, false },
		{ "http://localhost.example/", false, false },
		{ "http://[::2]/", false, false },
		{ "http://::1/", false, false },
	};
	char url[URL_MAX + 2] = "https://id.example/";
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (url_is_allowed(rows[i].url, false) != rows[i].allowed ||
		    url_is_allowed(rows[i].url, true) != rows[i].loopback)
			fail_msg("%s", rows[i].url);
	}
	memset(url + 19, 'a', URL_MAX - 19);
	assert_true(url_is_allowed(url, false));
	url[URL_MAX] = 'a';
	assert_false(url_is_allowed(url, false));
}

static void
test_discovery(void **state UNUSED)
{
#define DOC(issuer, rest)	"{\"issuer\":\"" issuer "\"" rest "}"
#define TOKEN	",\"token_endpoint\":\"https://other.example/token\""
#define JWKS	",\"jwks_uri\":\"https://other.example/jwks\""
#define DEVICE	",\"device_authorization_endpoint\":\"https://id.example/d\""
	static const struct {
		const char	*text;
		enum reason	 reason;
	} rows[] = {
		{ DOC("https://id.example", TOKEN JWKS DEVICE),
		    REASON_GRANTED },
		{ DOC("https://id.example", TOKEN JWKS), REASON_GRANTED },
		{ DOC("https://id.example/", TOKEN JWKS DEVICE),
		    REASON_DISCOVERY_ISSUER },
		{ DOC("https://ID.example", TOKEN JWKS DEVICE),
		    REASON_DISCOVERY_ISSUER },
		{ DOC("http://id.example", TOKEN JWKS DEVICE),
		    REASON_DISCOVERY_ISSUER },
		{ "{\"issuer\":7" TOKEN JWKS "}", REASON_PROVIDER_REPLY },
		{ "{\"a\":7" TOKEN JWKS "}", REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", TOKEN DEVICE),
		    REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", JWKS DEVICE),
		    REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", JWKS DEVICE
		    ",\"token_endpoint\":\"http://id.example/token\""),
		    REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", TOKEN DEVICE
		    ",\"jwks_uri\":\"file:///etc/passwd\""),
		    REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", TOKEN JWKS
		    ",\"device_authorization_endpoint\":\"ftp://x\""),
		    REASON_PROVIDER_REPLY },
		{ DOC("https://id.example", TOKEN JWKS
		    ",\"device_authorization_endpoint\":7"),
		    REASON_PROVIDER_REPLY },
	};
	const char *const none[DISCOVERY_ENDPOINT_COUNT] = { NULL };
	const struct discovery_expect expect = {
		.issuer = "https://id.example", .configured = none,
	};
	struct discovery found;
	struct json *json;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json = parse(rows[i].text);
		if (discovery_read(json, &expect, NULL, &found) !=
		    rows[i].reason)
			fail_msg("%s", rows[i].text);
		if (rows[i].reason == REASON_GRANTED) {
			assert_string_equal(found.endpoints[DISCOVERY_TOKEN],
			    "https://other.example/token");
			discovery_free(&found);
		}
		json_free(json);
	}
}

static struct discovery
discover(const char *text, const struct discovery_expect *expect)
{
	struct discovery found = { { NULL }, false, false };
	struct json *json = parse(text);

	assert_int_equal(discovery_read(json, expect, NULL, &found),
	    REASON_GRANTED);
	json_free(json);
	return found;
}

/* What a document says beyond what nothing works without. */
static void
test_discovery_more(void **state UNUSED)
{
#define METHODS(list)	\
	",\"token_endpoint_auth_methods_supported\":" list
#define ISS(value)	\
	",\"authorization_response_iss_parameter_supported\":" value
	static const struct {
		const char	*text;
		bool		 takes_post;
		bool		 iss_parameter;
	} rows[] = {
		{ DOC("https://id.example", TOKEN JWKS), false, false },
		{ DOC("https://id.example", TOKEN JWKS ISS("true")
		    METHODS("[\"client_secret_basic\"]")), false, true },
		{ DOC("https://id.example", TOKEN JWKS ISS("false")
		    METHODS("[\"none\",7,\"client_secret_post\"]")),
		    true, false },
		{ DOC("https://id.example", TOKEN JWKS ISS("\"true\"")
		    METHODS("\"client_secret_post\"")), false, false },
	};
	const char *const none[DISCOVERY_ENDPOINT_COUNT] = { NULL };
	const struct discovery_expect expect = {
		.issuer = "https://id.example", .configured = none,
	};
	struct discovery found;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		found = discover(rows[i].text, &expect);
		if (found.takes_post != rows[i].takes_post ||
		    found.iss_parameter != rows[i].iss_parameter)
			fail_msg("%s", rows[i].text);
		assert_null(found.endpoints[DISCOVERY_USERINFO]);
		discovery_free(&found);
	}
	found = discover(DOC("https://id.example", TOKEN JWKS DEVICE
	    ",\"userinfo_endpoint\":\"https://id.example/u\""
	    ",\"authorization_endpoint\":\"https://id.example/a\""), &expect);
	assert_string_equal(found.endpoints[DISCOVERY_JWKS],
	    "https://other.example/jwks");
	assert_string_equal(found.endpoints[DISCOVERY_DEVICE],
	    "https://id.example/d");
	assert_string_equal(found.endpoints[DISCOVERY_AUTHORIZATION],
	    "https://id.example/a");
	assert_string_equal(found.endpoints[DISCOVERY_USERINFO],
	    "https://id.example/u");
	discovery_free(&found);
}

/* What is configured counts, whatever the document says of it. */
static void
test_discovery_configured(void **state UNUSED)
{
	const char *configured[DISCOVERY_ENDPOINT_COUNT] = {
		[DISCOVERY_TOKEN] = "https://mine.example/token",
	};
	struct discovery_expect expect = {
		.issuer = "https://id.example", .configured = configured,
	};
	struct discovery found;

	found = discover(DOC("https://id.example", JWKS
	    ",\"token_endpoint\":\"http://id.example/token\""), &expect);
	assert_string_equal(found.endpoints[DISCOVERY_TOKEN],
	    "https://mine.example/token");
	assert_string_equal(found.endpoints[DISCOVERY_JWKS],
	    "https://other.example/jwks");
	discovery_free(&found);
	assert_int_equal(discovery_from_config(&expect, &found),
	    REASON_PROVIDER_REPLY);
	configured[DISCOVERY_JWKS] = "http://127.0.0.1/jwks";
	assert_int_equal(discovery_from_config(&expect, &found),
	    REASON_PROVIDER_REPLY);
	expect.http_loopback = true;
	assert_int_equal(discovery_from_config(&expect, &found),
	    REASON_GRANTED);
	assert_string_equal(found.endpoints[DISCOVERY_JWKS],
	    "http://127.0.0.1/jwks");
	assert_null(found.endpoints[DISCOVERY_DEVICE]);
	assert_false(found.iss_parameter);
	discovery_free(&found);
}

static void
test_discovery_urls(void **state UNUSED)
{
#define OPENID	"/.well-known/openid-configuration"
#define OAUTH	"/.well-known/oauth-authorization-server"
	static const struct {
		const char	*issuer;
		const char	*openid;
		const char	*oauth;
	} rows[] = {
		{ "https://id.example", "https://id.example" OPENID,
		    "https://id.example" OAUTH },
		{ "https://id.example/", "https://id.example" OPENID,
		    "https://id.example" OAUTH },
		{ "https://id.example:8443/a/b", "https://id.example:8443/a/b"
		    OPENID, "https://id.example:8443" OAUTH "/a/b" },
		{ "https://id.example/a/", "https://id.example/a" OPENID,
		    "https://id.example" OAUTH "/a" },
	};
	char *url;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		url = discovery_url(rows[i].issuer, DISCOVERY_OPENID);
		assert_string_equal(url, rows[i].openid);
		free(url);
		url = discovery_url(rows[i].issuer, DISCOVERY_OAUTH);
		assert_string_equal(url, rows[i].oauth);
		free(url);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64url),
		cmocka_unit_test(test_base64url_encode),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_devicecode_refused),
		cmocka_unit_test(test_devicecode_taken),
		cmocka_unit_test(test_token_set),
		cmocka_unit_test(test_take_refresh),
		cmocka_unit_test(test_token_error),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_discovery),
		cmocka_unit_test(test_discovery_more),
		cmocka_unit_test(test_discovery_configured),
		cmocka_unit_test(test_discovery_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
