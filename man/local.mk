dist_man_MANS += \
	%reldir%/hostpass.1 \
	%reldir%/hostpass.conf.5 \
	%reldir%/hostpassd.8 \
	%reldir%/libnss_hostpass.8 \
	%reldir%/pam_hostpass.8

# Made of the table of reasons.
nodist_man_MANS = %reldir%/hostpass-reasons.7
reasons_manual = %reldir%/hostpass-reasons.awk \
	%reldir%/hostpass-reasons.head %reldir%/hostpass-reasons.tail
EXTRA_DIST += $(reasons_manual)
CLEANFILES += %reldir%/hostpass-reasons.7
%reldir%/hostpass-reasons.7: $(reasons_manual) daemon/reason.h
	$(AM_V_at)$(MKDIR_P) %reldir%
	$(AM_V_GEN)$(AWK) \
		-v head='$(srcdir)/%reldir%/hostpass-reasons.head' \
		-v tail='$(srcdir)/%reldir%/hostpass-reasons.tail' \
		-f $(srcdir)/%reldir%/hostpass-reasons.awk \
		$(srcdir)/daemon/reason.h >$@.new && mv $@.new $@
