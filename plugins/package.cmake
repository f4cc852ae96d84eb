# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian package. It serves the series of Wireshark it was built against: dpkg-shlibdeps names that series' libraries.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wireshark-webrtc)
set(CPACK_PACKAGE_CONTACT "wireshark-webrtc <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "WebRTC plugins for Wireshark ${WR_SERIES}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Decodes WebRTC signalling, session descriptions, ICE and DTLS, and says for each call\n\
whether the certificates presented are those that were announced.")
set(CPACK_DEBIAN_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~wireshark${WR_SERIES}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "tshark, wireshark-common")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "wireshark, openssl")
# The plugins' folder is Wireshark's own, an absolute path
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Only the plugins are packed, so the tests need not be built
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
include(CPack)
