// Regime: Postgres (may longjmp, never throws)
//
// The rows that the source finds long enough are converted and measured with what the server itself makes of them.
#include "migrate/preflight_sizes.hpp"

#include "core/default_type.hpp"
#include "core/preflight_sizes.hpp"
#include "migrate/preflight_rows.hpp"
#include "pg/compat.hpp"
#include "pg/guarded.hpp"
#include "pg/index_entry.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "tsearch/ts_cache.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Measuring {
	const core::SizeQuestion *question;
	TupleDesc descriptor;
	Datum *values;
	Datum configuration; // of text search
	core::Finding *finding;
};

struct Columns {
	Oid *types;
	int32 *typmods;
};

// Types that the run would make are measured as text.
Columns column_types(const core::TablePlan *plan) {
	const size_t count = plan->columns.size();
	Columns columns = {static_cast<Oid *>(palloc(sizeof(Oid) * Max(count, size_t{1}))),
					   static_cast<int32 *>(palloc(sizeof(int32) * Max(count, size_t{1})))};
	for (size_t i = 0; i < count; ++i) {
		Oid collation;
		columns.types[i] = plan->columns[i].target_type.oid;
		columns.typmods[i] = -1;
		if (OidIsValid(plan->target_oid))
			get_atttypetypmodcoll(plan->target_oid, plan->columns[i].attnum, &columns.types[i], &columns.typmods[i],
								  &collation);
		else if (!OidIsValid(columns.types[i]))
			columns.types[i] = TEXTOID;
	}
	return columns;
}

TupleDesc descriptor_of(const Columns *columns, int count) {
	const TupleDesc descriptor = CreateTemplateTupleDesc(count);
	for (int i = 0; i < count; ++i)
		TupleDescInitEntry(descriptor, static_cast<AttrNumber>(i + 1), nullptr, columns->types[i], columns->typmods[i],
						   0);
	return descriptor;
}

Datum beginning_of(Oid type, Datum value, uint32_t prefix) {
	if (prefix == 0)
		return value;
	const Datum length = Int32GetDatum(static_cast<int32>(prefix));
	return type == BYTEAOID ? DirectFunctionCall3(bytea_substr, value, Int32GetDatum(1), length)
							: DirectFunctionCall2(text_left, value, length);
}

Size entry_bytes(const Measuring *measuring, const bool *nulls) {
	const std::vector<uint32_t> &prefixes = measuring->question->prefixes;
	for (size_t i = 0; i < prefixes.size(); ++i)
		if (!nulls[i])
			measuring->values[i] = beginning_of(TupleDescAttr(measuring->descriptor, static_cast<int>(i))->atttypid,
												measuring->values[i], prefixes[i]);
	return pg::entry_bytes(measuring->descriptor, measuring->values, nulls);
}

struct Document {
	Datum configuration;
	text *content;
};

void make_vector(void *argument) {
	const auto *document = static_cast<const Document *>(argument);
	(void) DirectFunctionCall2(to_tsvector_byid, document->configuration, PointerGetDatum(document->content));
}

// As AddFulltext has it.
bool has_too_many_words(const Measuring *measuring, const bool *nulls) {
	StringInfoData content;
	initStringInfo(&content);
	for (int i = 0; i < measuring->descriptor->natts; ++i) {
		if (i > 0)
			appendStringInfoChar(&content, ' ');
		if (!nulls[i])
			appendStringInfoString(&content, TextDatumGetCString(measuring->values[i]));
	}
	Document document = {measuring->configuration, cstring_to_text_with_len(content.data, content.len)};
	return pg::run_up_to_limits(make_vector, &document) != nullptr;
}

bool is_too_long(const Measuring *measuring, const bool *nulls) {
	switch (measuring->question->kind) {
	case core::SizeQuestion::Kind::entry: return entry_bytes(measuring, nulls) > pg::kMaxBtreeEntry;
	case core::SizeQuestion::Kind::row:
		return pg::least_row_bytes(measuring->descriptor, measuring->values, nulls) > MaxHeapTupleSize;
	case core::SizeQuestion::Kind::words: break;
	}
	return has_too_many_words(measuring, nulls);
}

void measure(void *state, const ConvertedRow *row) {
	auto *measuring = static_cast<Measuring *>(state);
	const auto count = static_cast<size_t>(measuring->descriptor->natts);
	memcpy(measuring->values, row->values, sizeof(Datum) * count);
	if (!is_too_long(measuring, row->nulls))
		return;
	pg::edge([&] {
		core::Finding &finding = *measuring->finding;
		if (!finding.rows) {
			std::vector<size_t> shown;
			for (size_t i = 0; i < count && measuring->question->kind != core::SizeQuestion::Kind::row; ++i)
				shown.push_back(i);
			core::SampleRow(*row->converter, *row->batch, row->row, shown, finding);
		}
		finding.rows = finding.rows.value_or(0) + 1;
	});
}

// The plan of the columns as they are read: of a table to be created how they convert is still to be said.
core::TablePlan *reading_plan(MemoryContext context, const core::SizeQuestion *question) {
	return pg::own_from<core::TablePlan>(context, [question] {
		core::TablePlan plan = core::PlanOfColumns(*question->table, question->columns);
		for (core::ColumnPlan &column : plan.columns) {
			if (!question->table->create)
				continue;
			if (column.target_type.oid == 0)
				column.target_type = core::NamedTarget("text");
			column.conversion = core::ChooseConversion(column.source_type, column.target_type, column.policy);
		}
		return plan;
	});
}

void ask(MemoryContext context, const Planning *planning, const core::SizeQuestion *question,
		 std::vector<core::Finding> *findings) {
	MemoryContext work = AllocSetContextCreate(context, "alkconv preflight sizes", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(work);
	const core::TablePlan *plan = reading_plan(work, question);
	const core::SourceTable *source = &planning->source->schema->tables[plan->source];
	const std::string *from = quoted_source(work, planning, plan);
	const auto *sql =
		pg::own_from<std::string>(work, [&] { return core::RowsQuery(*source, *plan, *from, question->condition); });
	const int count = static_cast<int>(question->columns.size());
	const Columns columns = column_types(plan);
	Measuring measuring = {question, descriptor_of(&columns, count),
						   static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<Size>(count))),
						   ObjectIdGetDatum(get_ts_config_oid(
							   list_make2(makeString(pstrdup("pg_catalog")), makeString(pstrdup("simple"))), false)),
						   pg::own_from<core::Finding>(work, [question] { return question->finding; })};
	const RowReading reading = {work,
								planning->source->connection(),
								sql,
								converter_of(work, plan),
								pg::prepare_datum_columns(work, count, columns.types, columns.typmods),
								count};
	// input functions and domains are code of the table
	pg::OwnerSwitch owner;
	if (!question->table->create)
		pg::become_owner(&owner, plan->target_oid);
	(void) read_rows(&reading, measure, &measuring);
	if (!question->table->create)
		pg::resume_user(&owner);
	if (measuring.finding->rows)
		pg::edge([&] { findings->push_back(*measuring.finding); });
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
}

} // namespace

void add_sizes(MemoryContext context, const Planning *planning, const core::TargetFacts *facts,
			   const core::PreflightScope *scope, std::vector<core::Finding> *findings) {
	const auto *questions = pg::own_from<std::vector<core::SizeQuestion>>(context, [&] {
		return core::AskAboutSizes(*planning->source->schema, *planning->plan, *facts, *planning->rules, *scope);
	});
	for (size_t i = 0; i < questions->size(); ++i) {
		const core::TablePlan *table = (*questions)[i].table;
		if (table->create || pg::owns_relation(table->target_oid, GetUserId()))
			ask(context, planning, &(*questions)[i], findings);
	}
}

} // namespace alkconv::migrate
