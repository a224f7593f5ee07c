// Regime: Postgres (may longjmp, never throws)
//
// Checks of a target table, made under the lock that keeps their answers true until the end of the transaction.
#include "load/target.hpp"

#include "pg/compat.hpp"
#include "pg/owner.hpp"
#include "pg/privileges.hpp"
#include "pg/row_storage.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "commands/tablecmds.h"
#include "commands/trigger.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

void refuse(Relation relation, const char *what, const char *hint) {
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					errmsg("cannot load into table \"%s\": it %s", RelationGetRelationName(relation), what),
					errhint("%s", hint), errtable(relation)));
}

void lock_error_context(void *argument) {
	errcontext("while locking target table \"%s\"", static_cast<const char *>(argument));
}

void require_owner(Oid oid) {
	if (pg::owns_relation(oid, GetUserId()))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be owner of table %s", get_rel_name(oid)),
					errdetail("Loading replaces the table's storage and rebuilds its indexes."),
					errhint("Run the migration as the owner of the target tables: SET ROLE %s.",
							quote_identifier(GetUserNameFromId(pg::owner_of(oid), false))),
					err_generic_string(PG_DIAG_SCHEMA_NAME, get_namespace_name(get_rel_namespace(oid))),
					err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(oid))));
}

// Nobody waits for the lock of a table that is none of his business, since everybody else would wait behind him: the
// privilege is examined before, and once more under the lock, because meanwhile it may have gone
// (RangeVarGetRelidExtended, namespace.c, 17).
void lock_checked(Oid oid, LOCKMODE mode, void (*require)(Oid)) {
	ErrorContextCallback context;
	char *name = get_rel_name(oid);
	if (name != nullptr)
		require(oid);
	context.callback = lock_error_context;
	context.arg = name != nullptr ? name : pstrdup("?");
	context.previous = error_context_stack;
	error_context_stack = &context;
	LockRelationOid(oid, mode);
	error_context_stack = context.previous;
	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(oid)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("target table \"%s\" was dropped while the run was starting", name != nullptr ? name : "?"),
				 errhint("Run it again.")));
	require(oid);
}

// An enabled trigger on an event (TRIGGER_TYPE_INSERT, ...) that the application attached, or nullptr. Those of foreign keys are the verifier's
// business.
const char *trigger_on(Relation relation, int16 event) {
	const TriggerDesc *triggers = relation->trigdesc;
	for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
		const Trigger &trigger = triggers->triggers[i];
		const bool fires = trigger.tgenabled == TRIGGER_FIRES_ALWAYS ||
						   (trigger.tgenabled == TRIGGER_FIRES_ON_ORIGIN &&
							SessionReplicationRole != SESSION_REPLICATION_ROLE_REPLICA) ||
						   (trigger.tgenabled == TRIGGER_FIRES_ON_REPLICA &&
							SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA);
		if (!trigger.tgisinternal && fires && (trigger.tgtype & event) != 0)
			return trigger.tgname;
	}
	return nullptr;
}

void refuse_rules(Relation relation) {
	const RuleLock *rules = relation->rd_rules;
	for (int i = 0; rules != nullptr && i < rules->numLocks; ++i)
		if (rules->rules[i]->event == CMD_INSERT && rules->rules[i]->enabled != RULE_DISABLED)
			refuse(relation, "has a rewrite rule on INSERT", "Drop or disable the rule for the run.");
}

constexpr const char *kDetachHint = "Detach that partition for the run.";

const char *foreign_partition(Oid partition) {
	return psprintf("has the foreign table \"%s\" as a partition", get_rel_name(partition));
}

// What a partition of somebody else has against loading or reading the table, and what to do; nullptr: there is none.
const char *partition_of_others(Oid oid, const char **hint) {
	const Oid partition = pg::partition_of_others(oid);
	if (!OidIsValid(partition))
		return nullptr;
	const char *owner = quote_identifier(GetUserNameFromId(pg::owner_of(oid), false));
	const char *name = pg::qualified_name(partition);
	*hint = psprintf("ALTER TABLE %s OWNER TO %s, or detach the partition for the run.", name, owner);
	return psprintf("has the partition %s of role %s, whose code would run with the privileges of role %s", name,
					quote_identifier(GetUserNameFromId(pg::owner_of(partition), false)), owner);
}

void refuse_partition_of_others(Relation relation) {
	const char *hint;
	if (const char *why = partition_of_others(RelationGetRelid(relation), &hint))
		refuse(relation, why, hint);
}

// A remote server would commit or lose its rows by itself. Locks all partitions: their rows are those of the target. Nobody's partition is
// locked that is not the owner's, and none has changed hands before it was.
void lock_partitions(Relation relation) {
	ListCell *cell;
	refuse_partition_of_others(relation);
	foreach (cell, find_all_inheritors(RelationGetRelid(relation), AccessExclusiveLock, nullptr))
		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_FOREIGN_TABLE)
			refuse(relation, foreign_partition(lfirst_oid(cell)), kDetachHint);
	refuse_partition_of_others(relation);
}

// The table and its partitions of all levels. Children by INHERITS are tables of their own.
List *with_partitions(Oid oid) {
	return get_rel_relkind(oid) == RELKIND_PARTITIONED_TABLE ? find_all_inheritors(oid, NoLock, nullptr)
															 : list_make1_oid(oid);
}

} // namespace

const char *refusal_of(Oid oid, const char **hint) {
	Relation relation = pg::open_if(oid, pg::is_own); // of the privileges somebody else speaks
	if (relation == nullptr)
		return nullptr;
	const char relkind = relation->rd_rel->relkind;
	relation_close(relation, AccessShareLock);
	if ((relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE) ||
		!pg::may_use_schema(get_rel_namespace(oid), pg::owner_of(oid)))
		return nullptr;
	*hint = kDetachHint;
	ListCell *cell;
	foreach (cell, with_partitions(oid))
		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_FOREIGN_TABLE)
			return foreign_partition(lfirst_oid(cell));
	if (const char *why = partition_of_others(oid, hint))
		return why;
	*hint = pg::elsewhere_hint();
	return pg::elsewhere_stored(oid);
}

const char *copy_reason(Oid oid) {
	Relation relation = pg::open_if(oid, pg::is_own_or_readable);
	if (relation == nullptr)
		return nullptr;
	const char *trigger = trigger_on(relation, TRIGGER_TYPE_INSERT);
	const char *reason = nullptr;
	if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		reason = "is partitioned";
	else if (relation->rd_rel->relispartition)
		reason = "is a partition";
	else if (relation->rd_rel->relam != HEAP_TABLE_AM_OID)
		reason = "uses another access method than heap";
	else if (trigger != nullptr)
		reason = psprintf("has the trigger \"%s\" on INSERT", trigger);
	relation_close(relation, AccessShareLock);
	return reason;
}

LoadPath path_of(Oid relation) { return copy_reason(relation) != nullptr ? LoadPath::copy : LoadPath::heap; }

void lock_target(Oid oid) {
	lock_checked(oid, AccessExclusiveLock, require_owner);
	pg::require_usable_by_owner(oid);
	Relation relation = table_open(oid, NoLock);
	if (relation->rd_rel->relkind != RELKIND_RELATION && relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		refuse(relation, "is not a table", "Load into tables, and exclude this one by a rule.");
	if (relation->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		refuse(relation, "is temporary", "Load into a permanent or unlogged table.");
	if (check_enable_rls(oid, InvalidOid, true) == RLS_ENABLED)
		refuse(relation, "has row-level security that applies to you",
			   "Run as a role that bypasses row-level security.");
	refuse_rules(relation);
	if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		lock_partitions(relation);
	if (const char *where = pg::elsewhere_stored(oid))
		refuse(relation, where, pg::elsewhere_hint());
	CheckTableNotInUse(relation, "alkconv_migrate");
	table_close(relation, NoLock);
}

void lock_to_compare(Oid oid) {
	lock_checked(oid, AccessShareLock, pg::require_readable);
	pg::require_usable_by_owner(oid);
	const char *hint;
	if (const char *why = partition_of_others(oid, &hint))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("cannot compare table \"%s\": it %s", get_rel_name(oid), why), errhint("%s", hint),
						err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(oid))));
}

void refuse_foreign_truncate_triggers(Oid target) {
	ListCell *cell;
	foreach (cell, with_partitions(target)) {
		Relation relation = table_open(lfirst_oid(cell), NoLock);
		const char *trigger = trigger_on(relation, TRIGGER_TYPE_TRUNCATE);
		if (trigger != nullptr && relation->rd_rel->relowner != GetUserId())
			refuse(relation,
				   psprintf("has the trigger \"%s\" on TRUNCATE, which would run with your privileges", trigger),
				   psprintf("Run the migration as the owner of the table: SET ROLE %s.",
							quote_identifier(GetUserNameFromId(relation->rd_rel->relowner, false))));
		table_close(relation, NoLock);
	}
}

void refuse_insert_triggers(Oid target) {
	ListCell *cell;
	foreach (cell, with_partitions(target)) {
		Relation relation = table_open(lfirst_oid(cell), NoLock);
		const char *trigger = trigger_on(relation, TRIGGER_TYPE_INSERT);
		if (trigger != nullptr)
			refuse(
				relation,
				psprintf("has the trigger \"%s\" on INSERT, which might change other rows than the new ones", trigger),
				"Switch it off for the replay: ALTER TABLE ... DISABLE TRIGGER.");
		table_close(relation, NoLock);
	}
}

// Through the planner, as the proof counts them.
bool holds_rows(Oid target) {
	pg::OwnerSwitch saved;
	const char *rows = pg::from_item(target);
	pg::become_reader(&saved, target);
	pg::sql_run_now(psprintf("SELECT EXISTS (SELECT 1 FROM %s)", rows));
	const bool has_rows = pg::sql_bool(0, 0);
	pg::resume_user(&saved);
	return has_rows;
}

void require_empty_or_replaced(const core::TablePlan *plan) {
	if (plan->replace || !holds_rows(plan->target_oid))
		return;
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("target table \"%s\" is not empty", get_rel_name(plan->target_oid)),
					errdetail("Its rows would stand beside those of the source."),
					errhint("Empty it, or let the run replace its rows: on_existing => 'replace', or a rule with the "
							"action replace_seeded."),
					err_generic_string(PG_DIAG_SCHEMA_NAME, get_namespace_name(get_rel_namespace(plan->target_oid))),
					err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(plan->target_oid))));
}

} // namespace alkconv::load
