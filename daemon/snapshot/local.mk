daemon_libdaemon_la_SOURCES += \
	%reldir%/groupname.c %reldir%/groupname.h \
	%reldir%/owngroup.c %reldir%/owngroup.h \
	%reldir%/owngroup_check.c \
	%reldir%/publish.c %reldir%/publish.h \
	%reldir%/publish_local.c \
	%reldir%/publish_subid.c \
	%reldir%/publish_taken.c \
	%reldir%/publish_when.c \
	%reldir%/snapshot_check.c \
	%reldir%/snapshot_keys.c \
	%reldir%/snapshot_layout.c %reldir%/snapshot_layout.h \
	%reldir%/snapshot_write.c %reldir%/snapshot_write.h
