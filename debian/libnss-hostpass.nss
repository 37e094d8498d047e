# After the host's own files and what systemd makes up.
passwd last hostpass
group last hostpass
