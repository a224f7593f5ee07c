// Regime: Postgres (may longjmp, never throws)
//
// The source says which rows refer to rows that were kept out; the target says which of its rows have no parent. Where both name equally many,
// they are the same, which the proof shows by keys.
#include "migrate/rejected_parents.hpp"

#include "pg/await.hpp"
#include "pg/compat.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/guc.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Reference {
	const core::RowReference *rows;
	StringInfoData match;	// of child c and parent p
	StringInfoData present; // the child's columns are not NULL
};

// One row per column of each foreign key among the targets.
const char *const kReferencesQuery =
	"SELECT k.oid, k.conrelid, k.confrelid, ca.attname, pa.attname,"
	" 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')',"
	" CASE WHEN pa.attcollation NOT IN (0, ca.attcollation) THEN"
	"  (SELECT ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)"
	"   FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = "
	"pa.attcollation) ELSE '' END"
	" FROM pg_catalog.pg_constraint k"
	" CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i)"
	" JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[s.i]"
	" JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[s.i]"
	" JOIN pg_catalog.pg_operator o ON o.oid = k.conpfeqop[s.i]"
	" JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"
	" JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
	" WHERE k.contype = 'f' AND %s AND k.conparentid = 0 AND k.conrelid = ANY ($1::pg_catalog.oid[]) AND k.confrelid = "
	"ANY ($1::pg_catalog.oid[])"
	" ORDER BY c.relname COLLATE \"C\", k.conname COLLATE \"C\", k.oid, s.i";

constexpr size_t kNone = SIZE_MAX;

size_t table_with(const core::Plan *plan, Oid oid) {
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (plan->tables[i].target_oid == oid)
			return i;
	return kNone;
}

size_t column_named(const core::TablePlan *table, const char *name) {
	for (size_t i = 0; i < table->columns.size(); ++i)
		if (table->columns[i].target_name == name)
			return i;
	return kNone;
}

Reference *new_reference(const core::RowReference *rows) {
	auto *reference = static_cast<Reference *>(palloc(sizeof(Reference)));
	reference->rows = rows;
	initStringInfo(&reference->match);
	initStringInfo(&reference->present);
	return reference;
}

void add_column(Reference *reference, const char *child, const char *parent, const char *equal, const char *collate) {
	const char *and_ = reference->match.len == 0 ? "" : " AND ";
	appendStringInfo(&reference->match, "%sp.%s %s c.%s%s", and_, quote_identifier(parent), equal,
					 quote_identifier(child), collate);
	appendStringInfo(&reference->present, "%sc.%s IS NOT NULL", and_, quote_identifier(child));
}

char *target_oids(const core::Plan *plan) {
	StringInfoData text;
	initStringInfo(&text);
	for (size_t i = 0; i < plan->tables.size(); ++i)
		appendStringInfo(&text, "%s%u", i == 0 ? "{" : ",", plan->tables[i].target_oid);
	appendStringInfoChar(&text, '}');
	return text.data;
}

// A foreign key with a column that is not copied has no rows that the source could name.
List *references_of_targets(MemoryContext context, const core::Plan *plan) {
	const char *parameter = target_oids(plan);
	const uint64 count = pg::sql_run_with(psprintf(kReferencesQuery, pg::kIsEnforced), 1, &parameter);
	List *references = NIL;
	const char *current = "";
	Reference *reference = nullptr;
	core::RowReference *rows = nullptr;
	for (uint64 i = 0; i < count; ++i) {
		const char *oid = pg::sql_text(i, 0);
		const size_t child = table_with(plan, static_cast<Oid>(pg::sql_int(i, 1)));
		const size_t parent = table_with(plan, static_cast<Oid>(pg::sql_int(i, 2)));
		if (strcmp(oid, current) != 0) {
			current = oid;
			rows = pg::own_from<core::RowReference>(context, [=] { return core::RowReference{child, parent, {}}; });
			reference = new_reference(rows);
			references = lappend(references, reference);
		}
		const char *from = pg::sql_text(i, 3), *to = pg::sql_text(i, 4);
		const size_t child_column = column_named(&plan->tables[child], from);
		const size_t parent_column = column_named(&plan->tables[parent], to);
		if (child_column == kNone || parent_column == kNone)
			references = list_delete_ptr(references, reference);
		else
			pg::edge([=] { rows->columns.emplace_back(child_column, parent_column); });
		add_column(reference, from, to, pg::sql_text(i, 5), pg::sql_text(i, 6));
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
	return &pg::query(context, planning->source->connection(), sql->c_str())->rows;
}

// The target's orphans: FROM and WHERE of DELETE and SELECT.
const char *orphans_of(const core::Plan *plan, const Reference *reference) {
	return psprintf("%s c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)",
					pg::from_item(plan->tables[reference->rows->child].target_oid), reference->present.data,
					pg::from_item(plan->tables[reference->rows->parent].target_oid), reference->match.data);
}

// As replication does it: the foreign keys' own triggers would delete more, or forbid it.
void delete_orphans(const core::Plan *plan, const Reference *reference) {
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, plan->tables[reference->rows->child].target_oid);
	(void) set_config_option("session_replication_role", "replica", PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
	pg::sql_run(psprintf("DELETE FROM %s", orphans_of(plan, reference)));
	pg::resume_user(&owner);
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
	pg::sql_run(psprintf("SELECT pg_catalog.count(*) FROM %s", orphans_of(plan, reference)));
	const auto orphans = static_cast<uint64>(pg::sql_int(0, 0));
	if (orphans == 0)
		return 0;
	MemoryContext keys_context = AllocSetContextCreate(context, "alkconv rejected children", ALLOCSET_DEFAULT_SIZES);
	const core::TextRows *keys = referring_keys(keys_context, planning, reference, log);
	const uint64 rejected = keys->size() == orphans ? orphans : 0;
	if (rejected > 0) {
		log_orphans(keys_context, plan, reference, keys, log);
		delete_orphans(plan, reference);
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
