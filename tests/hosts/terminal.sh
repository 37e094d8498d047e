# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Terminals of 100 columns and 60 lines, by tmux: what a person types and what
# she sees. Needs world.sh.

# terminal COMMAND...: tmux, with a server of this world's own.
terminal()
{
	local file=$WORLD_DIR/tmux.conf

	[ -e "$file" ] || printf '%s\n' 'set -g status off' \
		'set -g remain-on-exit on' 'set -g remain-on-exit-format ""' \
		>"$file"
	env -u TMUX LC_ALL=C.UTF-8 tmux -S "$WORLD_DIR/tmux" -u -f "$file" "$@"
}

# terminal_open NAME COMMAND...: runs it in a new terminal.
terminal_open()
{
	local name=$1
	shift

	terminal new-session -d -s "$name" -x 100 -y 60 -- "$@"
}

terminal_close()
{
	terminal kill-session -t "$1"
}

# What is on the screen, without the empty lines at its end.
terminal_screen()
{
	printf '%s\n' "$(terminal capture-pane -p -t "$1")"
}

terminal_type()
{
	terminal send-keys -t "$1" -l "$2"
	terminal send-keys -t "$1" Enter
}

# terminal_command NAME COMMAND: typed on an empty screen, so that nothing that
# was there before is taken for its output.
terminal_command()
{
	terminal send-keys -t "$1" -R
	terminal_type "$1" "$2"
}

# The same as a person does it: the shell's prompt stays.
terminal_clear()
{
	terminal send-keys -t "$1" C-l
}

# terminal_shows NAME REGEX
terminal_shows()
{
	terminal_screen "$1" | grep -qE -- "$2"
}

# terminal_wait NAME SECONDS REGEX: until the screen shows it. What it showed
# instead goes to the log.
terminal_wait()
{
	world_wait "$2" terminal_shows "$1" "$3" && return
	{
		echo "--- no '$3' in $2 s:"
		terminal_screen "$1"
	} >>"$(world_log screens)"
	return 1
}

# The command has ended.
terminal_ended()
{
	[ "$(terminal display-message -p -t "$1" '#{pane_dead}')" = 1 ]
}

# The last link on the screen.
terminal_link()
{
	terminal_screen "$1" | grep -oE 'https://[^ ]*user_code=[A-Z0-9]+' |
		tail -n 1
}

# terminal_picture NAME FILE: the screen as a PNG. The python is the
# distribution's, which has the package; another may come first in PATH.
terminal_picture()
{
	terminal_screen "$1" |
		/usr/bin/python3 "$TOP/tests/hosts/picture.py" "$2"
}

# What a telephone's camera makes of the screen.
terminal_scan()
{
	local picture=$WORLD_DIR/$1.png

	terminal_picture "$1" "$picture" &&
		zbarimg --quiet --raw --nodbus "$picture"
}
