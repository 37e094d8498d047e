# What the suite kills kills; `make check` builds it.
check_PROGRAMS += %reldir%/decide
%canon_reldir%_decide_SOURCES = %reldir%/decide.c
%canon_reldir%_decide_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS)
%canon_reldir%_decide_LDADD = daemon/libdaemon.la
EXTRA_DIST += %reldir%/fault.c %reldir%/crash.py %reldir%/disk.py \
	%reldir%/host.py %reldir%/metrics.py %reldir%/refreshes.py \
	%reldir%/run.py %reldir%/sign_ins.py %reldir%/steps.py
