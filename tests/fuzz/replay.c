/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for a fuzzing engine, so that any compiler and `make check` can
 * replay a corpus. replay_X runs the target X on the files that are given, or
 * on those of tests/fuzz/corpus/X.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "daemon/oidc/json.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/oidc_mint.h"

static void
replay(const char *path)
{
	FILE *file = fopen(path, "r");
	/* Of its own size, so that a byte too far is seen. */
	uint8_t *all = malloc(JSON_SIZE_MAX), *data;
	size_t size;

	fuzz_holds(file != NULL && all != NULL);
	size = fread(all, 1, JSON_SIZE_MAX, file);
	fclose(file);
	data = malloc(size > 0 ? size : 1);
	fuzz_holds(data != NULL);
	memcpy(data, all, size);
	free(all);
	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
}

/* How many files of the folder were replayed. */
static unsigned int
replay_folder(const char *folder)
{
	DIR *directory = opendir(folder);
	unsigned int count = 0;
	struct dirent *entry;
	char *path;

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		path = mint_text("%s/%s", folder, entry->d_name);
		replay(path);
		free(path);
		count++;
	}
	if (directory != NULL)
		closedir(directory);
	return count;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("TOP_SRCDIR");
	const char *name = strrchr(argv[0], '_');
	unsigned int count;
	char *folder;
	int i;

	for (i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc > 1)
		return 0;
	fuzz_holds(name != NULL);
	folder = mint_text("%s/tests/fuzz/corpus/%s", top != NULL ? top : ".",
	    name + 1);
	count = replay_folder(folder);
	free(folder);
	printf("%sok 1 - %s: %u inputs\n1..1\n", count > 0 ? "" : "not ",
	    name + 1, count);
	return count == 0;
}
