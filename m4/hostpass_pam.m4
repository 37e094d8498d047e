dnl SPDX-License-Identifier: BSD-2-Clause
dnl
dnl HOSTPASS_CHECK_PAMDIR: libpam loads its modules from one directory, and a
dnl line of PAM that names a module which is not there refuses everybody, root
dnl too. So say it when ours will be installed where no other module is.
AC_DEFUN([HOSTPASS_CHECK_PAMDIR], [
	hostpass_pamdir=$(
		test "$prefix" != NONE || prefix=$ac_default_prefix
		test "$exec_prefix" != NONE || exec_prefix=$prefix
		eval "libdir=\"$libdir\""
		eval "libdir=\"$libdir\""
		eval echo "$pamexecdir"
	)
	hostpass_pam_note=
	AS_IF([test ! -f "$hostpass_pamdir/pam_unix.so"], [
		AC_MSG_WARN([$hostpass_pamdir has no pam_unix.so: libpam may not look there (--with-pamdir)])
		hostpass_pam_note=' (libpam may not look there)'
	])
])
