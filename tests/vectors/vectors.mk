# tests by vectors
vector_tests = \
	%reldir%/test_rfc \
	%reldir%/test_wycheproof
check_PROGRAMS += $(vector_tests) %reldir%/verify_batch
TESTS += $(vector_tests)

vector_sources = %reldir%/vector.c %reldir%/vector.h
%canon_reldir%_test_rfc_SOURCES = %reldir%/test_rfc.c $(vector_sources)
%canon_reldir%_test_rfc_LDADD = tests/unit/liboidctest.la
%canon_reldir%_test_wycheproof_SOURCES = %reldir%/test_wycheproof.c \
	$(vector_sources)
%canon_reldir%_test_wycheproof_LDADD = tests/unit/liboidctest.la
%canon_reldir%_verify_batch_SOURCES = %reldir%/verify_batch.c
%canon_reldir%_verify_batch_LDADD = tests/unit/liboidctest.la

EXTRA_DIST += \
	%reldir%/differential.mjs \
	%reldir%/mint.mjs \
	%reldir%/mutate.mjs \
	%reldir%/rules.mjs \
	%reldir%/openid-core-a2.json \
	%reldir%/openid-core-a3.json \
	%reldir%/rfc7515-a2.json \
	%reldir%/rfc7515-a3.json \
	%reldir%/rfc7515-a4.json \
	%reldir%/rfc7515-a5.json \
	%reldir%/rfc7517-a1.json \
	%reldir%/rfc7517-a2.json \
	%reldir%/rfc7517-a3.json \
	%reldir%/rfc7517-b.json \
	%reldir%/rfc7520-3.1.json \
	%reldir%/rfc7520-3.2.json \
	%reldir%/rfc7520-3.3.json \
	%reldir%/rfc7520-3.4.json \
	%reldir%/rfc7520-3.5.json \
	%reldir%/rfc7520-3.6.json \
	%reldir%/rfc7520-4.1.json \
	%reldir%/rfc7520-4.2.json \
	%reldir%/rfc7520-4.3.json \
	%reldir%/rfc7520-4.4.json \
	%reldir%/rfc7520-4.5.json \
	%reldir%/rfc7520-4.6.json \
	%reldir%/rfc7520-4.7.json \
	%reldir%/rfc7520-4.8.json \
	%reldir%/rfc7520-6.1.json \
	%reldir%/rfc7520-6.2.json \
	%reldir%/rfc8037-a1.json \
	%reldir%/rfc8037-a2.json \
	%reldir%/rfc8037-a4.json \
	%reldir%/rfc8037-a6.json
