# What systemd needs is installed where systemd looks. The configuration and
# the drop-in of sshd are examples: they are for the admin or the package to
# put in place, and never overwrite what is there.
systemdsystemunit_DATA = %reldir%/hostpass-end-sessions.path \
	%reldir%/hostpass-end-sessions.service \
	%reldir%/hostpassd-key.service \
	%reldir%/hostpassd.service %reldir%/hostpassd.socket
sysusers_DATA = %reldir%/sysusers.d/hostpass.conf
tmpfiles_DATA = %reldir%/tmpfiles.d/hostpass.conf
autostartdir = $(sysconfdir)/xdg/autostart
dist_autostart_DATA = %reldir%/hostpass-open-browser.desktop
pamconfigsdir = $(datadir)/pam-configs
dist_pamconfigs_DATA = %reldir%/pam-configs/hostpass \
	%reldir%/pam-configs/hostpass-password
examplesdir = $(docdir)/examples
dist_examples_DATA = %reldir%/hostpass.conf \
	%reldir%/hostpass-metrics.service %reldir%/hostpass-metrics.timer \
	%reldir%/sshd_config.d/30-hostpass.conf
nodist_examples_DATA = %reldir%/sshd_config.d/31-hostpass-keys.conf

# The paths are known to make, not to configure: ${prefix} may be given late.
substitute = $(AM_V_GEN)$(MKDIR_P) $(@D) && sed \
	-e 's|@bindir[@]|$(bindir)|g' \
	-e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@confdir[@]|$(confdir)|g' \
	-e 's|@rundir[@]|$(rundir)|g' \
	-e 's|@confdir[@]|$(confdir)|g' \
	-e 's|@statedir[@]|$(statedir)|g'

%reldir%/hostpass-end-sessions.path: \
	%reldir%/hostpass-end-sessions.path.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpass-end-sessions.path.in >$@
%reldir%/hostpass-end-sessions.service: \
	%reldir%/hostpass-end-sessions.service.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpass-end-sessions.service.in >$@
%reldir%/hostpassd-key.service: %reldir%/hostpassd-key.service.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpassd-key.service.in >$@
%reldir%/hostpassd.service: %reldir%/hostpassd.service.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpassd.service.in >$@
%reldir%/hostpassd.socket: %reldir%/hostpassd.socket.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpassd.socket.in >$@
%reldir%/sysusers.d/hostpass.conf: %reldir%/hostpass.sysusers.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpass.sysusers.in >$@
%reldir%/tmpfiles.d/hostpass.conf: %reldir%/hostpass.tmpfiles.in Makefile
	$(substitute) $(srcdir)/%reldir%/hostpass.tmpfiles.in >$@
%reldir%/sshd_config.d/31-hostpass-keys.conf: \
		%reldir%/sshd_config.d/31-hostpass-keys.conf.in Makefile
	$(substitute) \
		$(srcdir)/%reldir%/sshd_config.d/31-hostpass-keys.conf.in >$@

CLEANFILES += $(systemdsystemunit_DATA) $(sysusers_DATA) $(tmpfiles_DATA) \
	$(nodist_examples_DATA)
EXTRA_DIST += \
	%reldir%/apparmor/authentication.d/hostpass \
	%reldir%/apparmor/nameservice.d/hostpass \
	%reldir%/hostpass.sysusers.in \
	%reldir%/hostpass.tmpfiles.in \
	%reldir%/hostpass-end-sessions.path.in \
	%reldir%/hostpass-end-sessions.service.in \
	%reldir%/hostpassd-key.service.in \
	%reldir%/hostpassd.service.in \
	%reldir%/hostpassd.socket.in \
	%reldir%/sshd_config.d/31-hostpass-keys.conf.in

# What only some distributions have: their packages install it.
EXTRA_DIST += %reldir%/authselect \
	%reldir%/selinux/hostpass.fc \
	%reldir%/selinux/hostpass.if \
	%reldir%/selinux/hostpass.te
