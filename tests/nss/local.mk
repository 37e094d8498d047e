# What the suite fleet starts; `make check` builds it.
check_PROGRAMS += %reldir%/nss_probe
%canon_reldir%_nss_probe_SOURCES = %reldir%/nss_probe.c
%canon_reldir%_nss_probe_CFLAGS = $(AM_CFLAGS) -pthread
