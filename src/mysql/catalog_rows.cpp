// Regime: C++ (may throw, never calls Postgres)
//
// From rows of information_schema to core's structures.
#include "mysql/catalog_rows.hpp"

#include "core/expression_lexer.hpp"
#include "core/expression_tree.hpp"
#include "core/status.hpp"
#include "mysql/show_create.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace alkconv::mysql {

namespace {

using core::SourceColumn;
using core::SourceSchema;
using core::SourceTable;

// Rows with their columns by alias.
class Rows {
public:
	explicit Rows(const TextResult &result) : result_(result) {}

	size_t size() const noexcept { return result_.rows.size(); }
	const std::optional<std::string> &Get(size_t row, std::string_view column) const {
		return result_.Get(row, column);
	}
	// Never NULL.
	const std::string &Text(size_t row, std::string_view column) const { return result_.Text(row, column); }
	std::string TextOrEmpty(size_t row, std::string_view column) const { return Get(row, column).value_or(""); }
	uint64_t Number(size_t row, std::string_view column) const { return result_.Number(row, column); }
	uint64_t NumberOrZero(size_t row, std::string_view column) const { return result_.NumberOrZero(row, column); }
	int64_t Signed(size_t row, std::string_view column) const { return result_.Signed(row, column); }

private:
	const TextResult &result_;
};

// nullptr for a view, or for a table that appeared after the list of tables was read.
SourceTable *FindTable(SourceSchema &schema, const std::string &name) {
	const auto found =
		std::lower_bound(schema.tables.begin(), schema.tables.end(), name,
						 [](const SourceTable &table, const std::string &wanted) { return table.name < wanted; });
	return found != schema.tables.end() && found->name == name ? &*found : nullptr;
}

std::optional<size_t> FindColumn(const SourceTable &table, const std::string &name) {
	for (size_t i = 0; i < table.columns.size(); ++i)
		if (table.columns[i].name == name)
			return i;
	return std::nullopt;
}

std::string Lower(std::string_view text) {
	std::string lower(text);
	for (char &c : lower)
		if (c >= 'A' && c <= 'Z')
			c = static_cast<char>(c - 'A' + 'a');
	return lower;
}

bool Contains(std::string_view text, std::string_view part) noexcept {
	return text.find(part) != std::string_view::npos;
}

std::string ObjectKind(const std::string &table_type) {
	return table_type == "TEMPORARY" ? "temporary table" : Lower(table_type);
}

// Rows of two tables would become one table's columns.
void RefuseTwins(const SourceSchema &schema, const TextResult &result) {
	const auto twin = std::adjacent_find(schema.tables.begin(), schema.tables.end(),
										 [](const SourceTable &a, const SourceTable &b) { return a.name == b.name; });
	if (twin != schema.tables.end())
		throw core::UnexpectedAnswer(result.about, "it lists table \"" + twin->name + "\" twice");
}

void SortObjects(SourceSchema &schema) {
	std::sort(schema.objects.begin(), schema.objects.end(),
			  [](const core::SourceObject &a, const core::SourceObject &b) {
				  return std::tie(a.kind, a.name, a.table) < std::tie(b.kind, b.name, b.table);
			  });
}

// A number, or one quoted literal: what MariaDB spells otherwise is an expression.
bool IsLiteral(const std::string &text) {
	using core::expression::TokenKind;
	try {
		const std::vector<core::expression::Token> tokens = core::expression::Tokenize(text);
		const size_t sign = tokens.front().kind == TokenKind::symbol && tokens.front().text == "-" ? 1 : 0;
		if (tokens.size() != sign + 2) // and `end`
			return false;
		const TokenKind kind = tokens[sign].kind;
		return kind == TokenKind::number || kind == TokenKind::string || kind == TokenKind::bytes ||
			   kind == TokenKind::bits;
	} catch (const core::expression::Refusal &) {
		return false;
	}
}

// MySQL's EXTRA says which defaults are expressions, MariaDB's quotes do, and NULL without quotes is none.
void ApplyDefault(SourceColumn &column, const std::optional<std::string> &text, bool mariadb) {
	column.default_text = mariadb && text == "NULL" ? std::nullopt : text;
	if (mariadb && column.default_text)
		column.default_is_expression = !IsLiteral(*column.default_text);
}

// MariaDB's unique keys of tables with a history end in the end of a row's life, which all present rows share.
void DropRowEnd(const SourceTable &table, core::SourceKey &key) {
	const std::optional<size_t> last = key.parts.empty() ? std::nullopt : key.parts.back().column;
	if (key.unique && key.parts.size() > 1 && last && core::IsRowEnd(table.columns[*last]))
		key.parts.pop_back();
}

// The name in "json_valid(`name`)", or nothing when the clause is anything else.
std::optional<std::string> JsonValidColumn(const std::string &clause) {
	static constexpr std::string_view kStart = "json_valid(`", kEnd = "`)";
	if (clause.size() <= kStart.size() + kEnd.size() || Lower(clause).compare(0, kStart.size(), kStart) != 0 ||
		clause.compare(clause.size() - kEnd.size(), kEnd.size(), kEnd) != 0)
		return std::nullopt;
	std::string name;
	for (size_t i = kStart.size(); i < clause.size() - kEnd.size(); ++i) {
		name += clause[i];
		if (clause[i] != '`')
			continue;
		++i; // within a name it is doubled
		if (clause[i] != '`')
			return std::nullopt; // the name ended: it is a longer expression
	}
	return name;
}

} // namespace

void ApplyExtra(SourceColumn &column, std::string_view extra) {
	const std::string text = Lower(extra);
	column.auto_increment = Contains(text, "auto_increment");
	column.invisible = Contains(text, "invisible");
	// MySQL's DEFAULT_GENERATED says that the default is an expression; the column itself is an ordinary one.
	column.generated =
		Contains(text, "virtual generated") || Contains(text, "stored generated") || Contains(text, "persistent");
	column.stored = Contains(text, "stored generated") || Contains(text, "persistent");
	column.default_is_expression = Contains(text, "default_generated");
	column.on_update_now = Contains(text, "on update current_timestamp");
}

void AddTables(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	for (size_t i = 0; i < rows.size(); ++i) {
		const std::string type = rows.Text(i, "table_type");
		const bool versioned = type == "SYSTEM VERSIONED";
		if (type != "BASE TABLE" && !versioned) {
			schema.objects.push_back({ObjectKind(type), rows.Text(i, "table_name"), "", "", ""});
			continue;
		}
		SourceTable &table = schema.tables.emplace_back();
		table.name = rows.Text(i, "table_name");
		table.engine = rows.TextOrEmpty(i, "engine");
		table.collation = rows.TextOrEmpty(i, "table_collation");
		table.comment = rows.TextOrEmpty(i, "table_comment");
		table.row_estimate = rows.NumberOrZero(i, "table_rows");
		table.data_bytes = rows.NumberOrZero(i, "data_length");
		table.auto_increment = rows.NumberOrZero(i, "auto_increment");
		table.system_versioned = versioned;
	}
	std::sort(schema.tables.begin(), schema.tables.end(),
			  [](const SourceTable &a, const SourceTable &b) { return a.name < b.name; });
	RefuseTwins(schema, result);
	SortObjects(schema);
}

void AddColumns(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	std::map<std::string, std::map<uint64_t, size_t>> order; // table, position: row
	for (size_t i = 0; i < rows.size(); ++i)
		order[rows.Text(i, "table_name")].emplace(rows.Number(i, "ordinal_position"), i);
	for (const auto &[name, positions] : order) {
		SourceTable *table = FindTable(schema, name);
		if (table == nullptr)
			continue;
		for (const auto &[position, i] : positions) {
			SourceColumn &column = table->columns.emplace_back();
			column.name = rows.Text(i, "column_name");
			column.type = core::ParseSourceType(rows.Text(i, "column_type"), rows.TextOrEmpty(i, "character_set_name"),
												rows.TextOrEmpty(i, "collation_name"));
			column.type.srid = static_cast<uint32_t>(rows.NumberOrZero(i, "srs_id"));
			column.nullable = rows.Text(i, "is_nullable") == "YES";
			ApplyExtra(column, rows.TextOrEmpty(i, "extra"));
			column.generation_expression = rows.TextOrEmpty(i, "generation_expression");
			ApplyDefault(column, rows.Get(i, "column_default"), schema.mariadb);
			column.comment = rows.TextOrEmpty(i, "column_comment");
		}
	}
}

void RefuseBareTables(const SourceSchema &schema) {
	for (const SourceTable &table : schema.tables)
		if (table.columns.empty())
			throw core::Error(core::Code::source_privilege,
							  "the account may see no column of table \"" + table.name + '"')
				.At(table.name)
				.Hint("Grant the account SELECT on the table, or take from it what it has there.");
}

void AddKeys(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	struct KeyOrder {
		bool operator()(const std::string &a, const std::string &b) const noexcept {
			return (a == "PRIMARY") != (b == "PRIMARY") ? a == "PRIMARY" : a < b;
		}
	};
	std::map<std::string, std::map<std::string, std::map<uint64_t, size_t>, KeyOrder>>
		order; // table, key, position: row
	for (size_t i = 0; i < rows.size(); ++i)
		order[rows.Text(i, "table_name")][rows.Text(i, "index_name")].emplace(rows.Number(i, "seq_in_index"), i);
	for (const auto &[table_name, keys] : order) {
		SourceTable *table = FindTable(schema, table_name);
		if (table == nullptr)
			continue;
		for (const auto &[key_name, parts] : keys) {
			core::SourceKey &key = table->keys.emplace_back();
			key.name = key_name;
			for (const auto &[position, i] : parts) {
				key.unique = rows.Text(i, "non_unique") == "0";
				key.type = rows.Text(i, "index_type");
				core::SourceKey::Part &part = key.parts.emplace_back();
				if (const auto &column = rows.Get(i, "column_name"))
					part.column = FindColumn(*table, *column);
				part.prefix = static_cast<uint32_t>(rows.NumberOrZero(i, "sub_part"));
				part.descending = rows.TextOrEmpty(i, "collation") == "D";
				part.expression = rows.TextOrEmpty(i, "expression");
			}
			DropRowEnd(*table, key);
		}
	}
}

void AddForeignKeys(SourceSchema &schema, const TextResult &usage_result, const TextResult &rules_result) {
	const Rows usage(usage_result), rules(rules_result);
	using Name = std::pair<std::string, std::string>; // table, constraint
	std::map<Name, std::map<uint64_t, size_t>> order;
	for (size_t i = 0; i < usage.size(); ++i)
		order[{usage.Text(i, "table_name"), usage.Text(i, "constraint_name")}].emplace(
			usage.Number(i, "ordinal_position"), i);
	std::map<Name, size_t> actions;
	for (size_t i = 0; i < rules.size(); ++i)
		actions.emplace(Name{rules.Text(i, "table_name"), rules.Text(i, "constraint_name")}, i);
	for (const auto &[name, positions] : order) {
		SourceTable *table = FindTable(schema, name.first);
		if (table == nullptr)
			continue;
		core::SourceForeignKey &key = table->foreign_keys.emplace_back();
		key.name = name.second;
		for (const auto &[position, i] : positions) {
			const std::string column_name = usage.Text(i, "column_name");
			const std::optional<size_t> column = FindColumn(*table, column_name);
			if (!column)
				throw core::Error(core::Code::source_privilege,
								  "foreign key \"" + key.name + "\" uses a column that the account cannot see")
					.At(table->name, column_name)
					.Hint("Grant the account SELECT on the whole table.");
			key.columns.push_back(*column);
			key.parent_database = usage.Text(i, "referenced_table_schema");
			key.parent_table = usage.Text(i, "referenced_table_name");
			key.parent_columns.push_back(usage.Text(i, "referenced_column_name"));
		}
		if (const auto found = actions.find(name); found != actions.end()) {
			key.on_update = rules.Text(found->second, "update_rule");
			key.on_delete = rules.Text(found->second, "delete_rule");
		}
	}
}

void AddForeignKeyActions(SourceTable &table, std::string_view create_table) {
	const CreateStatement statement{std::string(create_table)};
	for (core::SourceForeignKey &key : table.foreign_keys) {
		if (!key.on_update.empty())
			continue;
		const std::optional<CreateStatement::Actions> actions = statement.ForeignKeyActions(key.name);
		if (!actions)
			throw core::Error(core::Code::source_privilege,
							  "the account cannot see what foreign key \"" + key.name + "\" does")
				.At(table.name)
				.Hint("Grant it REFERENCES on the database as well.");
		key.on_update = actions->on_update.empty() ? "RESTRICT" : actions->on_update;
		key.on_delete = actions->on_delete.empty() ? "RESTRICT" : actions->on_delete;
	}
}

void AddChecks(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	for (size_t i = 0; i < rows.size(); ++i) {
		SourceTable *table = FindTable(schema, rows.Text(i, "table_name"));
		if (table == nullptr)
			continue;
		const std::string clause = rows.Text(i, "check_clause");
		table->checks.push_back({rows.Text(i, "constraint_name"), clause, rows.Text(i, "enforced") != "NO", ""});
		const std::optional<std::string> json = JsonValidColumn(clause);
		const std::optional<size_t> column = json ? FindColumn(*table, *json) : std::nullopt;
		if (schema.mariadb && column && table->columns[*column].type.kind == core::MySqlKind::text) {
			table->columns[*column].type.kind = core::MySqlKind::json;
			table->columns[*column].type.json_by_check = true;
		}
	}
	for (SourceTable &table : schema.tables)
		std::sort(table.checks.begin(), table.checks.end(),
				  [](const core::SourceCheck &a, const core::SourceCheck &b) { return a.name < b.name; });
}

void AddPartitions(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	std::map<std::string, std::map<uint64_t, size_t>> order; // table, position: row; of subpartitions one
	for (size_t i = 0; i < rows.size(); ++i)
		order[rows.Text(i, "table_name")].emplace(rows.Number(i, "position"), i);
	for (const auto &[name, positions] : order) {
		SourceTable *table = FindTable(schema, name);
		if (table == nullptr)
			continue;
		for (const auto &[position, i] : positions) {
			core::SourcePartitioning &partitioning = table->partitioning;
			partitioning.method = rows.TextOrEmpty(i, "method");
			partitioning.expression = rows.TextOrEmpty(i, "expression");
			partitioning.subpartitions = partitioning.subpartitions || !rows.TextOrEmpty(i, "submethod").empty();
			partitioning.partitions.push_back({rows.Text(i, "partition_name"), rows.TextOrEmpty(i, "description")});
		}
	}
}

void ApplySequence(core::SourceObject &sequence, const TextResult &result) {
	const Rows rows(result);
	const int64_t least = rows.Signed(0, "least"), highest = rows.Signed(0, "highest");
	const int64_t increment = rows.Signed(0, "increment");
	if (least > highest)
		throw core::UnexpectedAnswer(result.about, "a sequence has its least value above its highest");
	const int64_t next = std::clamp(rows.Signed(0, "next"), least, highest);
	sequence.clause = "INCREMENT BY " + std::to_string(increment) + " MINVALUE " + std::to_string(least) +
					  " MAXVALUE " + std::to_string(highest) + " START WITH " + std::to_string(next) +
					  (rows.Text(0, "cycle") == "1" ? " CYCLE" : "");
}

void AddObjects(SourceSchema &schema, const TextResult &result) {
	const Rows rows(result);
	for (size_t i = 0; i < rows.size(); ++i)
		schema.objects.push_back(
			{Lower(rows.Text(i, "kind")), rows.Text(i, "name"), rows.TextOrEmpty(i, "table_name"), "", ""});
	SortObjects(schema);
}

} // namespace alkconv::mysql
