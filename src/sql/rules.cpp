// Regime: Postgres (may longjmp, never throws)
//
// What SQL sees of rules: what stands behind the triggers of alkconv.rule, and the list of actions and transforms.
#include "core/rules.hpp"
#include "core/transforms.hpp"
#include "migrate/rule_check.hpp"
#include "pg/boundary.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/sysattr.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
}

#include "pg/regime_pg.hpp"

namespace {

using namespace alkconv;

constexpr int64 kFirstOwnNumber = 1000;

const TriggerData *trigger_of(FunctionCallInfo fcinfo, const char *function, const char *table) {
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s() is the trigger of %s", function, table)));
	const auto *trigger = reinterpret_cast<const TriggerData *>(fcinfo->context);
	const Oid relation = RelationGetRelid(trigger->tg_relation);
	if (strcmp(psprintf("%s.%s", get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation)), table) != 0)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s() is the trigger of %s, not of \"%s\"", function, table, get_rel_name(relation))));
	return trigger;
}

void require_event(bool expected, const char *function, const char *event) {
	if (!expected)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s() has to be fired %s", function, event)));
}

const char *field(const TriggerData *trigger, HeapTuple row, const char *name) {
	const TupleDesc descriptor = trigger->tg_relation->rd_att;
	return SPI_getvalue(row, descriptor, SPI_fnumber(descriptor, name));
}

migrate::RuleFields fields_of(const TriggerData *trigger, HeapTuple row) {
	const char *id = field(trigger, row, "rule_id"), *author_id = field(trigger, row, "author_id");
	migrate::RuleFields fields = {};
	fields.id = id != nullptr ? strtoll(id, nullptr, 10) : 0;
	fields.source = field(trigger, row, "source");
	fields.table_pattern = field(trigger, row, "table_pattern");
	fields.column_pattern = field(trigger, row, "column_pattern");
	fields.action = field(trigger, row, "action");
	fields.argument = field(trigger, row, "argument");
	fields.author = field(trigger, row, "author");
	fields.author_id = author_id != nullptr ? static_cast<Oid>(strtoul(author_id, nullptr, 10)) : InvalidOid;
	fields.shipped_name = field(trigger, row, "shipped_name");
	fields.shipped = strcmp(field(trigger, row, "shipped"), "t") == 0;
	return fields;
}

HeapTuple with_author(const TriggerData *trigger, HeapTuple row, const migrate::Author *author) {
	const TupleDesc descriptor = trigger->tg_relation->rd_att;
	int columns[] = {SPI_fnumber(descriptor, "author"), SPI_fnumber(descriptor, "author_id")};
	Datum values[] = {DirectFunctionCall1(namein, CStringGetDatum(author->name)), ObjectIdGetDatum(author->id)};
	bool nulls[] = {false, false};
	return heap_modify_tuple_by_cols(row, descriptor, lengthof(columns), columns, values, nulls);
}

// A shipped rule that was changed is a rule of whoever changed it, with a number from theirs.
HeapTuple as_own(const TriggerData *trigger, HeapTuple row) {
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, RelationGetRelid(trigger->tg_relation));
	pg::sql_run(
		"SELECT pg_catalog.nextval(pg_catalog.pg_get_serial_sequence('alkconv.rule', 'rule_id')::pg_catalog.regclass)");
	const int64 id = pg::sql_int(0, 0);
	pg::resume_user(&owner);
	const TupleDesc descriptor = trigger->tg_relation->rd_att;
	int columns[] = {SPI_fnumber(descriptor, "rule_id"), SPI_fnumber(descriptor, "shipped"),
					 SPI_fnumber(descriptor, "shipped_name")};
	Datum values[] = {Int64GetDatum(id), BoolGetDatum(false), Datum{0}};
	bool nulls[] = {false, false, true};
	return heap_modify_tuple_by_cols(row, descriptor, lengthof(columns), columns, values, nulls);
}

void refuse_shipped() {
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("only the extension itself ships rules"),
					errhint("Leave the columns shipped and shipped_name out.")));
}

// What the sequence has given last.
int64 last_number(const TriggerData *trigger) {
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, RelationGetRelid(trigger->tg_relation));
	pg::sql_run("SELECT last_value FROM alkconv.rule_rule_id_seq");
	const int64 number = pg::sql_int(0, 0);
	pg::resume_user(&owner);
	return number;
}

// Of two rules the lower number governs, numbers below are for shipped rules, and one that the sequence has yet to give would be in its way.
void require_number(const TriggerData *trigger, const migrate::RuleFields *rule) {
	if (rule->id >= kFirstOwnNumber && (superuser() || rule->id <= last_number(trigger)))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("rule_id " INT64_FORMAT " is not for a rule of your own", rule->id),
					errhint("Leave column rule_id out: numbers are given.")));
}

HeapTuple check_new(const TriggerData *trigger) {
	const migrate::RuleFields rule = fields_of(trigger, trigger->tg_trigtuple);
	if (!creating_extension)
		require_number(trigger, &rule);
	if (!creating_extension && (rule.shipped || rule.shipped_name != nullptr))
		refuse_shipped();
	const migrate::Author author = migrate::author_of_new(&rule);
	migrate::check_rule(&rule, &author);
	return with_author(trigger, trigger->tg_trigtuple, &author);
}

bool is_same_row(const TriggerData *trigger) {
	const TupleDesc descriptor = trigger->tg_relation->rd_att;
	for (int i = 1; i <= descriptor->natts; ++i) {
		const char *before = SPI_getvalue(trigger->tg_trigtuple, descriptor, i);
		const char *after = SPI_getvalue(trigger->tg_newtuple, descriptor, i);
		if ((before == nullptr) != (after == nullptr) || (before != nullptr && strcmp(before, after) != 0))
			return false;
	}
	return true;
}

HeapTuple check_changed(const TriggerData *trigger) {
	const migrate::RuleFields before = fields_of(trigger, trigger->tg_trigtuple);
	migrate::RuleFields after = fields_of(trigger, trigger->tg_newtuple);
	const int author_number = SPI_fnumber(trigger->tg_relation->rd_att, "author");
	const bool named = bms_is_member(author_number - FirstLowInvalidHeapAttributeNumber, trigger->tg_updatedcols);
	migrate::Author author = migrate::author_of_changed(&before, &after, named);
	if (before.shipped && !creating_extension && !is_same_row(trigger)) {
		after.author = named ? after.author : nullptr;
		author = migrate::author_of_new(&after);
		migrate::check_rule(&after, &author);
		return with_author(trigger, as_own(trigger, trigger->tg_newtuple), &author);
	}
	if (!creating_extension && (after.shipped != before.shipped || (after.shipped_name != nullptr && !after.shipped)))
		refuse_shipped();
	migrate::check_rule(&after, &author);
	return with_author(trigger, trigger->tg_newtuple, &author);
}

HeapTuple check_deleted(const TriggerData *trigger) {
	const migrate::RuleFields rule = fields_of(trigger, trigger->tg_trigtuple);
	migrate::require_may_delete(&rule, RelationGetRelid(trigger->tg_relation));
	return trigger->tg_trigtuple;
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
PG_FUNCTION_INFO_V1(alkconv_rule_forget);
PG_FUNCTION_INFO_V1(alkconv_rule_remember);
PG_FUNCTION_INFO_V1(alkconv_vocabulary);

// alkconv_rule_check() returns trigger: BEFORE INSERT OR UPDATE OR DELETE of alkconv.rule, for each row
PGDLLEXPORT Datum alkconv_rule_check(PG_FUNCTION_ARGS) {
	const TriggerData *trigger = trigger_of(fcinfo, "alkconv_rule_check", "alkconv.rule");
	require_event(TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event),
				  "alkconv_rule_check", "before each row");
	const MemoryContext caller = CurrentMemoryContext;
	pg::spi_begin();
	const int nest_level = pg::pin_search_path();
	HeapTuple row = TRIGGER_FIRED_BY_INSERT(trigger->tg_event)	 ? check_new(trigger)
					: TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? check_changed(trigger)
																 : check_deleted(trigger);
	pg::unpin_search_path(nest_level);
	if (row != trigger->tg_trigtuple) { // SPI's memory ends with it
		const MemoryContext spi = MemoryContextSwitchTo(caller);
		row = heap_copytuple(row);
		MemoryContextSwitchTo(spi);
	}
	pg::spi_end();
	return PointerGetDatum(row);
}

// alkconv_rule_remember() returns trigger: AFTER UPDATE OR DELETE of alkconv.rule, for each row, and BEFORE TRUNCATE. A shipped rule that is no
// more is noted, so that it does not come back.
PGDLLEXPORT Datum alkconv_rule_remember(PG_FUNCTION_ARGS) {
	const TriggerData *trigger = trigger_of(fcinfo, "alkconv_rule_remember", "alkconv.rule");
	const bool truncated = TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event);
	require_event(truncated || (TRIGGER_FIRED_AFTER(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event)),
				  "alkconv_rule_remember", "after each row");
	if (creating_extension)
		return PointerGetDatum(nullptr);
	pg::spi_begin();
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, RelationGetRelid(trigger->tg_relation));
	const char *name = truncated ? nullptr : field(trigger, trigger->tg_trigtuple, "shipped_name");
	const bool kept = name != nullptr && TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
					  fields_of(trigger, trigger->tg_newtuple).shipped;
	if (truncated)
		pg::sql_run(
			"INSERT INTO alkconv.changed_rule SELECT shipped_name FROM alkconv.rule WHERE shipped ON CONFLICT DO "
			"NOTHING");
	else if (name != nullptr && !kept)
		pg::sql_run_with("INSERT INTO alkconv.changed_rule VALUES ($1) ON CONFLICT DO NOTHING", 1, &name);
	pg::resume_user(&owner);
	pg::spi_end();
	return PointerGetDatum(nullptr);
}

// alkconv_rule_forget() returns trigger: AFTER INSERT of alkconv.changed_rule, for each row. What a restored dump says of shipped rules becomes so.
PGDLLEXPORT Datum alkconv_rule_forget(PG_FUNCTION_ARGS) {
	const TriggerData *trigger = trigger_of(fcinfo, "alkconv_rule_forget", "alkconv.changed_rule");
	require_event(TRIGGER_FIRED_AFTER(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event),
				  "alkconv_rule_forget", "after each row");
	pg::spi_begin();
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, RelationGetRelid(trigger->tg_relation));
	const char *name = field(trigger, trigger->tg_trigtuple, "shipped_name");
	pg::sql_run_with("DELETE FROM alkconv.rule WHERE shipped AND shipped_name = $1", 1, &name);
	pg::resume_user(&owner);
	pg::spi_end();
	return PointerGetDatum(nullptr);
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
