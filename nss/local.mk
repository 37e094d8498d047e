if ENABLE_NSS
nssexec_LTLIBRARIES += %reldir%/libnss_hostpass.la
noinst_LTLIBRARIES += %reldir%/libnss.la
endif

# All of the code, for the module and for tests, which read another file.
%canon_reldir%_libnss_la_SOURCES = \
	%reldir%/nss_group.c \
	%reldir%/nss_hostpass.h \
	%reldir%/nss_initgroups.c \
	%reldir%/nss_pack.c %reldir%/nss_pack.h \
	%reldir%/nss_passwd.c
%canon_reldir%_libnss_la_LIBADD = common/libsnapshot.la

%canon_reldir%_libnss_hostpass_la_SOURCES = %reldir%/nss_snapshot.c
%canon_reldir%_libnss_hostpass_la_LIBADD = %reldir%/libnss.la
# glibc loads libnss_NAME.so.2. -z nodelete: a process that looked somebody up
# may unload whatever loaded us, but a mapping must never lose its code.
%canon_reldir%_libnss_hostpass_la_LDFLAGS = $(AM_LDFLAGS) $(MODULE_LDFLAGS) \
	$(NSS_LDFLAGS) -module -version-info 2:0:0 \
	-Wl,--version-script=$(srcdir)/%reldir%/nss_hostpass.map
EXTRA_%canon_reldir%_libnss_hostpass_la_DEPENDENCIES = %reldir%/nss_hostpass.map
EXTRA_DIST += %reldir%/nss_hostpass.map
