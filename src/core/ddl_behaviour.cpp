// Regime: C++ (may throw, never calls Postgres)
//
// What a table does with rows: CHECKs, and ON UPDATE CURRENT_TIMESTAMP.
#include "core/ddl_table.hpp"
#include "core/ddl_text.hpp"
#include "core/default_type.hpp"
#include "core/plan_table.hpp"
#include "core/sql_literal.hpp"

namespace alkconv::core {

namespace {

// NOW(fsp) as MySQL has it: of the statement, digits beyond fsp cut off (a cast would round). Where an instant has no zone in the target
// it is the wall time of the same zone as those are that were copied.
std::string Now(const ColumnPlan &column) {
	const TargetType &type = column.target_type;
	const SourceType &source = column.source_type;
	static constexpr const char *kUnits[] = {"1 second",	  "100 milliseconds", "10 milliseconds",
											 "1 millisecond", "100 microseconds", "10 microseconds"};
	const bool zoned = type.kind != PgKind::timestamp;
	const std::string instant = "pg_catalog.statement_timestamp()";
	std::string now = zoned									? instant
					  : source.kind == MySqlKind::timestamp ? "(" + instant + AtZone(column) + ")"
															: instant + "::pg_catalog.timestamp";
	if (source.fsp > 5)
		return now;
	return std::string("pg_catalog.date_bin('") + kUnits[source.fsp] + "', " + now + ", '2000-01-01 00:00:00" +
		   (zoned ? "+00'" : "'") + ")";
}

// The old and the new row, as far as they are stored, byte by byte: Postgres does not let a BEFORE trigger see generated columns.
std::string RowOf(const DdlTable &table, const char *row) {
	if (table.plan.generated.empty())
		return std::string(row) + ".*";
	std::string list;
	for (const ColumnPlan &column : table.plan.columns)
		list += (list.empty() ? "\n        " : ",\n        ") + std::string(row) + "." + Quoted(column.target_name);
	return "\n    ROW(" + list + "\n    )::pg_catalog.record";
}

// A dollar quote that does not occur in a text.
std::string DollarQuoted(const std::string &text) {
	std::string tag = "$alkconv$";
	while (text.find(tag) != std::string::npos)
		tag.insert(tag.size() - 1, "_");
	return tag + text + tag;
}

// MariaDB's json: the type says it.
bool IsJsonValid(const DdlTable &table, const SourceCheck &check) {
	for (const SourceColumn &column : table.source.columns) {
		std::string clause = "json_valid(`";
		for (const char c : column.name)
			clause.append(c == '`' ? 2 : 1, c);
		if (column.type.json_by_check && check.clause == clause + "`)")
			return true;
	}
	return false;
}

void AddCheck(const DdlTable &table, size_t position, const std::string &name) {
	const SourceCheck &check = table.source.checks[position];
	constexpr int kNotEnforced = 180000;
	Translation translation = TranslateCondition(check.clause, table.Scope());
	if (!check.refuted.empty())
		translation.refusal = check.refuted;
	if (!translation.known())
		table.Note("check", check.name, "not made: its expression is not translated (" + translation.refusal + ")",
				   check.clause);
	else if (!check.enforced && table.options.postgres_version < kNotEnforced)
		table.Note("check", check.name, "not made: the source does not enforce it", check.clause);
	else {
		ColumnPlan truth;
		truth.source_type = ParseSourceType("bigint", "", "");
		truth.target_type = NamedTarget("boolean");
		table.Translated(ExpressionPlace::check, position, "expression of check " + name, check.clause, translation,
						 truth);
		const Rule *unvalidated =
			check.enforced ? table.rules.FindWith(RuleAction::skip_validation, table.source.name, check.name) : nullptr;
		table.After("check", name,
					"ALTER TABLE " + table.Name() + " ADD CONSTRAINT " + Quoted(name) + " CHECK " +
						InParentheses(translation.sql) +
						(!check.enforced		  ? " NOT ENFORCED"
						 : unvalidated != nullptr ? " NOT VALID"
												  : ""));
		if (unvalidated != nullptr)
			table.Note("check", check.name,
					   "NOT VALID, so that rows which violate it may stay, by rule " + RuleText(*unvalidated),
					   check.clause);
		else if (check.enforced)
			table.ddl.statements.back().check = {check.name, translation.sql};
	}
}

} // namespace

std::string AtZone(const ColumnPlan &column) {
	const Zone *zone = column.policy.zone.get();
	if (zone == nullptr || zone->is_utc())
		return " AT TIME ZONE 'UTC'";
	return (zone->is_fixed() ? " AT TIME ZONE INTERVAL " : " AT TIME ZONE ") + SqlLiteral(zone->name());
}

void AddChecks(const DdlTable &table) {
	for (size_t c = 0; c < table.source.checks.size(); c++) {
		if (!IsJsonValid(table, table.source.checks[c]))
			AddCheck(table, c, table.names.checks[c]);
	}
}

namespace {

// One function serves all columns of a name. An earlier run may have made it.
void AddOnUpdateFunction(const DdlTable &table, const ColumnPlan &column, const std::string &name) {
	for (const DdlStatement &made : table.ddl.statements)
		if (made.kind == "function" && made.object == name)
			return;
	const std::string field = Quoted(column.target_name);
	const std::string body =
		WithPlainNames("\nBEGIN\n    IF new." + field + " IS NOT DISTINCT FROM old." + field + " THEN\n        new." +
					   field + " := " + Now(column) + ";\n    END IF;\n    RETURN new;\nEND\n");
	for (const ExistingFunction &existing : table.options.earlier.functions)
		if (existing.name == name && existing.body == body)
			return;
	table.After("function", name,
				"CREATE FUNCTION " + table.Qualified(name) +
					"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS " +
					DollarQuoted(body));
}

void AddOnUpdate(const DdlTable &table, const ColumnPlan &column) {
	const PgKind kind = column.target_type.kind;
	if (kind != PgKind::timestamp && kind != PgKind::timestamptz) {
		table.Note("on update", column.source_name,
				   "ON UPDATE CURRENT_TIMESTAMP is not carried over: the target's type is " + column.target_type.text);
		return;
	}
	const std::string &name = table.names.on_update[column.source];
	AddOnUpdateFunction(table, column, name);
	table.After("trigger", name,
				"CREATE TRIGGER " + Quoted(name) + " BEFORE UPDATE ON " + table.Name() + " FOR EACH ROW WHEN (" +
					RowOf(table, "old") + " OPERATOR(pg_catalog.*<>) " + RowOf(table, "new") + ") EXECUTE FUNCTION " +
					table.Qualified(name) + "()");
}

} // namespace

void AddOnUpdate(const DdlTable &table) {
	for (size_t c = 0; c < table.source.columns.size(); c++) {
		const ColumnPlan *column = table.Column(c);
		if (column != nullptr && table.source.columns[c].on_update_now)
			AddOnUpdate(table, *column);
	}
}

} // namespace alkconv::core
