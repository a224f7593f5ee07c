// Regime: Postgres (may longjmp, never throws)
//
// The functions that SQL sees: arguments in, rows out; the work is done in migrate/.
#include "migrate/migrate.hpp"
#include "migrate/planning.hpp"
#include "migrate/preflight.hpp"
#include "migrate/replay.hpp"
#include "migrate/run_log.hpp"
#include "pg/free_memory.hpp"
#include "pg/printable.hpp"
#include "pg/spi.hpp"
#include "sql/plan_rows.hpp"

extern "C" {
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "tcop/utility.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"
}

#include "pg/regime_pg.hpp"

namespace {

using namespace alkconv;

const char *name_argument(FunctionCallInfo fcinfo, int argument) {
	return PG_ARGISNULL(argument) ? nullptr : NameStr(*PG_GETARG_NAME(argument));
}

const char *text_argument(FunctionCallInfo fcinfo, int argument) {
	return PG_ARGISNULL(argument) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

ArrayType *array_argument(FunctionCallInfo fcinfo, int argument) {
	return PG_ARGISNULL(argument) ? nullptr : PG_GETARG_ARRAYTYPE_P(argument);
}

// source, target_schema, include, exclude: the first four of each function
migrate::RequestArguments common_arguments(FunctionCallInfo fcinfo) {
	migrate::RequestArguments arguments = {};
	arguments.source = name_argument(fcinfo, 0);
	if (arguments.source == nullptr)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("source must not be null"),
						errhint("Give the name of a foreign server made with FOREIGN DATA WRAPPER alkconv_fdw.")));
	arguments.target_schema = name_argument(fcinfo, 1);
	arguments.include = array_argument(fcinfo, 2);
	arguments.exclude = array_argument(fcinfo, 3);
	return arguments;
}

// Who does not load needs no second connection, and no lock for their common snapshot.
constexpr int32 kOneConnection = 1;

// Everything a call needs, gone with it.
MemoryContext call_context() {
	return AllocSetContextCreate(CurrentMemoryContext, "alkconv call", ALLOCSET_DEFAULT_SIZES);
}

void end_call(MemoryContext context) {
	MemoryContextDelete(context);
	pg::release_free_memory();
}

// A function that returns a set of rows.
struct RowsCall {
	MemoryContext context;
	const migrate::Request *request;
};

RowsCall begin_rows(FunctionCallInfo fcinfo, const migrate::RequestArguments *arguments) {
	InitMaterializedSRF(fcinfo, 0);
	MemoryContext context = call_context();
	pg::begin_printable(context);
	const RowsCall call = {context, migrate::make_request(context, arguments)};
	pg::spi_begin();
	return call;
}

// The result is in fcinfo.
Datum end_rows(const RowsCall *call) {
	pg::spi_end();
	pg::end_printable();
	end_call(call->context);
	return Datum{0};
}

void put_row(FunctionCallInfo fcinfo, int columns, const char *const *texts) {
	const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
	auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<Size>(columns)));
	auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<Size>(columns)));
	for (int i = 0; i < columns; ++i) {
		nulls[i] = texts[i] == nullptr || texts[i][0] == '\0';
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	pfree(values);
	pfree(nulls);
}

void put_finding(FunctionCallInfo fcinfo, const core::Finding *finding) {
	const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
	const char *texts[] = {core::SeverityName(finding->severity),
						   finding->table.c_str(),
						   finding->column.c_str(),
						   finding->check.c_str(),
						   nullptr,
						   finding->sample_key.c_str(),
						   finding->sample_value.c_str(),
						   finding->remedy.c_str(),
						   finding->rule.c_str()};
	constexpr int kRows = 4, kSampleValue = 6;
	Datum values[lengthof(texts)];
	bool nulls[lengthof(texts)];
	for (size_t i = 0; i < lengthof(texts); ++i) {
		nulls[i] = texts[i] == nullptr || texts[i][0] == '\0';
		values[i] = nulls[i] ? Datum{0} : CStringGetTextDatum(texts[i]);
	}
	if (finding->sampled) {
		nulls[kSampleValue] = false; // an empty string is a value
		values[kSampleValue] = CStringGetTextDatum(finding->sample_value.c_str());
	}
	if (finding->rows) {
		nulls[kRows] = false;
		values[kRows] = Int64GetDatum(static_cast<int64>(finding->rows.value_or(0)));
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

// Text as an SQL comment: "-- " before each line.
const char *as_comment(const char *text) {
	StringInfoData comment;
	initStringInfo(&comment);
	appendStringInfoString(&comment, "-- ");
	for (; *text != '\0'; ++text) {
		if (*text != '\r')
			appendStringInfoChar(&comment, *text);
		if (*text == '\n')
			appendStringInfoString(&comment, "-- ");
	}
	return comment.data;
}

void put_baseline_row(FunctionCallInfo fcinfo, int *ordinal, const char *kind, const char *object, const char *sql) {
	const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
	Datum values[] = {Int32GetDatum(++*ordinal), CStringGetTextDatum(kind), CStringGetTextDatum(object),
					  CStringGetTextDatum(sql)};
	bool nulls[lengthof(values)] = {};
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

const char *qualified_object(const char *table, const char *object) {
	return object[0] == '\0' || table[0] == '\0' ? psprintf("%s%s", table, object) : psprintf("%s.%s", table, object);
}

void put_baseline(FunctionCallInfo fcinfo, const core::Ddl *ddl) {
	int ordinal = 0;
	for (const core::DdlStatement &statement : ddl->statements)
		put_baseline_row(fcinfo, &ordinal, statement.kind.c_str(),
						 qualified_object(statement.table.c_str(), statement.object.c_str()), statement.sql.c_str());
	for (const core::DdlNote &note : ddl->notes) {
		const char *object = qualified_object(note.table.c_str(), note.kind == "table" ? "" : note.object.c_str());
		put_baseline_row(fcinfo, &ordinal, "note", object,
						 as_comment(psprintf("%s %s: %s%s%s", note.kind.c_str(), object, note.text.c_str(),
											 note.source.empty() ? "" : "\n", note.source.c_str())));
	}
}

} // namespace

extern "C" {

PG_FUNCTION_INFO_V1(alkconv_baseline);
PG_FUNCTION_INFO_V1(alkconv_migrate);
PG_FUNCTION_INFO_V1(alkconv_plan);
PG_FUNCTION_INFO_V1(alkconv_preflight);
PG_FUNCTION_INFO_V1(alkconv_replay);
PG_FUNCTION_INFO_V1(alkconv_reported_run);
PG_FUNCTION_INFO_V1(alkconv_verify);

// alkconv_migrate(source name, target_schema name, include text[], exclude text[], mode text, on_existing text, verify text, readers int, on_bad_value
// text) -> uuid
PGDLLEXPORT Datum alkconv_migrate(PG_FUNCTION_ARGS) {
	migrate::RequestArguments arguments = common_arguments(fcinfo);
	arguments.mode = text_argument(fcinfo, 4);
	arguments.on_existing = text_argument(fcinfo, 5);
	arguments.verify = text_argument(fcinfo, 6);
	const int32 readers = PG_ARGISNULL(7) ? 0 : PG_GETARG_INT32(7);
	arguments.readers = PG_ARGISNULL(7) ? nullptr : &readers;
	arguments.on_bad_value = text_argument(fcinfo, 8);
	PreventCommandIfReadOnly("alkconv_migrate()");
	PreventCommandDuringRecovery("alkconv_migrate()");

	MemoryContext context = call_context();
	pg::begin_printable(context);
	const migrate::Request *request = migrate::make_request(context, &arguments);
	pg::spi_begin();
	const char *run = migrate::migrate(context, request);
	pg::spi_end();
	pg::end_printable();
	const Datum result = DirectFunctionCall1(uuid_in, CStringGetDatum(run));
	end_call(context);
	PG_RETURN_DATUM(result);
}

// alkconv_replay(run uuid) -> uuid
PGDLLEXPORT Datum alkconv_replay(PG_FUNCTION_ARGS) {
	const char *run = DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(0)));
	PreventCommandIfReadOnly("alkconv_replay()");
	PreventCommandDuringRecovery("alkconv_replay()");

	MemoryContext context = call_context();
	pg::begin_printable(context);
	pg::spi_begin();
	const char *id = migrate::replay(context, MemoryContextStrdup(context, run));
	pg::spi_end();
	pg::end_printable();
	const Datum result = id == nullptr ? Datum{0} : DirectFunctionCall1(uuid_in, CStringGetDatum(id));
	end_call(context);
	if (id == nullptr)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}

// alkconv.reported_run(run uuid) -> uuid
PGDLLEXPORT Datum alkconv_reported_run(PG_FUNCTION_ARGS) {
	const char *run = PG_ARGISNULL(0) ? nullptr : DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(0)));
	MemoryContext context = CurrentMemoryContext;
	pg::spi_begin();
	const int nest_level = pg::pin_search_path();
	run = MemoryContextStrdup(context, migrate::reported_run(run));
	pg::unpin_search_path(nest_level);
	pg::spi_end();
	PG_RETURN_DATUM(DirectFunctionCall1(uuid_in, CStringGetDatum(run)));
}

// alkconv_plan(source name, target_schema name, include text[], exclude text[], mode text, on_existing text) -> setof rows
PGDLLEXPORT Datum alkconv_plan(PG_FUNCTION_ARGS) {
	migrate::RequestArguments arguments = common_arguments(fcinfo);
	arguments.mode = text_argument(fcinfo, 4);
	arguments.on_existing = text_argument(fcinfo, 5);
	arguments.readers = &kOneConnection;

	const RowsCall call = begin_rows(fcinfo, &arguments);
	int nest_level;
	const migrate::Planning *planning = migrate::plan_run(call.context, call.request, &nest_level);
	migrate::add_refusals(planning);
	sql::put_plan(fcinfo, planning);
	pg::unpin_search_path(nest_level);
	return end_rows(&call);
}

// alkconv_baseline(source name, target_schema name, include text[], exclude text[]) -> setof rows
PGDLLEXPORT Datum alkconv_baseline(PG_FUNCTION_ARGS) {
	migrate::RequestArguments arguments = common_arguments(fcinfo);
	arguments.mode = "create";
	arguments.readers = &kOneConnection;

	const RowsCall call = begin_rows(fcinfo, &arguments);
	int nest_level;
	const migrate::Planning *planning = migrate::make_baseline(call.context, call.request, &nest_level);
	migrate::require_no_problems(planning->plan);
	put_baseline(fcinfo, planning->ddl);
	pg::unpin_search_path(nest_level);
	return end_rows(&call);
}

// alkconv_preflight(source name, target_schema name, include text[], exclude text[], mode text, on_existing text) -> setof rows
PGDLLEXPORT Datum alkconv_preflight(PG_FUNCTION_ARGS) {
	migrate::RequestArguments arguments = common_arguments(fcinfo);
	arguments.mode = text_argument(fcinfo, 4);
	arguments.on_existing = text_argument(fcinfo, 5);
	arguments.readers = &kOneConnection;

	const RowsCall call = begin_rows(fcinfo, &arguments);
	const std::vector<core::Finding> *findings = migrate::preflight(call.context, call.request);
	for (size_t i = 0; i < findings->size(); ++i)
		put_finding(fcinfo, &(*findings)[i]);
	return end_rows(&call);
}

// alkconv_verify(source name, target_schema name, include text[], exclude text[], verify text) -> setof rows
PGDLLEXPORT Datum alkconv_verify(PG_FUNCTION_ARGS) {
	migrate::RequestArguments arguments = common_arguments(fcinfo);
	arguments.verify = text_argument(fcinfo, 4);
	arguments.mode = "existing";
	arguments.readers = &kOneConnection;

	const RowsCall call = begin_rows(fcinfo, &arguments);
	const verify::CheckList *checks = migrate::verify_only(call.context, call.request);
	for (int i = 0; i < list_length(checks->checks); ++i) {
		const auto *check = static_cast<const verify::Check *>(list_nth(checks->checks, i));
		const char *texts[] = {
			check->table, check->check, check->source_value, check->target_value, verify::verdict_name(check->verdict),
			check->note};
		put_row(fcinfo, lengthof(texts), texts);
	}
	return end_rows(&call);
}
}
