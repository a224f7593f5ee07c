// Regime: Postgres (may longjmp, never throws)
//
// All rows are looked at once more, through a cursor: their entries are formed as the index would form them.
#include "load/refused_entry.hpp"

#include "load/row_key.hpp"
#include "pg/index_entry.hpp"

extern "C" {
#include "executor/spi.h"
#include "utils/memutils.h"
#include "utils/portal.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

struct LongestEntry {
	Size bytes;
	char *key; // "(id)=(7)"; null for a table without a key, or without rows
};

// The key's columns, then the parts.
const char *rows_query(const RefusedIndex *index) {
	const char *keys = key_expressions(index->table);
	return psprintf("SELECT %s%s%s FROM %s", keys, keys[0] == '\0' ? "" : ", ", index->parts, index->from);
}

Size bytes_of_entry(const RefusedIndex *index, HeapTuple row, TupleDesc descriptor, int keys) {
	if (!index->of_words)
		return pg::entry_bytes(row, descriptor, keys);
	const char *document = SPI_getvalue(row, descriptor, keys + 1);
	return document == nullptr ? 0 : strlen(document);
}

LongestEntry find_longest(const RefusedIndex *index) {
	constexpr long kRows = 100;
	const int keys = count_of_key(index->table);
	const MemoryContext result_context = CurrentMemoryContext;
	MemoryContext row_context = AllocSetContextCreate(result_context, "alkconv refused entry", ALLOCSET_DEFAULT_SIZES);
	LongestEntry longest = {0, nullptr};
	Portal rows =
		SPI_cursor_open_with_args(nullptr, rows_query(index), 0, nullptr, nullptr, nullptr, true, CURSOR_OPT_NO_SCROLL);
	for (;;) {
		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(rows, true, kRows);
		if (SPI_processed == 0)
			break;
		MemoryContextSwitchTo(row_context);
		for (uint64 row = 0; row < SPI_processed; ++row) {
			const TupleDesc descriptor = SPI_tuptable->tupdesc;
			const Size bytes = bytes_of_entry(index, SPI_tuptable->vals[row], descriptor, keys);
			if (bytes <= longest.bytes)
				continue;
			longest.bytes = bytes;
			MemoryContextSwitchTo(result_context);
			longest.key = key_text(index->table, SPI_tuptable->vals[row], descriptor);
			MemoryContextSwitchTo(row_context);
		}
		MemoryContextSwitchTo(result_context);
		MemoryContextReset(row_context);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(rows);
	return longest;
}

const char *what(const RefusedIndex *index, const LongestEntry *longest) {
	if (index->of_words)
		return psprintf("the longest text has %zu bytes, and its words and positions may have 1048575", longest->bytes);
	return psprintf("the longest entry has %zu bytes, and may have %zu", longest->bytes, pg::kMaxBtreeEntry);
}

} // namespace

void raise_refused_entry(const RefusedIndex *index, const ErrorData *error) {
	const LongestEntry longest = find_longest(index);
	ereport(
		ERROR,
		(errcode(error->sqlerrcode),
		 errmsg("index \"%s\" of table \"%s\" cannot hold row %s: %s", index->name, index->table->target_name.c_str(),
				longest.key == nullptr ? "without a key" : longest.key, what(index, &longest)),
		 core::HasSecrets(*index->table) ? 0 : errdetail("The server says: %s.", error->message),
		 errhint("%s", index->hint), err_generic_string(PG_DIAG_TABLE_NAME, index->table->target_name.c_str()),
		 err_generic_string(PG_DIAG_CONSTRAINT_NAME, index->name)));
}

} // namespace alkconv::load
