/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a configuration file: it is refused with a sentence that names
 * the file, or it is one that can be asked.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/attr.h"
#include "daemon/config/config.h"
#include "tests/fuzz/fuzz.h"

static char directory[] = "/tmp/hostpass-fuzz.XXXXXX";
static char path[sizeof(directory) + sizeof("/hostpass.conf")];

static void
clean_up(void)
{
	(void)unlink(path);
	(void)rmdir(directory);
}

/* Once for all inputs. */
static void
make_directory(void)
{
	if (path[0] != '\0')
		return;
	fuzz_holds(mkdtemp(directory) != NULL);
	(void)snprintf(path, sizeof(path), "%s/hostpass.conf", directory);
	fuzz_holds(atexit(clean_up) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config config;
	int fd, r;

	make_directory();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	fuzz_holds(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	fuzz_holds(close(fd) == 0);
	r = config_load(path, &config, error);
	if (r < 0) {
		fuzz_holds(strstr(error, path) != NULL);
		return 0;
	}
	(void)config_access_for(&config, "sudo");
	config_free(&config);
	return 0;
}
