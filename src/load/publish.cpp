// Regime: Postgres (may longjmp, never throws)
//
// Publication of a loaded heap, as REFRESH MATERIALIZED VIEW does it (refresh_by_heap_swap, matview.c, 17).
#include "load/load.hpp"

#include "core/index_entry.hpp"
#include "core/keep_one.hpp"
#include "core/preflight_compare.hpp"
#include "load/refused_entry.hpp"
#include "pg/guarded.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/multixact.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_index.h"
#include "commands/cluster.h"
#include "pgstat.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

void publish_error_context(void *argument) {
	const auto *plan = static_cast<const core::TablePlan *>(argument);
	errcontext("while building the indexes of table \"%s\"", plan->target_name.c_str());
	hint_uniqueness(plan);
}

// The error that is being raised. No catalog can be asked any more.
const ErrorData *current_error() {
	const MemoryContext caller = MemoryContextSwitchTo(CurTransactionContext);
	const ErrorData *error = CopyErrorData();
	MemoryContextSwitchTo(caller);
	return error;
}

// Which rules make other values of the columns that the error's detail names; "" for none.
const char *rules_of_key(const core::TablePlan *plan, const ErrorData *error) {
	const char *rules = "";
	for (size_t i = 0; i < plan->columns.size(); ++i) {
		const core::ColumnPlan *column = &plan->columns[i];
		const bool changed = core::MakesOthers(column->policy) || !column->source_sql.empty();
		if (changed && (error->detail == nullptr || strstr(error->detail, column->target_name.c_str()) != nullptr))
			rules = psprintf("%s%s%s", rules, rules[0] == '\0' ? "" : "; ", column->rule.c_str());
	}
	return rules;
}

} // namespace

const char *keep_one_advice(const char *table, const char *key) {
	const std::string *argument =
		pg::own_from<std::string>(CurrentMemoryContext, [key] { return core::KeepOneName(key); });
	return psprintf(
		"keep one of each by a rule in alkconv.rule: table_pattern %s, action keep_one, argument %s; the others "
		"stay in the source, counted and listed",
		quote_literal_cstr(table), quote_literal_cstr(argument->c_str()));
}

void hint_uniqueness(const core::TablePlan *plan) {
	if (geterrcode() != ERRCODE_UNIQUE_VIOLATION && geterrcode() != ERRCODE_EXCLUSION_VIOLATION)
		return;
	const MemoryContext caller = MemoryContextSwitchTo(CurTransactionContext);
	const ErrorData *error = current_error();
	const char *rules = rules_of_key(plan, error);
	const char *keep = geterrcode() != ERRCODE_UNIQUE_VIOLATION || error->constraint_name == nullptr
						   ? ""
						   : psprintf(", or %s", keep_one_advice(plan->source_name.c_str(), error->constraint_name));
	const char *drop = "Or do without the guarantee: ALTER TABLE ... DROP CONSTRAINT where a constraint has this name, "
					   "otherwise DROP INDEX.";
	if (rules[0] != '\0')
		pg::add_hint(
			psprintf("Rules make other values of the source's here, so that rows may have become equal: %s. Change "
					 "them in alkconv.rule, mend the rows in the source%s. %s",
					 rules, keep, drop));
	else
		pg::add_hint(
			psprintf("The source holds rows that this index of the target does not allow together. Mend them in the "
					 "source%s. %s",
					 keep, drop));
	MemoryContextSwitchTo(caller);
}

const char *long_entry_hint() {
	return "Drop the index for the run, and make one afterwards that can hold the row, over a digest or a prefix of "
		   "the value. Or "
		   "shorten the value: in the source, or by a rule with action expression.";
}

const char *long_row_hint() {
	return "A row has to fit into a page, and of each of its values at least 18 bytes, or all of a shorter one, stay "
		   "there. "
		   "Divide the table in the source, or bring several columns together in one, for instance of type json; or "
		   "leave "
		   "the table in the source by a rule (action exclude).";
}

namespace {

// The most that an index of the target can be asked to hold in one entry, where its parts are columns that the source feeds.
uint64 longest_entry(const core::TablePlan *plan, const FormData_pg_index *index) {
	uint64 bytes = core::kEntryHeader;
	for (int i = 0; i < index->indnatts; ++i) {
		const AttrNumber attnum = index->indkey.values[i];
		if (attnum == 0)
			return core::kMaxBtreeEntry + 1; // an expression may give anything
		for (const core::ColumnPlan &column : plan->columns)
			if (column.attnum == attnum)
				bytes += core::LongestEntryBytes(column, 0);
	}
	return bytes;
}

bool may_refuse_entries(const core::TablePlan *plan, Relation target) {
	bool may = false;
	List *indexes = RelationGetIndexList(target);
	ListCell *cell;
	foreach (cell, indexes) {
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
		if (!HeapTupleIsValid(tuple))
			continue;
		may = may || longest_entry(plan, reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))) > core::kMaxBtreeEntry;
		ReleaseSysCache(tuple);
	}
	list_free(indexes);
	return may;
}

struct Swap {
	Oid target, heap;
	char persistence;
};

// check_constraints: without it reindexing would switch uniqueness off and let duplicates in
void swap_heaps(void *argument) {
	const auto *swap = static_cast<const Swap *>(argument);
	finish_heap_swap(swap->target, swap->heap, false, false, true, true, RecentXmin, ReadNextMultiXactId(),
					 swap->persistence);
}

// The heap is still beside the target: the swap is undone.
[[noreturn]] void raise_refusal(const LoadedTable *table, ErrorData *error) {
	const Oid target = table->plan->target_oid;
	const Oid index = error->constraint_name == nullptr
						  ? InvalidOid
						  : get_relname_relid(error->constraint_name, get_rel_namespace(target));
	if (!OidIsValid(index))
		ReThrowError(error);
	const char *parameter = psprintf("%u", index);
	(void) pg::sql_run_with(
		"SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, n, false), ', ' ORDER BY n)"
		" FROM pg_catalog.pg_index i, pg_catalog.generate_series(1, i.indnatts) n"
		" WHERE i.indexrelid = $1::pg_catalog.oid",
		1, &parameter);
	const RefusedIndex refused = {
		table->plan, error->constraint_name, psprintf("ONLY %s", pg::qualified_name(table->heap)), pg::sql_text(0, 0),
		false,		 long_entry_hint()};
	raise_refused_entry(&refused, error);
}

struct Publication {
	const LoadedTable *table;
	Swap swap;
	bool guarded; // an index may refuse an entry for its length: the error is to name the row
};

void swap_or_refuse(void *argument) {
	auto *publication = static_cast<Publication *>(argument);
	if (!publication->guarded) {
		swap_heaps(&publication->swap);
		return;
	}
	ErrorData *refusal = pg::run_up_to_limits(swap_heaps, &publication->swap);
	if (refusal != nullptr)
		raise_refusal(publication->table, refusal);
}

} // namespace

void publish_table(const LoadedTable *table) {
	const Oid target = table->plan->target_oid;
	if (table->heap == target)
		return; // the rows are where they belong, and the indexes are still to be made
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, target);
	ErrorContextCallback context;
	context.callback = publish_error_context;
	context.arg = const_cast<core::TablePlan *>(table->plan);
	context.previous = error_context_stack;
	error_context_stack = &context;
	Relation relation = table_open(target, NoLock);
	Publication publication = {
		table, {target, table->heap, relation->rd_rel->relpersistence}, may_refuse_entries(table->plan, relation)};
	table_close(relation, NoLock);
	const pg::SecretScope scope = {table->plan->target_name.c_str(), nullptr};
	core::HasSecrets(*table->plan) ? pg::run_withholding(&scope, swap_or_refuse, &publication)
								   : swap_or_refuse(&publication);

	// cumulative statistics: without them autovacuum would not know of the new rows
	relation = table_open(target, NoLock);
	pgstat_count_truncate(relation);
	pgstat_count_heap_insert(relation, static_cast<PgStat_Counter>(table->rows));
	table_close(relation, NoLock);
	error_context_stack = context.previous;
	pg::resume_user(&owner);
	CommandCounterIncrement();
}

} // namespace alkconv::load
