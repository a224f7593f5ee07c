// Regime: Postgres (may longjmp, never throws)
//
// Counts of the converter, of expressions and of the source's answers about keys, rule by rule.
#include "migrate/rule_effects.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *plural(uint64 count) { return count == 1 ? "" : "s"; }

// A rule that was at work on a column, or on rows (column null).
struct Effect {
	const core::AppliedRule *rule;
	const char *column;
	uint64 touched;
};

// Calls visit(argument, effect) for every rule that touched something.
void visit_effects(const load::LoadedTable *loaded, void (*visit)(void *, const Effect *), void *argument) {
	const core::TablePlan *plan = loaded->plan;
	const auto touch = [=](const core::AppliedRule *rule, const std::string *column, uint64 touched) {
		const Effect effect = {rule, column->empty() ? nullptr : column->c_str(), touched};
		if (touched > 0)
			visit(argument, &effect);
	};
	size_t rule = 0;
	for (size_t i = 0; i < plan->columns.size(); ++i) {
		const core::ColumnPlan &column = plan->columns[i];
		for (size_t n = 0; n < column.counted.size(); ++n)
			touch(&column.counted[n], &column.target_name, loaded->touched[rule++]);
		touch(&column.computed, &column.target_name, loaded->changed[i]);
	}
	for (size_t i = 0; i < plan->key_rules.size(); ++i)
		touch(&plan->key_rules[i].rule, &plan->key_rules[i].column, plan->key_rules[i].touched);
}

struct Note {
	StringInfoData text;
	uint64 rows;
};

void append_effect(void *argument, const Effect *effect) {
	auto *note = static_cast<Note *>(argument);
	if (effect->column == nullptr)
		appendStringInfo(&note->text, "; " UINT64_FORMAT " row%s left out by %s", effect->touched,
						 plural(effect->touched), effect->rule->text.c_str());
	else
		appendStringInfo(&note->text, "; %s: changed " UINT64_FORMAT " of " UINT64_FORMAT " value%s by %s",
						 effect->column, effect->touched, note->rows, plural(note->rows), effect->rule->text.c_str());
}

// What was at work in a run.
struct AtWork {
	List *rules; // numbers
	uint64 wall_times;
	const char *zone; // who said what the wall times mean, where no rule did
};

void collect(void *argument, const Effect *effect) {
	auto *work = static_cast<AtWork *>(argument);
	if (effect->rule->id > 0) {
		work->rules =
			list_append_unique_int(work->rules, static_cast<int>(effect->rule->id)); // their numbers are small
	} else if (!effect->rule->repeats) {
		work->wall_times += effect->touched;
		work->zone = effect->rule->text.c_str();
	}
}

// A column that was converted again shows no fault of the converter.
const char *read_again(const verify::CheckList *checks) {
	const int read = checks->read_again, converted = checks->converted_again;
	if (read == 0)
		return "";
	const char *columns = psprintf(", %d column%s by reading %s again", read, plural(static_cast<uint64>(read)),
								   read == 1 ? "it" : "them");
	return converted == 0	   ? columns
		   : converted == read ? psprintf("%s with the converter", columns)
							   : psprintf("%s, %d of them with the converter", columns, converted);
}

} // namespace

const char *rule_effects(const load::LoadedTable *loaded, uint64 replaced) {
	Note note = {{}, loaded->rows};
	initStringInfo(&note.text);
	visit_effects(loaded, append_effect, &note);
	const core::TablePlan *plan = loaded->plan;
	for (size_t i = 0; i < plan->omitted.size(); ++i)
		if (!plan->omitted[i].rule.empty())
			appendStringInfo(&note.text, "; %s left out by %s", plan->omitted[i].name.c_str(),
							 plan->omitted[i].rule.c_str());
	if (replaced > 0)
		appendStringInfo(&note.text, "; " UINT64_FORMAT " row%s replaced by %s", replaced, plural(replaced),
						 plan->rule.empty() ? "on_existing" : plan->rule.c_str());
	return note.text.len == 0 ? nullptr : note.text.data + 2;
}

const char *proved_values(const load::LoadedTable *loaded, size_t tables, const verify::CheckList *checks) {
	AtWork work = {NIL, 0, nullptr};
	for (size_t i = 0; i < tables; ++i)
		visit_effects(&loaded[i], collect, &work);
	const auto rules = static_cast<size_t>(list_length(work.rules));
	const char *proved = rules == 0 ? "every value proved equal"
									: psprintf("proved equal to what %zu rule%s make%s of them", rules, plural(rules),
											   rules == 1 ? "s" : "");
	if (work.wall_times > 0)
		proved = psprintf("%s, " UINT64_FORMAT " wall time%s by %s", proved, work.wall_times, plural(work.wall_times),
						  work.zone);
	return psprintf("%s%s", proved, read_again(checks));
}

} // namespace alkconv::migrate
