// Regime: C++ (may throw, never calls Postgres)
//
// The queries of the catalog. Every column is aliased in lower case: MySQL 8 answers in upper case, others as asked.
#include "mysql/catalog.hpp"

#include "mysql/catalog_rows.hpp"
#include "mysql/errors.hpp"
#include "mysql/sight.hpp"
#include "mysql/sql.hpp"

#include <algorithm>

namespace alkconv::mysql {

namespace {

// Each is completed by conditions on the view's own columns.
constexpr const char *kTables = R"(
	SELECT TABLE_NAME AS table_name, TABLE_TYPE AS table_type, ENGINE AS engine, TABLE_COLLATION AS table_collation,
		TABLE_COMMENT AS table_comment, TABLE_ROWS AS table_rows, DATA_LENGTH AS data_length,
		AUTO_INCREMENT AS auto_increment
	FROM information_schema.TABLES WHERE )";
constexpr const char *kColumns = R"(
	SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, ORDINAL_POSITION AS ordinal_position,
		COLUMN_DEFAULT AS column_default, IS_NULLABLE AS is_nullable, COLUMN_TYPE AS column_type,
		CHARACTER_SET_NAME AS character_set_name, COLLATION_NAME AS collation_name, EXTRA AS extra,
		GENERATION_EXPRESSION AS generation_expression, COLUMN_COMMENT AS column_comment, )";
constexpr const char *kKeys = R"(
	SELECT TABLE_NAME AS table_name, INDEX_NAME AS index_name, NON_UNIQUE AS non_unique, SEQ_IN_INDEX AS seq_in_index,
		COLUMN_NAME AS column_name, SUB_PART AS sub_part, COLLATION AS collation, INDEX_TYPE AS index_type,
		NULL AS expression
	FROM information_schema.STATISTICS WHERE )";
// MySQL 8.0.13 and later
constexpr const char *kKeysWithExpressions = R"(
	SELECT TABLE_NAME AS table_name, INDEX_NAME AS index_name, NON_UNIQUE AS non_unique, SEQ_IN_INDEX AS seq_in_index,
		COLUMN_NAME AS column_name, SUB_PART AS sub_part, COLLATION AS collation, INDEX_TYPE AS index_type,
		EXPRESSION AS expression
	FROM information_schema.STATISTICS WHERE )";
constexpr const char *kForeignKeys = R"(
	SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS constraint_name, ORDINAL_POSITION AS ordinal_position,
		COLUMN_NAME AS column_name, REFERENCED_TABLE_SCHEMA AS referenced_table_schema,
		REFERENCED_TABLE_NAME AS referenced_table_name, REFERENCED_COLUMN_NAME AS referenced_column_name
	FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND )";
constexpr const char *kForeignKeyRules = R"(
	SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS constraint_name, UPDATE_RULE AS update_rule,
		DELETE_RULE AS delete_rule
	FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE )";
constexpr const char *kMariaDbChecks = R"(
	SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS constraint_name, CHECK_CLAUSE AS check_clause, 'YES' AS enforced
	FROM information_schema.CHECK_CONSTRAINTS WHERE )";
// MySQL 8.0.16 and later; names of checks are unique per database there
constexpr const char *kMySqlChecks = R"(
	SELECT t.TABLE_NAME AS table_name, t.CONSTRAINT_NAME AS constraint_name, c.CHECK_CLAUSE AS check_clause,
		t.ENFORCED AS enforced
	FROM information_schema.TABLE_CONSTRAINTS t
		JOIN information_schema.CHECK_CONSTRAINTS c USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)
	WHERE t.CONSTRAINT_TYPE = 'CHECK' AND )";
constexpr const char *kPartitions = R"(
	SELECT TABLE_NAME AS table_name, PARTITION_ORDINAL_POSITION AS position, PARTITION_NAME AS partition_name,
		PARTITION_METHOD AS method, PARTITION_EXPRESSION AS expression, PARTITION_DESCRIPTION AS description,
		SUBPARTITION_METHOD AS submethod
	FROM information_schema.PARTITIONS WHERE PARTITION_NAME IS NOT NULL AND )";
constexpr const char *kTriggers = R"(
	SELECT 'trigger' AS kind, TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS table_name
	FROM information_schema.TRIGGERS WHERE )";
constexpr const char *kRoutines = R"(
	SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, NULL AS table_name
	FROM information_schema.ROUTINES WHERE )";
constexpr const char *kEvents = R"(
	SELECT 'event' AS kind, EVENT_NAME AS name, NULL AS table_name
	FROM information_schema.EVENTS WHERE )";

// Rows of the catalog; catalog_rows.hpp finds their columns by name.
TextResult List(Connection &connection, const char *about, const std::string &sql,
				size_t most_bytes = core::kMostAnswerBytes) {
	return connection.Query(sql, {about, AnswerShape::kByName, AnswerRows::any, most_bytes});
}

// What the columns, or the keys, of so many tables may take: a table of 1,000 columns takes 600 kB.
size_t MostBytes(size_t tables) {
	constexpr size_t kTableBytes = size_t{1024} * 1024, kAllBytes = 16 * core::kMostAnswerBytes;
	return std::clamp(tables * kTableBytes, core::kMostAnswerBytes, kAllBytes);
}
constexpr const char *kSequence = R"(
	SELECT next_not_cached_value AS next, minimum_value AS least, maximum_value AS highest, increment, cycle_option AS cycle
	FROM )";

// The database's own spelling of its name: exact, or in another case where the server folds names.
void ReadDatabase(Connection &connection, const std::string &database, core::SourceSchema &schema) {
	const std::string name = QuoteLiteral(database);
	const TextResult found = connection.Query(
		"SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS charset, @@lower_case_table_names AS folded "
		"FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " +
			name + " OR (@@lower_case_table_names <> 0 AND LOWER(SCHEMA_NAME) = LOWER(" + name +
			")) ORDER BY BINARY SCHEMA_NAME = " + name + " DESC LIMIT 1",
		{"the database", 3, AnswerRows::at_most_one});
	if (found.rows.empty())
		throw core::Error(core::Code::unknown_database,
						  "the MySQL server has no database \"" + database + "\" that the account may see")
			.Detail(DescribeServer(connection.options()))
			.Hint(database == connection.options().database
					  ? "Check option dbname, and that the account has SELECT on that database."
					  : "The name is that of a database, spelled as SHOW DATABASES lists it on the server; the account "
						"needs SELECT on it.");
	schema.database = found.Text(0, 0);
	schema.charset = found.Text(0, 1);
	schema.lower_case_names = found.Number(0, 2) != 0;
}

// MySQL 8.0.3 and later have an SRID that every value of the column has.
std::string ColumnsQuery(const Connection &connection) {
	const bool srid = !connection.mariadb() && connection.version_number() >= 80003;
	return std::string(kColumns) + (srid ? "SRS_ID" : "NULL") + " AS srs_id FROM information_schema.COLUMNS WHERE ";
}

const char *KeysQuery(const Connection &connection) noexcept {
	return !connection.mariadb() && connection.version_number() >= 80013 ? kKeysWithExpressions : kKeys;
}

void ReadForeignKeys(Connection &connection, core::SourceSchema &schema) {
	const std::string name = QuoteLiteral(schema.database);
	AddForeignKeys(schema, List(connection, "foreign keys", kForeignKeys + ("TABLE_SCHEMA = " + name)),
				   List(connection, "the actions of foreign keys", kForeignKeyRules + ("CONSTRAINT_SCHEMA = " + name)));
	for (core::SourceTable &table : schema.tables) {
		const auto hidden = [](const core::SourceForeignKey &key) { return key.on_update.empty(); };
		if (std::none_of(table.foreign_keys.begin(), table.foreign_keys.end(), hidden))
			continue;
		const std::string qualified = QualifiedTable(schema.database, table.name);
		const TextResult create = connection.Query("SHOW CREATE TABLE " + qualified, // name, statement
												   {"a table's definition", 2, AnswerRows::one});
		AddForeignKeyActions(table, create.Text(0, 1));
	}
}

// The statement that makes an object: SHOW CREATE says it in a column of another place for each kind. Empty where the account
// may not see it: the object is listed all the same.
std::string ReadSource(Connection &connection, const std::string &database, const core::SourceObject &object) {
	struct Kind {
		const char *kind, *show;
		size_t column;
	};
	static constexpr Kind kKinds[] = {
		{"view", "VIEW ", 1},			{"sequence", "SEQUENCE ", 1}, {"trigger", "TRIGGER ", 2},
		{"procedure", "PROCEDURE ", 2}, {"function", "FUNCTION ", 2}, {"package", "PACKAGE ", 2},
		{"event", "EVENT ", 3},
	};
	for (const Kind &kind : kKinds) {
		if (object.kind != kind.kind)
			continue;
		try {
			const TextResult shown =
				connection.Query(std::string("SHOW CREATE ") + kind.show + QualifiedTable(database, object.name),
								 {"an object's definition", AnswerShape::kByName, AnswerRows::one});
			return shown.Get(0, kind.column).value_or("");
		} catch (const core::Error &error) {
			if (error.code() != core::Code::source_privilege && error.code() != core::Code::source_error)
				throw;
			return "";
		}
	}
	return "";
}

// Where a sequence stands, and its limits. Nothing where the account may not read it.
void ReadSequence(Connection &connection, const std::string &database, core::SourceObject &sequence) {
	try {
		ApplySequence(sequence, connection.Query(kSequence + QualifiedTable(database, sequence.name),
												 {"a sequence", AnswerShape::kByName, AnswerRows::one}));
	} catch (const core::Error &error) {
		if (error.code() != core::Code::source_privilege && error.code() != core::Code::source_error)
			throw;
	}
}

} // namespace

core::SourceSchema ReadTables(Connection &connection, const std::string &database) {
	core::SourceSchema schema;
	AddTables(schema, List(connection, "tables", kTables + ("TABLE_SCHEMA = " + QuoteLiteral(database))));
	return schema;
}

core::SourceSchema ReadCatalog(Connection &connection, const std::string &database) {
	core::SourceSchema schema;
	schema.server_version = connection.version();
	schema.mariadb = connection.mariadb();
	ReadDatabase(connection, database, schema);
	schema.sight = ReadSight(connection, schema.database);
	const std::string name = QuoteLiteral(schema.database);
	const std::string here = "TABLE_SCHEMA = " + name;
	AddTables(schema, List(connection, "tables", kTables + here));
	const size_t most = MostBytes(schema.tables.size());
	AddColumns(schema, List(connection, "columns", ColumnsQuery(connection) + here, most));
	RefuseBareTables(schema);
	AddKeys(schema, List(connection, "keys", KeysQuery(connection) + here, most));
	ReadForeignKeys(connection, schema);
	if (schema.mariadb)
		AddChecks(schema, List(connection, "checks", kMariaDbChecks + ("CONSTRAINT_SCHEMA = " + name)));
	else if (connection.version_number() >= 80016)
		AddChecks(schema, List(connection, "checks", kMySqlChecks + ("t.TABLE_SCHEMA = " + name)));
	AddPartitions(schema, List(connection, "partitions", kPartitions + here));
	AddObjects(schema, List(connection, "triggers", kTriggers + ("TRIGGER_SCHEMA = " + name)));
	AddObjects(schema, List(connection, "routines", kRoutines + ("ROUTINE_SCHEMA = " + name)));
	AddObjects(schema, List(connection, "events", kEvents + ("EVENT_SCHEMA = " + name)));
	return schema;
}

void ReadSources(Connection &connection, core::SourceSchema &schema) {
	for (core::SourceObject &object : schema.objects) {
		object.source = ReadSource(connection, schema.database, object);
		if (object.kind == "sequence")
			ReadSequence(connection, schema.database, object);
	}
}

std::optional<core::SourceTable> ReadTable(Connection &connection, const std::string &database,
										   const std::string &table) {
	// information_schema may compare without regard to case where FROM does not
	const std::string wanted = "TABLE_SCHEMA = " + QuoteLiteral(database) + " AND TABLE_NAME = " + QuoteLiteral(table);
	const TextResult found =
		connection.Query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE " + wanted +
							 " AND (@@lower_case_table_names <> 0 OR BINARY TABLE_NAME = " + QuoteLiteral(table) + ")",
						 {"a table", 1, AnswerRows::at_most_one});
	if (found.rows.empty())
		return std::nullopt;
	core::SourceSchema schema;
	schema.mariadb = connection.mariadb();
	schema.tables.emplace_back().name = found.Text(0, 0);
	AddColumns(schema, List(connection, "columns", ColumnsQuery(connection) + wanted));
	AddKeys(schema, List(connection, "keys", KeysQuery(connection) + wanted));
	if (schema.mariadb)
		AddChecks(schema, List(connection, "checks",
							   kMariaDbChecks + ("CONSTRAINT_SCHEMA = " + QuoteLiteral(database) +
												 " AND TABLE_NAME = " + QuoteLiteral(table))));
	return std::move(schema.tables.front());
}

} // namespace alkconv::mysql
