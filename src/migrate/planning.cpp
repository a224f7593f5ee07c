// Regime: Postgres (may longjmp, never throws)
//
// Gathers what core::MakePlan needs.
#include "migrate/planning.hpp"

#include "load/target.hpp"
#include "migrate/earlier_runs.hpp"
#include "migrate/locks.hpp"
#include "migrate/other_databases.hpp"
#include "migrate/target_catalog.hpp"
#include "migrate/target_keys.hpp"
#include "migrate/truncation.hpp"
#include "migrate/versions.hpp"
#include "migrate/zones.hpp"
#include "mysql/catalog.hpp"
#include "mysql/facts.hpp"
#include "mysql/lossy_catalog.hpp"
#include "pg/await.hpp"
#include "pg/encoding.hpp"
#include "pg/extension.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include <algorithm>

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *first_schema_of_search_path() {
	List *path = fetch_search_path(false);
	char *name = path == NIL ? nullptr : get_namespace_name(linitial_oid(path));
	if (name == nullptr)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA), errmsg("no schema has been selected to load into"),
				 errhint("Name it: target_schema => '...', or the server option target_schema, or set search_path.")));
	return name;
}

const char *choose_target_schema(const Request *request, const Source *source) {
	if (request->target_schema != nullptr)
		return request->target_schema;
	return source->target_schema != nullptr ? source->target_schema : first_schema_of_search_path();
}

// Nobody said where to: an application's tables rarely belong among what everybody may see, and dropping them again is work.
void ask_for_schema(Planning *planning, size_t created) {
	const Request *request = planning->request;
	const bool named = request->target_schema != nullptr || planning->source->target_schema != nullptr;
	if (created == 0 || named || planning->baseline || request->plan->mode != core::Mode::automatic ||
		strcmp(planning->target_schema, "public") != 0)
		return;
	const char *message = psprintf("%zu table%s would be created in schema \"public\", which nobody named", created,
								   created == 1 ? "" : "s");
	pg::edge([&] {
		core::PlanProblem problem;
		problem.code = core::Code::unnamed_schema;
		problem.message = message;
		problem.hint = "Name the schema: target_schema => 'public', or another, or the server option target_schema.";
		planning->plan->problems.push_back(problem);
	});
}

// Tables that COPY's machinery loads are marked: it is slower, and it fires triggers.
void note_paths(core::Plan *plan) {
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		core::TablePlan &table = plan->tables[i];
		const char *reason = table.create ? nullptr : load::copy_reason(table.target_oid);
		if (reason != nullptr)
			pg::edge([&] { table.notes.push_back(std::string("loaded through COPY: it ") + reason); });
	}
}

// Rules that name a key of the target are few, and its catalog is large.
void read_named_keys(const Planning *planning) {
	const std::vector<core::Rule> &rules = planning->rules->rules();
	const bool asked = std::any_of(rules.begin(), rules.end(),
								   [](const core::Rule &rule) { return rule.action == core::RuleAction::keep_one; });
	core::TargetSchema *target = planning->target;
	if (!asked || target->tables.empty())
		return;
	StringInfoData oids;
	initStringInfo(&oids);
	for (size_t i = 0; i < target->tables.size(); ++i)
		appendStringInfo(&oids, "%c%u", i == 0 ? '{' : ',', target->tables[i].oid);
	appendStringInfoChar(&oids, '}');
	read_target_keys(&target->keys, oids.data);
}

void make_plan(MemoryContext context, Planning *planning, const core::PlanOptions *options) {
	planning->target = planning->baseline ? empty_target_catalog(context, planning->target_schema)
										  : read_target_catalog(context, planning->target_schema);
	read_named_keys(planning);
	planning->plan = pg::own_from<core::Plan>(context, [planning, options] {
		return core::MakePlan(*planning->source->schema, *planning->target, *planning->rules, *options);
	});
	note_paths(planning->plan);
	compare_versions(context, planning);
}

// The tables that are to be created, by their position in the source's schema.
std::vector<size_t> *created_tables(MemoryContext context, const core::Plan *plan) {
	return pg::own_from<std::vector<size_t>>(context, [plan] {
		std::vector<size_t> tables;
		for (const core::TablePlan &table : plan->tables)
			if (table.create)
				tables.push_back(table.source);
		return tables;
	});
}

// What only those need who create tables: facts about the rows, the source text of views and the like, and with them another plan.
void plan_creation(MemoryContext context, Planning *planning, const std::vector<size_t> *tables) {
	mysql::Connection *connection = planning->source->connection();
	core::SourceSchema *schema = planning->source->schema;
	planning->others = read_other_databases(context, planning->source);
	if (!planning->baseline)
		planning->earlier = read_earlier_runs(context, planning->source, planning->target_schema);
	const auto *parents = pg::own_from<std::vector<core::FactAnswer>>(context, [=] {
		std::vector<core::FactAnswer> answers = core::AnswersOfParents(*schema, *planning->others, *planning->rules);
		if (planning->earlier != nullptr)
			for (const core::FactAnswer &answer :
				 core::AnswersOfEarlier(*schema, planning->earlier->schema, *tables, *planning->rules))
				answers.push_back(answer);
		return answers;
	});
	pg::await(context, connection, [=] {
		mysql::ReadWholeDefinitions(*connection, *schema, *tables);
		mysql::ReadFacts(*connection, *schema, *tables, *parents);
		mysql::ReadSources(*connection, *schema);
	});
	make_plan(context, planning, planning->request->plan);
}

void make_ddl(MemoryContext context, Planning *planning) {
	planning->ddl = pg::own_from<core::Ddl>(context, [planning] {
		core::DdlOptions options;
		options.schema = planning->target_schema;
		options.postgres_version = PG_VERSION_NUM;
		if (planning->others != nullptr)
			options.others = *planning->others;
		if (planning->earlier != nullptr)
			options.earlier = *planning->earlier;
		return core::MakeDdl(*planning->source->schema, *planning->plan, *planning->rules, options);
	});
}

// Translations that the two servers compute otherwise are forgotten, and what is planned without them is proved in its turn.
void prove_translations(MemoryContext context, Planning *planning) {
	planning->expressions = pg::own<std::vector<ProvedExpression>>(context);
	while (!prove_expressions(context, planning->source, planning->ddl, planning->expressions)) {
		make_plan(context, planning, planning->request->plan);
		make_ddl(context, planning);
	}
}

Planning *open_and_plan(MemoryContext context, const Request *request, bool baseline, int *nest_level) {
	const MemoryContext caller = MemoryContextSwitchTo(context);
	auto *planning = static_cast<Planning *>(palloc0(sizeof(Planning)));
	planning->request = request;
	planning->baseline = baseline;
	pg::require_utf8_database();
	planning->source = open_source(context, request->source, request->readers, request->verify);
	planning->target_schema = choose_target_schema(request, planning->source);
	planning->search_path = pstrdup(namespace_search_path);
	*nest_level = pg::pin_search_path();
	const RunRules rules = read_rules(context, planning->source, planning->target_schema);
	planning->rules = rules.rules;
	planning->foreign_rules = rules.foreign;
	read_zones(context, planning->source, planning->rules);
	make_plan(context, planning, request->plan);
	const std::vector<size_t> *created = created_tables(context, planning->plan);
	if (!created->empty())
		plan_creation(context, planning, created);
	make_ddl(context, planning);
	prove_translations(context, planning);
	ask_for_schema(planning, created->size());
	MemoryContextSwitchTo(caller);
	return planning;
}

} // namespace

Planning *make_planning(MemoryContext context, const Request *request, int *nest_level) {
	return open_and_plan(context, request, false, nest_level);
}

Planning *plan_run(MemoryContext context, const Request *request, int *nest_level) {
	Planning *planning = make_planning(context, request, nest_level);
	refuse_outside_references(planning);
	limit_locks(planning);
	return planning;
}

Planning *make_baseline(MemoryContext context, const Request *request, int *nest_level) {
	return open_and_plan(context, request, true, nest_level);
}

void plan_again(MemoryContext context, Planning *planning, core::Mode mode) {
	const MemoryContext caller = MemoryContextSwitchTo(context);
	auto *options = pg::own_from<core::PlanOptions>(context, [planning] {
		core::PlanOptions again = *planning->request->plan;
		for (const core::TablePlan &table : planning->plan->tables)
			if (table.create)
				again.created.push_back(table.source_name);
		return again;
	});
	options->mode = mode;
	make_plan(context, planning, options);
	MemoryContextSwitchTo(caller);
}

void add_refusals(const Planning *planning) {
	core::Plan *plan = planning->plan;
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const core::TablePlan &table = plan->tables[i];
		const char *hint;
		const char *why = table.create ? nullptr : load::refusal_of(table.target_oid, &hint);
		if (why == nullptr)
			continue;
		const char *message = psprintf("cannot load into table \"%s\": it %s", table.target_name.c_str(), why);
		pg::edge([&] { plan->problems.push_back({core::Code::unsupported, table.source_name, "", message, hint}); });
	}
}

void require_no_problems(const core::Plan *plan) {
	if (plan->problems.empty())
		return;
	const core::PlanProblem &problem = plan->problems.front();
	const size_t others = plan->problems.size() - 1;
	ereport(ERROR, (errcode(pg::sqlstate(problem.code)), errmsg_internal("%s", problem.message.c_str()),
					others > 0 ? errdetail_plural("The plan has %zu more problem; %s lists it.",
												  "The plan has %zu more problems; %s lists them.", others, others,
												  pg::function_name("alkconv_plan"))
							   : 0,
					problem.hint.empty() ? 0 : errhint("%s", problem.hint.c_str()),
					problem.table.empty() ? 0 : err_generic_string(PG_DIAG_TABLE_NAME, problem.table.c_str()),
					problem.column.empty() ? 0 : err_generic_string(PG_DIAG_COLUMN_NAME, problem.column.c_str())));
}

const core::TargetTable *target_of(const Planning *planning, const core::TablePlan *table) {
	for (size_t i = 0; i < planning->target->tables.size(); ++i)
		if (planning->target->tables[i].oid == table->target_oid)
			return &planning->target->tables[i];
	elog(ERROR, "no target table for \"%s\"", table->source_name.c_str());
}

} // namespace alkconv::migrate
