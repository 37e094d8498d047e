# fuzz targets
#
# replay_X is X with a main() of its own: `make check` runs it on its corpus.
# fuzz_X is X with libFuzzer, built when it is asked for: see suites/fuzz.
fuzz_replays = \
	%reldir%/replay_callback \
	%reldir%/replay_config \
	%reldir%/replay_device \
	%reldir%/replay_frame \
	%reldir%/replay_idtoken \
	%reldir%/replay_json \
	%reldir%/replay_jwk \
	%reldir%/replay_jws \
	%reldir%/replay_record
if ENABLE_NSS
fuzz_replays += %reldir%/replay_snapshot
endif
check_PROGRAMS += $(fuzz_replays)
TESTS += $(fuzz_replays)
EXTRA_PROGRAMS += \
	%reldir%/fuzz_callback \
	%reldir%/fuzz_config \
	%reldir%/fuzz_device \
	%reldir%/fuzz_frame \
	%reldir%/fuzz_idtoken \
	%reldir%/fuzz_json \
	%reldir%/fuzz_jwk \
	%reldir%/fuzz_jws \
	%reldir%/fuzz_record \
	%reldir%/fuzz_snapshot
EXTRA_DIST += %reldir%/corpus

fuzz_replay_sources = %reldir%/replay.c %reldir%/fuzz.h
fuzz_libs = tests/unit/liboidctest.la
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer

%canon_reldir%_replay_callback_SOURCES = %reldir%/fuzz_callback.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_callback_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_callback_SOURCES = %reldir%/fuzz_callback.c
%canon_reldir%_fuzz_callback_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_callback_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_config_SOURCES = %reldir%/fuzz_config.c \
	$(unit_config_sources) \
	$(fuzz_replay_sources)
%canon_reldir%_replay_config_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_replay_config_LDADD = $(fuzz_libs) $(INIH_LIBS)
%canon_reldir%_fuzz_config_SOURCES = %reldir%/fuzz_config.c \
	$(unit_config_sources)
%canon_reldir%_fuzz_config_CPPFLAGS = $(AM_CPPFLAGS) $(INIH_CFLAGS)
%canon_reldir%_fuzz_config_LDADD = $(fuzz_libs) $(INIH_LIBS)
%canon_reldir%_fuzz_config_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_device_SOURCES = %reldir%/fuzz_device.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_device_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_device_SOURCES = %reldir%/fuzz_device.c
%canon_reldir%_fuzz_device_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_device_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_frame_SOURCES = %reldir%/fuzz_frame.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_frame_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_frame_SOURCES = %reldir%/fuzz_frame.c
%canon_reldir%_fuzz_frame_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_frame_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_idtoken_SOURCES = %reldir%/fuzz_idtoken.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_idtoken_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_idtoken_SOURCES = %reldir%/fuzz_idtoken.c
%canon_reldir%_fuzz_idtoken_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_idtoken_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_json_SOURCES = %reldir%/fuzz_json.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_json_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_json_SOURCES = %reldir%/fuzz_json.c
%canon_reldir%_fuzz_json_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_json_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_jwk_SOURCES = %reldir%/fuzz_jwk.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_jwk_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_jwk_SOURCES = %reldir%/fuzz_jwk.c
%canon_reldir%_fuzz_jwk_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_jwk_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_jws_SOURCES = %reldir%/fuzz_jws.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_jws_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_jws_SOURCES = %reldir%/fuzz_jws.c
%canon_reldir%_fuzz_jws_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_jws_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_record_SOURCES = %reldir%/fuzz_record.c \
	daemon/session/session_record.c $(fuzz_replay_sources)
%canon_reldir%_replay_record_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_record_SOURCES = %reldir%/fuzz_record.c \
	daemon/session/session_record.c
%canon_reldir%_fuzz_record_LDADD = $(fuzz_libs)
%canon_reldir%_fuzz_record_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_replay_snapshot_SOURCES = %reldir%/fuzz_snapshot.c \
	$(fuzz_replay_sources)
%canon_reldir%_replay_snapshot_LDADD = nss/libnss.la \
	common/libsnapshot.la $(fuzz_libs)
%canon_reldir%_fuzz_snapshot_SOURCES = %reldir%/fuzz_snapshot.c
%canon_reldir%_fuzz_snapshot_LDADD = nss/libnss.la \
	common/libsnapshot.la $(fuzz_libs)
%canon_reldir%_fuzz_snapshot_LDFLAGS = $(fuzz_ldflags)
