// Regime: Postgres (may longjmp, never throws)
//
// An anti-join, or batches of the child's keys and a prepared query for the parent.
#include "verify/orphans.hpp"

#include "pg/compat.hpp"
#include "pg/owner.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_operator.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// Of the child's keys that are held at a time.
constexpr int kBatch = 1000;
constexpr int kShownOrphans = 3;
// What the queries about the child select in front of its key.
constexpr int kBesideKey = 2;

// Expression for one row of the child: row (id)=(7) refers to (parentId)=(9)
const char *sample_of(const ForeignKey *key) {
	StringInfoData sql, names, values;
	ListCell *cell;
	initStringInfo(&sql);
	initStringInfo(&names);
	initStringInfo(&values);
	foreach (cell, key->columns) {
		const auto *column = static_cast<const KeyColumn *>(lfirst(cell));
		const char *comma = cell == list_head(key->columns) ? "" : ", ";
		appendStringInfo(&names, "%s%s", comma, column->child);
		appendStringInfo(&values, "%s%s", comma, column->excerpt);
	}
	appendStringInfoString(&sql, "pg_catalog.concat(");
	if (key->row_key_names != nullptr)
		appendStringInfo(&sql, "%s, pg_catalog.concat_ws(', ', %s), ') refers to ', ",
						 quote_literal_cstr(psprintf("row (%s)=(", key->row_key_names)), key->row_key_values);
	appendStringInfo(&sql, "%s, pg_catalog.concat_ws(', ', %s), ')')",
					 quote_literal_cstr(psprintf("(%s)=(", names.data)), values.data);
	return sql.data;
}

// FROM and WHERE: the child's rows that refer to anything.
const char *referring_rows(const ForeignKey *key) {
	StringInfoData present;
	ListCell *cell;
	initStringInfo(&present);
	foreach (cell, key->columns)
		appendStringInfo(&present, "%sc.%s IS NOT NULL",
						 cell == list_head(key->columns) ? "" : (key->match_full ? " OR " : " AND "),
						 static_cast<const KeyColumn *>(lfirst(cell))->child);
	return psprintf("%s c WHERE (%s)", pg::from_item(key->child), present.data);
}

// FROM and WHERE: the parent's rows whose key is `keys`, an expression with its type for each column. The clauses are
// those of the server's own checks, which name the constraint's operators and no better match that somebody may have
// made since.
const char *rows_with_key(const ForeignKey *key, const char *const *keys, const Oid *types) {
	StringInfoData sql;
	ListCell *cell;
	initStringInfo(&sql);
	appendStringInfo(&sql, "%s p WHERE ", pg::from_item(key->parent));
	foreach (cell, key->columns) {
		const auto *column = static_cast<const KeyColumn *>(lfirst(cell));
		const int i = foreach_current_index(cell);
		if (i > 0)
			appendStringInfoString(&sql, " AND ");
		generate_operator_clause(&sql, psprintf("p.%s", column->parent), column->parent_type, column->equal, keys[i],
								 types[i]);
		appendStringInfoString(&sql, column->collate);
	}
	return sql.data;
}

// FROM and WHERE: the child's rows without a parent, by one query.
const char *orphans_by_join(const ForeignKey *key) {
	const int columns = list_length(key->columns);
	auto **keys = static_cast<const char **>(palloc(sizeof(char *) * static_cast<Size>(columns)));
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(columns)));
	for (int i = 0; i < columns; ++i) {
		const auto *column = static_cast<const KeyColumn *>(list_nth(key->columns, i));
		keys[i] = psprintf("c.%s", column->child);
		types[i] = column->child_type;
	}
	return psprintf("%s AND NOT EXISTS (SELECT 1 FROM %s)", referring_rows(key), rows_with_key(key, keys, types));
}

// The type that the operator takes on the child's side; that of the column itself where the operator takes many.
Oid compared_type(const KeyColumn *column) {
	Oid left, right;
	op_input_types(column->equal, &left, &right);
	return IsPolymorphicType(right) || right == RECORDOID ? column->child_type : right;
}

// The child's key as its owner's casts make it, so that nothing of the child's types is left to do for the parent's
// owner: "k1, k2".
const char *key_of_child(const ForeignKey *key) {
	StringInfoData sql;
	ListCell *cell;
	initStringInfo(&sql);
	foreach (cell, key->columns) {
		const auto *column = static_cast<const KeyColumn *>(lfirst(cell));
		const Oid type = compared_type(column);
		appendStringInfo(&sql, "%sc.%s", cell == list_head(key->columns) ? "" : ", ", column->child);
		if (type != column->child_type)
			appendStringInfo(&sql, "::%s", format_type_extended(type, -1, FORMAT_TYPE_FORCE_QUALIFY));
		appendStringInfoString(&sql, column->collate);
	}
	return sql.data;
}

// A prepared query for the parent, to be executed as its owner.
struct Lookup {
	SPIPlanPtr plan;
	int columns;
	Datum *values;
	char *nulls;
};

Lookup prepare_lookup(const ForeignKey *key) {
	Lookup lookup;
	lookup.columns = list_length(key->columns);
	lookup.values = static_cast<Datum *>(palloc(sizeof(Datum) * static_cast<Size>(lookup.columns)));
	lookup.nulls = static_cast<char *>(palloc(static_cast<Size>(lookup.columns)));
	auto **keys = static_cast<const char **>(palloc(sizeof(char *) * static_cast<Size>(lookup.columns)));
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(lookup.columns)));
	for (int i = 0; i < lookup.columns; ++i) {
		keys[i] = psprintf("$%d", i + 1);
		types[i] = compared_type(static_cast<const KeyColumn *>(list_nth(key->columns, i)));
	}
	const char *sql = psprintf("SELECT 1 FROM %s", rows_with_key(key, keys, types));
	lookup.plan = SPI_prepare_cursor(sql, lookup.columns, types, CURSOR_OPT_GENERIC_PLAN);
	if (lookup.plan == nullptr)
		elog(ERROR, "SPI_prepare_cursor failed (%s): %s", SPI_result_code_string(SPI_result), sql);
	return lookup;
}

bool has_parent(Lookup *lookup, HeapTuple row, TupleDesc descriptor) {
	for (int i = 0; i < lookup->columns; ++i) {
		bool null;
		lookup->values[i] = SPI_getbinval(row, descriptor, kBesideKey + i + 1, &null);
		lookup->nulls[i] = null ? 'n' : ' ';
	}
	if (SPI_execute_plan(lookup->plan, lookup->values, lookup->nulls, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(SPI_result));
	const bool found = SPI_processed > 0;
	SPI_freetuptable(SPI_tuptable);
	return found;
}

SPITupleTable *next_keys(const ForeignKey *key, Portal keys) {
	pg::OwnerSwitch owner;
	CHECK_FOR_INTERRUPTS();
	pg::become_reader(&owner, key->child);
	SPI_cursor_fetch(keys, true, kBatch);
	pg::resume_user(&owner);
	return SPI_tuptable;
}

Portal open_keys(const ForeignKey *key, const char *sql) {
	pg::OwnerSwitch owner;
	pg::become_reader(&owner, key->child);
	Portal keys = SPI_cursor_open_with_args(nullptr, sql, 0, nullptr, nullptr, nullptr, true, CURSOR_OPT_NO_SCROLL);
	pg::resume_user(&owner);
	if (keys == nullptr)
		elog(ERROR, "SPI_cursor_open_with_args failed (%s): %s", SPI_result_code_string(SPI_result), sql);
	return keys;
}

// Calls visit for each row of a query about the child whose key, behind the first columns, has no parent.
template <class Visit>
void visit_orphans(const ForeignKey *key, const char *sql, Visit visit) {
	pg::OwnerSwitch owner;
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	Portal keys = open_keys(key, sql);
	pg::become_reader(&owner, key->parent);
	Lookup lookup = prepare_lookup(key);
	pg::resume_user(&owner);
	for (;;) {
		SPITupleTable *rows = next_keys(key, keys);
		const uint64 count = SPI_processed;
		if (count == 0)
			break;
		pg::become_reader(&owner, key->parent);
		for (uint64 i = 0; i < count; ++i)
			if (!has_parent(&lookup, rows->vals[i], rows->tupdesc))
				visit(rows->vals[i], rows->tupdesc);
		pg::resume_user(&owner);
		SPI_freetuptable(rows);
	}
	SPI_cursor_close(keys);
	SPI_freeplan(lookup.plan);
	PopActiveSnapshot();
}

bool same_owner(const ForeignKey *key) { return pg::owner_of(key->child) == pg::owner_of(key->parent); }

Orphans count_by_join(const ForeignKey *key) {
	pg::sql_run_now_as_owner(
		key->child,
		psprintf("SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(o.sample ORDER BY "
				 "o.sample COLLATE \"C\"))[1:%d], '; ') FROM (SELECT %s AS sample FROM %s) o",
				 kShownOrphans, sample_of(key), orphans_by_join(key)));
	return {static_cast<uint64>(pg::sql_int(0, 0)), pg::sql_text(0, 1)};
}

// The least ones, in order.
struct Samples {
	char *text[kShownOrphans];
	int count;
};

void keep_sample(Samples *samples, char *text) {
	if (samples->count == kShownOrphans && strcmp(text, samples->text[kShownOrphans - 1]) >= 0) {
		pfree(text);
		return;
	}
	int place = samples->count < kShownOrphans ? samples->count++ : kShownOrphans - 1;
	for (; place > 0 && strcmp(text, samples->text[place - 1]) < 0; --place)
		samples->text[place] = samples->text[place - 1];
	samples->text[place] = text;
}

const char *joined(const Samples *samples) {
	const char *text = nullptr;
	for (int i = 0; i < samples->count; ++i)
		text = i == 0 ? samples->text[i] : psprintf("%s; %s", text, samples->text[i]);
	return text;
}

// Each key of the child once, with its number of rows and one of them as a sample.
Orphans count_by_lookup(const ForeignKey *key) {
	Orphans orphans = {0, nullptr};
	Samples samples = {};
	StringInfoData groups;
	initStringInfo(&groups);
	for (int i = 0; i < list_length(key->columns); ++i)
		appendStringInfo(&groups, "%s%d", i == 0 ? "" : ", ", kBesideKey + i + 1);
	visit_orphans(key,
				  psprintf("SELECT pg_catalog.count(*), pg_catalog.min(%s COLLATE \"C\"), %s FROM %s GROUP BY %s",
						   sample_of(key), key_of_child(key), referring_rows(key), groups.data),
				  [&](HeapTuple row, TupleDesc descriptor) {
					  bool null;
					  orphans.rows += static_cast<uint64>(DatumGetInt64(SPI_getbinval(row, descriptor, 1, &null)));
					  keep_sample(&samples, SPI_getvalue(row, descriptor, 2));
				  });
	orphans.samples = joined(&samples);
	return orphans;
}

RowPlace place_of(HeapTuple row, TupleDesc descriptor) {
	bool null;
	RowPlace place;
	place.table = DatumGetObjectId(SPI_getbinval(row, descriptor, 1, &null));
	place.tid = *reinterpret_cast<ItemPointer>(DatumGetPointer(SPI_getbinval(row, descriptor, 2, &null)));
	return place;
}

// Grows as it is filled.
struct Places {
	RowPlace *places;
	uint64 count, room;
};

void add_place(Places *places, const RowPlace *place) {
	if (places->count == places->room) {
		places->room *= 2;
		places->places =
			static_cast<RowPlace *>(repalloc_huge(places->places, sizeof(RowPlace) * static_cast<Size>(places->room)));
	}
	places->places[places->count++] = *place;
}

} // namespace

Orphans find_orphans(const ForeignKey *key) {
	Orphans orphans = same_owner(key) ? count_by_join(key) : count_by_lookup(key);
	if (orphans.rows > 0 && !pg::may_read_all(key->child, GetUserId()))
		orphans.samples = "they are not shown: you may not read them";
	return orphans;
}

RowPlace *orphan_places(const ForeignKey *key, uint64 *count) {
	Places places = {static_cast<RowPlace *>(palloc(sizeof(RowPlace) * kBatch)), 0, kBatch};
	const auto add = [&](HeapTuple row, TupleDesc descriptor) {
		const RowPlace place = place_of(row, descriptor);
		add_place(&places, &place);
	};
	if (same_owner(key)) {
		const uint64 rows =
			pg::sql_run_now_as_owner(key->child, psprintf("SELECT c.tableoid, c.ctid FROM %s", orphans_by_join(key)));
		for (uint64 i = 0; i < rows; ++i)
			add(SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	} else {
		visit_orphans(key, psprintf("SELECT c.tableoid, c.ctid, %s FROM %s", key_of_child(key), referring_rows(key)),
					  add);
	}
	*count = places.count;
	return places.places;
}

} // namespace alkconv::verify
