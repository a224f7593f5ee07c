// Regime: Postgres (may longjmp, never throws)
//
// BeginCopyFrom with a data callback, as logical replication's table synchronisation does it (copy_table, tablesync.c,
// 17). The callback hands out one row per call in COPY's text format; a batch is written out at once, and kept until COPY cannot hold a row of it
// any more, so that an error can name the key of its row.
#include "load/copy_writer.hpp"

#include "load/load.hpp"
#include "pg/await.hpp"
#include "pg/datum.hpp"
#include "pg/expression_effect.hpp"
#include "pg/guarded.hpp"
#include "pg/index_entry.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/copy.h"
#include "commands/copyfrom_internal.h"
#include "commands/trigger.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
}

namespace alkconv::load {

class CopyFeed;

namespace {
// COPY's callback has no argument. A run started by a trigger of a table being loaded has a feed of its own meanwhile.
CopyFeed *current_feed = nullptr;

// Puts the former feed back when its memory context goes: at the end of a load, and when an ERROR is caught in a
// subtransaction.
struct CurrentFeed {
	CopyFeed *previous;
	explicit CurrentFeed(CopyFeed *feed) noexcept : previous(current_feed) { current_feed = feed; }
	CurrentFeed(CurrentFeed &&other) = delete;
	~CurrentFeed() { current_feed = previous; }
};
} // namespace

} // namespace alkconv::load

#include "pg/regime_pg.hpp"

namespace alkconv::load {

// A batch in COPY's text format.
struct WrittenBatch {
	WrittenBatch *older;
	core::RowBatch *batch;
	MemoryContext context; // of everything here but the batch
	StringInfoData text;
	int *row_end;		// of each row in text
	size_t *row_number; // and its number in the batch
	Size *row_bytes;	// and as many bytes as it has at least; null where no row can be too long
	size_t rows;		// in text
	uint64 first_line;	// of the rows, as COPY counts
};

class CopyFeed {
public:
	core::BatchSource *source;
	const core::TablePlan *plan;
	const Rejecting *rejecting;
	CopyFromState copy;
	uint64 stored; // rows, by COPY
	bool secrets;  // a column's values are not to be shown
	bool partitioned;
	const char
		*deferred_owner; // whom alone the server lets queue the target's deferred triggers, if the caller is another
	int columns;		 // of the source's SELECT list
	pg::DatumColumn *datum;
	pg::ExpressionEffects *effects; // null: no column has an expression
	FmgrInfo *output;

	MemoryContext context;
	MemoryContext value_context;
	TupleDesc descriptor;  // of the target
	bool may_be_too_long;  // its rows, for a page
	WrittenBatch *current; // whose rows are handed out, or null
	WrittenBatch *newest;  // of those of which COPY may still hold rows, the current one included
	size_t next_row;
	int offset, end; // of the row being handed out, in text

	uint64 line;  // of the row handed out last, as COPY counts
	bool feeding; // the next row is being fetched, ahead of COPY
	bool writing; // a batch is being written out, likewise
	pg::ConversionPosition position;
	ErrorContextCallback callback;
};

namespace {

void hint_row(const CopyFeed *feed) {
	hint_uniqueness(feed->plan);
	if (geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE && feed->deferred_owner != nullptr)
		pg::add_hint(psprintf("Deferred triggers and foreign keys of a table are queued for its owner only. Run the "
							  "migration as the owner: SET ROLE %s.",
							  feed->deferred_owner));
	if (geterrcode() == ERRCODE_CHECK_VIOLATION)
		pg::add_hint(feed->partitioned
						 ? "Mend the row in the source, drop the constraint of the target table, or create the "
						   "partition that the row belongs to."
						 : "Mend the row in the source, or drop the constraint of the target table.");
	if (geterrcode() == ERRCODE_FOREIGN_KEY_VIOLATION && feed->rejecting != nullptr)
		pg::add_hint(
			"The parent may be a row that this run rejected, or be missing in the source. Mend it, or let rules "
			"decide: a table that is loaded through COPY cannot let go of rows whose parent is rejected.");
	if (geterrcode() == ERRCODE_FOREIGN_KEY_VIOLATION)
		pg::add_hint("Add the parent rows or delete the orphans in the source. Where tables refer to each other in a "
					 "circle, make a foreign key of it DEFERRABLE INITIALLY DEFERRED.");
}

// Of COPY itself the row is added later (amend_error), since it may be an earlier one than the last it got.
void copy_error_context(void *argument) {
	const auto *feed = static_cast<const CopyFeed *>(argument);
	if (feed->writing)
		pg::describe_conversion_position(&feed->position);
	else if (!feed->feeding)
		hint_row(feed);
}

// While rows are stored together: of disk, memory, locks and the like none of them is the cause.
bool is_about_row(int sqlstate) {
	const int category = ERRCODE_TO_CATEGORY(sqlstate);
	return category == ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION) ||
		   category == ERRCODE_TO_CATEGORY(ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION) ||
		   sqlstate == ERRCODE_RAISE_EXCEPTION || sqlstate == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

void set_row(pg::ConversionPosition *position, const WrittenBatch *written, size_t row) {
	position->batch = written->batch;
	position->row = written->row_number[row];
}

// The row of a line, as far as it is still here.
bool find_line(const CopyFeed *feed, uint64 line, pg::ConversionPosition *position) {
	for (const WrittenBatch *written = feed->newest; written != nullptr; written = written->older)
		if (line >= written->first_line && line < written->first_line + written->rows) {
			set_row(position, written, line - written->first_line);
			return true;
		}
	return false;
}

// The longest of the rows that COPY may be storing, if it can be too long for a page.
bool find_too_long(const CopyFeed *feed, pg::ConversionPosition *position) {
	Size most = MaxHeapTupleSize / 2; // what defaults and triggers fill is not counted
	bool found = false;
	for (const WrittenBatch *written = feed->newest; written != nullptr; written = written->older)
		for (size_t row = 0; row < written->rows && written->first_line + row <= feed->line; ++row) {
			if (written->row_bytes == nullptr || written->row_bytes[row] <= most)
				continue;
			most = written->row_bytes[row];
			set_row(position, written, row);
			found = true;
		}
	return found;
}

// COPY collects rows and stores them together, without saying which one it is at; then it makes the index entries of each, and says the line.
bool find_row(const CopyFeed *feed, const ErrorData *error, bool *too_long, pg::ConversionPosition *position) {
	*position = feed->position;
	position->column = -1;
	*too_long = false;
	const bool stores = !feed->copy->line_buf_valid; // rows that it has collected
	if (stores && !is_about_row(error->sqlerrcode))
		return false;
	*too_long = stores && error->sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED && error->constraint_name == nullptr &&
				find_too_long(feed, position);
	return *too_long || find_line(feed, feed->copy->cur_lineno, position);
}

// What the server refuses because of its size, in the words of the other path (publish.cpp, heap_writer.cpp).
void amend_limit(const CopyFeed *feed, ErrorData *error, bool too_long, const pg::ConversionPosition *position) {
	const char *table = feed->plan->target_name.c_str();
	const char *row = position == nullptr ? "" : pg::place_of_row(position);
	const char *key = strstr(row, ", key ");
	if (error->constraint_name != nullptr) {
		if (!feed->secrets)
			error->detail = psprintf("The server says: %s.", error->message);
		error->message = psprintf("index \"%s\" of table \"%s\" cannot hold row %s", error->constraint_name, table,
								  key == nullptr ? "without a key" : key + strlen(", key "));
		error->hint = pstrdup(long_entry_hint());
	} else if (error->hint == nullptr) {
		error->hint = pstrdup(
			too_long ? long_row_hint()
					 : "A value is too long for what an index, a generated column or a trigger of the target makes "
					   "of it. Drop that for the run, or shorten the value: in the source, or by a rule with action "
					   "expression.");
	}
	error->table_name = pstrdup(table);
}

void amend_error(ErrorData *error, void *argument) {
	const auto *feed = static_cast<const CopyFeed *>(argument);
	if (feed->feeding) // it names its row, and withholds what is to be withheld
		return;
	pg::ConversionPosition place;
	bool too_long;
	const pg::ConversionPosition *row = find_row(feed, error, &too_long, &place) ? &place : nullptr;
	if (feed->secrets) {
		const pg::SecretScope scope = {feed->plan->target_name.c_str(), row};
		pg::withhold_values(error, &scope);
	} else if (row != nullptr) {
		error->context = psprintf("%s%s%s", error->context == nullptr ? "" : error->context,
								  error->context == nullptr ? "" : "\n", pg::place_of_row(row));
	}
	if (error->sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED)
		amend_limit(feed, error, too_long, row);
}

// Settings under which output functions write what every setting reads back unchanged (set_transmission_modes,
// postgres_fdw.c, 17).
int pin_output_settings() {
	static const char *const kSettings[][2] = {{"datestyle", "ISO"},
											   {"intervalstyle", "postgres"},
											   {"extra_float_digits", "3"},
											   {"search_path", "pg_catalog, pg_temp"}};
	const int nest_level = NewGUCNestLevel();
	for (const auto &setting : kSettings)
		(void) set_config_option(setting[0], setting[1], PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest_level;
}

// COPY's text format: what would end a field or a row, and the backslash itself, get a backslash.
void append_escaped(StringInfo text, const char *value) {
	const char *start = value;
	for (const char *at = value;; ++at) {
		char escape;
		switch (*at) {
		case '\0': appendBinaryStringInfo(text, start, static_cast<int>(at - start)); return;
		case '\\': escape = '\\'; break;
		case '\n': escape = 'n'; break;
		case '\r': escape = 'r'; break;
		case '\t': escape = 't'; break;
		default: continue;
		}
		appendBinaryStringInfo(text, start, static_cast<int>(at - start));
		appendStringInfoCharMacro(text, '\\');
		appendStringInfoCharMacro(text, escape);
		start = at + 1;
	}
}

// Returns the bytes of the row so far and of the value.
Size append_value(CopyFeed *feed, WrittenBatch *written, int column, size_t row, Size bytes) {
	const MemoryContext caller = MemoryContextSwitchTo(feed->value_context);
	const auto position = static_cast<size_t>(column);
	Datum datum;
	const bool null = pg::make_datum(&feed->datum[column], written->batch->value(row, position), &datum);
	pg::note_effect(feed->effects, position, written->batch->cell(row, position), datum, null);
	if (written->row_bytes != nullptr && !null)
		bytes = pg::add_least_bytes(bytes, TupleDescAttr(feed->descriptor, feed->plan->columns[position].attnum - 1),
									datum);
	const char *value = null ? nullptr : OutputFunctionCall(&feed->output[column], datum);
	MemoryContextSwitchTo(caller);
	if (null)
		appendStringInfoString(&written->text, "\\N");
	else
		append_escaped(&written->text, value);
	MemoryContextReset(feed->value_context);
	return bytes;
}

void write_row(CopyFeed *feed, WrittenBatch *written, size_t row) {
	Size bytes = MAXALIGN(SizeofHeapTupleHeader);
	feed->position.row = row;
	for (int column = 0; column < feed->columns; ++column) {
		feed->position.column = column;
		if (column > 0)
			appendStringInfoCharMacro(&written->text, '\t');
		bytes = append_value(feed, written, column, row, bytes);
	}
	pg::finish_row(feed->effects);
	appendStringInfoCharMacro(&written->text, '\n');
	if (written->row_bytes != nullptr)
		written->row_bytes[written->rows] = bytes;
	written->row_number[written->rows] = row;
	written->row_end[written->rows++] = written->text.len;
}

struct RowsToWrite {
	CopyFeed *feed;
	WrittenBatch *written;
	size_t next;
};

void write_rows(void *argument) {
	auto *rows = static_cast<RowsToWrite *>(argument);
	for (; rows->next < rows->written->batch->rows; ++rows->next)
		write_row(rows->feed, rows->written, rows->next);
}

// Values that are not to be shown are in no error.
void write_rows_guarded(void *argument) {
	const CopyFeed *feed = static_cast<RowsToWrite *>(argument)->feed;
	const pg::SecretScope scope = {feed->plan->target_name.c_str(), &feed->position};
	feed->secrets ? pg::run_withholding(&scope, write_rows, argument) : write_rows(argument);
}

// Rows with a value that the server refuses are kept out.
void write_good_rows(RowsToWrite *rows) {
	CopyFeed *feed = rows->feed;
	WrittenBatch *written = rows->written;
	while (rows->next < written->batch->rows) {
		const ErrorData *error = pg::run_guarded(write_rows_guarded, rows);
		if (error == nullptr)
			continue;
		written->text.len = written->rows == 0 ? 0 : written->row_end[written->rows - 1];
		log_refusal(feed->rejecting->log, feed->plan, feed->rejecting->number, &feed->position, error);
		++rows->next;
	}
}

WrittenBatch *make_written(const CopyFeed *feed, core::RowBatch *batch) {
	MemoryContext context = AllocSetContextCreate(feed->context, "alkconv batch", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(context);
	auto *written = static_cast<WrittenBatch *>(palloc0(sizeof(WrittenBatch)));
	const size_t room = Max(batch->rows, size_t{1});
	written->older = feed->newest;
	written->batch = batch;
	written->context = context;
	written->first_line = feed->line + 1;
	initStringInfo(&written->text);
	written->row_end = static_cast<int *>(palloc(sizeof(int) * room));
	written->row_number = static_cast<size_t *>(palloc(sizeof(size_t) * room));
	written->row_bytes = feed->may_be_too_long ? static_cast<Size *>(palloc(sizeof(Size) * room)) : nullptr;
	MemoryContextSwitchTo(caller);
	return written;
}

void write_out(CopyFeed *feed, core::RowBatch *batch) {
	WrittenBatch *written = make_written(feed, batch);
	const MemoryContext caller = MemoryContextSwitchTo(written->context);
	feed->position.batch = batch;
	feed->writing = true;
	const int nest_level = pin_output_settings();
	RowsToWrite rows = {feed, written, 0};
	feed->rejecting == nullptr ? write_rows_guarded(&rows) : write_good_rows(&rows);
	AtEOXact_GUC(true, nest_level);
	feed->writing = false;
	feed->position.batch = nullptr;
	feed->position.column = -1;
	MemoryContextSwitchTo(caller);
	feed->current = feed->newest = written;
	feed->next_row = 0;
}

void give_back(CopyFeed *feed, WrittenBatch *written) {
	feed->source->recycle(written->batch);
	MemoryContextDelete(written->context);
}

void give_back_all(CopyFeed *feed, WrittenBatch *newest) {
	for (WrittenBatch *written = newest; written != nullptr;) {
		WrittenBatch *older = written->older;
		give_back(feed, written);
		written = older;
	}
}

// COPY holds so many lines, or so many bytes of them, at most (MAX_BUFFERED_TUPLES, MAX_BUFFERED_BYTES, copyfrom.c, 17).
constexpr uint64 kHeldLines = 1000, kHeldBytes = 65535;

// All rows of the current batch have been handed out. It is kept until COPY has stored its rows, since their keys are in it.
void finish_batch(CopyFeed *feed) {
	if (feed->current->batch->fault.has_value())
		pg::report(*feed->current->batch->fault);
	feed->current = nullptr;
	uint64 lines = 0, bytes = 0;
	WrittenBatch **link = &feed->newest;
	while (*link != nullptr && lines < kHeldLines && bytes < kHeldBytes + lines) {
		lines += (*link)->rows;
		bytes += static_cast<uint64>((*link)->text.len);
		link = &(*link)->older;
	}
	give_back_all(feed, *link);
	*link = nullptr;
}

// Waits for the next batch and writes it out. False at the end of the data.
bool take_batch(CopyFeed *feed) {
	for (;;) {
		core::RowBatch *batch = nullptr;
		switch (feed->source->try_next(&batch)) {
		case core::Poll::batch:
			log_rejects(feed->rejecting, feed->plan, batch);
			write_out(feed, batch);
			return true;
		case core::Poll::empty:
			pg::wait_readable(feed->source->wait_fd());
			feed->source->acknowledge();
			break;
		case core::Poll::end: return false;
		case core::Poll::failed: pg::report(feed->source->error());
		}
	}
}

bool next_row(CopyFeed *feed) {
	while (feed->current == nullptr || feed->next_row == feed->current->rows) {
		if (feed->current != nullptr)
			finish_batch(feed);
		if (!take_batch(feed))
			return false;
	}
	const WrittenBatch *written = feed->current;
	feed->offset = feed->next_row == 0 ? 0 : written->row_end[feed->next_row - 1];
	feed->end = written->row_end[feed->next_row++];
	++feed->line;
	return true;
}

// copy_data_source_cb: up to `capacity` bytes of the current row, else of the next; 0 at the end.
int read_rows(void *buffer, int, int capacity) {
	CopyFeed *feed = current_feed;
	if (feed->offset == feed->end) {
		// COPY's own context would name a line that has nothing to do with the batch being read and written out
		ErrorContextCallback *copy_context = error_context_stack;
		error_context_stack = &feed->callback;
		feed->feeding = true;
		const bool more = next_row(feed);
		feed->feeding = false;
		error_context_stack = copy_context;
		if (!more)
			return 0;
	}
	const int length = Min(capacity, feed->end - feed->offset);
	memcpy(buffer, feed->current->text.data + feed->offset, static_cast<size_t>(length));
	feed->offset += length;
	return length;
}

// Constraint triggers and foreign keys that wait for COMMIT.
bool is_deferred(const Trigger *trigger) { return trigger->tginitdeferred && TRIGGER_FOR_INSERT(trigger->tgtype); }

bool has_deferred(Relation target) {
	const TriggerDesc *triggers = target->trigdesc;
	for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
		if (is_deferred(&triggers->triggers[i]))
			return true;
	return false;
}

// Whether so many columns can have more bytes than a page, when all that can be is out of line.
bool may_be_too_long(TupleDesc descriptor) {
	constexpr Size kMostOfVarlena = 24;
	Size most = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(descriptor->natts));
	for (int i = 0; i < descriptor->natts; ++i) {
		const Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		if (attribute->attlen < 0 && attribute->attstorage == TYPSTORAGE_PLAIN)
			return true;
		most += attribute->attlen < 0 ? kMostOfVarlena : static_cast<Size>(attribute->attlen) + MAXIMUM_ALIGNOF - 1;
	}
	return most > MaxHeapTupleSize;
}

CopyFeed *make_feed(MemoryContext context, Relation target, const core::TablePlan *plan,
					const core::RowConverter *converter, core::BatchSource *source, const Rejecting *rejecting) {
	const auto columns = static_cast<int>(plan->columns.size());
	auto *feed = static_cast<CopyFeed *>(MemoryContextAllocZero(context, sizeof(CopyFeed)));
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(Max(columns, 1))));
	auto *typmods = static_cast<int32 *>(palloc(sizeof(int32) * static_cast<Size>(Max(columns, 1))));
	feed->source = source;
	feed->plan = plan;
	feed->rejecting = rejecting;
	feed->secrets = core::HasSecrets(*plan);
	feed->partitioned = target->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
	feed->columns = columns;
	if (InSecurityRestrictedOperation() && has_deferred(target))
		feed->deferred_owner = quote_identifier(GetUserNameFromId(GetUserId(), false));
	feed->output =
		static_cast<FmgrInfo *>(MemoryContextAllocZero(context, sizeof(FmgrInfo) * static_cast<Size>(Max(columns, 1))));
	for (int i = 0; i < columns; ++i) {
		const Form_pg_attribute attribute =
			TupleDescAttr(RelationGetDescr(target), plan->columns[static_cast<size_t>(i)].attnum - 1);
		Oid function;
		bool varlena;
		types[i] = attribute->atttypid;
		typmods[i] = attribute->atttypmod;
		getTypeOutputInfo(types[i], &function, &varlena);
		fmgr_info_cxt(function, &feed->output[i], context);
	}
	feed->datum = pg::prepare_datum_columns(context, columns, types, typmods);
	const int nest_level = pin_output_settings();
	pg::prepare_expressions(context, feed->datum, columns, plan, nullptr);
	AtEOXact_GUC(true, nest_level);
	feed->effects = pg::prepare_expression_effects(context, plan, feed->datum);
	feed->context = context;
	feed->descriptor = RelationGetDescr(target);
	feed->may_be_too_long = may_be_too_long(feed->descriptor);
	feed->value_context = AllocSetContextCreate(context, "alkconv value", ALLOCSET_DEFAULT_SIZES);
	feed->position.converter = converter;
	feed->position.column = -1;
	feed->callback.callback = copy_error_context;
	feed->callback.arg = feed;
	return feed;
}

CopyFromState begin_copy(Relation target, const core::TablePlan *plan) {
	List *names = NIL;
	for (size_t i = 0; i < plan->columns.size(); ++i)
		names = lappend(names, makeString(pstrdup(plan->columns[i].target_name.c_str())));
	// the default would be the client's encoding
	List *options =
		list_make1(makeDefElem(pstrdup("encoding"), reinterpret_cast<Node *>(makeString(pstrdup("UTF8"))), -1));
	ParseState *parse = make_parsestate(nullptr);
	(void) addRangeTableEntryForRelation(parse, target, RowExclusiveLock, nullptr, false, false);
	return BeginCopyFrom(parse, target, nullptr, nullptr, false, read_rows, names, options);
}

void copy_all(void *argument) {
	auto *feed = static_cast<CopyFeed *>(argument);
	feed->stored = CopyFrom(feed->copy);
}

} // namespace

uint64 copy_rows(MemoryContext context, Relation target, const core::TablePlan *plan,
				 const core::RowConverter *converter, core::BatchSource *source, const Rejecting *rejecting,
				 uint64 *changed) {
	MemoryContext copy_context = AllocSetContextCreate(context, "alkconv copy", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(copy_context);
	CopyFeed *feed = make_feed(copy_context, target, plan, converter, source, rejecting);
	pg::own<CurrentFeed>(copy_context, feed);
	feed->copy = begin_copy(target, plan);
	feed->callback.previous = error_context_stack;
	error_context_stack = &feed->callback;
	PushActiveSnapshot(GetTransactionSnapshot());
	pg::run_amending(copy_all, amend_error, feed);
	const uint64 rows = feed->stored;
	give_back_all(feed, feed->newest);
	PopActiveSnapshot();
	error_context_stack = feed->callback.previous;
	EndCopyFrom(feed->copy);
	if (feed->effects != nullptr)
		memcpy(changed, pg::changed_values(feed->effects), sizeof(uint64) * plan->columns.size());
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(copy_context);
	CommandCounterIncrement();
	return rows;
}

} // namespace alkconv::load
