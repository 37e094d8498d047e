# `make check`: no root, no network. Each program speaks TAP.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/lib/run-test.sh
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	TOP_SRCDIR='$(abs_top_srcdir)'; TOP_BUILDDIR='$(abs_top_builddir)'; \
	CC='$(CC)'; SAN_CFLAGS='$(SAN_CFLAGS)'; \
	HARDENING_LDFLAGS='$(HARDENING_LDFLAGS)'; \
	export TOP_SRCDIR TOP_BUILDDIR CC SAN_CFLAGS HARDENING_LDFLAGS;
# Whole directories, in which nothing is ever generated.
EXTRA_DIST += %reldir%/run %reldir%/demo %reldir%/lib %reldir%/suites \
	%reldir%/hosts %reldir%/lies %reldir%/platforms %reldir%/providers \
	%reldir%/rpm
# npm puts node_modules beside these.
EXTRA_DIST += \
	%reldir%/provider/.npmrc \
	%reldir%/provider/README.md \
	%reldir%/provider/adminapi.mjs \
	%reldir%/provider/approve-http.mjs \
	%reldir%/provider/approve.mjs \
	%reldir%/provider/browser.mjs \
	%reldir%/provider/ca.mjs \
	%reldir%/provider/clients.mjs \
	%reldir%/provider/config.mjs \
	%reldir%/provider/device.mjs \
	%reldir%/provider/engine.mjs \
	%reldir%/provider/faults.mjs \
	%reldir%/provider/harness.mjs \
	%reldir%/provider/http.mjs \
	%reldir%/provider/keys.mjs \
	%reldir%/provider/node \
	%reldir%/provider/package-lock.json \
	%reldir%/provider/package.json \
	%reldir%/provider/pages.mjs \
	%reldir%/provider/passkey.js \
	%reldir%/provider/passkeys.mjs \
	%reldir%/provider/paths.mjs \
	%reldir%/provider/people.mjs \
	%reldir%/provider/pocketid.mjs \
	%reldir%/provider/selftest-browser.mjs \
	%reldir%/provider/selftest-faults.mjs \
	%reldir%/provider/selftest-protocol.mjs \
	%reldir%/provider/selftest-versions.mjs \
	%reldir%/provider/selftest.mjs \
	%reldir%/provider/server.mjs \
	%reldir%/provider/sessions.mjs \
	%reldir%/provider/store.mjs \
	%reldir%/provider/style.css \
	%reldir%/provider/testdoor.mjs \
	%reldir%/provider/tokens.mjs \
	%reldir%/provider/versions.mjs

# The rules of the design.
BUILD_RULES = \
	%reldir%/build/breaks.sh \
	%reldir%/build/documents.sh \
	%reldir%/build/exports.sh \
	%reldir%/build/layers.sh \
	%reldir%/build/linkage.sh \
	%reldir%/build/pitfalls.sh \
	%reldir%/build/style.sh
dist_check_SCRIPTS += $(BUILD_RULES)
TESTS += $(BUILD_RULES)

include tests/bench/local.mk
include tests/kills/local.mk
include tests/oidc/local.mk
include tests/nss/local.mk

if HAVE_CMOCKA
include tests/unit/common.mk
include tests/unit/snapshot.mk
include tests/unit/pam.mk
include tests/unit/daemon.mk
include tests/unit/oidc.mk
include tests/unit/reason.mk
include tests/unit/people.mk
include tests/unit/directory.mk
include tests/unit/who.mk
include tests/unit/cli.mk
include tests/vectors/vectors.mk
include tests/fuzz/fuzz.mk
endif
