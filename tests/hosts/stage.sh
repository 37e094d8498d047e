# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The stage on which the suites play: a world with a private host, a provider
# and people. Needs tests/lib/suite.sh.

# shellcheck source=tests/hosts/world.sh
. "$TOP/tests/hosts/world.sh"
# shellcheck source=tests/hosts/host.sh
. "$TOP/tests/hosts/host.sh"
# shellcheck source=tests/hosts/provider.sh
. "$TOP/tests/hosts/provider.sh"
# shellcheck source=tests/hosts/terminal.sh
. "$TOP/tests/hosts/terminal.sh"
# shellcheck source=tests/hosts/person.sh
. "$TOP/tests/hosts/person.sh"
# shellcheck source=tests/hosts/scenario.sh
. "$TOP/tests/hosts/scenario.sh"

# stage_prepare [PACKAGE...]: what needs a network, and the build.
# shellcheck disable=SC2120 # most suites need no more
stage_prepare()
{
	stage_prepare_host "$@"
	provider_packages
	require "fetch the provider's packages" npm provider_prepare
}

# The same for a stage without the provider.
stage_prepare_host()
{
	require 'namespaces can be made' namespaces world_is_possible
	packages "${BUILD_PACKAGES[@]}" "${HOST_PACKAGES[@]}" "$@"
	build_tree plain
	require 'install below a directory; fetch sshd and sudo' install \
		host_prepare "$HOSTPASS_BUILD/plain"
}

# stage_start [STATE]: the host and the provider, with this state directory;
# admins and staff may enter, admins may use sudo.
# shellcheck disable=SC2120 # a suite needs no state of its own
stage_start()
{
	# These grow while a suite plays; an earlier one may have left some.
	rm -f "$LOGS/${suite:?}"-{hostpassd-*,approve,screens}.log
	host_create && provider_start "${1:-$WORLD_DIR/provider}" || return
	# What docs/install.md tells admins to turn on at Pocket ID.
	provider_set "s['clients'][0]['requires_reauthentication'] = True"
	stage_configure <<-END
		[access:sudo]
		allow_groups = admins
		[groups]
		admins = sudo
	END
}

# The configuration of the host: the provider, who may enter, and the sections
# on standard input.
stage_configure()
{
	host_write /etc/hostpass/ca.pem 644 <"$PROVIDER_STATE/ca.pem"
	{
		cat <<-END
			[provider]
			issuer = $PROVIDER_ISSUER
			client_id = $PROVIDER_CLIENT
			ca_file = /etc/hostpass/ca.pem
			[access]
			allow_groups = ${STAGE_ALLOW:-admins, staff}
		END
		cat
	} | host_write /etc/hostpass/hostpass.conf 644
}
