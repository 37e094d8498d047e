# Parses what the network sends. It knows nothing of the rest of the daemon
# but the reason table.
noinst_LTLIBRARIES += %reldir%/liboidc.la

%canon_reldir%_liboidc_la_SOURCES = \
	%reldir%/attempt.c %reldir%/attempt.h \
	%reldir%/base64url.c %reldir%/base64url.h \
	%reldir%/body.c %reldir%/body.h \
	%reldir%/browser.c %reldir%/browser.h \
	%reldir%/callback.c %reldir%/callback.h \
	%reldir%/claims.c %reldir%/claims.h \
	%reldir%/client_auth.c %reldir%/client_auth.h \
	%reldir%/clock.c %reldir%/clock.h \
	%reldir%/device.c %reldir%/device.h \
	%reldir%/devicecode.c %reldir%/devicecode.h \
	%reldir%/digest.c %reldir%/digest.h \
	%reldir%/discovery.c %reldir%/discovery.h \
	%reldir%/finish.c %reldir%/finish.h \
	%reldir%/flow.h %reldir%/flow_state.c %reldir%/flow_state.h \
	%reldir%/form.c %reldir%/form.h \
	%reldir%/http.c %reldir%/http.h \
	%reldir%/http_private.h %reldir%/http_request.c \
	%reldir%/idtoken.c %reldir%/idtoken.h \
	%reldir%/json.c %reldir%/json.h \
	%reldir%/jwk.c %reldir%/jwk.h \
	%reldir%/jws.c %reldir%/jws.h \
	%reldir%/keygen.c %reldir%/keygen.h \
	%reldir%/loopback.c %reldir%/loopback.h \
	%reldir%/page.c %reldir%/page.h \
	%reldir%/pkce.c %reldir%/pkce.h \
	%reldir%/provider.c %reldir%/provider.h \
	%reldir%/provider_facts.c %reldir%/provider_fetch.c \
	%reldir%/provider_post.c %reldir%/provider_private.h \
	%reldir%/provider_wait.c \
	%reldir%/refresh.c %reldir%/refresh.h \
	%reldir%/refusal.c %reldir%/refusal.h \
	%reldir%/revoke.c %reldir%/revoke.h \
	%reldir%/sign.c %reldir%/sign.h \
	%reldir%/token.c %reldir%/token.h \
	%reldir%/userinfo.c %reldir%/userinfo.h
%canon_reldir%_liboidc_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) \
	$(CURL_CFLAGS) $(JSON_CFLAGS) $(CRYPTO_CFLAGS)
%canon_reldir%_liboidc_la_LIBADD = common/libcommon.la common/libsnapshot.la \
	$(LIBEVENT_LIBS) $(CURL_LIBS) $(JSON_LIBS) $(CRYPTO_LIBS)
