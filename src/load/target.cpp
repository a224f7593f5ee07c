// Regime: Postgres (may longjmp, never throws)
//
// Checks of a target table, made under the lock that keeps their answers true until the end of the transaction.
#include "load/target.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_trigger.h"
#include "commands/tablecmds.h"
#include "commands/trigger.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
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

void refuse_triggers(Relation relation) {
	const TriggerDesc *triggers = relation->trigdesc;
	if (triggers == nullptr)
		return;
	for (int i = 0; i < triggers->numtriggers; ++i) {
		const Trigger &trigger = triggers->triggers[i];
		const bool fires = trigger.tgenabled == TRIGGER_FIRES_ALWAYS ||
						   (trigger.tgenabled == TRIGGER_FIRES_ON_ORIGIN && SessionReplicationRole != SESSION_REPLICATION_ROLE_REPLICA) ||
						   (trigger.tgenabled == TRIGGER_FIRES_ON_REPLICA && SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA);
		if (!trigger.tgisinternal && fires && TRIGGER_FOR_INSERT(trigger.tgtype))
			refuse(relation, psprintf("has the trigger \"%s\" on INSERT", trigger.tgname),
				   psprintf("Switch it off for the run: ALTER TABLE ... DISABLE TRIGGER \"%s\".", trigger.tgname));
	}
}

void refuse_rules(Relation relation) {
	const RuleLock *rules = relation->rd_rules;
	for (int i = 0; rules != nullptr && i < rules->numLocks; ++i)
		if (rules->rules[i]->event == CMD_INSERT && rules->rules[i]->enabled != RULE_DISABLED)
			refuse(relation, "has a rewrite rule on INSERT", "Drop or disable the rule for the run.");
}

} // namespace

void lock_target(Oid oid) {
	ErrorContextCallback context;
	char *name = get_rel_name(oid);
	context.callback = lock_error_context;
	context.arg = name != nullptr ? name : pstrdup("?");
	context.previous = error_context_stack;
	error_context_stack = &context;
	LockRelationOid(oid, AccessExclusiveLock);
	error_context_stack = context.previous;

	Relation relation = try_relation_open(oid, NoLock);
	if (relation == nullptr)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("target table \"%s\" was dropped while the run was starting", name != nullptr ? name : "?"),
						errhint("Run it again.")));
	if (!pg::owns_relation(oid, GetUserId()))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be owner of table %s", RelationGetRelationName(relation)),
						errdetail("Loading replaces the table's storage and rebuilds its indexes."),
						errhint("Run the migration as the owner of the target tables: SET ROLE %s.",
								quote_identifier(GetUserNameFromId(relation->rd_rel->relowner, false))),
						errtable(relation)));
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		refuse(relation, "is not a plain table", "Load into plain tables, and exclude this one by a rule.");
	if (relation->rd_rel->relam != HEAP_TABLE_AM_OID)
		refuse(relation, "uses another access method than heap", "Load into a heap table first: ALTER TABLE ... SET ACCESS METHOD heap.");
	if (relation->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		refuse(relation, "is temporary", "Load into a permanent or unlogged table.");
	if (relation->rd_rel->relispartition)
		refuse(relation, "is a partition", "Load into a plain table, and attach it afterwards.");
	if (check_enable_rls(oid, InvalidOid, true) == RLS_ENABLED)
		refuse(relation, "has row-level security that applies to you", "Run as a role that bypasses row-level security.");
	refuse_triggers(relation);
	refuse_rules(relation);
	CheckTableNotInUse(relation, "alkconv_migrate");
	table_close(relation, NoLock);
}

void require_empty_or_replaced(const core::TablePlan *plan) {
	if (plan->replace)
		return;
	Relation relation = table_open(plan->target_oid, NoLock);
	PushActiveSnapshot(GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(relation, GetActiveSnapshot(), 0, nullptr);
	TupleTableSlot *slot = table_slot_create(relation, nullptr);
	const bool has_rows = table_scan_getnextslot(scan, ForwardScanDirection, slot);
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	PopActiveSnapshot();
	if (has_rows)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("target table \"%s\" is not empty", RelationGetRelationName(relation)),
						errdetail("Its rows would stand beside those of the source."),
						errhint("Empty it, or let the run replace its rows: on_existing => 'replace', or a rule with the action replace_seeded."),
						errtable(relation)));
	table_close(relation, NoLock);
}

} // namespace alkconv::load
