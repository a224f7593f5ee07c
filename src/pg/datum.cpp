// Regime: Postgres (may longjmp, never throws)
//
// Representation of values as Datums, and the description of Postgres types for core.
#include "pg/datum.hpp"

#include "core/shapes.hpp"
#include "pg/boundary.hpp"
#include "pg/encoding.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/toast_compression.h"
#include "access/toast_internals.h"
#include "catalog/dependency.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
#include "utils/varbit.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

DatumColumn *prepare_datum_columns(MemoryContext context, int columns, const Oid *types, const int32 *typmods) {
	require_utf8_database();
	auto *result = static_cast<DatumColumn *>(MemoryContextAllocZero(context, sizeof(DatumColumn) * Max(columns, 1)));
	for (int i = 0; i < columns; ++i) {
		Oid function;
		result[i].type = types[i];
		result[i].typmod = typmods[i];
		getTypeInputInfo(types[i], &function, &result[i].io_parameter);
		fmgr_info_cxt(function, &result[i].input, context);
		result[i].domain = get_typtype(types[i]) == TYPTYPE_DOMAIN;
		result[i].context = context;
	}
	return result;
}

void prepare_expressions(MemoryContext context, DatumColumn *columns, int count, const core::TablePlan *plan,
						 const size_t *positions) {
	for (int i = 0; i < count; ++i) {
		const size_t position = positions != nullptr ? positions[i] : static_cast<size_t>(i);
		const core::ColumnPlan &column = plan->columns[position];
		if (!column.policy.expression.empty())
			columns[i].expression = prepare_value_expression(context, column.policy.expression.c_str(), columns[i].type,
															 columns[i].typmod, column.policy.author);
	}
}

namespace {

bool expression_datum(DatumColumn *column, const core::Value &value, Datum *datum) {
	const bool null = value.kind == core::ValueKind::null;
	Assert(null || value.kind == core::ValueKind::varlena || value.kind == core::ValueKind::input);
	const bool none =
		evaluate_value_expression(column->expression, null ? nullptr : value.bytes.data, value.bytes.size, datum);
	// the target's own code, no longer with the privileges of the rule's author
	if (gives_text(column->expression))
		*datum = InputFunctionCall(&column->input, none ? nullptr : DatumGetCString(*datum), column->io_parameter,
								   column->typmod);
	else if (column->domain)
		domain_check(*datum, none, column->type, &column->constraints, column->context);
	return none;
}

void conversion_position_callback(void *argument) {
	describe_conversion_position(static_cast<const ConversionPosition *>(argument));
}

// An empty value may have no bytes to point to, which memcpy does not take.
void copy_bytes(char *to, const core::Value &value) {
	if (value.bytes.size > 0)
		memcpy(to, value.bytes.data, value.bytes.size);
}

// The value's bytes with the room for a header that core left in front of them.
char *with_header(const core::Value &value, Size header) {
	StaticAssertDecl(core::Arena::kHeaderRoom >= VARHDRSZ_COMPRESSED, "the longest header has room");
	Assert(value.in_arena && PointerIsAligned(value.bytes.data, int32));
	return const_cast<char *>(value.bytes.data) - header;
}

Datum varlena_datum(const core::Value &value) {
	if (unlikely(value.bytes.size > MaxAllocSize - VARHDRSZ))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("value of %llu bytes is larger than a PostgreSQL value can be",
							   static_cast<unsigned long long>(value.bytes.size))));
	const Size size = value.bytes.size + VARHDRSZ;
	if (likely(value.in_arena)) {
		char *result = with_header(value, VARHDRSZ);
		SET_VARSIZE(result, size);
		return PointerGetDatum(result);
	}
	auto *result = static_cast<struct varlena *>(palloc(size));
	SET_VARSIZE(result, size);
	copy_bytes(VARDATA(result), value);
	return PointerGetDatum(result);
}

// As lz4_compress_datum and toast_compress_datum leave it (toast_compression.c, toast_internals.c, 17).
Datum lz4_datum(const core::Value &value) {
	char *result = with_header(value, VARHDRSZ_COMPRESSED);
	SET_VARSIZE_COMPRESSED(result, value.bytes.size + VARHDRSZ_COMPRESSED);
	TOAST_COMPRESS_SET_SIZE_AND_COMPRESS_METHOD(result, value.raw_size, TOAST_LZ4_COMPRESSION_ID);
	return PointerGetDatum(result);
}

Datum bits_datum(const core::Value &value) {
	const Size size = VARBITTOTALLEN(value.bit_count);
	auto *result = static_cast<VarBit *>(palloc0(size));
	SET_VARSIZE(result, size);
	VARBITLEN(result) = static_cast<int32>(value.bit_count);
	Assert(value.bytes.size <= VARBITBYTES(result));
	copy_bytes(reinterpret_cast<char *>(VARBITS(result)), value);
	return VarBitPGetDatum(result);
}

Datum interval_datum(const core::Value &value) {
	auto *result = static_cast<Interval *>(palloc0(sizeof(Interval)));
	result->time = value.i64;
	return IntervalPGetDatum(result);
}

Datum input_datum(DatumColumn *column, const core::Value &value) {
	if (unlikely(value.bytes.size >= MaxAllocSize))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("value of %llu bytes is larger than a PostgreSQL value can be",
							   static_cast<unsigned long long>(value.bytes.size))));
	char *text = static_cast<char *>(palloc(value.bytes.size + 1));
	copy_bytes(text, value);
	text[value.bytes.size] = '\0';
	const Datum result = InputFunctionCall(&column->input, text, column->io_parameter, column->typmod);
	pfree(text);
	return result;
}

core::PgKind kind_of(Oid type, char typtype) {
	switch (type) {
	case BOOLOID: return core::PgKind::boolean;
	case INT2OID: return core::PgKind::int2;
	case INT4OID: return core::PgKind::int4;
	case INT8OID: return core::PgKind::int8;
	case FLOAT4OID: return core::PgKind::float4;
	case FLOAT8OID: return core::PgKind::float8;
	case NUMERICOID: return core::PgKind::numeric;
	case TEXTOID: return core::PgKind::text;
	case VARCHAROID: return core::PgKind::varchar;
	case BPCHAROID: return core::PgKind::bpchar;
	case NAMEOID: return core::PgKind::name;
	case BYTEAOID: return core::PgKind::bytea;
	case UUIDOID: return core::PgKind::uuid;
	case JSONOID: return core::PgKind::json;
	case JSONBOID: return core::PgKind::jsonb;
	case DATEOID: return core::PgKind::date;
	case TIMEOID: return core::PgKind::time;
	case TIMESTAMPOID: return core::PgKind::timestamp;
	case TIMESTAMPTZOID: return core::PgKind::timestamptz;
	case INTERVALOID: return core::PgKind::interval;
	case BITOID: return core::PgKind::bit;
	case VARBITOID: return core::PgKind::varbit;
	case TEXTARRAYOID: return core::PgKind::text_array;
	case INETOID: return core::PgKind::inet;
	default: return typtype == TYPTYPE_ENUM ? core::PgKind::enum_ : core::PgKind::other;
	}
}

void describe_typmod(int32 typmod, core::TargetType *target) {
	switch (target->kind) {
	case core::PgKind::varchar:
	case core::PgKind::bpchar: target->length = typmod >= VARHDRSZ ? typmod - VARHDRSZ : -1; break;
	case core::PgKind::bit:
	case core::PgKind::varbit: target->length = typmod; break;
	case core::PgKind::numeric:
		if (typmod >= VARHDRSZ) { // numeric.c: make_numeric_typmod; the scale is 11 bits, signed
			target->precision = ((typmod - VARHDRSZ) >> 16) & 0xffff;
			target->scale = (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
		}
		break;
	case core::PgKind::time:
	case core::PgKind::timestamp:
	case core::PgKind::timestamptz:
		if (typmod >= 0)
			target->fsp = typmod;
		break;
	case core::PgKind::interval:
		if (typmod >= 0 && INTERVAL_PRECISION(typmod) != INTERVAL_FULL_PRECISION)
			target->fsp = INTERVAL_PRECISION(typmod);
		break;
	default: break;
	}
}

// Labels in their sort order.
void describe_labels(Oid type, core::TargetType *target) {
	CatCList *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	const int count = list->n_members;
	auto *rows = static_cast<Form_pg_enum *>(palloc(sizeof(Form_pg_enum) * Max(count, 1)));
	for (int i = 0; i < count; ++i)
		rows[i] = reinterpret_cast<Form_pg_enum>(GETSTRUCT(&list->members[i]->tuple));
	qsort(rows, static_cast<size_t>(count), sizeof(Form_pg_enum), [](const void *a, const void *b) {
		const float4 left = (*static_cast<const Form_pg_enum *>(a))->enumsortorder;
		const float4 right = (*static_cast<const Form_pg_enum *>(b))->enumsortorder;
		return left < right ? -1 : (left > right ? 1 : 0);
	});
	edge([&] {
		for (int i = 0; i < count; ++i)
			target->labels.emplace_back(NameStr(rows[i]->enumlabel));
	});
	pfree(rows);
	ReleaseCatCacheList(list);
}

// Types of PostGIS, wherever that is installed; its types are what the extension of that name owns.
void describe_shape(Oid type, core::TargetType *target) {
	const HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	const char *name = pstrdup(NameStr(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typname));
	ReleaseSysCache(tuple);
	if (strcmp(name, "geometry") != 0 && strcmp(name, "geography") != 0)
		return;
	const Oid extension = getExtensionOfObject(TypeRelationId, type);
	if (OidIsValid(extension) && extension == get_extension_oid("postgis", true))
		edge([&] { core::DescribeShape(name, *target); });
}

} // namespace

// The executor names the table of a row's error itself, and those fields may be set only once; a value's error has no place yet.
void describe_conversion_position(const ConversionPosition *position) {
	if (position->batch == nullptr)
		return;
	const core::RowConverter *converter = position->converter;
	const bool of_value = position->column >= 0;
	const auto column = static_cast<size_t>(of_value ? position->column : 0);
	char text[2048];
	char hint[512];
	hint[0] = '\0';
	const bool described = attempt([&] {
		std::string place = "table \"" + converter->table() + "\"";
		const std::string key = converter->KeyText(*position->batch, position->row);
		if (of_value)
			place = "column \"" + converter->columns()[column].target_name + "\" of " + place;
		if (!key.empty())
			place += ", key " + key;
		if (of_value) {
			const core::ConverterColumn &info = converter->columns()[column];
			const core::Cell &cell = position->batch->cell(position->row, column);
			if (cell.kind != core::CellKind::null)
				place += ", source type " + info.source.text + ", target type " + info.StoredType() + ", value " +
						 converter->Shown(*position->batch, position->row, column);
			detail::copy_text(
				hint, sizeof hint,
				info.stored.empty()
					? core::HintForFault(core::Code::invalid_text, info.source, info.target)
					: "The rule with action expression of this column does not take the value: change the "
					  "expression in alkconv.rule, or mend the value in the source.");
		}
		detail::copy_text(text, sizeof text, place);
	});
	if (described)
		errcontext("%s", text);
	if (!of_value) {
		if (geterrcode() == ERRCODE_CHECK_VIOLATION)
			add_hint("Mend the row in the source, or drop the constraint of the target table.");
		return;
	}
	err_generic_string(PG_DIAG_TABLE_NAME, converter->table().c_str());
	err_generic_string(PG_DIAG_COLUMN_NAME, converter->columns()[column].target_name.c_str());
	if (hint[0] != '\0')
		add_hint(hint);
}

const char *place_of_row(const ConversionPosition *position) {
	const auto *place = own_from<std::string>(CurrentMemoryContext, [=] {
		const std::string key = position->converter->KeyText(*position->batch, position->row);
		return "table \"" + position->converter->table() + "\"" + (key.empty() ? "" : ", key " + key);
	});
	return place->c_str();
}

void push_conversion_position(ConversionPosition *position, const core::RowConverter *converter) {
	position->converter = converter;
	position->batch = nullptr;
	position->row = 0;
	position->column = -1;
	position->callback.callback = conversion_position_callback;
	position->callback.arg = position;
	position->callback.previous = error_context_stack;
	error_context_stack = &position->callback;
}

void pop_conversion_position(ConversionPosition *position) { error_context_stack = position->callback.previous; }

bool make_datum(DatumColumn *column, const core::Value &value, Datum *datum) {
	if (unlikely(column->expression != nullptr))
		return expression_datum(column, value, datum);
	switch (value.kind) {
	case core::ValueKind::null:
		if (unlikely(column->domain))
			(void) InputFunctionCall(&column->input, nullptr, column->io_parameter, column->typmod);
		*datum = Datum{0};
		return true;
	case core::ValueKind::boolean: *datum = BoolGetDatum(value.i64 != 0); break;
	case core::ValueKind::int16: *datum = Int16GetDatum(static_cast<int16>(value.i64)); break;
	case core::ValueKind::int32: *datum = Int32GetDatum(static_cast<int32>(value.i64)); break;
	case core::ValueKind::int64: *datum = Int64GetDatum(value.i64); break;
	case core::ValueKind::float32: *datum = Float4GetDatum(value.f32); break;
	case core::ValueKind::float64: *datum = Float8GetDatum(value.f64); break;
	case core::ValueKind::date: *datum = DateADTGetDatum(static_cast<DateADT>(value.i64)); break;
	case core::ValueKind::time: *datum = TimeADTGetDatum(value.i64); break;
	case core::ValueKind::timestamp: *datum = TimestampGetDatum(value.i64); break;
	case core::ValueKind::decimal:
		*datum = NumericGetDatum(int64_div_fast_to_numeric(value.i64, static_cast<int>(value.scale)));
		break;
	case core::ValueKind::interval: *datum = interval_datum(value); break;
	case core::ValueKind::varlena: *datum = varlena_datum(value); break;
	case core::ValueKind::varlena_lz4: *datum = lz4_datum(value); break;
	case core::ValueKind::uuid:
		*datum = PointerGetDatum(value.bytes.data);
		break; // 16 bytes, char-aligned: used where it lies
	case core::ValueKind::bits: *datum = bits_datum(value); break;
	case core::ValueKind::input:
		*datum = input_datum(column, value); // a domain's own, which looks at its constraints
		return false;
	}
	if (unlikely(column->domain))
		domain_check(*datum, false, column->type, &column->constraints, column->context);
	return false;
}

bool lies_in_batch(const core::Value &value) {
	switch (value.kind) {
	case core::ValueKind::varlena: return value.in_arena;
	case core::ValueKind::varlena_lz4:
	case core::ValueKind::uuid: return true;
	default: return false;
	}
}

void describe_type(Oid type, int32 typmod, core::TargetType *target) {
	const char *text = format_type_extended(type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN);
	const Oid stored = getBaseTypeAndTypmod(type, &typmod);
	const char *below = stored == type ? "" : format_type_extended(stored, typmod, FORMAT_TYPE_TYPEMOD_GIVEN);
	target->oid = type;
	target->kind = kind_of(stored, get_typtype(stored));
	edge([&] {
		target->text = text;
		target->below = below;
	});
	describe_typmod(typmod, target);
	if (target->kind == core::PgKind::enum_)
		describe_labels(stored, target);
	else if (target->kind == core::PgKind::other)
		describe_shape(stored, target);
}

} // namespace alkconv::pg
