// Regime: Postgres (may longjmp, never throws)
//
// Executing a foreign scan. The remote SELECT starts with the first row that is asked for. Rows come off the wire into
// a virtual slot; when another scan needs the connection, or the scan is to be repeated, they go through a tuplestore
// (work_mem, then temporary files). A scan has ended only when the source said so.
#include "fdw/callbacks.hpp"
#include "fdw/options.hpp"
#include "fdw/plan.hpp"
#include "fdw/stream.hpp"
#include "pg/compat.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"
}

namespace alkconv::fdw {
using ConverterColumns = std::vector<core::ConverterColumn>;
using Key = std::vector<size_t>;
} // namespace alkconv::fdw

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

struct Scan {
	StreamUser user; // first: make_way() gets no more than this

	// from the plan
	Oid relation;
	const char *name; // of the foreign table
	Oid role;
	List *attributes;
	TupleDesc descriptor; // of the slot
	TupleDesc declared;	  // of the relation: the slot's has forgotten NOT NULL, which planning relies on

	// how to fetch and convert: prepared with the first execution
	const char *sql;		   // null until then
	ConverterColumns *columns; // those of `attributes`, then the key columns that messages need
	Key *key;
	pg::DatumColumn *datum_columns; // one per attribute

	// where the scan stands
	bool started;
	bool ended;				// the source has said that there are no more rows
	bool keep;				// it is being repeated: all rows go into the store first
	uint64 handed_out;		// rows, in this execution
	Tuplestorestate *store; // rows set aside, or null
	bool store_complete;	// it holds every row of the table
	TupleTableSlot *stored_slot;

	// memory
	MemoryContext context; // of the query
	MemoryContext row_context;
	ResourceOwner owner; // of the query: temporary files outlive the subtransaction in which they happen to be made
	Datum *values;
	bool *nulls;
};

void scan_error_context(void *argument) {
	errcontext("scan of foreign table \"%s\"", static_cast<Scan *>(argument)->name);
}

struct ColumnPosition {
	const char *table;
	const char *column;
};

void column_error_context(void *argument) {
	auto *position = static_cast<ColumnPosition *>(argument);
	errcontext("column \"%s\" of foreign table \"%s\"", position->column, position->table);
}

void push_context(ErrorContextCallback *callback, void (*function)(void *), void *argument) {
	callback->callback = function;
	callback->arg = argument;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

void pop_context(const ErrorContextCallback *callback) { error_context_stack = callback->previous; }

// Converter of columns that are fetched only to name rows in messages.
core::Code IgnoreCell(const core::ConversionContext &, const core::Cell &, core::Arena &, core::Value &value) noexcept {
	value.kind = core::ValueKind::null;
	return core::Code::ok;
}

// MySQL compares column names without regard to case.
const core::SourceColumn *find_source_column(const core::SourceTable *table, const char *name) {
	for (const core::SourceColumn &column : table->columns)
		if (pg_strcasecmp(column.name.c_str(), name) == 0)
			return &column;
	return nullptr;
}

void prepare_column(Scan *scan, Session *session, const RemoteTable *remote, const core::SourceTable *table,
					AttrNumber number) {
	const Form_pg_attribute attribute = TupleDescAttr(scan->declared, number - 1);
	const char *source_name = get_remote_column(scan->relation, number);
	const core::SourceColumn *source = find_source_column(table, source_name);
	if (source == nullptr)
		ereport(ERROR, (errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
						errmsg("column \"%s\" does not exist in MySQL table \"%s.%s\"", source_name, remote->database,
							   remote->table),
						errdetail("It is needed by column \"%s\" of foreign table \"%s\".", NameStr(attribute->attname),
								  scan->name),
						errhint("Set option column_name of the column, or import the table again.")));

	ColumnPosition position = {scan->name, NameStr(attribute->attname)};
	ErrorContextCallback callback;
	push_context(&callback, column_error_context, &position);
	core::ConverterColumn *column = pg::edge([&] { return &scan->columns->emplace_back(); });
	pg::describe_type(attribute->atttypid, attribute->atttypmod, &column->target);
	const core::WallTimes *wall_times =
		core::NeedsZone(source->type, column->target) ? get_wall_times(session, remote->server) : nullptr;
	pg::edge([&] {
		core::ColumnPolicy policy;
		if (wall_times != nullptr)
			policy.zone = core::ZoneOfPair(source->type, column->target, *wall_times);
		column->source_name = source->name;
		column->target_name = position.column;
		column->source = source->type;
		column->not_null = attribute->attnotnull;
		column->conversion = core::ChooseConversion(column->source, column->target, policy);
	});
	pop_context(&callback);
}

// C++: fills `key` with the positions of the columns that identify a row, and appends those that are not fetched
// anyway.
void AddKeyColumns(const core::SourceTable &table, ConverterColumns &columns, Key &key) {
	if (columns.empty())
		return; // nothing is converted, so no row has to be named
	for (const size_t identity : table.RowIdentity()) {
		const core::SourceColumn &source = table.columns[identity];
		size_t position = 0;
		while (position < columns.size() && columns[position].source_name != source.name)
			++position;
		if (position == columns.size()) {
			core::ConverterColumn &column = columns.emplace_back();
			column.source_name = column.target_name = source.name;
			column.source = source.type;
			column.target.text = "text";
			column.conversion.convert = IgnoreCell;
			column.conversion.name = "row identity";
		}
		key.push_back(position);
	}
}

// Chooses the conversions from both catalogs, once per scan. Runs in the query's context.
void prepare(Scan *scan, Session *session, const RemoteTable *remote, const core::SourceTable *table) {
	const int count = list_length(scan->attributes);
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * Max(count, 1)));
	auto *typmods = static_cast<int32 *>(palloc(sizeof(int32) * Max(count, 1)));
	scan->columns = pg::own<ConverterColumns>(scan->context);
	scan->key = pg::own<Key>(scan->context);
	pg::edge([&] { scan->columns->reserve(static_cast<size_t>(count)); });
	for (int i = 0; i < count; ++i) {
		const auto number = static_cast<AttrNumber>(list_nth_int(scan->attributes, i));
		prepare_column(scan, session, remote, table, number);
		types[i] = TupleDescAttr(scan->descriptor, number - 1)->atttypid;
		typmods[i] = TupleDescAttr(scan->descriptor, number - 1)->atttypmod;
	}
	scan->datum_columns = pg::prepare_datum_columns(scan->context, count, types, typmods);

	pg::edge([&] { AddKeyColumns(*table, *scan->columns, *scan->key); });
	List *extra = NIL;
	for (size_t i = static_cast<size_t>(count); i < scan->columns->size(); ++i)
		extra = lappend(extra, const_cast<char *>((*scan->columns)[i].source_name.c_str()));
	scan->sql = make_remote_sql(scan->relation, scan->attributes, extra);
}

// Makes the row that the stream stands on. Datums are allocated in the current context and do not depend on the batch,
// which may be gone while the row is still in use above us (when the stream has to make way).
void make_row(Scan *scan, Datum *values, bool *nulls) {
	Stream *stream = scan->user.stream;
	pg::ConversionPosition position;
	pg::push_conversion_position(&position, stream->converter);
	position.batch = stream->batch;
	position.row = stream->row;
	memset(nulls, true, sizeof(bool) * static_cast<size_t>(scan->descriptor->natts));
	const int count = list_length(scan->attributes);
	for (int i = 0; i < count; ++i) {
		const core::Value &value = stream->batch->value(stream->row, static_cast<size_t>(i));
		position.column = i;
		Datum datum;
		if (pg::make_datum(&scan->datum_columns[i], value, &datum))
			continue;
		const int attribute = list_nth_int(scan->attributes, i) - 1;
		if (pg::lies_in_batch(value))
			datum = datumCopy(datum, false, TupleDescAttr(scan->descriptor, attribute)->attlen);
		values[attribute] = datum;
		nulls[attribute] = false;
	}
	pg::pop_conversion_position(&position);
}

// The stream's end is the only thing that ends a scan: a stream that vanished otherwise is an error.
bool has_row(Scan *scan) {
	if (scan->ended)
		return false;
	if (scan->user.stream == nullptr)
		ereport(ERROR, (errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
						errmsg("the connection of a foreign scan was closed before its end")));
	if (stream_has_row(scan->user.stream))
		return true;
	scan->ended = true;
	return false;
}

void drop_store(Scan *scan) {
	if (scan->store != nullptr)
		tuplestore_end(scan->store);
	scan->store = nullptr;
	scan->store_complete = false;
}

void make_store(Scan *scan) {
	const MemoryContext caller = MemoryContextSwitchTo(scan->context);
	const ResourceOwner owner = CurrentResourceOwner;
	CurrentResourceOwner = scan->owner;
	scan->store = tuplestore_begin_heap(false, false, work_mem);
	CurrentResourceOwner = owner;
	if (scan->stored_slot == nullptr)
		scan->stored_slot = MakeSingleTupleTableSlot(scan->descriptor, &TTSOpsMinimalTuple);
	MemoryContextSwitchTo(caller);
}

// StreamUser::make_way: moves the rows that are still to come into the store. May be broken off by any error; what was
// moved stays in order, the rest stays on the wire, and the bad row (if it was one) is met again when the scan itself
// gets there.
void set_aside(StreamUser *user) {
	auto *scan = reinterpret_cast<Scan *>(user);
	ErrorContextCallback callback;
	push_context(&callback, scan_error_context, scan);
	if (scan->store == nullptr)
		make_store(scan);
	const MemoryContext caller = MemoryContextSwitchTo(scan->row_context);
	while (has_row(scan)) {
		CHECK_FOR_INTERRUPTS();
		make_row(scan, scan->values, scan->nulls);
		tuplestore_putvalues(scan->store, scan->descriptor, scan->values, scan->nulls);
		++user->stream->row;
		MemoryContextReset(scan->row_context);
	}
	MemoryContextSwitchTo(caller);
	scan->store_complete = scan->handed_out == 0;
	pop_context(&callback);
}

void start(Scan *scan) {
	const MemoryContext caller = MemoryContextSwitchTo(scan->context);
	const RemoteTable remote = get_remote_table(scan->relation);
	Session *session = get_session(remote.server, scan->role);
	if (scan->sql == nullptr)
		prepare(scan, session, &remote, get_source_table(session, remote.database, remote.table));
	free_wire(session);
	scan->ended = false;
	scan->handed_out = 0;
	start_stream(session, &scan->user, scan->sql, scan->name, scan->columns, scan->key);
	scan->started = true;
	MemoryContextSwitchTo(caller);
	if (scan->keep)
		set_aside(&scan->user);
}

// The next row of the store into the slot; false when it is used up.
bool next_stored(Scan *scan, TupleTableSlot *slot) {
	// A copy, for the store may move its rows while this one is still in use; its memory is that of the slot that frees
	// it.
	const MemoryContext caller = MemoryContextSwitchTo(scan->context);
	const bool found = tuplestore_gettupleslot(scan->store, true, true, scan->stored_slot);
	MemoryContextSwitchTo(caller);
	if (!found)
		return false;
	slot_getallattrs(scan->stored_slot);
	const auto natts = static_cast<size_t>(scan->descriptor->natts);
	memcpy(slot->tts_values, scan->stored_slot->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, scan->stored_slot->tts_isnull, sizeof(bool) * natts);
	return true;
}

// Fills the slot's arrays; false at the end of the scan.
bool next_row(Scan *scan, TupleTableSlot *slot) {
	if (scan->store != nullptr) {
		if (next_stored(scan, slot))
			return true;
		if (scan->ended)
			return false;
		drop_store(scan); // setting aside was broken off: go on from the wire
	}
	if (!has_row(scan))
		return false;
	make_row(scan, slot->tts_values, slot->tts_isnull);
	++scan->user.stream->row;
	return true;
}

} // namespace

void begin_foreign_scan(ForeignScanState *node, int eflags) {
	if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
		return;
	const auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
	auto *scan = static_cast<Scan *>(palloc0(sizeof(Scan)));
	scan->context = node->ss.ps.state->es_query_cxt;
	scan->row_context = AllocSetContextCreate(scan->context, "alkconv foreign scan row", ALLOCSET_DEFAULT_SIZES);
	scan->owner = CurrentResourceOwner;
	scan->relation = RelationGetRelid(node->ss.ss_currentRelation);
	scan->name = RelationGetRelationName(node->ss.ss_currentRelation);
	scan->role = pg::foreign_scan_role(node);
	scan->attributes = static_cast<List *>(list_nth(plan->fdw_private, kScanPrivateAttributes));
	scan->descriptor = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	scan->declared = RelationGetDescr(node->ss.ss_currentRelation);
	scan->values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<size_t>(Max(scan->descriptor->natts, 1))));
	scan->nulls = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<size_t>(Max(scan->descriptor->natts, 1))));
	init_stream_user(&scan->user, scan->context, set_aside);
	node->fdw_state = scan;
}

TupleTableSlot *iterate_foreign_scan(ForeignScanState *node) {
	auto *scan = static_cast<Scan *>(node->fdw_state);
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
	ErrorContextCallback callback;
	push_context(&callback, scan_error_context, scan);
	ExecClearTuple(slot);
	if (!scan->started)
		start(scan);
	if (next_row(scan, slot)) {
		++scan->handed_out;
		ExecStoreVirtualTuple(slot);
	}
	pop_context(&callback);
	return slot;
}

void rescan_foreign_scan(ForeignScanState *node) {
	auto *scan = static_cast<Scan *>(node->fdw_state);
	if (scan == nullptr || !scan->started)
		return;
	if (scan->store_complete) {
		tuplestore_rescan(scan->store);
		return;
	}
	// Once more from the source, of the same snapshot, and this time kept: there may be many more rescans.
	abandon_stream(&scan->user);
	drop_store(scan);
	scan->started = false;
	scan->keep = true;
}

void end_foreign_scan(ForeignScanState *node) {
	auto *scan = static_cast<Scan *>(node->fdw_state);
	if (scan == nullptr)
		return;
	abandon_stream(&scan->user);
	drop_store(scan);
	if (scan->stored_slot != nullptr)
		ExecDropSingleTupleTableSlot(scan->stored_slot);
	scan->stored_slot = nullptr;
}

void explain_foreign_scan(ForeignScanState *node, ExplainState *es) {
	if (!pg::explain_verbose(es))
		return;
	const auto *scan = static_cast<Scan *>(node->fdw_state);
	const char *sql = scan != nullptr ? scan->sql : nullptr;
	if (sql == nullptr) {
		const auto *plan = reinterpret_cast<ForeignScan *>(node->ss.ps.plan);
		sql = make_remote_sql(RelationGetRelid(node->ss.ss_currentRelation),
							  static_cast<List *>(list_nth(plan->fdw_private, kScanPrivateAttributes)), NIL);
	}
	pg::explain_property(es, "Remote SQL", sql);
}

} // namespace alkconv::fdw
