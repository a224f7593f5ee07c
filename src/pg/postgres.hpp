// Regime: Postgres (may longjmp, never throws)
//
// Postgres' own headers as C, in one place, so that every file of the Postgres regime includes the same set in the same order.
// Further server headers are included by the files that need them, inside extern "C".
#pragma once

extern "C" {
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/memutils.h"
}

// elog.h and port.h redefine libc names by macro; the C++ library has functions of the same names.
#undef printf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vsprintf
#undef vsnprintf
#undef fprintf
#undef vfprintf
#undef strerror
#undef strerror_r
#undef gettext
#undef dgettext
#undef ngettext
#undef dngettext
#undef bind
