// Regime: Postgres (may longjmp, never throws)
//
// What SQL sees of rules: the check behind the trigger of alkconv.rule, and the list of actions and transforms.
#include "core/rules.hpp"
#include "core/transforms.hpp"
#include "migrate/rule_check.hpp"
#include "pg/boundary.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "commands/trigger.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
}

#include "pg/regime_pg.hpp"

namespace {

using namespace alkconv;

const char *field(const TriggerData *trigger, HeapTuple row, const char *name) {
	const TupleDesc descriptor = trigger->tg_relation->rd_att;
	return SPI_getvalue(row, descriptor, SPI_fnumber(descriptor, name));
}

void put_word(const ReturnSetInfo *result, const char *kind, const char *name, const char *of, const char *argument,
			  const char *what) {
	const char *texts[] = {kind, name, of, argument, what};
	Datum values[lengthof(texts)];
	bool nulls[lengthof(texts)];
	for (size_t i = 0; i < lengthof(texts); ++i) {
		nulls[i] = texts[i] == nullptr;
		values[i] = nulls[i] ? Datum{0} : CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

} // namespace

extern "C" {

PG_FUNCTION_INFO_V1(alkconv_rule_check);
PG_FUNCTION_INFO_V1(alkconv_vocabulary);

// alkconv_rule_check() returns trigger: BEFORE INSERT OR UPDATE of alkconv.rule, for each row
PGDLLEXPORT Datum alkconv_rule_check(PG_FUNCTION_ARGS) {
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("alkconv_rule_check() is the trigger of alkconv.rule")));
	const auto *trigger = reinterpret_cast<const TriggerData *>(fcinfo->context);
	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("alkconv_rule_check() has to be fired before each row")));
	HeapTuple row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	pg::spi_begin();
	const int nest_level = pg::pin_search_path();
	const migrate::RuleFields rule = {field(trigger, row, "table_pattern"), field(trigger, row, "column_pattern"),
									  field(trigger, row, "action"), field(trigger, row, "argument")};
	migrate::check_rule(&rule);
	pg::unpin_search_path(nest_level);
	pg::spi_end();
	return PointerGetDatum(row);
}

// alkconv_vocabulary() -> setof (kind, name, applies_to, argument, meaning)
PGDLLEXPORT Datum alkconv_vocabulary(PG_FUNCTION_ARGS) {
	InitMaterializedSRF(fcinfo, 0);
	const auto *result = reinterpret_cast<const ReturnSetInfo *>(fcinfo->resultinfo);
	const auto *actions = pg::edge([] { return &core::KnownActions(); });
	for (size_t i = 0; i < actions->size(); ++i) {
		const core::ActionInfo &action = (*actions)[i];
		put_word(result, "action", action.name, action.of_column ? "column" : "table", action.argument, action.what);
	}
	const auto *transforms = pg::edge([] { return &core::KnownTransforms(); });
	for (size_t i = 0; i < transforms->size(); ++i) {
		const core::TransformInfo &transform = (*transforms)[i];
		put_word(result, "transform", transform.text, "column", transform.arguments, transform.what);
	}
	PG_RETURN_NULL();
}
}
