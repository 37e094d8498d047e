# libsnapshot is mapped into every process of the host: the reader, the name
# grammar, and nothing that allocates, logs or waits.
noinst_LTLIBRARIES += %reldir%/libsnapshot.la %reldir%/libcommon.la

%canon_reldir%_libsnapshot_la_SOURCES = \
	%reldir%/attr.h \
	%reldir%/names.c %reldir%/names.h \
	%reldir%/snapshot.h \
	%reldir%/snapshot_cache.c %reldir%/snapshot_cache.h \
	%reldir%/snapshot_find.c \
	%reldir%/snapshot_index.c %reldir%/snapshot_index.h \
	%reldir%/snapshot_map.c \
	%reldir%/snapshot_sign_in.c \
	%reldir%/snapshot_subid.c

%canon_reldir%_libcommon_la_SOURCES = \
	%reldir%/account_file.c %reldir%/account_file.h \
	%reldir%/client.c %reldir%/client.h \
	%reldir%/frame.c %reldir%/frame.h \
	%reldir%/log.c %reldir%/log.h \
	%reldir%/map_line.c %reldir%/map_line.h \
	%reldir%/proto.h \
	%reldir%/secret.c %reldir%/secret.h \
	%reldir%/subid_line.c %reldir%/subid_line.h \
	%reldir%/url.c %reldir%/url.h
