// Regime: Postgres (may longjmp, never throws)
//
// INSERTs into alkconv.reject.
#include "load/rejects.hpp"

#include "pg/extension.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/report.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

int reject_limit = 0; // the setting's default comes with its definition

namespace {

// A value as large as can be would not fit into a row with others.
constexpr Size kStoredBytes = Size{256} * 1024 * 1024;

// Everything of an entry but the value's bytes.
struct Entry {
	const char *column;
	const char *sqlstate;
	const char *message;
	const char *hint;
};

Datum text_array(const std::vector<std::string> *texts) {
	const size_t count = texts->size();
	auto *elements = static_cast<Datum *>(palloc(sizeof(Datum) * Max(count, size_t{1})));
	for (size_t i = 0; i < count; ++i)
		elements[i] =
			PointerGetDatum(cstring_to_text_with_len((*texts)[i].data(), static_cast<int>((*texts)[i].size())));
	return PointerGetDatum(construct_array(elements, static_cast<int>(count), TEXTOID, -1, false, TYPALIGN_INT));
}

const std::vector<std::string> *key_columns(MemoryContext context, const core::TablePlan *plan) {
	return pg::own_from<std::vector<std::string>>(context, [plan] {
		std::vector<std::string> names;
		for (const size_t position : plan->key)
			names.push_back(plan->columns[position].source_name);
		return names;
	});
}

bytea *bytes_of(const std::string *value) {
	const Size size = Min(value->size(), kStoredBytes);
	auto *result = static_cast<bytea *>(palloc(size + VARHDRSZ));
	SET_VARSIZE(result, size + VARHDRSZ);
	memcpy(VARDATA(result), value->data(), size);
	return result;
}

void require_within_limit(const RejectLog *log, const core::TablePlan *plan, const Entry *entry) {
	if (reject_limit == 0 || log->rows < static_cast<uint64>(reject_limit))
		return;
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
					errmsg("more than %d row%s rejected, alkconv.reject_limit", reject_limit,
						   reject_limit == 1 ? " was" : "s were"),
					errdetail("The next one: %s", entry->message),
					errhint("%s counts the values of each kind and suggests rules that settle them. "
							"Otherwise raise alkconv.reject_limit; 0 is no limit.",
							pg::function_name("alkconv_preflight")),
					err_generic_string(PG_DIAG_TABLE_NAME, plan->source_name.c_str())));
}

// Without its key nobody would find the row again.
void require_storable(const core::TablePlan *plan, const std::vector<std::string> *key, const Entry *entry) {
	if (core::IsStorable(*key))
		return;
	ereport(ERROR, (errcode(MAKE_SQLSTATE(entry->sqlstate[0], entry->sqlstate[1], entry->sqlstate[2],
										  entry->sqlstate[3], entry->sqlstate[4])),
					errmsg_internal("%s", entry->message),
					errdetail("The row cannot be rejected: its key is no text that alkconv.reject could hold."),
					entry->hint != nullptr && entry->hint[0] != '\0' ? errhint("%s", entry->hint) : 0,
					err_generic_string(PG_DIAG_TABLE_NAME, plan->source_name.c_str()),
					entry->column != nullptr ? err_generic_string(PG_DIAG_COLUMN_NAME, entry->column) : 0));
}

// The key is what brings the row later, so it would have to be written down.
void require_key_to_show(const core::TablePlan *plan, const Entry *entry) {
	if (!core::HasSecretKey(*plan))
		return;
	ereport(ERROR, (errcode(MAKE_SQLSTATE(entry->sqlstate[0], entry->sqlstate[1], entry->sqlstate[2],
										  entry->sqlstate[3], entry->sqlstate[4])),
					errmsg_internal("%s", entry->message),
					errdetail("The row cannot be rejected: a rule with action secret is about its key."),
					entry->hint != nullptr && entry->hint[0] != '\0' ? errhint("%s", entry->hint) : 0,
					err_generic_string(PG_DIAG_TABLE_NAME, plan->source_name.c_str())));
}

Datum text_or_null(const char *text, char *null) {
	*null = text == nullptr || text[0] == '\0' ? 'n' : ' ';
	return *null == 'n' ? Datum{0} : CStringGetTextDatum(text);
}

void write_entry(RejectLog *log, const core::TablePlan *plan, size_t number, const std::vector<std::string> *key,
				 const std::string *value, const Entry *entry) {
	const MemoryContext caller = MemoryContextSwitchTo(log->row_context);
	require_within_limit(log, plan, entry);
	require_storable(plan, key, entry);
	require_key_to_show(plan, entry);
	pg::edge([&] { log->keys[number].push_back(*key); });
	++log->rows;

	Oid types[] = {TEXTOID, INT8OID,  TEXTOID, TEXTOID, TEXTARRAYOID, TEXTARRAYOID,
				   TEXTOID, BYTEAOID, TEXTOID, TEXTOID, TEXTOID};
	char nulls[lengthof(types)];
	memset(nulls, ' ', sizeof nulls);
	Datum values[lengthof(types)] = {CStringGetTextDatum(log->run),
									 Int64GetDatum(static_cast<int64>(log->rows)),
									 CStringGetTextDatum(plan->source_name.c_str()),
									 CStringGetTextDatum(plan->target_name.c_str()),
									 text_array(key_columns(log->row_context, plan)),
									 text_array(key),
									 text_or_null(entry->column, &nulls[6]),
									 value != nullptr ? PointerGetDatum(bytes_of(value)) : Datum{0},
									 CStringGetTextDatum(entry->sqlstate),
									 CStringGetTextDatum(entry->message),
									 text_or_null(entry->hint, &nulls[10])};
	nulls[7] = value != nullptr ? ' ' : 'n';
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, log->table);
	if (SPI_execute_with_args("INSERT INTO alkconv.reject (run, ordinal, source_table, table_name, key_columns, key, "
							  "column_name, value, sqlstate, message, hint)"
							  " VALUES ($1::pg_catalog.uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
							  lengthof(types), types, values, nulls, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not insert into alkconv.reject");
	pg::resume_user(&owner);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(log->row_context);
}

} // namespace

RejectLog *open_reject_log(MemoryContext context, const char *run, size_t tables) {
	auto *log = static_cast<RejectLog *>(MemoryContextAllocZero(context, sizeof(RejectLog)));
	log->run = MemoryContextStrdup(context, run);
	log->row_context = AllocSetContextCreate(context, "alkconv rejected row", ALLOCSET_DEFAULT_SIZES);
	log->table = get_relname_relid("reject", get_namespace_oid("alkconv", false));
	auto *keys = pg::own<std::vector<core::RejectedKeys>>(context, tables);
	log->keys = keys->data();
	return log;
}

void log_reject(RejectLog *log, const core::TablePlan *plan, size_t number, const core::RejectedRow *row) {
	const Entry entry = {row->column.c_str(), unpack_sql_state(pg::sqlstate(row->fault.code())),
						 row->fault.message().c_str(), row->fault.hint().c_str()};
	write_entry(log, plan, number, &row->key, row->value.has_value() ? &*row->value : nullptr, &entry);
}

void log_rejects(const Rejecting *rejecting, const core::TablePlan *plan, const core::RowBatch *batch) {
	for (size_t i = 0; i < batch->rejected.size(); ++i)
		log_reject(rejecting->log, plan, rejecting->number, &batch->rejected[i]);
}

void log_refusal(RejectLog *log, const core::TablePlan *plan, size_t number, const pg::ConversionPosition *position,
				 const ErrorData *error) {
	const bool of_value = position->column >= 0;
	const auto column = static_cast<size_t>(of_value ? position->column : 0);
	const core::RejectedRow *row = pg::own_from<core::RejectedRow>(log->row_context, [=] {
		return position->converter->Reject(core::Error(core::Code::invalid_text, error->message), *position->batch,
										   position->row, column);
	});
	const char *message = of_value ? psprintf("column \"%s\" of table \"%s\": %s", row->column.c_str(),
											  plan->source_name.c_str(), error->message)
								   : psprintf("table \"%s\": %s", plan->source_name.c_str(), error->message);
	const Entry entry = {of_value ? row->column.c_str() : nullptr, pstrdup(unpack_sql_state(error->sqlerrcode)),
						 message, error->hint};
	write_entry(log, plan, number, &row->key, of_value && row->value.has_value() ? &*row->value : nullptr, &entry);
}

void log_orphan(RejectLog *log, const core::TablePlan *plan, size_t number, const std::vector<std::string> *key,
				const char *column, const char *message) {
	const Entry entry = {column, "23503", message,
						 psprintf("It comes with its parent: %s brings both when the parent is mended.",
								  pg::function_name("alkconv_replay"))};
	write_entry(log, plan, number, key, nullptr, &entry);
}

} // namespace alkconv::load
