# tests of oidc
#
# The archive holds the shipped sources with the clock of the tests.
check_LTLIBRARIES += %reldir%/liboidctest.la

%canon_reldir%_liboidctest_la_SOURCES = \
	%reldir%/oidc_clock.c %reldir%/oidc_clock.h \
	%reldir%/oidc_mint.c %reldir%/oidc_mint.h \
	%reldir%/oidc_scene.c %reldir%/oidc_scene.h \
	%reldir%/oidc_proxy.c %reldir%/oidc_proxy.h \
	%reldir%/oidc_server.c %reldir%/oidc_server.h \
	%reldir%/oidc_tls.c %reldir%/oidc_tls.h \
	daemon/reason.c \
	daemon/oidc/attempt.c \
	daemon/oidc/base64url.c \
	daemon/oidc/body.c \
	daemon/oidc/browser.c \
	daemon/oidc/callback.c \
	daemon/oidc/claims.c \
	daemon/oidc/client_auth.c \
	daemon/oidc/device.c \
	daemon/oidc/devicecode.c \
	daemon/oidc/digest.c \
	daemon/oidc/discovery.c \
	daemon/oidc/finish.c \
	daemon/oidc/flow_state.c \
	daemon/oidc/form.c \
	daemon/oidc/http.c \
	daemon/oidc/http_request.c \
	daemon/oidc/idtoken.c \
	daemon/oidc/json.c \
	daemon/oidc/jwk.c \
	daemon/oidc/jws.c \
	daemon/oidc/keygen.c \
	daemon/oidc/loopback.c \
	daemon/oidc/page.c \
	daemon/oidc/pkce.c \
	daemon/oidc/provider.c \
	daemon/oidc/provider_facts.c \
	daemon/oidc/provider_fetch.c daemon/oidc/provider_post.c \
	daemon/oidc/provider_wait.c \
	daemon/oidc/refresh.c daemon/oidc/revoke.c \
	daemon/oidc/refusal.c \
	daemon/oidc/sign.c \
	daemon/oidc/token.c \
	daemon/oidc/userinfo.c
%canon_reldir%_liboidctest_la_CPPFLAGS = $(AM_CPPFLAGS) \
	$(LIBEVENT_CFLAGS) $(CURL_CFLAGS) $(JSON_CFLAGS) $(CRYPTO_CFLAGS)
%canon_reldir%_liboidctest_la_LIBADD = common/libcommon.la \
	common/libsnapshot.la $(LIBEVENT_LIBS) $(CURL_LIBS) $(JSON_LIBS) \
	$(CRYPTO_LIBS) -lssl

oidc_tests = \
	%reldir%/test_browser \
	%reldir%/test_callback \
	%reldir%/test_claims \
	%reldir%/test_client_auth \
	%reldir%/test_device \
	%reldir%/test_finish \
	%reldir%/test_http \
	%reldir%/test_idtoken \
	%reldir%/test_json \
	%reldir%/test_jwk \
	%reldir%/test_jws \
	%reldir%/test_loopback \
	%reldir%/test_oidc_parse \
	%reldir%/test_pkce \
	%reldir%/test_provider \
	%reldir%/test_refresh \
	%reldir%/test_resume \
	%reldir%/test_revoke \
	%reldir%/test_userinfo
check_PROGRAMS += $(oidc_tests)
TESTS += $(oidc_tests)

oidc_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LIBEVENT_CFLAGS) \
	$(CRYPTO_CFLAGS)
oidc_test_libs = %reldir%/liboidctest.la $(CMOCKA_LIBS)

%canon_reldir%_test_browser_SOURCES = %reldir%/test_browser.c
%canon_reldir%_test_browser_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_browser_LDADD = $(oidc_test_libs)
%canon_reldir%_test_callback_SOURCES = %reldir%/test_callback.c
%canon_reldir%_test_callback_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_callback_LDADD = $(oidc_test_libs)
%canon_reldir%_test_loopback_SOURCES = %reldir%/test_loopback.c
%canon_reldir%_test_loopback_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_loopback_LDADD = $(oidc_test_libs)
%canon_reldir%_test_pkce_SOURCES = %reldir%/test_pkce.c
%canon_reldir%_test_pkce_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_pkce_LDADD = $(oidc_test_libs)
%canon_reldir%_test_claims_SOURCES = %reldir%/test_claims.c
%canon_reldir%_test_claims_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_claims_LDADD = $(oidc_test_libs)
%canon_reldir%_test_client_auth_SOURCES = %reldir%/test_client_auth.c
%canon_reldir%_test_client_auth_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_client_auth_LDADD = $(oidc_test_libs)
%canon_reldir%_test_device_SOURCES = %reldir%/test_device.c
%canon_reldir%_test_device_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_device_LDADD = $(oidc_test_libs)
%canon_reldir%_test_resume_SOURCES = %reldir%/test_resume.c
%canon_reldir%_test_resume_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_resume_LDADD = $(oidc_test_libs)
%canon_reldir%_test_finish_SOURCES = %reldir%/test_finish.c
%canon_reldir%_test_finish_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_finish_LDADD = $(oidc_test_libs)
%canon_reldir%_test_http_SOURCES = %reldir%/test_http.c
%canon_reldir%_test_http_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_http_LDADD = $(oidc_test_libs)
%canon_reldir%_test_idtoken_SOURCES = %reldir%/test_idtoken.c
%canon_reldir%_test_idtoken_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_idtoken_LDADD = $(oidc_test_libs)
%canon_reldir%_test_json_SOURCES = %reldir%/test_json.c
%canon_reldir%_test_json_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_json_LDADD = $(oidc_test_libs)
%canon_reldir%_test_jwk_SOURCES = %reldir%/test_jwk.c
%canon_reldir%_test_jwk_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_jwk_LDADD = $(oidc_test_libs)
%canon_reldir%_test_jws_SOURCES = %reldir%/test_jws.c
%canon_reldir%_test_jws_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_jws_LDADD = $(oidc_test_libs)
%canon_reldir%_test_oidc_parse_SOURCES = %reldir%/test_oidc_parse.c
%canon_reldir%_test_oidc_parse_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_oidc_parse_LDADD = $(oidc_test_libs)
%canon_reldir%_test_provider_SOURCES = %reldir%/test_provider.c
%canon_reldir%_test_provider_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_provider_LDADD = $(oidc_test_libs)
%canon_reldir%_test_refresh_SOURCES = %reldir%/test_refresh.c
%canon_reldir%_test_refresh_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_refresh_LDADD = $(oidc_test_libs)
%canon_reldir%_test_revoke_SOURCES = %reldir%/test_revoke.c
%canon_reldir%_test_revoke_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_revoke_LDADD = $(oidc_test_libs)
%canon_reldir%_test_userinfo_SOURCES = %reldir%/test_userinfo.c
%canon_reldir%_test_userinfo_CFLAGS = $(oidc_test_cflags)
%canon_reldir%_test_userinfo_LDADD = $(oidc_test_libs)

# Not a test by itself: tests/suites/clients runs it.
check_PROGRAMS += tests/oidc/ask_code
tests_oidc_ask_code_SOURCES = tests/oidc/ask_code.c daemon/reason.c
tests_oidc_ask_code_CFLAGS = $(AM_CFLAGS) $(LIBEVENT_CFLAGS)
tests_oidc_ask_code_LDADD = daemon/oidc/liboidc.la $(LIBEVENT_LIBS)
