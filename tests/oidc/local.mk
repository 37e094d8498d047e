# What the suite refresh starts; `make check` builds it.
check_PROGRAMS += %reldir%/refresh_probe
%canon_reldir%_refresh_probe_SOURCES = %reldir%/refresh_probe.c
%canon_reldir%_refresh_probe_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS)
%canon_reldir%_refresh_probe_LDADD = daemon/libdaemon.la
EXTRA_DIST += %reldir%/refresh.mjs
