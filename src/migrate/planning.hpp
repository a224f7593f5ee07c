// Regime: Postgres (may longjmp, never throws)
//
// Everything that is known before a run touches anything: both catalogs, the rules, and the plan made from them.
#pragma once

#include "core/ddl.hpp"
#include "migrate/expression_proof.hpp"
#include "migrate/request.hpp"
#include "migrate/rule_table.hpp"
#include "migrate/source.hpp"

namespace alkconv::migrate {

struct Planning {
	const Request *request;
	bool baseline; // the target is taken to be empty
	Source *source;
	const char *target_schema;
	const char *search_path; // the caller's, for code that the application attached to its tables
	core::TargetSchema *target;
	core::RuleSet *rules;
	std::vector<ForeignRule> *foreign_rules;  // of other roles, not for this run
	std::vector<core::OtherDatabase> *others; // to which foreign keys refer; null where no table is to be created
	core::EarlierRuns *earlier;				  // in the target schema; likewise, and null for a baseline
	core::Plan *plan;
	std::vector<ProvedExpression> *expressions; // of the tables that are to be created
	core::Ddl *ddl; // what makes the tables that are to be created, and what is not made of them; empty without such
};

// Opens the source and plans. Where tables are to be created, their rows are asked what their types depend on. Problems are in plan->problems: the caller decides whether to show or to raise them.
// Precondition: SPI is connected; search_path is still the caller's. On return it is pinned (`nest_level` unpins it).
Planning *make_planning(MemoryContext context, const Request *request, int *nest_level);

// The same for a run, with the problems that only that has: who compares locks little and empties nothing.
Planning *plan_run(MemoryContext context, const Request *request, int *nest_level);

// The same as if the target schema were empty and mode `create` asked for; it need not exist.
Planning *make_baseline(MemoryContext context, const Request *request, int *nest_level);

// Reads the target's catalog again and plans again: after locks were taken or tables created. The statements stay those of the first plan.
void plan_again(MemoryContext context, Planning *planning, core::Mode mode);

// Adds a problem for each target whose rows this server does not store, as a run would find it under the lock.
void add_refusals(const Planning *planning);

// Raises the first problem of the plan, if any, with the number of the others.
void require_no_problems(const core::Plan *plan);

// The target table of a planned table.
const core::TargetTable *target_of(const Planning *planning, const core::TablePlan *table);

} // namespace alkconv::migrate
