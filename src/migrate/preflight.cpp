// Regime: Postgres (may longjmp, never throws)
//
// Plan, ask the source, gather.
#include "migrate/preflight.hpp"

#include "core/preflight_source_checks.hpp"
#include "core/preflight_zones.hpp"
#include "fdw/options.hpp"
#include "migrate/planning.hpp"
#include "migrate/preflight_checks.hpp"
#include "migrate/preflight_parents.hpp"
#include "migrate/preflight_sizes.hpp"
#include "migrate/preflight_target.hpp"
#include "mysql/preflight.hpp"
#include "mysql/sql.hpp"
#include "pg/await.hpp"
#include "pg/compat.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

using Findings = std::vector<core::Finding>;

core::PreflightScope *make_scope(MemoryContext context, const Planning *planning) {
	auto *scope = pg::own<core::PreflightScope>(context);
	pg::edge([&] {
		scope->mariadb = planning->source->schema->mariadb;
		scope->binding = {planning->source->name, planning->target_schema};
	});
	return scope;
}

// Tables to be created have types by name only. What does not exist yet is an enum that the run would make.
void describe_new_columns(core::Plan *plan) {
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		core::TablePlan &table = plan->tables[i];
		for (size_t c = 0; table.create && c < table.columns.size(); ++c) {
			core::ColumnPlan &column = table.columns[c];
			const char *text = column.target_type.text.c_str();
			pg::sql_run_with("SELECT pg_catalog.to_regtype($1) IS NOT NULL", 1, &text);
			if (!pg::sql_bool(0, 0)) {
				if (column.source_type.kind == core::MySqlKind::enum_)
					column.target_type.kind = core::PgKind::enum_;
				continue;
			}
			Oid type;
			int32 typmod;
			pg::parse_type(text, &type, &typmod); // a cast of NULL would compute the constraints of a domain
			pg::describe_type(type, typmod, &column.target_type);
		}
	}
}

void append(Findings *all, const Findings *more) {
	pg::edge([&] { all->insert(all->end(), more->begin(), more->end()); });
}

// As the server's option `readers` says; where nobody asked for readers, a small database is not worth connecting.
size_t wanted_connections(const Source *source) {
	constexpr size_t kByDefault = 4;
	constexpr uint64 kSmall = uint64{16} * 1024 * 1024;
	if (const char *readers = fdw::get_server_option(source->server, "readers"))
		return static_cast<size_t>(pg_strtoint32(readers));
	uint64 bytes = 0;
	for (size_t i = 0; i < source->schema->tables.size(); ++i)
		bytes += source->schema->tables[i].data_bytes;
	return bytes < kSmall ? 1 : kByDefault;
}

void ask_about_source(MemoryContext context, const Planning *planning, core::PreflightScope *scope, Findings *all) {
	auto *work = pg::own<mysql::PreflightWork>(context);
	const core::SourceSchema *schema = planning->source->schema;
	const core::TargetFacts *facts = read_target_facts(context, planning);
	pg::edge([&] {
		work->database = schema->database;
		work->schema = schema;
		scope->ties = core::TiesOf(*schema, *planning->plan, facts->ties);
		for (core::KeyQuestions asked :
			 {core::AskAboutUniqueness(*schema, *planning->plan, *facts, *scope),
			  core::AskAboutReferences(*schema, *planning->plan, *facts, *planning->rules, *scope)}) {
			work->keys.insert(work->keys.end(), asked.questions.begin(), asked.questions.end());
			all->insert(all->end(), asked.notes.begin(), asked.notes.end());
		}
	});
	pg::edge([&] {
		for (const core::TablePlan &table : planning->plan->tables) {
			const core::SourceTable &source = schema->tables[table.source];
			work->tables.push_back(
				core::AskAboutValues(source, table, mysql::QualifiedTable(schema->database, source.name), *scope));
			for (core::ValueQuestion &question :
				 core::AskAboutSourceChecks(*schema, table, *planning->ddl, *planning->rules, *scope, *all))
				work->tables.back().questions.push_back(std::move(question));
			for (core::Finding &note : core::NotesAboutValues(table, *scope))
				all->push_back(std::move(note));
		}
	});
	work->connections = wanted_connections(planning->source);
	auto *answers = pg::own<Findings>(context);
	auto *interrupter = pg::own<mysql::Interrupter>(context);
	mysql::Connection *connection = planning->source->connection();
	pg::await_interruptible(
		context,
		[answers, connection, interrupter, work] { *answers = mysql::AskPreflight(*connection, *interrupter, *work); },
		[connection, interrupter] {
			connection->interrupt();
			interrupter->interrupt();
		});
	append(all, answers);
	add_sizes(context, planning, facts, scope, all);
}

void ask_about_zones(MemoryContext context, const Planning *planning, Findings *all) {
	const auto *zones =
		pg::own_from<std::vector<core::ZonePointer>>(context, [planning] { return core::NamedZones(*planning->plan); });
	for (size_t i = 0; i < zones->size(); ++i) {
		const core::Zone *zone = (*zones)[i].get();
		const auto *sql = pg::own_from<std::string>(context, [zone] { return core::ZoneTablesQuery(*zone); });
		const size_t columns = pg::edge([zone] { return core::ColumnsOfZoneTables(*zone); });
		const mysql::TextResult *answer = pg::query(context, planning->source->connection(), sql->c_str(),
													{"a time zone", columns, core::AnswerRows::one});
		pg::edge([&] {
			const std::optional<core::Finding> finding = core::FindingOfZoneTables(*zone, answer->rows[0]);
			if (finding)
				all->push_back(*finding);
		});
	}
}

} // namespace

const std::vector<core::Finding> *preflight(MemoryContext context, const Request *request) {
	int nest_level;
	const Planning *planning = plan_run(context, request, &nest_level);
	describe_new_columns(planning->plan);
	core::PreflightScope *scope = make_scope(context, planning);
	Findings *all = pg::own_from<Findings>(
		context, [&] { return core::FindingsOfPlan(*planning->source->schema, *planning->plan, *planning->ddl); });
	add_target_findings(planning, all);
	ask_about_source(context, planning, scope, all);
	ask_about_zones(context, planning, all);
	add_check_violations(context, planning, all);
	add_orphans_of_local_parents(context, planning, all);
	pg::edge([&] {
		core::SortFindings(*all);
		core::DropClashingRules(*all);
	});
	pg::unpin_search_path(nest_level);
	return all;
}

} // namespace alkconv::migrate
