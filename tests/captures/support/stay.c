/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded by the tests: keeps plugins loaded to the very end, so that leaks can be told with the names of functions.
 */
int dlclose(void *handle);

int dlclose(void *handle)
{
    (void)handle;
    return 0;
}
