/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Special addresses by the registries that RFC 6890 began. */
#include "base/address_scope.h"

#include <string.h>

static void test_scopes(void)
{
    static const struct {
        const char *text;
        wr_scope scope;
    } cases[] = {
        {"8.8.8.8", WR_SCOPE_PUBLIC},
        {"10.1.2.3", WR_SCOPE_PRIVATE},
        {"172.15.0.1", WR_SCOPE_PUBLIC},
        {"172.16.0.1", WR_SCOPE_PRIVATE},
        {"172.31.255.1", WR_SCOPE_PRIVATE},
        {"172.32.0.1", WR_SCOPE_PUBLIC},
        {"192.168.9.9", WR_SCOPE_PRIVATE},
        {"192.169.0.1", WR_SCOPE_PUBLIC},
        {"100.64.0.1", WR_SCOPE_PRIVATE},
        {"100.128.0.1", WR_SCOPE_PUBLIC},
        {"127.0.0.1", WR_SCOPE_LOOPBACK},
        {"127.255.0.9", WR_SCOPE_LOOPBACK},
        {"0.0.0.0", WR_SCOPE_UNSPECIFIED},
        {"0.1.2.3", WR_SCOPE_UNSPECIFIED},
        {"169.254.1.1", WR_SCOPE_LINK_LOCAL},
        {"169.254.169.254", WR_SCOPE_METADATA},
        {"224.0.0.251", WR_SCOPE_MULTICAST},
        {"255.255.255.255", WR_SCOPE_MULTICAST},
        {"::1", WR_SCOPE_LOOPBACK},
        {"::", WR_SCOPE_UNSPECIFIED},
        {"::ffff:127.0.0.1", WR_SCOPE_LOOPBACK},
        {"::ffff:10.0.0.1", WR_SCOPE_PRIVATE},
        {"fe80::1", WR_SCOPE_LINK_LOCAL},
        {"febf::1", WR_SCOPE_LINK_LOCAL},
        {"fec0::1", WR_SCOPE_PUBLIC},
        {"fc00::1", WR_SCOPE_PRIVATE},
        {"fd12::1", WR_SCOPE_PRIVATE},
        {"ff02::1", WR_SCOPE_MULTICAST},
        {"2001::1", WR_SCOPE_TUNNEL},
        {"2001:db8::1", WR_SCOPE_PUBLIC},
        {"2002:a00:1::1", WR_SCOPE_TUNNEL},
        {"2a00::1", WR_SCOPE_PUBLIC},
        {"fd00:ec2::254", WR_SCOPE_METADATA},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        wr_endpoint e;
        g_assert_true(wr_endpoint_from_text(cases[i].text, 1, &e));
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(wr_endpoint_scope(&e), ==, cases[i].scope);
    }
}

static void test_names(void)
{
    wr_endpoint none = wr_endpoint_none();

    g_assert_cmpint(wr_endpoint_scope(&none), ==, WR_SCOPE_PUBLIC);
    g_assert_cmpstr(wr_scope_name(WR_SCOPE_LOOPBACK), ==, "loopback");
    g_assert_cmpstr(wr_scope_name((wr_scope)99), ==, "public");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scope/scopes", test_scopes);
    g_test_add_func("/scope/names", test_names);
    return g_test_run();
}
