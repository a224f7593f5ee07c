// Regime: Postgres (may longjmp, never throws)
//
// The source tells each key value that occurs, once, and it is converted as the child's owner; one look into the parent's index for each, as the
// parent's owner, as the server's own check of a foreign key has it (ri_PerformCheck, ri_triggers.c, 17).
#include "migrate/preflight_parents.hpp"

#include "core/preflight_compare.hpp"
#include "migrate/preflight_rows.hpp"
#include "migrate/preflight_target.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// Foreign keys of the tables $1 whose parent is none of them: the condition is about the parent p and the parameters, one for each column.
const char *const kKeysQuery =
	"SELECT k.conname, k.conrelid, k.confrelid, pg_catalog.array_to_string(k.conkey, ' '),"
	" (SELECT pg_catalog.string_agg('p.' || pg_catalog.quote_ident(pa.attname) || ' OPERATOR(' || "
	"pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ') $' || s.i"
	"   || CASE WHEN pa.attcollation NOT IN (0, ca.attcollation) THEN ' COLLATE ' || "
	"pg_catalog.quote_ident(cn.nspname) || "
	"'.' || pg_catalog.quote_ident(co.collname) ELSE '' END, ' AND ' ORDER BY s.i)"
	"  FROM pg_catalog.generate_subscripts(k.conkey, 1) s(i)"
	"  JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[s.i]"
	"  JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[s.i]"
	"  JOIN pg_catalog.pg_operator o ON o.oid = k.conpfeqop[s.i]"
	"  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"
	"  LEFT JOIN pg_catalog.pg_collation co ON co.oid = pa.attcollation"
	"  LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace)"
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
	" WHERE k.contype = 'f' AND %s AND k.conparentid = 0 AND k.conrelid = ANY ($1::pg_catalog.oid[])"
	" AND NOT k.confrelid = ANY ($1::pg_catalog.oid[])"
	" ORDER BY c.relname COLLATE \"C\", k.conname COLLATE \"C\"";

struct LocalKey {
	const char *name;
	const core::TablePlan *child;
	Oid parent;
	std::vector<size_t> *columns; // of the child's plan; empty where not all are copied
	const char *condition;
};

struct Asking {
	const LocalKey *key;
	SPIPlanPtr lookup;
	Oid parents_owner;
	Datum *parameters;
	core::Finding *finding;
	std::string *sample; // of the first orphan by key
};

// The keys outlive the query's result.
List *read_keys(MemoryContext context, const core::Plan *plan, const char *targets) {
	const uint64 rows = pg::sql_run_with(psprintf(kKeysQuery, pg::kIsEnforced), 1, &targets);
	List *keys = NIL;
	for (uint64 row = 0; row < rows; ++row) {
		auto *key = static_cast<LocalKey *>(palloc(sizeof(LocalKey)));
		key->name = pg::sql_text(row, 0);
		key->child = core::TableOf(*plan, static_cast<Oid>(pg::sql_int(row, 1)));
		key->parent = static_cast<Oid>(pg::sql_int(row, 2));
		key->condition = pg::sql_text(row, 4);
		auto *attnums = pg::own<std::vector<int16_t>>(context);
		pg::read_numbers(pg::sql_text(row, 3), attnums);
		key->columns =
			pg::own_from<std::vector<size_t>>(context, [&] { return core::PositionsOf(*key->child, *attnums); });
		keys = lappend(keys, key);
	}
	return keys;
}

const char *describe(const LocalKey *key) {
	return psprintf("foreign key %s to %s, which is no part of the run", quote_identifier(key->name),
					quote_identifier(get_rel_name(key->parent)));
}

core::Finding *make_finding(MemoryContext context, const LocalKey *key, core::Severity severity, const char *check,
							const char *remedy) {
	auto *finding = pg::own<core::Finding>(context);
	pg::edge([&] {
		finding->severity = severity;
		finding->table = key->child->source_name;
		for (const size_t column : *key->columns)
			finding->column += (finding->column.empty() ? "" : ", ") + key->child->columns[column].source_name;
		finding->check = check;
		finding->remedy = remedy;
	});
	return finding;
}

core::Finding *unknown(MemoryContext context, const LocalKey *key, const char *why) {
	return make_finding(
		context, key, core::Severity::info, "not_checked_ahead",
		psprintf("Not known before the run: whether %s finds orphans, because %s.", describe(key), why));
}

bool has_parent(const Asking *asking) {
	Oid user;
	int security_context;
	GetUserIdAndSecContext(&user, &security_context);
	SetUserIdAndSecContext(asking->parents_owner,
						   security_context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	if (SPI_execute_plan(asking->lookup, asking->parameters, nullptr, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not look for a parent");
	const bool found = SPI_processed > 0;
	SPI_freetuptable(SPI_tuptable);
	SetUserIdAndSecContext(user, security_context);
	return found;
}

// The last two of the row's columns are how many rows have these values, and a sample of them.
void look_up(void *state, const ConvertedRow *row) {
	auto *asking = static_cast<Asking *>(state);
	const size_t columns = asking->key->columns->size();
	for (size_t i = 0; i < columns; ++i) {
		if (row->nulls[i]) // a rule has made it NULL
			return;
		asking->parameters[i] = row->values[i];
	}
	if (has_parent(asking))
		return;
	const int64 rows = DatumGetInt64(row->values[columns]);
	const char *sample = TextDatumGetCString(row->values[columns + 1]);
	pg::edge([&] {
		asking->finding->rows = asking->finding->rows.value_or(0) + static_cast<uint64_t>(rows);
		if (asking->sample->empty() || *asking->sample > sample)
			*asking->sample = sample;
	});
}

pg::DatumColumn *columns_read(MemoryContext context, const LocalKey *key, Oid *types) {
	const int keys = static_cast<int>(key->columns->size());
	auto *typmods = static_cast<int32 *>(palloc(sizeof(int32) * static_cast<Size>(keys + 2)));
	for (int i = 0; i < keys; ++i) {
		Oid collation;
		get_atttypetypmodcoll(key->child->target_oid,
							  key->child->columns[(*key->columns)[static_cast<size_t>(i)]].attnum, &types[i],
							  &typmods[i], &collation);
	}
	types[keys] = INT8OID;
	types[keys + 1] = TEXTOID;
	typmods[keys] = typmods[keys + 1] = -1;
	return pg::prepare_datum_columns(context, keys + 2, types, typmods);
}

bool has_expression(const LocalKey *key) {
	for (const size_t column : *key->columns)
		if (!key->child->columns[column].policy.expression.empty())
			return true;
	return false;
}

// The finding, or null where every row has its parent.
const core::Finding *ask(MemoryContext context, const Planning *planning, const LocalKey *key) {
	const core::SourceTable *source = &planning->source->schema->tables[key->child->source];
	const std::string *from = quoted_source(context, planning, key->child);
	const auto *sql = pg::own_from<std::string>(
		context, [&] { return core::DistinctQuery(*source, *key->child, *key->columns, *from); });
	if (key->columns->empty() || sql->empty() || has_expression(key))
		return unknown(context, key,
					   key->columns->empty() ? "not all of its columns are copied"
											 : "its values cannot be told apart in the source's SQL");
	const size_t columns = key->columns->size();
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * (columns + 2)));
	auto *converter = pg::own_from<core::RowConverter>(
		context, [&] { return core::MakeDistinctConverter(*key->child, *key->columns); });
	const RowReading reading = {context,   planning->source->connection(),	  sql,
								converter, columns_read(context, key, types), static_cast<int>(columns + 2)};
	Asking asking = {};
	asking.key = key;
	asking.parameters = static_cast<Datum *>(palloc0(sizeof(Datum) * columns));
	asking.sample = pg::own<std::string>(context);
	asking.finding = make_finding(
		context, key, core::Severity::error, "orphan",
		psprintf(
			"The rows refer to parents that do not exist: %s. Add the parents to that table, or delete the rows in "
			"the source.",
			describe(key)));
	asking.parents_owner = pg::owner_of(key->parent);
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, key->child->target_oid);
	asking.lookup = SPI_prepare(psprintf("SELECT 1 FROM %s p WHERE %s", pg::from_item(key->parent), key->condition),
								static_cast<int>(columns), types);
	if (asking.lookup == nullptr)
		elog(ERROR, "could not prepare a look for parents: %s", SPI_result_code_string(SPI_result));
	(void) read_rows(&reading, look_up, &asking);
	(void) SPI_freeplan(asking.lookup);
	pg::resume_user(&owner);
	if (!asking.finding->rows.has_value())
		return nullptr;
	pg::edge([&] { core::ReadSample(*asking.sample, *asking.finding); });
	return asking.finding;
}

} // namespace

void add_orphans_of_local_parents(MemoryContext context, const Planning *planning,
								  std::vector<core::Finding> *findings) {
	MemoryContext work = AllocSetContextCreate(context, "alkconv preflight parents", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(work);
	ListCell *cell;
	foreach (cell, read_keys(work, planning->plan, target_oids(planning->plan))) {
		const auto *key = static_cast<const LocalKey *>(lfirst(cell));
		if (!pg::owns_relation(key->child->target_oid, GetUserId()))
			continue;
		const core::Finding *finding = ask(work, planning, key);
		if (finding != nullptr)
			pg::edge([&] { findings->push_back(*finding); });
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
}

} // namespace alkconv::migrate
