// Regime: C++ (may throw, never calls Postgres)
//
// Prints the queries of the proof for tables described on standard input, so that a test can run them on real servers
// against values that no converter has touched. Fields are separated by tabs:
//
//   dialect mysql|mariadb
//   table   SOURCE TARGET                                         both quoted; starts a table
//   column  SOURCE TARGET COLUMN_TYPE CHARSET PG_TYPE OPTIONS     OPTIONS: words of key, empty_to_null, transform=NAME
//   query   digest|buckets|distinct|method|rows BUCKET...|values KEY...
//
// Each query gives two lines, MySQL's and Postgres' SQL (method: how each column is proved, and an empty line).
#include "core/digest.hpp"

#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace alkconv::core;

struct Described {
	std::string source, target;
	TablePlan plan;
	std::vector<std::string> names;
};

std::vector<std::string> Split(const std::string &line, char separator) {
	std::vector<std::string> fields(1);
	for (const char c : line)
		if (c == separator)
			fields.emplace_back();
		else
			fields.back() += c;
	return fields;
}

// The kind of a type by format_type()'s name; enough for the proof, which looks at nothing else of it.
TargetType ParseTargetType(const std::string &text) {
	static const std::vector<std::pair<const char *, PgKind>> kKinds = {
		{"boolean", PgKind::boolean},
		{"smallint", PgKind::int2},
		{"integer", PgKind::int4},
		{"bigint", PgKind::int8},
		{"real", PgKind::float4},
		{"double precision", PgKind::float8},
		{"numeric", PgKind::numeric},
		{"text", PgKind::text},
		{"character varying", PgKind::varchar},
		{"character", PgKind::bpchar},
		{"name", PgKind::name},
		{"bytea", PgKind::bytea},
		{"uuid", PgKind::uuid},
		{"json", PgKind::json},
		{"jsonb", PgKind::jsonb},
		{"date", PgKind::date},
		{"time without time zone", PgKind::time},
		{"timestamp without time zone", PgKind::timestamp},
		{"timestamp with time zone", PgKind::timestamptz},
		{"interval", PgKind::interval},
		{"bit", PgKind::bit},
		{"bit varying", PgKind::varbit},
		{"text[]", PgKind::text_array},
		{"inet", PgKind::inet}};
	TargetType type;
	type.text = text;
	std::string bare = text;
	const size_t open = bare.find('(');
	if (bare.rfind("numeric(", 0) == 0) {
		type.precision = std::stoi(bare.substr(open + 1));
		if (bare.find(',') != std::string::npos)
			type.scale = std::stoi(bare.substr(bare.find(',') + 1));
	}
	if (open != std::string::npos)
		bare.erase(open, bare.find(')') - open + 1);
	if (bare.rfind("enum ", 0) == 0)
		type.kind = PgKind::enum_;
	for (const auto &[name, kind] : kKinds)
		if (bare == name)
			type.kind = kind;
	return type;
}

void AddColumn(Described &table, const std::vector<std::string> &fields) {
	ColumnPlan column;
	column.source = table.plan.columns.size();
	column.source_name = fields.at(1);
	column.target_name = fields.at(2);
	column.source_type = ParseSourceType(fields.at(3), fields.at(4), "");
	column.target_type = ParseTargetType(fields.at(5));
	for (const std::string &option : Split(fields.at(6), ' ')) {
		if (option == "key")
			table.plan.key.push_back(column.source);
		else if (option == "empty_to_null")
			column.policy.empty_to_null = true;
		else if (option.rfind("transform=", 0) == 0)
			column.policy.transforms.push_back(ParseTransform(option.substr(10)));
		else if (!option.empty())
			throw Error(Code::unknown_option, "unknown option " + option);
	}
	table.plan.columns.push_back(column);
	table.names.push_back('"' + fields.at(2) + '"');
}

void PrintQuery(const Described &table, bool mariadb, const std::vector<std::string> &fields) {
	const TableProof proof = MakeTableProof(table.plan, table.names, mariadb);
	const std::string source = MysqlRows(table.plan, proof, table.source);
	const std::vector<std::string> arguments(fields.begin() + 2, fields.end());
	const std::string &kind = fields.at(1);
	std::string mysql, postgres;
	if (kind == "digest") {
		mysql = MysqlDigestQuery(proof, source);
		postgres = PostgresDigestQuery(proof, table.target);
	} else if (kind == "buckets") {
		mysql = MysqlBucketQuery(proof, source);
		postgres = PostgresBucketQuery(proof, table.target);
	} else if (kind == "distinct") {
		mysql = "SELECT COUNT(DISTINCT " + proof.mysql_row + ") FROM " + source;
		postgres = "SELECT count(DISTINCT " + proof.postgres_row + ") FROM " + table.target;
	} else if (kind == "rows") {
		mysql = MysqlRowDigestQuery(proof, source, arguments);
		postgres = PostgresRowDigestQuery(proof, table.target, arguments);
	} else if (kind == "values") {
		mysql = MysqlValuesQuery(proof, source, arguments);
		postgres = PostgresValuesQuery(proof, table.target, arguments);
	} else if (kind == "method") {
		for (const ColumnProof &column : proof.columns)
			mysql += std::string(mysql.empty() ? "" : " ") + ProofMethodName(column.method) +
					 (column.recheck ? "+recheck" : "");
	} else {
		throw Error(Code::unknown_option, "unknown query " + kind);
	}
	std::cout << mysql << '\n' << postgres << '\n';
}

} // namespace

int main() {
	try {
		bool mariadb = false;
		Described table;
		for (std::string line; std::getline(std::cin, line);) {
			const std::vector<std::string> fields = Split(line, '\t');
			if (fields[0] == "dialect") {
				mariadb = fields.at(1) == "mariadb";
			} else if (fields[0] == "table") {
				table = Described();
				table.source = fields.at(1);
				table.target = fields.at(2);
			} else if (fields[0] == "column") {
				AddColumn(table, fields);
			} else if (fields[0] == "query") {
				PrintQuery(table, mariadb, fields);
			} else {
				throw Error(Code::unknown_option, "unknown line: " + line);
			}
		}
	} catch (const std::exception &error) {
		std::cerr << "proof_sql: " << error.what() << '\n';
		return 1;
	}
	return 0;
}
