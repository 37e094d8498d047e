# What tests/bench/run starts; `make check` builds it.
check_PROGRAMS += %reldir%/directory %reldir%/lookup %reldir%/people \
	%reldir%/publish %reldir%/tokens
%canon_reldir%_directory_SOURCES = %reldir%/directory.c
%canon_reldir%_directory_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS)
%canon_reldir%_directory_LDADD = daemon/libdaemon.la $(LIBEVENT_LIBS)
%canon_reldir%_lookup_SOURCES = %reldir%/lookup.c
%canon_reldir%_people_SOURCES = %reldir%/people.c
%canon_reldir%_people_LDADD = daemon/libdaemon.la
%canon_reldir%_publish_SOURCES = %reldir%/publish.c
%canon_reldir%_publish_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%canon_reldir%_publish_LDADD = daemon/libdaemon.la $(SQLITE_LIBS)
%canon_reldir%_tokens_SOURCES = %reldir%/tokens.c
%canon_reldir%_tokens_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%canon_reldir%_tokens_LDADD = daemon/libdaemon.la $(SQLITE_LIBS)
EXTRA_DIST += %reldir%/README %reldir%/run %reldir%/directory.py \
	%reldir%/memory.py %reldir%/nss.py %reldir%/peers.py \
	%reldir%/pending.py %reldir%/refresh.py
