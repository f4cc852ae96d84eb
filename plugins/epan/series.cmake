# SPDX-License-Identifier: GPL-2.0-or-later
# What the headers of the Wireshark at hand have, asked of a compiler and not of a version number: a series between those
# that are tried, or a distribution's own, has some of it and not the rest (4.2 gives conversation filters their data, as
# 4.4 does, and has gboolean where 4.4 has bool). What the preprocessor or a type can answer is asked where it is needed
# (__has_include, __typeof__, _Generic); here is what neither can. Makes wr_epan/series.h in FOLDER.

include(CheckCSourceCompiles)
include(CheckStructHasMember)
include(CheckSymbolExists)
include(CMakePushCheckState)

# An upgrade of Wireshark under an old build folder asks anew.
function(wr_forget_other_series version)
    if(NOT "${WR_SERIES_ASKED}" STREQUAL "${version}")
        get_cmake_property(known CACHE_VARIABLES)
        foreach(name IN LISTS known)
            if(name MATCHES "^WR_HAVE_")
                unset(${name} CACHE)
            endif()
        endforeach()
        set(WR_SERIES_ASKED "${version}" CACHE INTERNAL "Wireshark whose headers were asked")
    endif()
endfunction()

# wr_ask_series(VERSION FOLDER LIBRARIES…): the libraries carry the include folders.
function(wr_ask_series version folder)
    wr_forget_other_series("${version}")
    set(headers ${CMAKE_REQUIRED_INCLUDES}) # those of a tree that is not built yet
    cmake_push_check_state(RESET)
    set(CMAKE_REQUIRED_INCLUDES ${headers})
    set(CMAKE_REQUIRED_LIBRARIES ${ARGN})
    set(CMAKE_REQUIRED_FLAGS "-Werror=incompatible-pointer-types")
    set(CMAKE_REQUIRED_QUIET ON)
    set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # declarations are asked for: nothing is linked
    set(head "#include <wireshark.h>\n#include <epan/packet.h>\n")

    check_c_source_compiles("${head}int wr_any;" WR_HAVE_WIRESHARK)
    if(NOT WR_HAVE_WIRESHARK)
        message(FATAL_ERROR "The headers of Wireshark ${version} do not compile: see CMakeFiles/CMakeError.log or "
            "CMakeFiles/CMakeConfigureLog.yaml in the build folder")
    endif()

    # Callbacks of a conversation filter are told the data that it was registered with.
    check_c_source_compiles("${head}#include <epan/conversation_filter.h>
        static char *text(packet_info *p, void *d) { (void)p; (void)d; return 0; }
        build_filter_string_func wr_any = text;" WR_HAVE_CONVERSATION_FILTER_DATA)
    # The start of a -z report may fail.
    check_c_source_compiles("${head}#include <epan/stat_tap_ui.h>
        static _Bool start(const char *a, void *d) { (void)a; (void)d; return 1; }
        stat_tap_init_cb wr_any = start;" WR_HAVE_REPORT_RESULT)
    # The Telephony menu's own entries, beside its protocols, have this name instead of REGISTER_STAT_GROUP_TELEPHONY.
    check_c_source_compiles("${head}#include <epan/stat_groups.h>
        int wr_any = REGISTER_TELEPHONY_GROUP_UNSORTED;" WR_HAVE_TELEPHONY_UNSORTED)
    # The name of a data source, and its description, with the length behind.
    check_symbol_exists(get_data_source_name "wireshark.h;epan/packet.h" WR_HAVE_SOURCE_NAME)
    check_symbol_exists(get_data_source_description "wireshark.h;epan/packet.h" WR_HAVE_SOURCE_DESCRIPTION)
    # HTTP/1: what a request said stands with the request; before, with the connection.
    set(http "wireshark.h;epan/packet.h;epan/dissectors/packet-http.h")
    check_struct_has_member(http_req_res_t request_uri "${http}" WR_HAVE_HTTP_REQUESTS)
    check_struct_has_member(http_conv_t request_uri "${http}" WR_HAVE_HTTP_CONNECTION_REQUEST)
    # The subprotocol of WebSocket: kept with the connection; or asked for, of whatever version of HTTP carried the upgrade.
    check_struct_has_member(http_conv_t websocket_protocol "${http}" WR_HAVE_HTTP_WEBSOCKET_PROTOCOL)
    check_struct_has_member(http_conv_t upgrade_info "${http}" WR_HAVE_HTTP_UPGRADE)
    # Heuristics over TLS are given a record of the connection; before, only the place of the handle.
    check_struct_has_member("struct tlsinfo" app_handle "wireshark.h;epan/packet.h;epan/dissectors/packet-tls.h"
        WR_HAVE_TLSINFO)
    # What key logs said is told by a function (which the header below hides behind Gcrypt's); before, master secrets
    # stood in a table that all may see.
    check_symbol_exists(ssl_crandom_hash "wireshark.h;epan/packet.h;epan/dissectors/packet-tls.h" WR_HAVE_TLS_CRANDOM)
    if(NOT WR_HAVE_TLS_CRANDOM)
        set(WR_HAVE_TLS_MAPS ON CACHE INTERNAL "")
    endif()
    # What a payload type of RTP means: with the number of channels.
    check_c_source_compiles("${head}#include <epan/dissectors/packet-rtp.h>
        void wr_any(rtp_dyn_payload_t *p) { rtp_dyn_payload_insert(p, 0, \"\", 0, 0); }" WR_HAVE_RTP_CHANNELS)
    cmake_pop_check_state()

    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/include/wr_epan/series.h.in" "${folder}/wr_epan/series.h")
endfunction()
