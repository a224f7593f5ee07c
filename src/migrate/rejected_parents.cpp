// Regime: Postgres (may longjmp, never throws)
//
// The source says which rows refer to rows that were kept out; the target says which of its rows have no parent. Where both name equally many,
// they are the same, which the proof shows by keys.
#include "migrate/rejected_parents.hpp"

#include "pg/await.hpp"
#include "verify/orphans.hpp"

extern "C" {
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "utils/snapmgr.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Reference {
	const core::RowReference *rows;
	const verify::ForeignKey *key;
};

constexpr size_t kNone = SIZE_MAX;

size_t table_with(const core::Plan *plan, Oid oid) {
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (plan->tables[i].target_oid == oid)
			return i;
	return kNone;
}

// By its name as the server quotes it.
size_t column_named(const core::TablePlan *table, const char *quoted) {
	for (size_t i = 0; i < table->columns.size(); ++i)
		if (strcmp(quote_identifier(table->columns[i].target_name.c_str()), quoted) == 0)
			return i;
	return kNone;
}

// Null for a foreign key with a table that is not of the run, or a column that is not copied: the source could not name its rows.
Reference *reference_of(MemoryContext context, const core::Plan *plan, const verify::ForeignKey *key) {
	const size_t child = table_with(plan, key->child), parent = table_with(plan, key->parent);
	if (child == kNone || parent == kNone)
		return nullptr;
	auto *rows = pg::own_from<core::RowReference>(context, [=] { return core::RowReference{child, parent, {}}; });
	ListCell *cell;
	foreach (cell, key->columns) {
		const auto *column = static_cast<const verify::KeyColumn *>(lfirst(cell));
		const size_t from = column_named(&plan->tables[child], column->child);
		const size_t to = column_named(&plan->tables[parent], column->parent);
		if (from == kNone || to == kNone)
			return nullptr;
		pg::edge([=] { rows->columns.emplace_back(from, to); });
	}
	auto *reference = static_cast<Reference *>(palloc(sizeof(Reference)));
	reference->rows = rows;
	reference->key = key;
	return reference;
}

List *references_of_targets(MemoryContext context, const core::Plan *plan) {
	List *references = NIL;
	ListCell *cell;
	foreach (cell, verify::read_foreign_keys(plan)) {
		Reference *reference = reference_of(context, plan, static_cast<const verify::ForeignKey *>(lfirst(cell)));
		if (reference != nullptr)
			references = lappend(references, reference);
	}
	return references;
}

const core::TextRows *referring_keys(MemoryContext context, const Planning *planning, const Reference *reference,
									 const load::RejectLog *log) {
	const core::RowReference *rows = reference->rows;
	const auto *sql = pg::own_from<std::string>(context, [=] {
		return core::ReferringKeysQuery(*planning->plan, planning->source->schema->database, *rows,
										log->keys[rows->child], log->keys[rows->parent]);
	});
	return &pg::query(context, planning->source->connection(), sql->c_str(),
					  {"the keys of children", planning->plan->tables[rows->child].key.size(), core::AnswerRows::any,
					   core::kMostRowsBytes})
				->rows;
}

// Row by row by the tables' access method: no trigger fires, neither those of foreign keys, which would delete more or forbid it, nor anybody's
// own. The tables are locked exclusively.
void delete_orphans(const Reference *reference) {
	uint64 count;
	verify::RowPlace *places = verify::orphan_places(reference->key, &count);
	PushActiveSnapshot(GetLatestSnapshot());
	for (uint64 i = 0; i < count; ++i) {
		Relation relation = table_open(places[i].table, NoLock);
		simple_table_tuple_delete(relation, &places[i].tid, GetActiveSnapshot());
		table_close(relation, NoLock);
	}
	PopActiveSnapshot();
	CommandCounterIncrement();
}

void log_orphans(MemoryContext context, const core::Plan *plan, const Reference *reference, const core::TextRows *keys,
				 load::RejectLog *log) {
	const core::RowReference *rows = reference->rows;
	const core::TablePlan *child = &plan->tables[rows->child];
	const char *column = child->columns[rows->columns.front().first].source_name.c_str();
	const char *message = psprintf("column \"%s\" of table \"%s\": the row of \"%s\" that it refers to was rejected",
								   column, child->source_name.c_str(), plan->tables[rows->parent].source_name.c_str());
	for (const std::vector<std::optional<std::string>> &key : *keys) {
		const auto *texts = pg::own_from<std::vector<std::string>>(context, [&key] {
			std::vector<std::string> values;
			for (const std::optional<std::string> &value : key)
				values.push_back(value.value_or(""));
			return values;
		});
		load::log_orphan(log, child, rows->child, texts, column, message);
	}
}

// Returns how many rows went.
uint64 reject_children_of(MemoryContext context, const Planning *planning, const Reference *reference,
						  load::RejectLog *log) {
	const core::Plan *plan = planning->plan;
	if (log->keys[reference->rows->parent].empty() ||
		!pg::edge([=] { return core::NamesRows(plan->tables[reference->rows->child]); }))
		return 0;
	const uint64 orphans = verify::find_orphans(reference->key).rows;
	if (orphans == 0)
		return 0;
	MemoryContext keys_context = AllocSetContextCreate(context, "alkconv rejected children", ALLOCSET_DEFAULT_SIZES);
	const core::TextRows *keys = referring_keys(keys_context, planning, reference, log);
	const uint64 rejected = keys->size() == orphans ? orphans : 0;
	if (rejected > 0) {
		log_orphans(keys_context, plan, reference, keys, log);
		delete_orphans(reference);
	}
	MemoryContextDelete(keys_context);
	return rejected;
}

} // namespace

uint64 reject_children(MemoryContext context, const Planning *planning, load::RejectLog *log) {
	if (log->rows == 0)
		return 0;
	const List *references = references_of_targets(context, planning->plan);
	uint64 rejected = 0, before;
	do { // until none of those that went is a parent
		before = rejected;
		ListCell *cell;
		foreach (cell, references)
			rejected += reject_children_of(context, planning, static_cast<const Reference *>(lfirst(cell)), log);
	} while (rejected > before);
	return rejected;
}

} // namespace alkconv::migrate
