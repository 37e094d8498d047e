# tests of the snapshot and of the NSS module
check_LTLIBRARIES += %reldir%/libsnapshot_test.la
%canon_reldir%_libsnapshot_test_la_SOURCES = \
	%reldir%/snapshot_sample.c %reldir%/snapshot_sample.h \
	daemon/snapshot/snapshot_check.c \
	daemon/snapshot/snapshot_keys.c \
	daemon/snapshot/snapshot_layout.c \
	daemon/snapshot/snapshot_write.c
%canon_reldir%_libsnapshot_test_la_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_libsnapshot_test_la_LIBADD = common/libsnapshot.la

snapshot_tests = \
	%reldir%/test_names \
	%reldir%/test_snapshot \
	%reldir%/test_snapshot_write \
	%reldir%/test_snapshot_cache
if ENABLE_NSS
snapshot_tests += \
	%reldir%/test_snapshot_corrupt \
	%reldir%/test_nss \
	%reldir%/test_nss_contract \
	%reldir%/test_subid \
	%reldir%/test_subid_module
endif
check_PROGRAMS += $(snapshot_tests)
TESTS += $(snapshot_tests)
snapshot_test_libs = %reldir%/libsnapshot_test.la $(CMOCKA_LIBS)
snapshot_test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)

%canon_reldir%_test_names_SOURCES = %reldir%/test_names.c
%canon_reldir%_test_names_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_names_LDADD = common/libsnapshot.la $(CMOCKA_LIBS)

%canon_reldir%_test_snapshot_SOURCES = %reldir%/test_snapshot.c
%canon_reldir%_test_snapshot_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_snapshot_LDADD = $(snapshot_test_libs)

%canon_reldir%_test_snapshot_write_SOURCES = %reldir%/test_snapshot_write.c
%canon_reldir%_test_snapshot_write_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_snapshot_write_LDADD = $(snapshot_test_libs)
%canon_reldir%_test_snapshot_write_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=write -Wl,--wrap=fsync -Wl,--wrap=rename

%canon_reldir%_test_snapshot_corrupt_SOURCES = \
	%reldir%/test_snapshot_corrupt.c \
	tests/fuzz/fuzz_snapshot.c
%canon_reldir%_test_snapshot_corrupt_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_snapshot_corrupt_LDADD = nss/libnss.la $(snapshot_test_libs)

%canon_reldir%_test_snapshot_cache_SOURCES = %reldir%/test_snapshot_cache.c
%canon_reldir%_test_snapshot_cache_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_snapshot_cache_LDADD = $(snapshot_test_libs)
%canon_reldir%_test_snapshot_cache_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=clock_gettime -Wl,--wrap=__clock_gettime64 \
	-Wl,--wrap=open -Wl,--wrap=open64 \
	-Wl,--wrap=stat -Wl,--wrap=__stat64_time64

%canon_reldir%_test_nss_SOURCES = %reldir%/test_nss.c
%canon_reldir%_test_nss_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_nss_LDADD = nss/libnss.la $(snapshot_test_libs)
%canon_reldir%_test_nss_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=geteuid -Wl,--wrap=readlink

%canon_reldir%_test_nss_contract_SOURCES = %reldir%/test_nss_contract.c
%canon_reldir%_test_nss_contract_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_nss_contract_LDADD = nss/libnss.la $(snapshot_test_libs)
EXTRA_DIST += %reldir%/nss-pitfalls

%canon_reldir%_test_subid_SOURCES = %reldir%/test_subid.c
%canon_reldir%_test_subid_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_subid_LDADD = subid/libsubid.la $(snapshot_test_libs)
%canon_reldir%_test_subid_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getpwnam_r

# Loads the module by its path, and links none of it.
%canon_reldir%_test_subid_module_SOURCES = %reldir%/test_subid_module.c
%canon_reldir%_test_subid_module_CFLAGS = $(snapshot_test_cflags)
%canon_reldir%_test_subid_module_LDADD = $(CMOCKA_LIBS)
EXTRA_%canon_reldir%_test_subid_module_DEPENDENCIES = subid/libsubid_hostpass.la

# Built by `make check`, run by hand.
if ENABLE_NSS
check_PROGRAMS += tests/bench/nss_direct
endif
tests_bench_nss_direct_SOURCES = tests/bench/nss_direct.c
tests_bench_nss_direct_CFLAGS = $(snapshot_test_cflags)
tests_bench_nss_direct_LDADD = nss/libnss.la $(snapshot_test_libs)

# What the suite platforms starts on each machine.
check_PROGRAMS += tests/nss/sample_write
tests_nss_sample_write_SOURCES = tests/nss/sample_write.c
tests_nss_sample_write_CFLAGS = $(snapshot_test_cflags)
tests_nss_sample_write_LDADD = $(snapshot_test_libs)
