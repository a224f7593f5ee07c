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
	list->converted_again += more->converted_again;
	MemoryContextSwitchTo(caller);
}

const char *verdict_name(Verdict verdict) {
	switch (verdict) {
	case Verdict::ok: return "ok";
	case Verdict::mismatch: return "mismatch";
	case Verdict::note: return "note";
	case Verdict::rejected: break;
	}
	return "rejected";
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
