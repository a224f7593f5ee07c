// Regime: Postgres (may longjmp, never throws)
//
// BeginCopyFrom with a data callback, as logical replication's table synchronisation does it (copy_table, tablesync.c,
// 17). The callback hands out one row per call in COPY's text format, so that the row COPY works on is known; a batch
// is written out at once.
#include "load/copy_writer.hpp"

#include "load/load.hpp"
#include "pg/await.hpp"
#include "pg/datum.hpp"
#include "pg/expression_effect.hpp"
#include "pg/guarded.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_trigger.h"
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

class CopyFeed {
public:
	core::BatchSource *source;
	const core::TablePlan *plan;
	const Rejecting *rejecting;
	CopyFromState copy;
	uint64 stored; // rows, by COPY
	bool secrets;  // a column's values are not to be shown
	bool partitioned;
	const char *deferred_owner; // whom alone the server lets queue the target's deferred triggers, if the caller is another
	int columns; // of the source's SELECT list
	pg::DatumColumn *datum;
	pg::ExpressionEffects *effects; // null: no column has an expression
	FmgrInfo *output;

	core::RowBatch *batch; // whose rows are handed out, or null
	MemoryContext batch_context;
	MemoryContext value_context;
	StringInfoData text; // of the batch's rows
	int *row_end;		 // of each row in text
	size_t *row_number;	 // and its number in the batch
	size_t rows;		 // in text
	size_t next_row;
	int offset, end; // of the row being handed out, in text

	uint64 line;  // of the row handed out last, as COPY counts
	bool writing; // a batch is being written out, ahead of COPY
	pg::ConversionPosition position;
	ErrorContextCallback context;
};

namespace {

void hint_row(const CopyFeed *feed) {
	hint_uniqueness(feed->plan);
	if (geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE && feed->deferred_owner != nullptr)
		pg::add_hint(psprintf("Deferred triggers and foreign keys of a table are queued for its owner only. Run the "
							  "migration as the owner: SET ROLE %s.",
							  feed->deferred_owner));
	if (feed->partitioned && geterrcode() == ERRCODE_CHECK_VIOLATION)
		pg::add_hint("Mend the row in the source, drop the constraint of the target table, or create the partition "
					 "that the row belongs to.");
	if (geterrcode() == ERRCODE_FOREIGN_KEY_VIOLATION && feed->rejecting != nullptr)
		pg::add_hint(
			"The parent may be a row that this run rejected, or be missing in the source. Mend it, or let rules "
			"decide: a table that is loaded through COPY cannot let go of rows whose parent is rejected.");
	if (geterrcode() == ERRCODE_FOREIGN_KEY_VIOLATION)
		pg::add_hint("Add the parent rows or delete the orphans in the source. Where tables refer to each other in a "
					 "circle, make a foreign key of it DEFERRABLE INITIALLY DEFERRED.");
}

// COPY collects rows and inserts them together: an error may be that of an earlier row than the last one it got. It
// then says the line; the key is known for the current line only.
void copy_error_context(void *argument) {
	const auto *feed = static_cast<const CopyFeed *>(argument);
	if (!feed->writing)
		hint_row(feed); // before the position's more general hint: the first one stays
	if (feed->writing || (feed->copy != nullptr && feed->copy->cur_lineno == feed->line))
		pg::describe_conversion_position(&feed->position);
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

void append_value(CopyFeed *feed, int column, size_t row) {
	const MemoryContext caller = MemoryContextSwitchTo(feed->value_context);
	const auto position = static_cast<size_t>(column);
	Datum datum;
	const bool null = pg::make_datum(&feed->datum[column], feed->batch->value(row, position), &datum);
	pg::note_effect(feed->effects, position, feed->batch->cell(row, position), datum, null);
	const char *written = null ? nullptr : OutputFunctionCall(&feed->output[column], datum);
	MemoryContextSwitchTo(caller);
	if (null)
		appendStringInfoString(&feed->text, "\\N");
	else
		append_escaped(&feed->text, written);
	MemoryContextReset(feed->value_context);
}

void write_row(CopyFeed *feed, size_t row) {
	feed->position.row = row;
	for (int column = 0; column < feed->columns; ++column) {
		feed->position.column = column;
		if (column > 0)
			appendStringInfoCharMacro(&feed->text, '\t');
		append_value(feed, column, row);
	}
	pg::finish_row(feed->effects);
	appendStringInfoCharMacro(&feed->text, '\n');
	feed->row_number[feed->rows] = row;
	feed->row_end[feed->rows++] = feed->text.len;
}

struct RowsToWrite {
	CopyFeed *feed;
	size_t next;
};

void write_rows(void *argument) {
	auto *rows = static_cast<RowsToWrite *>(argument);
	for (; rows->next < rows->feed->batch->rows; ++rows->next)
		write_row(rows->feed, rows->next);
}

// Values that are not to be shown are in no error.
void run_on_feed(CopyFeed *feed, void (*work)(void *argument), void *argument) {
	const pg::SecretScope scope = {feed->plan->target_name.c_str(), &feed->position};
	feed->secrets ? pg::run_withholding(&scope, work, argument) : work(argument);
}

void write_rows_guarded(void *argument) {
	run_on_feed(static_cast<RowsToWrite *>(argument)->feed, write_rows, argument);
}

// Rows with a value that the server refuses are kept out.
void write_good_rows(RowsToWrite *rows) {
	CopyFeed *feed = rows->feed;
	while (rows->next < feed->batch->rows) {
		const ErrorData *error = pg::run_guarded(write_rows_guarded, rows);
		if (error == nullptr)
			continue;
		feed->text.len = feed->rows == 0 ? 0 : feed->row_end[feed->rows - 1];
		log_refusal(feed->rejecting->log, feed->plan, feed->rejecting->number, &feed->position, error);
		++rows->next;
	}
}

void write_out(CopyFeed *feed) {
	const MemoryContext caller = MemoryContextSwitchTo(feed->batch_context);
	const size_t room = Max(feed->batch->rows, size_t{1});
	initStringInfo(&feed->text);
	feed->row_end = static_cast<int *>(palloc(sizeof(int) * room));
	feed->row_number = static_cast<size_t *>(palloc(sizeof(size_t) * room));
	feed->rows = feed->next_row = 0;
	feed->position.batch = feed->batch;
	feed->writing = true;
	const int nest_level = pin_output_settings();
	RowsToWrite rows = {feed, 0};
	feed->rejecting == nullptr ? write_rows_guarded(&rows) : write_good_rows(&rows);
	AtEOXact_GUC(true, nest_level);
	feed->writing = false;
	feed->position.column = -1;
	MemoryContextSwitchTo(caller);
}

void give_back(CopyFeed *feed) {
	core::RowBatch *batch = feed->batch;
	feed->position.batch = nullptr;
	if (batch->fault.has_value())
		pg::report(*batch->fault);
	feed->batch = nullptr;
	feed->source->recycle(batch);
	MemoryContextReset(feed->batch_context);
}

// Waits for the next batch and writes it out. False at the end of the data.
bool take_batch(CopyFeed *feed) {
	for (;;) {
		switch (feed->source->try_next(&feed->batch)) {
		case core::Poll::batch:
			log_rejects(feed->rejecting, feed->plan, feed->batch);
			write_out(feed);
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
	while (feed->batch == nullptr || feed->next_row == feed->rows) {
		if (feed->batch != nullptr)
			give_back(feed);
		if (!take_batch(feed))
			return false;
	}
	feed->position.row = feed->row_number[feed->next_row];
	feed->offset = feed->next_row == 0 ? 0 : feed->row_end[feed->next_row - 1];
	feed->end = feed->row_end[feed->next_row++];
	++feed->line;
	return true;
}

// copy_data_source_cb: up to `capacity` bytes of the current row, else of the next; 0 at the end.
int read_rows(void *buffer, int, int capacity) {
	CopyFeed *feed = current_feed;
	if (feed->offset == feed->end) {
		// COPY's own context would name a line that has nothing to do with the batch being read and written out
		ErrorContextCallback *copy_context = error_context_stack;
		error_context_stack = &feed->context;
		const bool more = next_row(feed);
		error_context_stack = copy_context;
		if (!more)
			return 0;
	}
	const int length = Min(capacity, feed->end - feed->offset);
	memcpy(buffer, feed->text.data + feed->offset, static_cast<size_t>(length));
	feed->offset += length;
	return length;
}

// Constraint triggers and foreign keys that wait for COMMIT.
bool is_deferred(const Trigger *trigger) { return trigger->tginitdeferred && TRIGGER_FOR_INSERT(trigger->tgtype); }

bool has_deferred(Relation target, bool without_foreign_keys) {
	const TriggerDesc *triggers = target->trigdesc;
	for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
		if (is_deferred(&triggers->triggers[i]) && !(without_foreign_keys && triggers->triggers[i].tgisinternal))
			return true;
	return false;
}

// What such a trigger does comes after the proof.
void announce_deferred(Relation target) {
	if (has_deferred(target, true))
		ereport(NOTICE,
				(errmsg("deferred triggers of table \"%s\" run at COMMIT, after the proof",
						RelationGetRelationName(target)),
				 errhint("To see what they do, run SET CONSTRAINTS ALL IMMEDIATE and alkconv_verify before COMMIT.")));
}

CopyFeed *make_feed(MemoryContext context, Relation target, const core::TablePlan *plan,
					const core::RowConverter *converter, core::BatchSource *source,
					const Rejecting *rejecting) {
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
	if (InSecurityRestrictedOperation() && has_deferred(target, false))
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
	feed->batch_context = AllocSetContextCreate(context, "alkconv batch", ALLOCSET_DEFAULT_SIZES);
	feed->value_context = AllocSetContextCreate(context, "alkconv value", ALLOCSET_DEFAULT_SIZES);
	feed->position.converter = converter;
	feed->position.column = -1;
	feed->context.callback = copy_error_context;
	feed->context.arg = feed;
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
	announce_deferred(target);
	feed->copy = begin_copy(target, plan);
	feed->context.previous = error_context_stack;
	error_context_stack = &feed->context;
	PushActiveSnapshot(GetTransactionSnapshot());
	run_on_feed(feed, copy_all, feed);
	const uint64 rows = feed->stored;
	PopActiveSnapshot();
	error_context_stack = feed->context.previous;
	EndCopyFrom(feed->copy);
	if (feed->effects != nullptr)
		memcpy(changed, pg::changed_values(feed->effects), sizeof(uint64) * plan->columns.size());
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(copy_context);
	CommandCounterIncrement();
	return rows;
}

} // namespace alkconv::load
