sbin_PROGRAMS += hostpassd
noinst_LTLIBRARIES += %reldir%/libdaemon.la

%canon_reldir%_libdaemon_la_SOURCES = \
	%reldir%/age.c %reldir%/age.h \
	%reldir%/providers.c %reldir%/providers.h \
	%reldir%/reason.c %reldir%/reason.h \
	%reldir%/route.c %reldir%/route.h \
	%reldir%/trouble.c %reldir%/trouble.h \
	%reldir%/systemd.h \
	%reldir%/world.h
%canon_reldir%_libdaemon_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) \
	$(CRYPTO_CFLAGS) $(INIH_CFLAGS) $(QRENCODE_CFLAGS) $(SQLITE_CFLAGS) \
	$(CRYPT_CFLAGS) $(PWQUALITY_CFLAGS) $(SYSTEMD_CFLAGS)
%canon_reldir%_libdaemon_la_LIBADD = %reldir%/oidc/liboidc.la \
	common/libcommon.la common/libsnapshot.la \
	$(LIBEVENT_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS) $(QRENCODE_LIBS) \
	$(SQLITE_LIBS) $(CRYPT_LIBS) $(PWQUALITY_LIBS) $(SYSTEMD_LIBS) \
	-lpthread

hostpassd_SOURCES = \
	%reldir%/main.c \
	%reldir%/upkeep.c %reldir%/upkeep.h \
	%reldir%/watchdog.c %reldir%/watchdog.h
hostpassd_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) $(SYSTEMD_CFLAGS)
hostpassd_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
hostpassd_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
hostpassd_LDADD = %reldir%/libdaemon.la $(SYSTEMD_LIBS)

# From the caller to the file that NSS reads.
include daemon/server/local.mk
include daemon/session/local.mk
include daemon/policy/local.mk
include daemon/oidc/local.mk
include daemon/identity/local.mk
include daemon/store/local.mk
include daemon/snapshot/local.mk
include daemon/refresher/local.mk
include daemon/adopt/local.mk
include daemon/directory/local.mk
include daemon/report/local.mk
include daemon/config/local.mk
include daemon/local/local.mk
