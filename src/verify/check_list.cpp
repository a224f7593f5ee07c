// Regime: Postgres (may longjmp, never throws)
//
// The list of checks.
#include "verify/check_list.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

void add_check(CheckList *list, const char *table, const char *check, const char *source_value,
			   const char *target_value, Verdict verdict, const char *note) {
	const MemoryContext caller = MemoryContextSwitchTo(list->context);
	auto *entry = static_cast<Check *>(palloc0(sizeof(Check)));
	entry->table = pstrdup(table);
	entry->check = pstrdup(check);
	entry->source_value = source_value != nullptr ? pstrdup(source_value) : nullptr;
	entry->target_value = target_value != nullptr ? pstrdup(target_value) : nullptr;
	entry->verdict = verdict;
	entry->note = note != nullptr && note[0] != '\0' ? pstrdup(note) : nullptr;
	list->checks = lappend(list->checks, entry);
	MemoryContextSwitchTo(caller);
}

void append_checks(CheckList *list, const CheckList *more) {
	const MemoryContext caller = MemoryContextSwitchTo(list->context);
	list->checks = list_concat(list->checks, more->checks);
	list->read_again += more->read_again;
	list->converted_again += more->converted_again;
	MemoryContextSwitchTo(caller);
}

namespace {

struct PlacedCheck {
	Check *check;
	int place;
};

int compare_tables(const void *left, const void *right) {
	const auto *a = static_cast<const PlacedCheck *>(left), *b = static_cast<const PlacedCheck *>(right);
	const int order = strcmp(a->check->table, b->check->table);
	return order != 0 ? order : a->place - b->place;
}

} // namespace

void order_by_table(CheckList *list) {
	const int count = list_length(list->checks);
	auto *placed = static_cast<PlacedCheck *>(palloc(sizeof(PlacedCheck) * static_cast<Size>(Max(count, 1))));
	for (int i = 0; i < count; ++i)
		placed[i] = {static_cast<Check *>(list_nth(list->checks, i)), i};
	qsort(placed, static_cast<size_t>(count), sizeof(PlacedCheck), compare_tables);
	for (int i = 0; i < count; ++i)
		lfirst(list_nth_cell(list->checks, i)) = placed[i].check;
	pfree(placed);
}

const char *verdict_name(Verdict verdict) {
	switch (verdict) {
	case Verdict::ok: return "ok";
	case Verdict::mismatch: return "mismatch";
	case Verdict::note: return "note";
	case Verdict::left_out: return "left out";
	case Verdict::rejected: break;
	}
	return "rejected";
}

int checks_made(const CheckList *list) {
	int count = 0;
	ListCell *cell;
	foreach (cell, list->checks)
		count += static_cast<const Check *>(lfirst(cell))->verdict != Verdict::left_out;
	return count;
}

const Check *first_mismatch(const CheckList *list, int *count) {
	const Check *first = nullptr;
	ListCell *cell;
	*count = 0;
	foreach (cell, list->checks) {
		const auto *check = static_cast<const Check *>(lfirst(cell));
		if (check->verdict != Verdict::mismatch)
			continue;
		if (first == nullptr)
			first = check;
		++*count;
	}
	return first;
}

} // namespace alkconv::verify
