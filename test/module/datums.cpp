// Regime: Postgres (may longjmp, never throws)
//
// The Datum bridge: a sample of every kind of value through make_datum and the type's output function, and types as
// core sees them.
#include "pg/boundary.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

struct Sample {
	const char *name; // nullptr beyond the last kind
	Oid type;
	core::Value value;
};

core::Value integer(core::ValueKind kind, int64 number) {
	core::Value value = {};
	value.kind = kind;
	value.i64 = number;
	return value;
}

core::Value bytes(core::ValueKind kind, const char *data, uint64_t size) {
	core::Value value = {};
	value.kind = kind;
	value.bytes.data = data;
	value.bytes.size = size;
	return value;
}

// Complete: the compiler warns of a kind that is missing.
Sample sample_of(core::ValueKind kind) {
	using core::ValueKind;
	core::Value value = {};
	value.kind = kind;
	switch (kind) {
	case ValueKind::null: return {"null", INT4OID, value};
	case ValueKind::boolean: return {"boolean", BOOLOID, integer(kind, 1)};
	case ValueKind::int16: return {"int16", INT2OID, integer(kind, -32768)};
	case ValueKind::int32: return {"int32", INT4OID, integer(kind, -2147483648LL)};
	case ValueKind::int64: return {"int64", INT8OID, integer(kind, PG_INT64_MIN)};
	case ValueKind::float32: value.f32 = 1.17549435e-38F; return {"float32", FLOAT4OID, value};
	case ValueKind::float64: value.f64 = 0.1; return {"float64", FLOAT8OID, value};
	case ValueKind::date: return {"date", DATEOID, integer(kind, -730119)};					// 0001-01-01
	case ValueKind::time: return {"time", TIMEOID, integer(kind, INT64CONST(86399999999))}; // 23:59:59.999999
	case ValueKind::timestamp: return {"timestamp", TIMESTAMPOID, integer(kind, -1)};
	case ValueKind::decimal:
		value = integer(kind, -1234500);
		value.scale = 5;
		return {"decimal", NUMERICOID, value};
	case ValueKind::interval:
		return {"interval", INTERVALOID, integer(kind, INT64CONST(-3020399999999))}; // -838:59:59.999999
	case ValueKind::varlena: return {"varlena", BYTEAOID, bytes(kind, "a\0\\\xff", 4)};
	case ValueKind::varlena_lz4: {
		// room for the header; a block of literals only
		alignas(8) static char block[] = "headroom\xa0"
										 "compressed";
		value = bytes(kind, block + 8, 11);
		value.in_arena = true;
		value.raw_size = 10;
		return {"varlena_lz4", TEXTOID, value};
	}
	case ValueKind::uuid:
		return {"uuid", UUIDOID, bytes(kind, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16)};
	case ValueKind::bits:
		value = bytes(kind, "\xa5\x80", 2);
		value.bit_count = 9;
		return {"bits", VARBITOID, value};
	case ValueKind::input:
		return {"input", NUMERICOID, bytes(kind, "-12345678901234567890.5XXXX", 23)}; // not NUL-terminated
	}
	return {nullptr, InvalidOid, value};
}

char *shown(Oid type, Datum datum) {
	Oid output;
	bool is_varlena;
	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, datum);
}

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_datum);
PG_FUNCTION_INFO_V1(alkconv_test_input);
PG_FUNCTION_INFO_V1(alkconv_test_sized);
PG_FUNCTION_INFO_V1(alkconv_test_type);

// alkconv_test_datum(kind int) text: the sample of a kind as its type prints it; NULL beyond the last kind.
Datum alkconv_test_datum(PG_FUNCTION_ARGS) {
	const Sample sample = sample_of(static_cast<core::ValueKind>(PG_GETARG_INT32(0)));
	if (sample.name == nullptr)
		PG_RETURN_NULL();
	const int32 typmod = -1;
	pg::DatumColumn *column = pg::prepare_datum_columns(CurrentMemoryContext, 1, &sample.type, &typmod);
	Datum datum;
	const char *printed = pg::make_datum(column, sample.value, &datum) ? "is null" : shown(sample.type, datum);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s: %s", sample.name, printed)));
}

// alkconv_test_input(type oid, typmod int, value text) text: a value by way of its type's input function. NULL goes the
// same way.
Datum alkconv_test_input(PG_FUNCTION_ARGS) {
	const Oid type = PG_GETARG_OID(0);
	const int32 typmod = PG_GETARG_INT32(1);
	pg::DatumColumn *column = pg::prepare_datum_columns(CurrentMemoryContext, 1, &type, &typmod);
	core::Value value = {};
	if (PG_ARGISNULL(2)) {
		value.kind = core::ValueKind::null;
	} else {
		const char *characters = text_to_cstring(PG_GETARG_TEXT_PP(2));
		value = bytes(core::ValueKind::input, characters, strlen(characters));
	}
	Datum datum;
	if (pg::make_datum(column, value, &datum))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(shown(type, datum)));
}

// alkconv_test_sized(by_input bool, size bigint) bigint: size of the bytea made of `size` zero bytes. Sizes that are
// refused are refused before a byte is read, so no memory of that size is needed.
Datum alkconv_test_sized(PG_FUNCTION_ARGS) {
	const core::ValueKind kind = PG_GETARG_BOOL(0) ? core::ValueKind::input : core::ValueKind::varlena;
	const int64 size = PG_GETARG_INT64(1);
	const Oid type = BYTEAOID;
	const int32 typmod = -1;
	pg::DatumColumn *column = pg::prepare_datum_columns(CurrentMemoryContext, 1, &type, &typmod);
	const char *zeroes = size > 0 && size <= 1000 ? static_cast<char *>(palloc0(static_cast<Size>(size))) : nullptr;
	Datum datum;
	pg::make_datum(column, bytes(kind, zeroes, static_cast<uint64_t>(size)), &datum);
	PG_RETURN_INT64(DatumGetInt32(DirectFunctionCall1(byteaoctetlen, datum)));
}

// alkconv_test_type(type oid, typmod int) text: a type as core sees it.
Datum alkconv_test_type(PG_FUNCTION_ARGS) {
	auto *target = pg::own<core::TargetType>(CurrentMemoryContext);
	pg::describe_type(PG_GETARG_OID(0), PG_GETARG_INT32(1), target);
	StringInfoData labels;
	initStringInfo(&labels);
	for (const std::string &label : target->labels)
		appendStringInfo(&labels, " '%s'", label.c_str());
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s: kind %d, length %d, precision %d, scale %d, fsp %d, labels%s",
											  target->text.c_str(), static_cast<int>(target->kind), target->length,
											  target->precision, target->scale, target->fsp, labels.data)));
}
}
