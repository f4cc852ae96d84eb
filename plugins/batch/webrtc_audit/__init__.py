# SPDX-License-Identifier: GPL-2.0-or-later
"""What webrtc-audit does beside auditing: evidence packages, results that are kept, records for pipelines."""
