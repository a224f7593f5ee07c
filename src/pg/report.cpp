// Regime: Postgres (may longjmp, never throws)
//
// Codes to SQLSTATEs: data faults use class 22 and 23, the source's faults class 08, 28 and HV (foreign-data wrappers).
#include "pg/report.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "utils/memutils.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

int sqlstate(core::Code code) noexcept {
	using core::Code;
	switch (code) {
	case Code::ok: return ERRCODE_INTERNAL_ERROR; // no fault at all, raised as one
	case Code::out_of_range:
	case Code::not_boolean:
	case Code::inexact_number: return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
	case Code::zero_date:
	case Code::partial_date: return ERRCODE_INVALID_DATETIME_FORMAT;
	case Code::date_out_of_range:
	case Code::doubtful_wall_time: return ERRCODE_DATETIME_FIELD_OVERFLOW;
	case Code::invalid_encoding: return ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
	case Code::nul_in_text:
	case Code::nul_in_json: return ERRCODE_UNTRANSLATABLE_CHARACTER;
	case Code::duplicate_member: return ERRCODE_DUPLICATE_JSON_OBJECT_KEY_VALUE;
	case Code::text_too_long:
	case Code::trailing_blanks:
	case Code::bits_too_long: return ERRCODE_STRING_DATA_RIGHT_TRUNCATION;
	case Code::invalid_uuid:
	case Code::empty_uuid:
	case Code::invalid_text:
	case Code::unknown_label: return ERRCODE_INVALID_TEXT_REPRESENTATION;
	case Code::code_point_beyond_byte:
	case Code::invalid_compressed: return ERRCODE_DATA_EXCEPTION;
	case Code::inflated_too_large:
	case Code::value_too_large: return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
	case Code::null_for_not_null: return ERRCODE_NOT_NULL_VIOLATION;
	case Code::cannot_convert:
	case Code::zone_unknown: return ERRCODE_CANNOT_COERCE;
	case Code::missing_target: return ERRCODE_UNDEFINED_OBJECT;
	case Code::unnamed_schema: return ERRCODE_UNDEFINED_SCHEMA;
	case Code::ambiguous_name: return ERRCODE_AMBIGUOUS_COLUMN;
	case Code::not_null_without_source: return ERRCODE_NOT_NULL_VIOLATION;
	case Code::too_many_columns: return ERRCODE_TOO_MANY_COLUMNS;
	case Code::too_many_locks: return ERRCODE_CONFIGURATION_LIMIT_EXCEEDED;
	case Code::unknown_rule: return ERRCODE_INVALID_PARAMETER_VALUE;
	case Code::unknown_option: return ERRCODE_FDW_INVALID_OPTION_NAME;
	case Code::invalid_option_value: return ERRCODE_INVALID_PARAMETER_VALUE;
	case Code::duplicate_object: return ERRCODE_DUPLICATE_OBJECT;
	case Code::unsupported: return ERRCODE_FEATURE_NOT_SUPPORTED;
	case Code::versions_differ: return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
	case Code::connection_failed: return ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION;
	case Code::connection_lost: return ERRCODE_CONNECTION_FAILURE;
	case Code::authentication_failed: return ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION;
	case Code::unknown_database: return ERRCODE_UNDEFINED_DATABASE;
	case Code::tls_refused: return ERRCODE_SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION;
	case Code::source_privilege: return ERRCODE_INSUFFICIENT_PRIVILEGE;
	case Code::source_error: return ERRCODE_FDW_ERROR;
	case Code::source_timeout: return ERRCODE_CONNECTION_FAILURE;
	case Code::several_servers: return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
	case Code::answer_too_large: return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
	case Code::unexpected_answer: return ERRCODE_PROTOCOL_VIOLATION;
	case Code::interrupted: return ERRCODE_QUERY_CANCELED;
	case Code::out_of_memory: return ERRCODE_OUT_OF_MEMORY;
	case Code::internal: return ERRCODE_INTERNAL_ERROR;
	}
	return ERRCODE_INTERNAL_ERROR;
}

void report(const core::Error &error) {
	Failure failure;
	failure.postgres = nullptr;
	detail::describe(failure, error);
	raise(failure);
}

void add_hint(const char *hint) {
	const int category = ERRCODE_TO_CATEGORY(geterrcode());
	if (category == ERRCODE_INSUFFICIENT_RESOURCES || category == ERRCODE_OPERATOR_INTERVENTION)
		return;
	// elog.c shows a callback the SQLSTATE only; a copy shows the rest, and must not lie in ErrorContext
	const MemoryContext caller = MemoryContextSwitchTo(CurTransactionContext);
	ErrorData *error = CopyErrorData();
	MemoryContextSwitchTo(caller);
	if (error->elevel >= ERROR && error->hint == nullptr) // a NOTICE of a trigger passes here, too
		errhint("%s", hint);
	FreeErrorData(error);
}

} // namespace alkconv::pg
