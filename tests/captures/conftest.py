# SPDX-License-Identifier: GPL-2.0-or-later
"""What pytest is told about all tests of this folder."""


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; leave out with -m 'not slow'")


def pytest_report_header():
    import tshark

    major, minor = tshark.series()
    who = "nobody" if tshark.unprivileged() else "this user"
    return f"tshark {major}.{minor}, run as {who}"
