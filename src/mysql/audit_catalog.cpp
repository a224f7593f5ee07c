// Regime: C++ (may throw, never calls Postgres)
//
// Queries whose columns are known by their place; the order is the server's, so that parts follow each other.
#include "mysql/audit_catalog.hpp"

#include "mysql/sql.hpp"

#include <algorithm>
#include <set>

namespace alkconv::mysql {

namespace {

using core::AuditSource;
using core::AuditSourceColumn;
using core::AuditSourceSchema;

constexpr size_t kNamedTables = 100; // more are not named

std::string Lower(std::string_view text) {
	std::string lower(text);
	for (char &c : lower)
		c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
	return lower;
}

bool Contains(const std::string &text, std::string_view part) noexcept { return text.find(part) != std::string::npos; }

uint64_t NumberOrZero(const TextResult &rows, size_t row, size_t column) {
	return rows.Get(row, column) ? rows.Number(row, column) : 0;
}

class Reader {
public:
	Reader(Connection &connection, const std::string &database, const std::vector<std::string> &tables)
		: connection_(connection), database_(database), names_(tables) {
		schema_.database = database;
		schema_.mariadb = connection.mariadb();
	}

	AuditSourceSchema Read() {
		ReadTables();
		ReadColumns();
		ReadKeys();
		ReadForeignKeys();
		ReadActions();
		ReadChecks();
		ReadPartitions();
		return std::move(schema_);
	}

private:
	Connection &connection_;
	const std::string &database_;
	const std::vector<std::string> &names_;
	AuditSourceSchema schema_;

	// `schema` and `table` are columns of the view.
	std::string Condition(const std::string &schema, const std::string &table) const {
		std::string condition = " WHERE " + schema + " = " + QuoteLiteral(database_);
		if (names_.empty() || names_.size() > kNamedTables)
			return condition;
		condition += " AND " + table + " IN (";
		for (const std::string &name : names_)
			condition += (&name == &names_.front() ? "" : ", ") + QuoteLiteral(name);
		return condition + ")";
	}

	TextResult Ask(const char *about, size_t columns, const std::string &sql) {
		return connection_.Query(sql, {about, columns, AnswerRows::any, 16 * core::kMostAnswerBytes});
	}

	// nullptr: it is not asked for.
	AuditSource *Find(const std::string &name) {
		const auto found = schema_.tables.find(name);
		return found == schema_.tables.end() ? nullptr : &found->second;
	}

	template <typename Object>
	static Object &Continued(std::vector<Object> &objects, const std::string &name) {
		if (objects.empty() || objects.back().name != name)
			objects.emplace_back().name = name;
		return objects.back();
	}

	void ReadTables() {
		const std::set<std::string> wanted(names_.begin(), names_.end());
		const TextResult rows = Ask("comments of tables, for the audit", 3,
									"SELECT TABLE_NAME, TABLE_TYPE, TABLE_COMMENT FROM information_schema.TABLES" +
										Condition("TABLE_SCHEMA", "TABLE_NAME"));
		for (size_t i = 0; i < rows.rows.size(); ++i) {
			if (wanted.count(rows.Text(i, 0)) == 0)
				continue;
			AuditSource &table = schema_.tables[rows.Text(i, 0)];
			table.name = rows.Text(i, 0);
			table.versioned = rows.Text(i, 1) == "SYSTEM VERSIONED";
			table.comment = rows.Get(i, 2).value_or("");
		}
	}

	void ReadColumns() {
		const TextResult rows =
			Ask("columns, for the audit", 14,
				"SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, CHARACTER_MAXIMUM_LENGTH, "
				"NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, "
				"COLUMN_COMMENT, GENERATION_EXPRESSION FROM information_schema.COLUMNS" +
					Condition("TABLE_SCHEMA", "TABLE_NAME") + " ORDER BY TABLE_NAME, ORDINAL_POSITION");
		for (size_t i = 0; i < rows.rows.size(); ++i)
			if (AuditSource *table = Find(rows.Text(i, 0)))
				AddColumn(rows, i, table->columns.emplace_back());
	}

	void AddColumn(const TextResult &rows, size_t i, AuditSourceColumn &column) const {
		const std::string extra = Lower(rows.Get(i, 11).value_or("")), expression = rows.Get(i, 13).value_or("");
		column.name = rows.Text(i, 1);
		column.kind = Lower(rows.Text(i, 2));
		column.type = rows.Text(i, 3);
		column.charset = rows.Get(i, 4).value_or("");
		column.length = NumberOrZero(rows, i, 5);
		column.precision = NumberOrZero(rows, i, 6);
		column.scale = NumberOrZero(rows, i, 7);
		column.fraction = NumberOrZero(rows, i, 8);
		column.nullable = rows.Text(i, 9) != "NO";
		column.auto_increment = Contains(extra, "auto_increment");
		column.generated = !expression.empty();
		column.of_history = schema_.mariadb && (expression == "ROW START" || expression == "ROW END");
		column.on_update = Contains(extra, "on update");
		column.comment = rows.Get(i, 12).value_or("");
		if (column.generated || !rows.Get(i, 10) || (schema_.mariadb && *rows.Get(i, 10) == "NULL"))
			return;
		column.default_text = *rows.Get(i, 10);
		column.default_is_expression =
			schema_.mariadb ? !IsMariaDbLiteral(*column.default_text) : Contains(extra, "default_generated");
	}

	// MariaDB spells a default as SQL has it.
	static bool IsMariaDbLiteral(const std::string &text) {
		if (text.size() > 2 && text[0] == 'b' && text[1] == '\'')
			return text.find_first_not_of("01", 2) == text.size() - 1;
		if (text.empty() || text[0] != '\'')
			return !text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string::npos;
		size_t end = 1;
		for (; end < text.size(); ++end) {
			if (text[end] == '\'' && text.compare(end, 2, "''") != 0)
				break;
			end += text[end] == '\'' || text[end] == '\\' ? 1 : 0;
		}
		return end == text.size() - 1;
	}

	void ReadKeys() {
		const TextResult rows = Ask("keys, for the audit", 8,
									"SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, COLLATION, "
									"INDEX_TYPE, SEQ_IN_INDEX FROM information_schema.STATISTICS" +
										Condition("TABLE_SCHEMA", "TABLE_NAME") +
										" ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX");
		for (size_t i = 0; i < rows.rows.size(); ++i) {
			AuditSource *table = Find(rows.Text(i, 0));
			if (table == nullptr)
				continue;
			core::AuditKey &key = Continued(table->keys, rows.Text(i, 1));
			key.primary = key.name == "PRIMARY";
			key.unique = rows.Number(i, 2) == 0;
			key.method = rows.Text(i, 6);
			key.parts.push_back(
				{rows.Get(i, 3).value_or(""), NumberOrZero(rows, i, 4), rows.Get(i, 5).value_or("") == "D", ""});
		}
	}

	void ReadForeignKeys() {
		const TextResult rows =
			Ask("foreign keys, for the audit", 7,
				"SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, "
				"REFERENCED_COLUMN_NAME, ORDINAL_POSITION FROM information_schema.KEY_COLUMN_USAGE" +
					Condition("TABLE_SCHEMA", "TABLE_NAME") +
					" AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY TABLE_NAME, CONSTRAINT_NAME, "
					"ORDINAL_POSITION");
		for (size_t i = 0; i < rows.rows.size(); ++i) {
			AuditSource *table = Find(rows.Text(i, 0));
			if (table == nullptr)
				continue;
			core::AuditForeignKey &key = Continued(table->foreign_keys, rows.Text(i, 1));
			key.columns.push_back(rows.Text(i, 2));
			key.parent_schema = rows.Text(i, 3);
			key.parent = rows.Text(i, 4);
			key.parent_columns.push_back(rows.Text(i, 5));
		}
	}

	void ReadActions() {
		const TextResult rows = Ask("actions of foreign keys, for the audit", 4,
									"SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE FROM "
									"information_schema.REFERENTIAL_CONSTRAINTS" +
										Condition("CONSTRAINT_SCHEMA", "TABLE_NAME"));
		for (size_t i = 0; i < rows.rows.size(); ++i) {
			AuditSource *table = Find(rows.Text(i, 0));
			if (table == nullptr)
				continue;
			for (core::AuditForeignKey &key : table->foreign_keys)
				if (key.name == rows.Text(i, 1)) {
					key.on_update = rows.Text(i, 2);
					key.on_delete = rows.Text(i, 3);
				}
		}
		for (auto &[name, table] : schema_.tables)
			ReadHiddenActions(table);
	}

	void ReadHiddenActions(AuditSource &table) {
		const auto hidden = [](const core::AuditForeignKey &key) { return key.on_update.empty(); };
		if (std::none_of(table.foreign_keys.begin(), table.foreign_keys.end(), hidden))
			return;
		const TextResult shown = connection_.Query("SHOW CREATE TABLE " + QualifiedTable(database_, table.name),
												   {"a table's definition", 2, AnswerRows::one});
		for (core::AuditForeignKey &key : table.foreign_keys)
			if (hidden(key)) {
				const std::string line = ConstraintLine(shown.Text(0, 1), key.name);
				key.on_update = Action(line, " ON UPDATE ");
				key.on_delete = Action(line, " ON DELETE ");
			}
	}

	// The server writes each constraint on a line of its own.
	static std::string ConstraintLine(const std::string &statement, const std::string &name) {
		const std::string start = "CONSTRAINT " + QuoteIdentifier(name) + " FOREIGN KEY";
		const size_t begin = statement.find(start);
		return begin == std::string::npos ? "" : statement.substr(begin, statement.find('\n', begin) - begin);
	}

	// Behind the last parenthesis; RESTRICT is what is not written.
	static std::string Action(const std::string &line, const std::string &event) {
		const size_t at = line.find(event, std::min(line.rfind(')'), line.size()));
		if (at != std::string::npos)
			for (const char *action : {"CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION"})
				if (line.compare(at + event.size(), std::string_view(action).size(), action) == 0)
					return action;
		return "RESTRICT";
	}

	void ReadChecks() {
		if (!schema_.mariadb && connection_.version_number() < 80016)
			return;
		const TextResult rows =
			schema_.mariadb
				? Ask("checks, for the audit", 4,
					  "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES' FROM "
					  "information_schema.CHECK_CONSTRAINTS" +
						  Condition("CONSTRAINT_SCHEMA", "TABLE_NAME"))
				: Ask("checks, for the audit", 4,
					  "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED FROM "
					  "information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c ON "
					  "c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME" +
						  Condition("t.TABLE_SCHEMA", "t.TABLE_NAME") + " AND t.CONSTRAINT_TYPE = 'CHECK'");
		for (size_t i = 0; i < rows.rows.size(); ++i)
			if (AuditSource *table = Find(rows.Text(i, 0)))
				table->checks.push_back({rows.Text(i, 1), rows.Text(i, 2), {}, rows.Text(i, 3) != "NO", true});
	}

	void ReadPartitions() {
		const TextResult rows = Ask("partitions, for the audit", 6,
									"SELECT TABLE_NAME, PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, "
									"PARTITION_DESCRIPTION, SUBPARTITION_METHOD FROM information_schema.PARTITIONS" +
										Condition("TABLE_SCHEMA", "TABLE_NAME") +
										" AND PARTITION_NAME IS NOT NULL ORDER BY TABLE_NAME, "
										"PARTITION_ORDINAL_POSITION");
		for (size_t i = 0; i < rows.rows.size(); ++i) {
			AuditSource *table = Find(rows.Text(i, 0));
			if (table == nullptr)
				continue;
			table->partition_method = rows.Get(i, 2).value_or("");
			table->partition_expression = rows.Get(i, 3).value_or("");
			table->subpartitioned = table->subpartitioned || !rows.Get(i, 5).value_or("").empty();
			Continued(table->partitions, rows.Text(i, 1)).bound = rows.Get(i, 4).value_or(""); // one, of subpartitions
		}
	}
};

} // namespace

AuditSourceSchema ReadAuditSource(Connection &connection, const std::string &database,
								  const std::vector<std::string> &tables) {
	return Reader(connection, database, tables).Read();
}

void CountPartitions(Connection &connection, const std::string &database, AuditSource &table) {
	for (core::AuditPartition &partition : table.partitions)
		partition.rows = connection
							 .Query("SELECT COUNT(*) FROM " + QualifiedTable(database, table.name) + " PARTITION (" +
										QuoteIdentifier(partition.name) + ")",
									{"the rows of a partition", 1, AnswerRows::one})
							 .Number(0, 0);
}

core::TextRows AskAboutCheck(Connection &connection, const std::string &sql) {
	return connection.Query(sql, {"the samples of a check", 1, AnswerRows::any}).rows;
}

} // namespace alkconv::mysql
