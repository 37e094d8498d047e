/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon/store/seal_key.c: a key is made once, kept, and taken from nobody
 * else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/seal.h"
#include "daemon/store/seal_key.h"

struct place {
	char	dir[64];
	char	path[PATH_MAX];		/* of the file */
	char	credential[PATH_MAX];
};

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->dir, sizeof(place->dir),
	    "/tmp/hostpass-test.XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	(void)snprintf(place->path, sizeof(place->path), "%s/seal.key",
	    place->dir);
	(void)snprintf(place->credential, sizeof(place->credential), "%s/%s",
	    place->dir, SEAL_KEY_CREDENTIAL);
	*state = place;
	return 0;
}

static int
teardown(void **state)
{
	struct place *place = *state;

	(void)unlink(place->path);
	(void)unlink(place->credential);
	/* Nothing else may have been left behind. */
	assert_int_equal(rmdir(place->dir), 0);
	free(place);
	return 0;
}

static void
write_bytes(const char *path, int byte, size_t count, mode_t mode)
{
	FILE *out = fopen(path, "w");
	size_t i;

	assert_non_null(out);
	for (i = 0; i < count; i++)
		assert_int_equal(fputc(byte, out), byte);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
test_made_once(void **state)
{
	struct secret first = SECRET_INIT, second = SECRET_INIT;
	struct place *place = *state;
	struct stat st;

	assert_int_equal(seal_key_load(NULL, place->path, &first), 0);
	assert_int_equal(first.len, SEAL_KEY_SIZE);
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, SEAL_KEY_SIZE);
	assert_int_equal(seal_key_make(place->path), -EEXIST);
	assert_int_equal(seal_key_load(NULL, place->path, &second), 0);
	assert_true(secret_equal(&first, &second));
	secret_free(&first);
	/* Another one is another one. */
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(seal_key_load(NULL, place->path, &first), 0);
	assert_false(secret_equal(&first, &second));
	secret_free(&first);
	secret_free(&second);
}

static void
test_credential_comes_first(void **state)
{
	struct place *place = *state;
	struct secret key = SECRET_INIT;

	write_bytes(place->credential, 'c', SEAL_KEY_SIZE, 0440);
	assert_int_equal(seal_key_load(place->dir, place->path, &key), 0);
	assert_int_equal(key.data[0], 'c');
	/* And then no file is made. */
	assert_int_equal(access(place->path, F_OK), -1);
	secret_free(&key);
	write_bytes(place->credential, 'c', SEAL_KEY_SIZE - 1, 0440);
	assert_int_equal(seal_key_load(place->dir, place->path, &key),
	    -EUCLEAN);
	/* No credential of ours among others. */
	assert_int_equal(unlink(place->credential), 0);
	assert_int_equal(seal_key_load(place->dir, place->path, &key), 0);
	assert_int_equal(access(place->path, F_OK), 0);
	secret_free(&key);
}

static void
test_file_must_be_ours_alone(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0666 };
	struct place *place = *state;
	struct secret key = SECRET_INIT;
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		write_bytes(place->path, 'k', SEAL_KEY_SIZE, modes[i]);
		assert_int_equal(seal_key_load(NULL, place->path, &key),
		    -EPERM);
	}
	assert_int_equal(unlink(place->path), 0);
	write_bytes(place->credential, 'k', SEAL_KEY_SIZE, 0600);
	assert_int_equal(symlink(place->credential, place->path), 0);
	assert_int_equal(seal_key_load(NULL, place->path, &key), -ELOOP);
	assert_null(key.data);
}

static void
test_no_key(void **state)
{
	static const size_t sizes[] = { 0, 31, 33, 64 };
	struct place *place = *state;
	struct secret key = SECRET_INIT;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		write_bytes(place->path, 'k', sizes[i], 0600);
		assert_int_equal(seal_key_load(NULL, place->path, &key),
		    -EUCLEAN);
	}
	assert_int_equal(seal_key_load(NULL, "/nonexistent/seal.key", &key),
	    -ENOENT);
	assert_null(key.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_made_once, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_credential_comes_first,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_must_be_ours_alone,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_key, setup, teardown),
	};

	return cmocka_run_group_tests_name("seal_key", tests, NULL, NULL);
}
