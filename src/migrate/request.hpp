// Regime: Postgres (may longjmp, never throws)
//
// What the caller asked for, checked before anything is opened.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "utils/array.h"
}

namespace alkconv::migrate {

struct Request {
	const char *source;		   // foreign server
	const char *target_schema; // null: the server's option, else the first schema of the caller's search_path
	core::PlanOptions *plan;
	core::VerifyLevel verify;
	core::OnBadValue on_bad_value;
	int readers; // 0: not given
};

// The SQL arguments that plan, verify and migrate share; any but `source` may be null (its default applies).
struct RequestArguments {
	const char *source;
	const char *target_schema;
	ArrayType *include, *exclude; // text[]
	const char *mode, *on_existing, *verify, *on_bad_value;
	const int32 *readers;
};

// Raises 22023 with the valid values as hint for a bad argument.
Request *make_request(MemoryContext context, const RequestArguments *arguments);

} // namespace alkconv::migrate
