// Regime: Postgres (may longjmp, never throws)
//
// Binary JSON as core makes it, against jsonb_in.
#include "probe.hpp"

#include "core/conversion_functions.hpp"
#include "core/fault.hpp"
#include "core/json.hpp"
#include "core/jsonb.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
}

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

struct Scratch {
	core::JsonValidator validator;
	core::JsonbBuilder builder;
	core::Arena arena;
};

char *hex(Datum varlena) { return DatumGetCString(DirectFunctionCall1(byteaout, varlena)); }

bool same_bytes(Datum a, Datum b) {
	const auto *left = DatumGetPointer(a), *right = DatumGetPointer(b);
	return VARSIZE(left) == VARSIZE(right) && memcmp(left, right, VARSIZE(left)) == 0;
}

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_jsonb);
PG_FUNCTION_INFO_V1(alkconv_test_jsonb_bytes);

// alkconv_test_jsonb(document bytea) text: what core makes of the text for jsonb. "input" when it leaves it to the input function, the name of the
// fault when it refuses it; "equal" when it made the very bytes that jsonb_in makes, otherwise both. An error of jsonb_in is raised.
Datum alkconv_test_jsonb(PG_FUNCTION_ARGS) {
	auto *scratch = pg::own<Scratch>(CurrentMemoryContext);
	const bytea *document = PG_GETARG_BYTEA_PP(0);
	core::Cell cell = {};
	cell.kind = core::CellKind::bytes;
	cell.bytes.data = VARDATA_ANY(document);
	cell.bytes.size = VARSIZE_ANY_EXHDR(document);
	core::ConversionContext context = {};
	context.json = &scratch->validator;
	context.jsonb = &scratch->builder;
	core::Value value = {};
	const core::Code code = core::convert::TextToJsonb(context, cell, scratch->arena, value);
	if (code != core::Code::ok)
		PG_RETURN_TEXT_P(cstring_to_text(core::CodeName(code)));
	if (value.kind == core::ValueKind::input)
		PG_RETURN_TEXT_P(cstring_to_text("input"));
	const Oid type = JSONBOID;
	const int32 typmod = -1;
	pg::DatumColumn *column = pg::prepare_datum_columns(CurrentMemoryContext, 1, &type, &typmod);
	Datum made;
	pg::make_datum(column, value, &made);
	char *copy = pnstrdup(cell.bytes.data, cell.bytes.size);
	const Datum expected = DirectFunctionCall1(jsonb_in, CStringGetDatum(copy));
	if (same_bytes(made, expected))
		PG_RETURN_TEXT_P(cstring_to_text("equal"));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s, but jsonb_in makes %s", hex(made), hex(expected))));
}

// alkconv_test_jsonb_bytes(value jsonb) bytea: its bytes without the header.
Datum alkconv_test_jsonb_bytes(PG_FUNCTION_ARGS) { PG_RETURN_BYTEA_P(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0))); }
}
