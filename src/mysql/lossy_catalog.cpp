// Regime: C++ (may throw, never calls Postgres)
//
// At most two queries for each table.
#include "mysql/lossy_catalog.hpp"

#include "mysql/lossy_rows.hpp"
#include "mysql/sql.hpp"

#include <optional>

namespace alkconv::mysql {

namespace {

// Nothing where the server refuses to answer: some statements of its own it cannot show.
std::optional<TextResult> TryQuery(Connection &connection, const std::string &sql, const AnswerShape &shape) {
	try {
		return connection.Query(sql, shape);
	} catch (const core::Error &error) {
		if (error.code() != core::Code::source_privilege && error.code() != core::Code::source_error)
			throw;
		return std::nullopt;
	}
}

void ReadWholeDefinition(Connection &connection, const core::SourceSchema &schema, core::SourceTable &table) {
	const std::vector<size_t> columns = DoubtfulDefaults(table, schema.mariadb);
	if (!columns.empty())
		if (const auto answer = TryQuery(connection, DefaultsQuery(schema.database, table, columns),
										 {"the defaults of a table", columns.size(), AnswerRows::one}))
			ApplyDefaults(table, columns, *answer);
	if (!NeedsCreateStatement(table, schema.mariadb))
		return;
	const auto create =
		TryQuery(connection, "SHOW CREATE TABLE " + QualifiedTable(schema.database, table.name), // name, statement
				 {"a table's definition", 2, AnswerRows::one});
	if (create)
		ApplyCreateStatement(table, CreateStatement(create->Text(0, 1)), schema.mariadb);
}

} // namespace

void ReadWholeDefinitions(Connection &connection, core::SourceSchema &schema, const std::vector<size_t> &tables) {
	for (const size_t t : tables)
		ReadWholeDefinition(connection, schema, schema.tables[t]);
}

} // namespace alkconv::mysql
