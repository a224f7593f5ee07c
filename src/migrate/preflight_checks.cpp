// Regime: Postgres (may longjmp, never throws)
//
// One reading of the columns that a table's constraints are about; the target's own expressions look at the converted values, as the table's owner in
// a restricted operation, as they do in the run.
#include "migrate/preflight_checks.hpp"

#include "migrate/preflight_rows.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/privileges.hpp"

extern "C" {
#include "access/relation.h"
#include "executor/executor.h"
#include "nodes/readfuncs.h"
#include "optimizer/optimizer.h"
#include "utils/fmgrprotos.h"
#include "utils/rel.h"
}

#include <algorithm>

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Constraint {
	const char *name;
	ExprState *expression;
	std::vector<size_t> *columns; // of the table's plan
	core::Finding *finding;
};

struct Judging {
	MemoryContext context;
	const Planning *planning;
	const core::TablePlan *table;
	Relation target;
	EState *estate;
	TupleTableSlot *slot;
	Constraint *constraints;
	int count;
	std::vector<size_t> *columns; // those that are read: of the table's plan, the constraints' all together
};

// The positions in the plan; false where one of them is no copied column.
bool find_columns(const core::TablePlan *table, Node *expression, std::vector<size_t> *columns) {
	Bitmapset *attributes = nullptr;
	pull_varattnos(expression, 1, &attributes);
	for (int member = -1; (member = bms_next_member(attributes, member)) >= 0;) {
		const int attnum = member + FirstLowInvalidHeapAttributeNumber;
		size_t position = 0;
		while (position < table->columns.size() && table->columns[position].attnum != attnum)
			++position;
		if (position == table->columns.size())
			return false;
		pg::edge([=] { columns->push_back(position); });
	}
	return !columns->empty();
}

void note_unknown(const Judging *judging, const char *name, std::vector<core::Finding> *findings) {
	const char *what =
		psprintf("Not known before the run: whether rows violate CHECK constraint %s of target table %s, because "
				 "it is not about columns that are copied alone.",
				 quote_identifier(name), quote_identifier(judging->table->target_name.c_str()));
	pg::edge([&] {
		core::Finding &finding = findings->emplace_back();
		finding.severity = core::Severity::info;
		finding.table = judging->table->source_name;
		finding.check = "not_checked_ahead";
		finding.remedy = what;
	});
}

core::Finding *make_finding(const Judging *judging, const char *name, const char *text,
							const std::vector<size_t> *columns) {
	const char *remedy =
		psprintf("The rows violate CHECK constraint %s of target table %s: %s. Mend them in the source, drop the "
				 "constraint for the run, or let a rule make other values of them (action expression).",
				 quote_identifier(name), quote_identifier(judging->table->target_name.c_str()), text);
	auto *finding = pg::own<core::Finding>(judging->context);
	pg::edge([&] {
		finding->table = judging->table->source_name;
		for (const size_t column : *columns)
			finding->column += (finding->column.empty() ? "" : ", ") + judging->table->columns[column].source_name;
		finding->check = "check";
		finding->remedy = remedy;
		finding->rows = 0;
	});
	return finding;
}

const char *text_of(const Judging *judging, const char *bin) {
	return TextDatumGetCString(DirectFunctionCall2(pg_get_expr, CStringGetTextDatum(bin),
												   ObjectIdGetDatum(RelationGetRelid(judging->target))));
}

void prepare_constraint(Judging *judging, const ConstrCheck *check, std::vector<core::Finding> *findings) {
	auto *node = static_cast<Node *>(stringToNode(check->ccbin));
	auto *columns = pg::own<std::vector<size_t>>(judging->context);
	if (!find_columns(judging->table, node, columns)) {
		note_unknown(judging, check->ccname, findings);
		return;
	}
	judging->constraints[judging->count++] = {
		check->ccname, ExecPrepareExpr(reinterpret_cast<Expr *>(node), judging->estate), columns,
		make_finding(judging, check->ccname, text_of(judging, check->ccbin), columns)};
	pg::edge([&] {
		for (const size_t column : *columns)
			if (std::find(judging->columns->begin(), judging->columns->end(), column) == judging->columns->end())
				judging->columns->push_back(column);
	});
}

void judge_row(void *state, const ConvertedRow *row) {
	auto *judging = static_cast<Judging *>(state);
	TupleTableSlot *slot = judging->slot;
	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, static_cast<size_t>(slot->tts_tupleDescriptor->natts));
	for (size_t i = 0; i < judging->columns->size(); ++i) {
		const int index = judging->table->columns[(*judging->columns)[i]].attnum - 1;
		slot->tts_values[index] = row->values[i];
		slot->tts_isnull[index] = row->nulls[i];
	}
	ExecStoreVirtualTuple(slot);
	ExprContext *econtext = GetPerTupleExprContext(judging->estate);
	ResetExprContext(econtext);
	econtext->ecxt_scantuple = slot;
	for (int i = 0; i < judging->count; ++i) {
		Constraint &constraint = judging->constraints[i];
		if (ExecCheck(constraint.expression, econtext))
			continue;
		pg::edge([&] {
			core::Finding &finding = *constraint.finding;
			const uint64 before = finding.rows.value_or(0);
			if (before == 0) {
				std::vector<size_t> read;
				for (const size_t column : *constraint.columns)
					read.push_back(
						static_cast<size_t>(std::find(judging->columns->begin(), judging->columns->end(), column) -
											judging->columns->begin()));
				core::SampleRow(*row->converter, *row->batch, row->row, read, finding);
			}
			finding.rows = before + 1;
		});
	}
}

void read_and_judge(Judging *judging, std::vector<core::Finding> *findings) {
	const core::TablePlan *table = judging->table;
	const core::SourceTable *source = &judging->planning->source->schema->tables[table->source];
	const std::string *from = quoted_source(judging->context, judging->planning, table);
	const auto *plan =
		pg::own_from<core::TablePlan>(judging->context, [&] { return core::PlanOfColumns(*table, *judging->columns); });
	const auto *sql =
		pg::own_from<std::string>(judging->context, [&] { return core::RowsQuery(*source, *plan, *from, ""); });
	const RowReading reading = {judging->context,
								judging->planning->source->connection(),
								sql,
								converter_of(judging->context, plan),
								datum_columns_of(judging->context, table, judging->columns),
								static_cast<int>(judging->columns->size())};
	(void) read_rows(&reading, judge_row, judging);
	pg::edge([&] {
		for (int i = 0; i < judging->count; ++i)
			if (judging->constraints[i].finding->rows.value_or(0) > 0)
				findings->push_back(*judging->constraints[i].finding);
	});
}

void judge_table(MemoryContext context, const Planning *planning, const core::TablePlan *table,
				 std::vector<core::Finding> *findings) {
	Judging judging = {};
	judging.planning = planning;
	judging.table = table;
	judging.target = pg::open_if(table->target_oid, pg::is_own);
	if (judging.target == nullptr)
		return;
	const TupleConstr *constraints = RelationGetDescr(judging.target)->constr;
	if (constraints != nullptr && constraints->num_check > 0) {
		judging.context = AllocSetContextCreate(context, "alkconv preflight checks", ALLOCSET_DEFAULT_SIZES);
		const MemoryContext caller = MemoryContextSwitchTo(judging.context);
		pg::OwnerSwitch owner;
		pg::become_owner(&owner, table->target_oid);
		judging.estate = CreateExecutorState();
		judging.slot = MakeSingleTupleTableSlot(RelationGetDescr(judging.target), &TTSOpsVirtual);
		judging.constraints = static_cast<Constraint *>(palloc0(sizeof(Constraint) * constraints->num_check));
		judging.columns = pg::own<std::vector<size_t>>(judging.context);
		for (int i = 0; i < constraints->num_check; ++i)
			if (pg::is_enforced(&constraints->check[i]))
				prepare_constraint(&judging, &constraints->check[i], findings);
		if (judging.count > 0)
			read_and_judge(&judging, findings);
		ExecDropSingleTupleTableSlot(judging.slot);
		FreeExecutorState(judging.estate);
		pg::resume_user(&owner);
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(judging.context);
	}
	relation_close(judging.target, AccessShareLock);
}

} // namespace

void add_check_violations(MemoryContext context, const Planning *planning, std::vector<core::Finding> *findings) {
	for (size_t i = 0; i < planning->plan->tables.size(); ++i) {
		const core::TablePlan *table = &planning->plan->tables[i];
		if (!table->create)
			judge_table(context, planning, table, findings);
	}
}

} // namespace alkconv::migrate
