// Regime: Postgres (may longjmp, never throws)
//
// The second reading: values fetched again over the binary protocol, written by the target type's output function, hashed and summed, against
// the same of the stored values.
#include "core/reread.hpp"

#include "mysql/reader.hpp"
#include "pg/await.hpp"
#include "pg/datum.hpp"
#include "pg/guarded.hpp"
#include "pg/owner.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"
#include "pg/spi.hpp"
#include "verify/answers.hpp"
#include "verify/comparison.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

constexpr int kHexDigest = PG_SHA256_DIGEST_LENGTH * 2;

// A column whose values the target's own input function reads from the source's text: the converter has no part in it.
struct ServersInput {
	bool used;
	Oid base;		 // the type without its domains
	FmgrInfo *equal; // of the type, where its typmod rounds; else null
	bool of_number;	 // the source's type is an exact number
};

struct Reading {
	const Comparison *comparison;
	core::RowConverter *converter;
	int columns; // without the key
	pg::DatumColumn *datum;
	ServersInput *input;
	FmgrInfo *output;
	MemoryContext row_context;
	core::RereadSums *sums;					 // when not null: sum every row
	const std::vector<std::string> *buckets; // otherwise collect the rows of these
	core::TextRows *rows;
	const core::RejectedRow *first_unconvertible; // with how many others there are
	uint64 unconvertible;
	pg::ConversionPosition position;
};

void hex_sha256(const char *data, int length, char *hex) {
	static const char kHex[] = "0123456789abcdef";
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	if (pg_cryptohash_init(hash) < 0 ||
		pg_cryptohash_update(hash, reinterpret_cast<const uint8 *>(data), static_cast<size_t>(length)) < 0 ||
		pg_cryptohash_final(hash, digest, sizeof digest) < 0)
		elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(hash));
	pg_cryptohash_free(hash);
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; ++i) {
		hex[2 * i] = kHex[digest[i] >> 4];
		hex[2 * i + 1] = kHex[digest[i] & 15];
	}
}

// Whether the column's typmod has taken digits away.
bool is_cut(const pg::DatumColumn *column, const ServersInput *input, const core::Value &text, Datum datum) {
	if (input->equal == nullptr)
		return false;
	pg::DatumColumn unlimited = *column;
	unlimited.typmod = -1;
	Datum exact;
	(void) pg::make_datum(&unlimited, text, &exact);
	return !DatumGetBool(FunctionCall2(input->equal, datum, exact));
}

Datum number_of_text(const char *text) {
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

bool is_number(Datum number, const char *text) {
	return DatumGetBool(DirectFunctionCall2(numeric_eq, number, number_of_text(text)));
}

// An exact number became a floating-point one that neither is it nor is written as it.
bool is_inexact(const ServersInput *input, const char *text, Datum datum) {
	if (!input->of_number || (input->base != FLOAT4OID && input->base != FLOAT8OID))
		return false;
	const double number = input->base == FLOAT4OID ? DatumGetFloat4(datum) : DatumGetFloat8(datum);
	const char *written = input->base == FLOAT4OID ? DatumGetCString(DirectFunctionCall1(float4out, datum))
												   : DatumGetCString(DirectFunctionCall1(float8out, datum));
	const Datum source = number_of_text(text);
	return !is_number(source, written) && !is_number(source, psprintf("%.0f", number));
}

// Digits other than 0 behind the sixth of a fraction.
bool has_fine_fraction(const char *text) {
	const char *point = strchr(text, '.');
	const size_t digits = point == nullptr ? 0 : strspn(point + 1, "0123456789");
	return digits > 6 && strspn(point + 7, "0") < digits - 6;
}

bool has_time_of_day(const char *text) {
	const char *colon = strchr(text, ':');
	return colon != nullptr && strspn(colon, ":0.") < strlen(colon);
}

// A zone, or the sign of an offset, behind a time of day.
bool has_zone(const char *text) {
	const char *colon = strchr(text, ':');
	return colon != nullptr && strspn(colon, ":0123456789. ") < strlen(colon);
}

// What the input functions of times leave out without a word.
bool drops_part_of_time(Oid base, const char *text) {
	switch (base) {
	case DATEOID: return has_time_of_day(text);
	case TIMEOID:
	case TIMESTAMPOID: return has_zone(text) || has_fine_fraction(text);
	case TIMESTAMPTZOID:
	case INTERVALOID: return has_fine_fraction(text);
	default: return false;
	}
}

// Whether the input function took the text, but not all of it.
bool is_rounded(const pg::DatumColumn *column, const ServersInput *input, const core::Value &text, Datum datum) {
	if (column->expression != nullptr) // what a rule's expression gives is assigned
		return false;
	const char *source = pnstrdup(text.bytes.data, text.bytes.size);
	return is_cut(column, input, text, datum) || is_inexact(input, source, datum) ||
		   drops_part_of_time(input->base, source);
}

// "N" or length, colon, text of the value; "R" for one that was rounded, which no stored value has.
void append_frame(StringInfo text, Reading *reading, int column, const core::Value &value) {
	const ServersInput *input = &reading->input[column];
	core::Value read = value;
	if (input->used && value.kind == core::ValueKind::varlena)
		read.kind = core::ValueKind::input;
	Datum datum;
	if (pg::make_datum(&reading->datum[column], read, &datum)) {
		appendStringInfoChar(text, 'N');
		return;
	}
	if (input->used && is_rounded(&reading->datum[column], input, read, datum)) {
		appendStringInfoChar(text, 'R');
		return;
	}
	const char *written = OutputFunctionCall(&reading->output[column], datum);
	appendStringInfo(text, "%zu:", strlen(written));
	appendStringInfoString(text, written);
}

bool wanted(const Reading *reading, const char *bucket) {
	for (size_t i = 0; i < reading->buckets->size(); ++i)
		if (strncmp((*reading->buckets)[i].c_str(), bucket, 3) == 0)
			return true;
	return false;
}

void take_row(Reading *reading, const core::RowBatch *batch, size_t row) {
	char key_digest[kHexDigest], row_digest[kHexDigest];
	const core::Value &key = batch->value(row, 0);
	StringInfoData text;
	initStringInfo(&text);
	appendBinaryStringInfo(&text, key.bytes.data, static_cast<int>(key.bytes.size));
	hex_sha256(text.data, text.len, key_digest);
	reading->position.row = row;
	for (int column = 0; column < reading->columns; ++column) {
		reading->position.column = column + 1;
		append_frame(&text, reading, column, batch->value(row, static_cast<size_t>(column) + 1));
	}
	hex_sha256(text.data, text.len, row_digest);
	pg::edge([&] {
		if (reading->sums != nullptr)
			reading->sums->Add({key_digest, kHexDigest}, {row_digest, kHexDigest});
		else if (wanted(reading, key_digest))
			reading->rows->push_back({std::string(key.text()), std::string(row_digest, kHexDigest)});
	});
}

void note_unconvertible(Reading *reading, const core::RejectedRow *row) {
	if (reading->unconvertible++ == 0)
		reading->first_unconvertible =
			pg::own_from<core::RejectedRow>(reading->comparison->context, [row] { return *row; });
}

// A value that the target's type, its domain or a rule's expression refuses.
void note_refusal(Reading *reading, const core::RowBatch *batch, size_t row, const ErrorData *error) {
	const auto column = static_cast<size_t>(reading->position.column);
	const core::RowConverter *converter = reading->converter;
	const auto *refused = pg::own_from<core::RejectedRow>(reading->row_context, [=] {
		return converter->Reject(converter->Fault(core::Code::invalid_text, *batch, row, column, error->message),
								 *batch, row, column);
	});
	note_unconvertible(reading, refused);
}

struct RowsToTake {
	Reading *reading;
	const core::RowBatch *batch;
	const pg::SecretScope *secrets; // null: the table has none
	size_t next;
};

void take_open_rows(void *argument) {
	auto *rows = static_cast<RowsToTake *>(argument);
	for (; rows->next < rows->batch->rows; ++rows->next) {
		take_row(rows->reading, rows->batch, rows->next);
		MemoryContextReset(rows->reading->row_context);
	}
}

void take_rows(void *argument) {
	const auto *rows = static_cast<const RowsToTake *>(argument);
	rows->secrets != nullptr ? pg::run_withholding(rows->secrets, take_open_rows, argument) : take_open_rows(argument);
}

// As the target's owner, as when the rows were loaded: domains look at their constraints, and rules compute.
void take_batch(Reading *reading, const core::RowBatch *batch) {
	const MemoryContext caller = MemoryContextSwitchTo(reading->row_context);
	pg::OwnerSwitch owner;
	pg::become_reader(&owner, reading->comparison->pair->target->oid);
	pg::push_conversion_position(&reading->position, reading->converter);
	reading->position.batch = batch;
	for (size_t i = 0; i < batch->rejected.size(); ++i)
		note_unconvertible(reading, &batch->rejected[i]);
	const core::TablePlan *plan = reading->comparison->pair->plan;
	const pg::SecretScope scope = {plan->target_name.c_str(), &reading->position};
	RowsToTake rows = {reading, batch, core::HasSecrets(*plan) ? &scope : nullptr, 0};
	while (rows.next < batch->rows) {
		const ErrorData *error = pg::run_guarded(take_rows, &rows);
		if (error != nullptr)
			note_refusal(reading, batch, rows.next++, error);
		MemoryContextReset(reading->row_context);
	}
	pg::pop_conversion_position(&reading->position);
	pg::resume_user(&owner);
	MemoryContextSwitchTo(caller);
}

void read_again(Reading *reading, const std::string *sql) {
	const Comparison *comparison = reading->comparison;
	MemoryContext context = AllocSetContextCreate(comparison->context, "alkconv reading again", ALLOCSET_DEFAULT_SIZES);
	wait_for_all(comparison->answers);
	auto *reader = pg::own<mysql::Reader>(context, *comparison->pair->connection, *sql, *reading->converter);
	for (;;) {
		core::RowBatch *batch = nullptr;
		const core::Poll poll = reader->try_next(&batch);
		if (poll == core::Poll::end)
			break;
		if (poll == core::Poll::failed)
			pg::report(reader->error());
		if (poll == core::Poll::empty) {
			pg::wait_readable(reader->wait_fd());
			reader->acknowledge();
			continue;
		}
		CHECK_FOR_INTERRUPTS();
		take_batch(reading, batch);
		reader->recycle(batch);
	}
	MemoryContextDelete(context);
}

bool is_exact_number(core::MySqlKind kind) {
	switch (kind) {
	case core::MySqlKind::tinyint:
	case core::MySqlKind::smallint:
	case core::MySqlKind::mediumint:
	case core::MySqlKind::int_:
	case core::MySqlKind::bigint:
	case core::MySqlKind::decimal: return true;
	default: return false;
	}
}

// Numbers and times have digits that a typmod rounds; lengths it refuses.
ServersInput servers_input(const core::ColumnProof *proof, const core::ColumnPlan *plan, Oid type, int32 typmod) {
	ServersInput input = {!proof->mysql_text.empty(), getBaseTypeAndTypmod(type, &typmod), nullptr,
						  is_exact_number(plan->source_type.kind)};
	const Oid base = input.base;
	if (input.used && typmod != -1 &&
		(base == NUMERICOID || base == TIMEOID || base == TIMESTAMPOID || base == TIMESTAMPTZOID ||
		 base == INTERVALOID))
		input.equal = &lookup_type_cache(base, TYPECACHE_EQ_OPR_FINFO)->eq_opr_finfo;
	return input;
}

void prepare(Reading *reading, const Comparison *comparison, const std::vector<size_t> *columns) {
	const core::TablePlan *plan = comparison->pair->plan;
	const int count = static_cast<int>(columns->size());
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(count)));
	auto *typmods = static_cast<int32 *>(palloc(sizeof(int32) * static_cast<Size>(count)));
	reading->comparison = comparison;
	reading->columns = count;
	reading->input = static_cast<ServersInput *>(
		MemoryContextAllocZero(comparison->context, sizeof(ServersInput) * static_cast<Size>(count)));
	reading->output = static_cast<FmgrInfo *>(
		MemoryContextAllocZero(comparison->context, sizeof(FmgrInfo) * static_cast<Size>(count)));
	for (int i = 0; i < count; ++i) {
		const core::ColumnPlan &column = plan->columns[(*columns)[static_cast<size_t>(i)]];
		Oid collation, function;
		bool varlena;
		get_atttypetypmodcoll(comparison->pair->target->oid, column.attnum, &types[i], &typmods[i], &collation);
		reading->input[i] = servers_input(&comparison->proof->columns[(*columns)[static_cast<size_t>(i)]], &column,
										  types[i], typmods[i]);
		getTypeOutputInfo(types[i], &function, &varlena);
		fmgr_info_cxt(function, &reading->output[i], comparison->context);
	}
	reading->datum = pg::prepare_datum_columns(comparison->context, count, types, typmods);
	pg::OwnerSwitch owner;
	pg::become_reader(&owner, comparison->pair->target->oid);
	pg::prepare_expressions(comparison->context, reading->datum, count, plan, columns->data());
	pg::resume_user(&owner);
	reading->converter = pg::own_from<core::RowConverter>(
		comparison->context, [=] { return core::MakeRereadConverter(*plan, *comparison->proof, *columns); });
	reading->row_context = AllocSetContextCreate(comparison->context, "alkconv row", ALLOCSET_DEFAULT_SIZES);
}

// The keys of the rows that differ, with both values; nullptr when the sides differ by nothing but rows that one of them lacks.
const char *locate(Reading *reading, const std::vector<size_t> *columns, const std::string *source_sql,
				   std::vector<std::string> *buckets) {
	const Comparison *comparison = reading->comparison;
	const core::TableProof &proof = *comparison->proof;
	const size_t differing = buckets->size();
	pg::edge([&] { buckets->resize(Min(differing, kSearchedBuckets)); });
	reading->sums = nullptr;
	reading->buckets = buckets;
	reading->rows = pg::own<core::TextRows>(comparison->context);
	read_again(reading, source_sql);

	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] { *sql = core::PostgresRereadDigestQuery(proof, *comparison->target_from, *columns, *buckets); });
	const core::TextRows *stored = target_rows(comparison, sql);
	auto *keys = pg::own_from<std::vector<core::DifferingKey>>(comparison->context, [&] {
		return core::DifferingKeys(*reading->rows, *stored, reading->rows->size() + stored->size());
	});
	if (keys->empty())
		return "the sums differ, but no row does";
	pg::edge([&] { *keys = core::KeysOfBothSides(std::move(*keys), kShownKeys); });
	if (keys->empty() && differing <= kSearchedBuckets)
		return nullptr;
	if (keys->empty())
		return psprintf("%zu of %zu buckets were searched, and differ by rows that one side lacks", kSearchedBuckets,
						differing);
	auto *source_values = pg::own<std::string>(comparison->context);
	auto *target_values = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		std::vector<std::string> names;
		for (const core::DifferingKey &key : *keys)
			names.push_back(key.key);
		*source_values = core::MysqlValuesQuery(proof, *comparison->source_from, names);
		*target_values = core::PostgresValuesQuery(proof, *comparison->target_from, names);
	});
	const core::TextRows *source =
		&source_rows(comparison, source_values,
					 {"the values of rows", core::ValuesColumns(proof), core::AnswerRows::any})
			 ->rows;
	const core::TextRows *target = target_rows(comparison, target_values);
	auto *text = pg::own_from<std::string>(comparison->context, [&] {
		return core::DescribeRereadDifferences(*comparison->pair->plan, proof, *columns, *keys, *source, *target);
	});
	return text->c_str();
}

const char *column_names(const core::TablePlan *plan, const std::vector<size_t> *columns) {
	const char *text = "";
	for (size_t i = 0; i < columns->size(); ++i)
		text = psprintf("%s%s%s", text, i == 0 ? "" : ", ", plan->columns[(*columns)[i]].target_name.c_str());
	return text;
}

// Why one column was read again: SQL cannot compare it, or what SQL said was different.
const char *reason(const core::ColumnProof *proof) {
	return psprintf("%s: %s", proof->recheck ? "the digests differed" : "no digest", proof->why);
}

// Of all, each where they differ in that.
const char *reasons(const core::TablePlan *plan, const core::TableProof *proof, const std::vector<size_t> *columns) {
	const char *first = reason(&proof->columns[columns->front()]);
	bool same = true;
	const char *text = "";
	for (size_t i = 0; i < columns->size(); ++i) {
		const size_t column = (*columns)[i];
		const char *why = reason(&proof->columns[column]);
		same = same && strcmp(why, first) == 0;
		text = psprintf("%s%s%s: %s", text, i == 0 ? "" : "; ", plan->columns[column].target_name.c_str(), why);
	}
	return same ? first : text;
}

// How many of the columns the converter reads again, not the target's own input function.
int converted_again(const Reading *reading) {
	int count = 0;
	for (int i = 0; i < reading->columns; ++i)
		count += reading->input[i].used ? 0 : 1;
	return count;
}

// The verdicts of all other checks stand.
void add_unconvertible(CheckList *list, const Reading *reading, const char *check) {
	const Comparison *comparison = reading->comparison;
	const core::TablePlan *plan = comparison->pair->plan;
	const auto *text = pg::own_from<std::string>(comparison->context, [=] {
		return core::DescribeUnconvertible(*reading->first_unconvertible, core::KeyName(*plan, *comparison->proof),
										   reading->unconvertible, reading->converter->columns().front().secret);
	});
	add_check(list, plan->target_name.c_str(), check, nullptr, "not compared", Verdict::mismatch, text->c_str());
}

} // namespace

void check_reread(CheckList *list, const Comparison *comparison) {
	const core::TablePlan *plan = comparison->pair->plan;
	const core::TableProof &proof = *comparison->proof;
	auto *columns = pg::own_from<std::vector<size_t>>(comparison->context, [&] { return core::RereadColumns(proof); });
	if (columns->empty())
		return;
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = core::MysqlRereadQuery(proof, *comparison->source_from, *columns, {});
		*target_sql = core::PostgresRereadSumsQuery(proof, *comparison->target_from, *columns);
	});
	const char *name = psprintf("reread %s", column_names(plan, columns));
	Reading reading = {};
	prepare(&reading, comparison, columns);
	reading.sums = pg::own<core::RereadSums>(comparison->context);
	read_again(&reading, source_sql);
	list->read_again += reading.columns;
	list->converted_again += converted_again(&reading);
	if (reading.unconvertible > 0) {
		add_unconvertible(list, &reading, name);
		return;
	}
	const core::TextRows *stored = target_rows(comparison, target_sql);
	auto *buckets = pg::own_from<std::vector<std::string>>(
		comparison->context, [&] { return core::DifferingBuckets(reading.sums->Rows(), *stored); });
	const char *difference = buckets->empty() ? nullptr : locate(&reading, columns, source_sql, buckets);
	const bool equal = difference == nullptr;
	add_check(list, plan->target_name.c_str(), name, nullptr,
			  !equal						   ? "different"
			  : converted_again(&reading) == 0 ? "equal, read again"
											   : "equal, converted again",
			  equal ? Verdict::ok : Verdict::mismatch, equal ? reasons(plan, &proof, columns) : difference);
}

} // namespace alkconv::verify
