// Regime: C++ (may throw, never calls Postgres)
//
// The two queries, and the comparison.
#include "core/expression_proof.hpp"

#include "core/answer.hpp"
#include "core/digest_mends.hpp"
#include "core/digest_mysql.hpp"
#include "core/digest_pairs.hpp"
#include "core/excerpt.hpp"
#include "core/expression_lexer.hpp"
#include "core/expression_store.hpp"
#include "core/plan_table.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <cstdlib>

namespace alkconv::core {

namespace {

constexpr const char *kValue = "alkconv_value", *kOrdinal = "alkconv_n", *kExpected = "alkconv_expected";

// The type of an enum may not exist yet, so a literal is compared as the text that it is.
std::string WithoutEnum(const TranslatedExpression &expression) {
	const TargetType &type = expression.column.target_type;
	const std::string cast = "::" + type.text, &sql = expression.target;
	const bool is_cast = type.kind == PgKind::enum_ && sql.size() > cast.size() &&
						 sql.compare(sql.size() - cast.size(), cast.size(), cast) == 0;
	return is_cast ? sql.substr(0, sql.size() - cast.size()) : sql;
}

// The column that gets the value, under a name of its own.
ColumnPlan ValueColumn(const TranslatedExpression &expression) {
	ColumnPlan column = expression.column;
	column.source_name = column.target_name = kValue;
	if (expression.place != ExpressionPlace::literal_default && !column.source_type.charset.empty())
		column.source_type.charset = "utf8mb4"; // as CAST ... AS CHAR gives it
	if (column.target_type.kind == PgKind::enum_)
		column.target_type.kind = PgKind::text;
	return column;
}

bool IsBuiltIn(const TargetType &type) noexcept { return type.kind != PgKind::other && type.below.empty(); }

std::string TypeName(const TargetType &type) { return type.kind == PgKind::enum_ ? "pg_catalog.text" : type.text; }

// Fills in how both sides render the value; a reason where they cannot.
std::string Render(const SourceSchema &schema, const TranslatedExpression &expression, ExpressionQuestion &question) {
	if (!IsBuiltIn(expression.column.target_type))
		return "its type is " + expression.column.target_type.text;
	const ColumnPlan column = ValueColumn(expression);
	digest::Pair pair = digest::RenderPair(column, Quoted(kValue), schema.mariadb);
	const PgKind kind = column.target_type.kind;
	question.json = column.source_type.kind == MySqlKind::json && (kind == PgKind::json || kind == PgKind::jsonb);
	if (question.json) {
		question.rendering = digest::mysql::AsChar(digest::mysql::Identifier(kValue));
		question.postgres_rendering = "CASE WHEN " + Quoted(kValue) + "::pg_catalog.jsonb OPERATOR(pg_catalog.=) " +
									  Quoted(kExpected) + "::pg_catalog.jsonb THEN " + Quoted(kExpected) + " ELSE " +
									  Quoted(kValue) + "::pg_catalog.text END";
		return "";
	}
	if (pair.reread || pair.recheck) // a difference would be no proof of a difference
		return pair.why;
	question.rendering = std::move(pair.mysql.value);
	question.postgres_rendering = std::move(pair.postgres.value);
	return "";
}

std::string TableOf(const SourceSchema &schema, const TranslatedExpression &expression) {
	return digest::mysql::Identifier(schema.database) + "." +
		   digest::mysql::Identifier(schema.tables[expression.table].name);
}

// The sample rows as a derived table's text: ordinal, then the columns. No row of the table itself is among them: its columns hand their
// collations on to the texts below, as their own and not as somebody's wish.
std::string MysqlRows(const ExpressionQuestion &question, const SourceSchema &schema, const Probe &probe) {
	const std::vector<ExpressionColumn> &columns = question.samples.columns;
	std::string sql;
	if (std::any_of(columns.begin(), columns.end(),
					[](const ExpressionColumn &column) { return HasCollation(column.source_type); })) {
		sql = std::string("SELECT 0 AS ") + kOrdinal;
		for (const ExpressionColumn &column : columns)
			sql += "," + (HasCollation(column.source_type) ? "" : std::string("NULL AS ")) +
				   digest::mysql::Identifier(column.source_name);
		sql += " FROM " + TableOf(schema, *question.expression) + " WHERE FALSE";
	}
	for (size_t i = probe.first; i < probe.first + probe.count; ++i) {
		sql += (sql.empty() ? "SELECT " : " UNION ALL SELECT ") + std::to_string(i) + " AS " + kOrdinal;
		for (size_t c = 0; c < question.samples.columns.size(); ++c)
			sql += "," + MysqlSample(question.samples.columns[c], question.samples.rows[i][c], schema.mariadb) +
				   " AS " + digest::mysql::Identifier(question.samples.columns[c].source_name);
	}
	return sql;
}

std::string PostgresRows(const ExpressionQuestion &question, const std::vector<SampleAnswer> &source,
						 const Probe &probe) {
	std::string rows, names = Quoted(kOrdinal) + "," + Quoted(kExpected);
	for (size_t i = probe.first; i < probe.first + probe.count; ++i) {
		rows += (rows.empty() ? "(" : ",(") + std::to_string(i) + ",CAST(" +
				(question.json && source[i].value ? SqlLiteral(*source[i].value) : "NULL") + " AS pg_catalog.text)";
		for (size_t c = 0; c < question.samples.columns.size(); ++c)
			rows += "," + PostgresSample(question.samples.columns[c], question.samples.rows[i][c]);
		rows += ")";
	}
	for (const ExpressionColumn &column : question.samples.columns)
		names += "," + Quoted(column.target_name);
	return "(VALUES " + rows + ") AS alkconv_rows(" + names + ")";
}

std::string Shown(const Sample &value) {
	if (!value)
		return "NULL";
	return "'" + ExcerptOfText(*value) + "'";
}

std::string DescribeRow(const ExpressionQuestion &question, size_t row) {
	std::string text;
	for (size_t c = 0; c < question.samples.columns.size(); ++c)
		text += (c == 0 ? "where " : ", ") + question.samples.columns[c].source_name + " is " +
				Shown(question.samples.rows[row][c]);
	return text.empty() ? "" : text + " ";
}

} // namespace

ExpressionQuestion MakeQuestion(const SourceSchema &schema, const TranslatedExpression &expression) {
	ExpressionQuestion question;
	question.expression = &expression;
	const ColumnPolicy &policy = expression.column.policy;
	const bool told = expression.place == ExpressionPlace::literal_default; // by DEFAULT()
	const bool literal = told || expression.constant;
	if (expression.moment)
		question.why_not = "its value is another at other times";
	else if (!literal && (!policy.transforms.empty() || !policy.expression.empty() || policy.empty_to_null))
		question.why_not = "a rule changes the column's values";
	else if (literal && !policy.expression.empty()) // a default is no value that the rule has seen
		question.why_not = "a rule computes the column's values";
	else
		question.why_not = Render(schema, expression, question);
	if (!question.why_not.empty())
		return question;
	question.postgres = "CAST(" + WithoutEnum(expression) + " AS " + TypeName(expression.column.target_type) + ")";
	const PgKind kind = expression.column.target_type.kind;
	if (kind == PgKind::float4 || kind == PgKind::float8) // a zero has no sign, as in AsStored
		question.postgres = "(" + question.postgres + " + 0::pg_catalog.float8)";
	if (told) { // changed by the column's rules as its values are
		question.samples.rows.emplace_back();
		question.mysql = digest::MendedValue(
			"DEFAULT(" + digest::mysql::Identifier(schema.tables[expression.table].columns[expression.object].name) +
				")",
			expression.column, schema.mariadb);
		return question;
	}
	const std::string plain =
		expression.constant ? expression.source : expression::PlainSpelling(expression.source, schema.mariadb);
	if (expression.constant)
		question.samples.rows.emplace_back();
	else
		question.samples = MakeSampleRows(plain, expression.scope, expression.column.source_type.length);
	// a CHECK asks whether it holds
	const std::string value = expression.place == ExpressionPlace::check
								  ? "(CASE WHEN (" + plain + ") IS NULL THEN NULL ELSE (" + plain + ") IS TRUE END)"
								  : "(" + plain + ")";
	const StoredValue stored = AsStored(value, expression.column.source_type);
	question.mysql = expression.constant && !stored.sql.empty()
						 ? digest::MendedValue(stored.sql, expression.column, schema.mariadb)
						 : stored.sql;
	question.fits = stored.fits;
	if (question.mysql.empty())
		question.why_not =
			"the source cannot say what a column of type " + expression.column.source_type.text + " makes of it";
	return question;
}

std::vector<Probes> MakeProbes(const std::vector<ExpressionQuestion> &questions) {
	constexpr size_t kMostProbes = 40;
	std::vector<Probes> all;
	size_t rows = kMostSampleRows;
	for (size_t q = 0; q < questions.size(); ++q) {
		if (!questions[q].why_not.empty())
			continue;
		const size_t count = questions[q].samples.rows.size();
		if (rows + count > kMostSampleRows || all.back().size() == kMostProbes) {
			all.emplace_back();
			rows = 0;
		}
		all.back().push_back({q, 0, count});
		rows += count;
	}
	return all;
}

bool CanBeHalved(const Probes &probes) noexcept { return probes.size() > 1 || probes[0].count > 1; }

std::pair<Probes, Probes> Halves(const Probes &probes) {
	if (probes.size() > 1) {
		const auto middle = probes.begin() + static_cast<std::ptrdiff_t>(probes.size() / 2);
		return {Probes(probes.begin(), middle), Probes(middle, probes.end())};
	}
	const Probe &probe = probes[0];
	const size_t half = probe.count / 2;
	return {{{probe.question, probe.first, half}}, {{probe.question, probe.first + half, probe.count - half}}};
}

SampleAnswers NoAnswers(const std::vector<ExpressionQuestion> &questions) {
	SampleAnswers answers;
	for (const ExpressionQuestion &question : questions)
		answers.emplace_back(question.samples.rows.size());
	return answers;
}

std::string MysqlSampleQuery(const std::vector<ExpressionQuestion> &questions, const SourceSchema &schema,
							 const Probes &probes) {
	std::string sql;
	for (const Probe &probe : probes) {
		const ExpressionQuestion &question = questions[probe.question];
		const std::string fits = question.fits.empty() ? "1" : "COALESCE(" + question.fits + ",1)";
		// a table that gives one row whether or not it has any: DEFAULT() asks for the table
		const std::string from = question.expression->place == ExpressionPlace::literal_default
									 ? "(SELECT 0 AS " + std::string(kOrdinal) + ") alkconv_one LEFT JOIN " +
										   TableOf(schema, *question.expression) + " ON TRUE LIMIT 1"
									 : "(" + MysqlRows(question, schema, probe) + ") alkconv_rows";
		sql += std::string(sql.empty() ? "" : " UNION ALL ") + "SELECT " + std::to_string(probe.question) + "," +
			   kOrdinal + ",alkconv_fits,CONVERT(" + question.rendering +
			   " USING utf8mb4) COLLATE utf8mb4_bin FROM (SELECT " + kOrdinal + "," + fits + " AS alkconv_fits," +
			   question.mysql + " AS " + kValue + " FROM " + from + ") alkconv_values";
	}
	return sql;
}

std::string PostgresSampleQuery(const std::vector<ExpressionQuestion> &questions, const SampleAnswers &source,
								const Probes &probes) {
	std::string sql;
	for (const Probe &probe : probes) {
		const ExpressionQuestion &question = questions[probe.question];
		sql += std::string(sql.empty() ? "" : " UNION ALL ") + "SELECT " + std::to_string(probe.question) + "," +
			   Quoted(kOrdinal) + ",1," + question.postgres_rendering + " FROM (SELECT " + Quoted(kOrdinal) + "," +
			   Quoted(kExpected) + "," + question.postgres + " AS " + Quoted(kValue) + " FROM " +
			   PostgresRows(question, source[probe.question], probe) + ") AS alkconv_values";
	}
	return sql;
}

void TakeAnswers(const TextRows &rows, SampleAnswers &answers) {
	for (const std::vector<std::optional<std::string>> &row : rows) {
		const bool complete = row.size() == 4 && row[0] && row[1] && row[2];
		const size_t question = complete ? std::strtoul(row[0]->c_str(), nullptr, 10) : 0;
		const size_t ordinal = complete ? std::strtoul(row[1]->c_str(), nullptr, 10) : 0;
		if (!complete || question >= answers.size() || ordinal >= answers[question].size())
			throw UnexpectedAnswer("the values of expressions", "it names a row that was not asked for");
		SampleAnswer &answer = answers[question][ordinal];
		answer.known = *row[2] == "1";
		answer.value = row[3];
	}
}

void TakeError(const Probes &probes, const std::string &error, SampleAnswers &answers) {
	for (const Probe &probe : probes)
		for (size_t row = probe.first; row < probe.first + probe.count; ++row)
			answers[probe.question][row].error = error;
}

bool IsUntold(const ExpressionQuestion &question, const std::vector<SampleAnswer> &source) {
	return question.why_not.empty() && question.expression->place == ExpressionPlace::literal_default &&
		   !source[0].value;
}

TranslatedExpression ByItsText(const SourceSchema &schema, const TranslatedExpression &literal) {
	TranslatedExpression expression = literal;
	expression.place = ExpressionPlace::expression_default;
	expression.constant = true;
	expression.source = LiteralDefaultInSource(schema.tables[literal.table].columns[literal.object], schema.mariadb);
	return expression;
}

ExpressionVerdict CompareAnswers(const ExpressionQuestion &question, const std::vector<SampleAnswer> &source,
								 const std::vector<SampleAnswer> &target) {
	ExpressionVerdict verdict;
	std::string refused;
	if (IsUntold(question, source))
		return verdict;
	for (size_t row = 0; row < question.samples.rows.size(); ++row) {
		if (!source[row].known) {
			if (refused.empty())
				refused = source[row].error;
			continue;
		}
		++verdict.compared;
		if (target[row].known && source[row].value == target[row].value)
			continue;
		verdict.difference =
			DescribeRow(question, row) + "the source gives " + Shown(source[row].value) + ", Postgres " +
			(target[row].known ? Shown(target[row].value) : "an error: " + ExcerptOfText(target[row].error));
		return verdict;
	}
	if (verdict.compared == 0)
		verdict.difference =
			"the source computes it for no synthetic row" + (refused.empty() ? "" : ": " + ExcerptOfText(refused));
	return verdict;
}

void Refute(SourceSchema &schema, const TranslatedExpression &expression, const std::string &difference) {
	SourceTable &table = schema.tables[expression.table];
	switch (expression.place) {
	case ExpressionPlace::generated:
	case ExpressionPlace::literal_default:
	case ExpressionPlace::expression_default: table.columns[expression.object].refuted = difference; break;
	case ExpressionPlace::check: table.checks[expression.object].refuted = difference; break;
	case ExpressionPlace::index_part: table.keys[expression.object].parts[expression.part].refuted = difference; break;
	}
}

} // namespace alkconv::core
