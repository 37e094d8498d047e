daemon_libdaemon_la_SOURCES += \
	%reldir%/audit.c %reldir%/audit.h \
	%reldir%/report.c %reldir%/report.h \
	%reldir%/report_events.c \
	%reldir%/report_groups.c \
	%reldir%/report_person.c \
	%reldir%/report_warnings.c \
	%reldir%/report_why.c
if HAVE_LIBSYSTEMD
daemon_libdaemon_la_SOURCES += %reldir%/audit_journal.c
else
daemon_libdaemon_la_SOURCES += %reldir%/audit_nojournal.c
endif
