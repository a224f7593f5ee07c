// Regime: Postgres (may longjmp, never throws)
//
// The target's own text of the values.
#include "load/row_key.hpp"

#include "core/digest_postgres.hpp"
#include "core/excerpt.hpp"
#include "core/secret.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

const char *excerpt(const char *value) {
	if (value == nullptr)
		return "null";
	return pg::own_from<std::string>(CurrentMemoryContext,
									 [=] { return core::ExcerptOfText(value, core::kExcerptBytes); })
		->c_str();
}

const char *column_name(const core::ColumnPlan *column) { return quote_identifier(column->target_name.c_str()); }

const char *shown_column(const core::ColumnPlan *column) {
	const char *name = column_name(column);
	if (column->secret.empty())
		return name;
	const auto *mask = pg::own_from<std::string>(CurrentMemoryContext, [=] {
		return core::PostgresMask(column->secret, core::digest::postgres::TextOf(name, column->target_type));
	});
	return mask->c_str();
}

const char *listed(const core::TablePlan *table, const char *(*part)(const core::ColumnPlan *column)) {
	StringInfoData list;
	initStringInfo(&list);
	for (size_t i = 0; i < table->key.size(); ++i)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", part(&table->columns[table->key[i]]));
	return list.data;
}

} // namespace

int count_of_key(const core::TablePlan *table) { return static_cast<int>(table->key.size()); }

const char *key_columns(const core::TablePlan *table) { return listed(table, column_name); }

const char *key_expressions(const core::TablePlan *table) { return listed(table, shown_column); }

char *key_text(const core::TablePlan *table, HeapTuple row, TupleDesc descriptor) {
	if (table->key.empty())
		return nullptr;
	StringInfoData names, values;
	initStringInfo(&names);
	initStringInfo(&values);
	for (size_t i = 0; i < table->key.size(); ++i) {
		const char *comma = i == 0 ? "" : ", ";
		appendStringInfo(&names, "%s%s", comma, table->columns[table->key[i]].target_name.c_str());
		appendStringInfo(&values, "%s%s", comma, excerpt(SPI_getvalue(row, descriptor, static_cast<int>(i) + 1)));
	}
	return psprintf("(%s)=(%s)", names.data, values.data);
}

} // namespace alkconv::load
