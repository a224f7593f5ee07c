// Regime: Postgres (may longjmp, never throws)
//
// How long something took, by the server's clock for that.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "portability/instr_time.h"
}

namespace alkconv::pg {

inline instr_time start_stopwatch() {
	instr_time now;
	INSTR_TIME_SET_CURRENT(now);
	return now;
}

inline double seconds_since(const instr_time *start) {
	instr_time now = start_stopwatch();
	INSTR_TIME_SUBTRACT(now, *start);
	return INSTR_TIME_GET_DOUBLE(now);
}

} // namespace alkconv::pg
