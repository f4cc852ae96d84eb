# SPDX-License-Identifier: GPL-2.0-or-later
# Removes the files that an installation listed in WR_MANIFEST; folders stay, others may use them.

if(NOT EXISTS "${WR_MANIFEST}")
    message(FATAL_ERROR "Nothing was installed from this build folder: ${WR_MANIFEST} is not there")
endif()
file(STRINGS "${WR_MANIFEST}" files)
foreach(file IN LISTS files)
    set(place "$ENV{DESTDIR}${file}")
    if(EXISTS "${place}" OR IS_SYMLINK "${place}")
        message(STATUS "Removing ${place}")
        file(REMOVE "${place}")
    endif()
endforeach()
