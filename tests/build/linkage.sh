#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What the modules bring into a foreign process: which libraries, which calls,
# and how the loader maps them.

# shellcheck source=tests/lib/tap.sh
. "$(dirname -- "$0")/../lib/tap.sh"
[ -z "${SAN_CFLAGS:-}" ] || tap_skip_all 'built with sanitizers'

nss=$built/nss/.libs/libnss_hostpass.so
pam=$built/pam/.libs/pam_hostpass.so
subid=$built/subid/.libs/libsubid_hostpass.so

needed()
{
	readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | sort
}

# needs_only MODULE SENTENCE EXPRESSION: of the whole name.
needs_only()
{
	tap_rule "${1##*/} needs $2" "$(needed "$1" | grep -vxE "$3")"
}

# flag MODULE SENTENCE EXPRESSION: in the dynamic section.
flag()
{
	tap_rule "${1##*/} $2" \
		"$(readelf -dW "$1" | grep -Eq "$3" || echo 'it is not')"
}

# calls_none MODULE SENTENCE FUNCTION...: as they are or in their _chk form.
calls_none()
{
	module=$1 sentence=$2
	shift 2
	tap_rule "${module##*/} $sentence" "$(nm -D --undefined-only "$module" |
		awk '{ sub(/@.*/, "", $2); print $2 }' |
		grep -xE "_*($(echo "$*" | tr ' ' '|'))(_chk)?")"
}

for module in "$nss" "$pam" "$subid"; do
	if [ ! -e "$module" ]; then
		tap_rule "${module##*/} is built" "$module"
		tap_end
	fi
	headers=$(readelf -lW "$module")
	tap_rule "${module##*/} has no executable stack" \
		"$(echo "$headers" | grep 'GNU_STACK.* RWE ')"
	tap_rule "${module##*/} has no text relocation" \
		"$(readelf -dW "$module" | grep TEXTREL)"
	if [ -n "${HARDENING_LDFLAGS-}" ]; then
		flag "$module" 'is bound at once' '\<(BIND_NOW|NOW)\>'
		tap_rule "${module##*/} is read-only after relocation" \
			"$(echo "$headers" | grep -q GNU_RELRO || echo 'it is not')"
	else
		tap_skip "${module##*/} is hardened" 'configured without'
	fi
done

needs_only "$nss" 'libc alone' 'libc\.(so\.6|musl.*)'
needs_only "$subid" 'libc alone' 'libc\.(so\.6|musl.*)'
needs_only "$pam" 'libpam and libc' 'libpam\.so\.0|libc\.(so\.6|musl.*)'
flag "$nss" 'stays mapped' 'NODELETE'
tap_rule 'pam_hostpass.so can be unloaded' "$(readelf -dW "$pam" | grep NODELETE)"
# Static TLS is scarce, and a host program may have none left for us.
tap_rule 'libnss_hostpass.so has no thread-local storage' \
	"$(readelf -lW "$nss" | grep -w TLS)"

# Lookups run between fork and exec, beside any thread, in setuid programs. What
# the module calls is listed: no socket to wait for, no lookup that would come
# back to it, no lock that a fork could leave behind. Sanitizers call more.
if [ -z "${SAN_CFLAGS-}" ]; then
	tap_rule "${nss##*/} calls nothing but what is listed here" \
		"$(nm -D --undefined-only "$nss" |
		awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' |
		grep -vxE "$(tr -d ' \t\n' <<-'END'
			_*(clock_gettime|close|errno_location|fstat|geteuid|
			memcmp|memcpy|memmove|mmap|munmap|open|open64|
			pthread_setcancelstate|readlink|realloc|
			stack_chk_fail|stat|strcmp|strlen|strrchr)(_chk)?
		END
		)")"
else
	calls_none "$nss" 'calls nothing that allocates, locks, talks or reads the environment' \
		malloc calloc getenv secure_getenv fopen printf fprintf syslog \
		vsyslog socket connect setlocale dlopen pthread_create \
		pthread_atfork pthread_mutex_lock atexit exit abort
fi
# It is loaded into setuid programs.
calls_none "$subid" 'talks to nobody and reads no environment' \
	getenv secure_getenv setenv putenv socket connect system popen \
	execve syslog vsyslog setlocale dlopen pthread_create atexit exit abort
# It looks into the environment for a desktop, which decides nothing but how
# the person is asked: secure_getenv() would see none in sudo.
calls_none "$pam" 'leaves the process to the program that loaded it' \
	secure_getenv setenv putenv system popen execve signal \
	sigaction sigprocmask alarm chdir umask setlocale dlopen \
	pthread_create pthread_atfork atexit exit abort
tap_end
